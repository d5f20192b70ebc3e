"""Asks S3 for the settings of one bucket: one call for each, in the normal form of the facts."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from integration.readers.held_policies import allowed, document
from integration.readers.keys import key_use
from integration.scanning.asker import Desk
from integration.scanning.calls import Failure
from policies.facts.labels import Labels, labels_from
from policies.facts.resource_policies import ResourcePolicy
from policies.facts.s3 import Bucket
from policies.facts.s3.access_log import AccessLog, BucketAccessLog
from policies.facts.s3.encryption import (
    SERVICE_KEY,
    Algorithms,
    BucketAlgorithms,
    BucketEncryption,
    Encryption,
    EncryptionRule,
)
from policies.facts.s3.grants import AccessList, BucketGrants
from policies.facts.s3.lifecycle import BucketLifecycle, Lifecycle, LifecycleRule
from policies.facts.s3.lock import BucketLock, Retention
from policies.facts.s3.policy import BucketPolicy
from policies.facts.s3.version_deletion import VersionDeletion
from policies.facts.s3.versioning import ENABLED, BucketVersioning, Versioning

Answer = Mapping[str, Any]


def read_access_block(desk: Desk, name: str) -> Bucket:
    """Return the access block of a bucket."""
    absent = "NoSuchPublicAccessBlockConfiguration"
    found = desk.one_or_none(absent, desk.aws.s3.get_public_access_block, Bucket=name)
    if found is None:
        return Bucket()
    block = found["PublicAccessBlockConfiguration"]
    return Bucket(
        block_public_acls=block.get("BlockPublicAcls") is True,
        block_public_policy=block.get("BlockPublicPolicy") is True,
        ignore_public_acls=block.get("IgnorePublicAcls") is True,
        restrict_public_buckets=block.get("RestrictPublicBuckets") is True,
    )


def read_tags(desk: Desk, name: str) -> Iterable[Any]:
    """Return the tags of a bucket, each with `Key` and `Value`."""
    found = desk.one_or_none("NoSuchTagSet", desk.aws.s3.get_bucket_tagging, Bucket=name)
    return found["TagSet"] if found is not None else ()


def read_labels(desk: Desk, name: str) -> Labels:
    """Return what a bucket calls itself."""
    tags = {each["Key"]: each["Value"] for each in read_tags(desk, name)}
    return labels_from(name, tags)


def read_policy(desk: Desk, name: str, arn: str) -> BucketPolicy:
    """Return the policy of a bucket. S3 keeps none that is malformed, so an answer that is, is no answer."""
    found = desk.one_or_none("NoSuchBucketPolicy", desk.aws.s3.get_bucket_policy, Bucket=name)
    documents = () if found is None else (document(found["Policy"]),)
    return BucketPolicy(arn=arn, certain=documents)


def read_allowed(desk: Desk, name: str) -> ResourcePolicy:
    """Return what a bucket allows others by its policy, as `read_policy`."""
    found = desk.one_or_none("NoSuchBucketPolicy", desk.aws.s3.get_bucket_policy, Bucket=name)
    return allowed(None if found is None else found["Policy"])


def read_encryption(desk: Desk, name: str, arn: str, failures: list[Failure]) -> BucketEncryption:
    """Return the encryption of a bucket; its policy is asked for where S3's own key may be right.

    Args:
        desk: Where to ask.
        name: Name of the bucket.
        arn: Its ARN.
        failures: Takes a call that left a key unknown.
    """
    listed = _encryption_rules(desk, name)
    certain = tuple(Encryption(rules=tuple(_rule(desk, rule, failures) for rule in rules)) for rules in listed)
    strict = bool(certain) and all(rule.algorithm != SERVICE_KEY for each in certain for rule in each.rules)
    policy = BucketPolicy(arn=arn) if strict else read_policy(desk, name, arn)
    return BucketEncryption(certain=certain, labels=read_labels(desk, name), policy=policy)


def read_algorithms(desk: Desk, name: str) -> BucketAlgorithms:
    """Return with what a bucket encrypts."""
    listed = _encryption_rules(desk, name)
    algorithms = [tuple(_default(rule)["SSEAlgorithm"] for rule in rules) for rules in listed]
    return BucketAlgorithms(certain=tuple(Algorithms(algorithms=each) for each in algorithms))


def _encryption_rules(desk: Desk, name: str) -> tuple[Any, ...]:
    absent = "ServerSideEncryptionConfigurationNotFoundError"
    found = desk.one_or_none(absent, desk.aws.s3.get_bucket_encryption, Bucket=name)
    return () if found is None else (found["ServerSideEncryptionConfiguration"]["Rules"],)


def _default(rule: Answer) -> Answer:
    return rule.get("ApplyServerSideEncryptionByDefault") or {"SSEAlgorithm": SERVICE_KEY}


def _rule(desk: Desk, rule: Answer, failures: list[Failure]) -> EncryptionRule:
    default = _default(rule)
    return EncryptionRule(
        algorithm=default["SSEAlgorithm"],
        kms_master_key_id=key_use(desk, default.get("KMSMasterKeyID"), failures),
        bucket_key_enabled=rule.get("BucketKeyEnabled") is True,
    )


def read_versioning(desk: Desk, name: str) -> BucketVersioning:
    """Return the versioning of a bucket; one that never had any answers with nothing."""
    return _versioning(desk.one(desk.aws.s3.get_bucket_versioning, Bucket=name))


def _versioning(found: Any) -> BucketVersioning:
    if "Status" not in found:
        return BucketVersioning()
    return BucketVersioning(certain=(Versioning(status=found["Status"], mfa_delete=found.get("MFADelete") == ENABLED),))


def read_lock(desk: Desk, name: str) -> BucketLock:
    """Return the object lock of a bucket."""
    absent = "ObjectLockConfigurationNotFoundError"
    found = desk.one_or_none(absent, desk.aws.s3.get_object_lock_configuration, Bucket=name)
    labels = read_labels(desk, name)
    if found is None:
        return BucketLock(labels=labels)
    enabled = found["ObjectLockConfiguration"]["ObjectLockEnabled"] == ENABLED
    kept: Answer = found["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention", {})
    # S3 leaves out the one of the two that is not set.
    days, years = kept.get("Days") or None, kept.get("Years") or None
    retention = Retention(enabled=enabled, mode=kept.get("Mode", ""), days=days, years=years)
    return BucketLock(object_lock_enabled=enabled, certain=(retention,), labels=labels)


def read_lifecycle(desk: Desk, name: str) -> BucketLifecycle:
    """Return the lifecycle of a bucket; its versioning is asked for where no rule speaks of versions."""
    absent = "NoSuchLifecycleConfiguration"
    found = desk.one_or_none(absent, desk.aws.s3.get_bucket_lifecycle_configuration, Bucket=name)
    listed: Any = () if found is None else (found["Rules"],)
    certain = tuple(Lifecycle(rules=tuple(map(_lifecycle_rule, rules))) for rules in listed)
    rules = [rule for each in certain for rule in each.rules if rule.enabled]
    told = any(rule.moves_noncurrent or rule.noncurrent_days is not None for rule in rules)
    versioning = BucketVersioning() if told or not certain else read_versioning(desk, name)
    return BucketLifecycle(certain=certain, labels=read_labels(desk, name), versioning=versioning)


def _lifecycle_rule(rule: Answer) -> LifecycleRule:
    expiration: Answer = rule.get("Expiration", {})
    date = expiration.get("Date")
    return LifecycleRule(
        enabled=rule["Status"] == ENABLED,
        expiration_days=expiration.get("Days") or None,
        expiration_date=str(date) if date else "",
        noncurrent_days=rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        moves_noncurrent=bool(rule.get("NoncurrentVersionTransitions")),
        aborts_uploads=bool(rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")),
    )


def read_access_log(desk: Desk, name: str, arn: str) -> BucketAccessLog:
    """Return the access log of a bucket; its policy is asked for where it has none, since it may take others'."""
    found = desk.one(desk.aws.s3.get_bucket_logging, Bucket=name).get("LoggingEnabled")
    if found is None:
        return BucketAccessLog(policy=read_policy(desk, name, arn))
    target = found["TargetBucket"]
    log = AccessLog(target_bucket=target, to_itself=target == name)
    return BucketAccessLog(certain=(log,), policy=BucketPolicy(arn=arn))


def read_grants(desk: Desk, name: str, arn: str) -> BucketGrants:
    """Return what a bucket grants by its access list and its policy."""
    listed = desk.one(desk.aws.s3.get_bucket_acl, Bucket=name)["Grants"]
    uris = tuple(each["Grantee"].get("URI", "") for each in listed)
    return BucketGrants(certain=(AccessList(group_uris=uris),), policy=read_policy(desk, name, arn))


def read_version_deletion(desk: Desk, name: str, arn: str) -> VersionDeletion:
    """Return what keeps the versions of a bucket from being deleted."""
    lock = read_lock(desk, name)
    found = desk.one(desk.aws.s3.get_bucket_versioning, Bucket=name)
    if lock.object_lock_enabled:
        # A locked bucket has versions, so an answer without a status is none.
        _ = found["Status"]
    return VersionDeletion(versioning=_versioning(found), policy=read_policy(desk, name, arn), lock=lock)


_LOGGED: Final = ("s3:GetBucketLogging", "s3:GetBucketPolicy")

CALLS: Final[Mapping[type, tuple[str, ...]]] = {
    Bucket: ("s3:GetPublicAccessBlock",),
    BucketAccessLog: _LOGGED,
    BucketAlgorithms: ("s3:GetBucketEncryption",),
    BucketEncryption: ("kms:DescribeKey", "s3:GetBucketEncryption", "s3:GetBucketPolicy", "s3:GetBucketTagging"),
    BucketGrants: ("s3:GetBucketAcl", "s3:GetBucketPolicy"),
    BucketLifecycle: ("s3:GetBucketLifecycleConfiguration", "s3:GetBucketTagging", "s3:GetBucketVersioning"),
    BucketLock: ("s3:GetBucketTagging", "s3:GetObjectLockConfiguration"),
    BucketPolicy: ("s3:GetBucketPolicy",),
    BucketVersioning: ("s3:GetBucketVersioning",),
    ResourcePolicy: ("s3:GetBucketPolicy",),
    VersionDeletion: (
        "s3:GetBucketPolicy",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetObjectLockConfiguration",
    ),
}
"""Fact → every call that it may take for one bucket."""
