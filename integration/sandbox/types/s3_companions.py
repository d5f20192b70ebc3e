"""The settings of a bucket, which are resources of their own."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from integration.sandbox.handler import Apply, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, single

_FLAGS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _put_policy(subject: Subject) -> None:
    subject.aws.s3.put_bucket_policy(Bucket=subject.inputs["bucket"], Policy=subject.inputs["policy"])


def _read_policy(subject: Subject) -> Properties:
    return {"policy": subject.aws.s3.get_bucket_policy(Bucket=subject.id)["Policy"]}


def _delete_policy(subject: Subject) -> None:
    subject.aws.s3.delete_bucket_policy(Bucket=subject.id)


def _put_access_block(subject: Subject) -> None:
    flags: Any = {pascal(name): subject.inputs.get(name) is True for name in _FLAGS}
    subject.aws.s3.put_public_access_block(Bucket=subject.inputs["bucket"], PublicAccessBlockConfiguration=flags)


def _read_access_block(subject: Subject) -> Properties:
    found: Any = subject.aws.s3.get_public_access_block(Bucket=subject.id)["PublicAccessBlockConfiguration"]
    return {name: found[pascal(name)] for name in _FLAGS}


def _delete_access_block(subject: Subject) -> None:
    subject.aws.s3.delete_public_access_block(Bucket=subject.id)


def _put_ownership(subject: Subject) -> None:
    rules: Any = {"Rules": [{"ObjectOwnership": subject.inputs["rule"]["objectOwnership"]}]}
    subject.aws.s3.put_bucket_ownership_controls(Bucket=subject.inputs["bucket"], OwnershipControls=rules)


def _read_ownership(subject: Subject) -> Properties:
    found = subject.aws.s3.get_bucket_ownership_controls(Bucket=subject.id)["OwnershipControls"]["Rules"]
    return {"rule": {"objectOwnership": found[0]["ObjectOwnership"]}}


def _delete_ownership(subject: Subject) -> None:
    subject.aws.s3.delete_bucket_ownership_controls(Bucket=subject.id)


_DEFAULT: Final = "applyServerSideEncryptionByDefault"


def _put_encryption(subject: Subject) -> None:
    rules = []
    for rule in subject.inputs["rules"]:
        written: dict[str, Any] = {"BucketKeyEnabled": rule.get("bucketKeyEnabled") is True}
        if default := rule.get(_DEFAULT):
            key = default.get("kmsMasterKeyId")
            named = {"KMSMasterKeyID": key} if key else {}
            written[pascal(_DEFAULT)] = {"SSEAlgorithm": default["sseAlgorithm"], **named}
        rules.append(written)
    configuration: Any = {"Rules": rules}
    subject.aws.s3.put_bucket_encryption(
        Bucket=subject.inputs["bucket"], ServerSideEncryptionConfiguration=configuration
    )


def _read_encryption(subject: Subject) -> Properties:
    found: Any = subject.aws.s3.get_bucket_encryption(Bucket=subject.id)
    rules = []
    for rule in found["ServerSideEncryptionConfiguration"]["Rules"]:
        default = rule.get(pascal(_DEFAULT), {})
        shown = {"sseAlgorithm": default.get("SSEAlgorithm"), "kmsMasterKeyId": default.get("KMSMasterKeyID", "")}
        rules.append({_DEFAULT: shown, "bucketKeyEnabled": rule.get("BucketKeyEnabled", False)})
    return {"rules": rules}


def _delete_encryption(subject: Subject) -> None:
    subject.aws.s3.delete_bucket_encryption(Bucket=subject.id)


def _put_versioning(subject: Subject) -> None:
    wanted = subject.inputs["versioningConfiguration"]
    configuration: Any = {"Status": wanted["status"]}
    if "mfaDelete" in wanted:
        configuration["MFADelete"] = wanted["mfaDelete"]
    given: Any = {"MFA": subject.inputs["mfa"]} if "mfa" in subject.inputs else {}
    if wanted["status"] != "Disabled":
        subject.aws.s3.put_bucket_versioning(
            Bucket=subject.inputs["bucket"], VersioningConfiguration=configuration, **given
        )


def _read_versioning(subject: Subject) -> Properties:
    found = subject.aws.s3.get_bucket_versioning(Bucket=subject.id)
    shown = {"status": found.get("Status", "Disabled"), "mfaDelete": found.get("MFADelete", "Disabled")}
    return {"versioningConfiguration": shown}


def _suspend_versioning(subject: Subject) -> None:
    subject.aws.s3.put_bucket_versioning(Bucket=subject.id, VersioningConfiguration={"Status": "Suspended"})


def _put_logging(subject: Subject) -> None:
    wanted = subject.inputs
    target: Any = {"TargetBucket": wanted["targetBucket"], "TargetPrefix": wanted["targetPrefix"]}
    if grants := wanted.get("targetGrants"):
        target["TargetGrants"] = [pascal(grant) for grant in grants]
    if layout := wanted.get("targetObjectKeyFormat"):
        target["TargetObjectKeyFormat"] = pascal(layout)
    subject.aws.s3.put_bucket_logging(Bucket=wanted["bucket"], BucketLoggingStatus={"LoggingEnabled": target})


def _read_logging(subject: Subject) -> Properties:
    found = subject.aws.s3.get_bucket_logging(Bucket=subject.id).get("LoggingEnabled", {})
    return {"targetBucket": found.get("TargetBucket"), "targetPrefix": found.get("TargetPrefix")}


def _delete_logging(subject: Subject) -> None:
    subject.aws.s3.put_bucket_logging(Bucket=subject.id, BucketLoggingStatus={})


def _put_object_lock(subject: Subject) -> None:
    configuration: Any = {"ObjectLockEnabled": subject.inputs.get("objectLockEnabled", "Enabled")}
    if rule := subject.inputs.get("rule"):
        kept = rule["defaultRetention"]
        period = {pascal(name): int(kept[name]) for name in ("days", "years") if kept.get(name)}
        configuration["Rule"] = {"DefaultRetention": {"Mode": kept["mode"], **period}}
    subject.aws.s3.put_object_lock_configuration(Bucket=subject.inputs["bucket"], ObjectLockConfiguration=configuration)


def _read_object_lock(subject: Subject) -> Properties:
    found: Any = subject.aws.s3.get_object_lock_configuration(Bucket=subject.id)["ObjectLockConfiguration"]
    shown = {"objectLockEnabled": found["ObjectLockEnabled"]}
    kept = found.get("Rule", {}).get("DefaultRetention", {})
    period = {name: value for name, value in camel(kept).items() if value}
    return {**shown, "rule": {"defaultRetention": period}} if period else shown


def _lift_object_lock(subject: Subject) -> None:
    subject.aws.s3.put_object_lock_configuration(
        Bucket=subject.id, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
    )


_LIFECYCLE_LISTS: Final = {"transitions": "Transitions", "noncurrentVersionTransitions": "NoncurrentVersionTransitions"}
_DAYS: Final = ("days", "noncurrentDays", "daysAfterInitiation", "newerNoncurrentVersions")


def _put_lifecycle(subject: Subject) -> None:
    rules: Any = [_lifecycle_rule(rule) for rule in subject.inputs["rules"]]
    subject.aws.s3.put_bucket_lifecycle_configuration(
        Bucket=subject.inputs["bucket"], LifecycleConfiguration={"Rules": rules}
    )


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {"ID": rule["id"], "Status": rule["status"], "Filter": pascal(rule.get("filter") or {})}
    if not written["Filter"]:
        written["Filter"] = {"Prefix": rule.get("prefix") or ""}
    for name, value in rule.items():
        if name in _LIFECYCLE_LISTS:
            written[_LIFECYCLE_LISTS[name]] = [pascal(_whole_days(item)) for item in value]
        elif name not in ("id", "status", "filter", "prefix"):
            written[pascal(name)] = pascal(_whole_days(value))
    return written


def _whole_days(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: int(each) if name in _DAYS else each for name, each in value.items() if each is not None}


def _read_lifecycle(subject: Subject) -> Properties:
    found: Any = subject.aws.s3.get_bucket_lifecycle_configuration(Bucket=subject.id)["Rules"]
    rules = []
    for rule in found:
        shown = camel(rule)
        shown["id"] = shown.pop("iD")
        rules.append(shown)
    return {"rules": rules}


def _delete_lifecycle(subject: Subject) -> None:
    subject.aws.s3.delete_bucket_lifecycle(Bucket=subject.id)


_BY_CONTROL_PLANE: Final = {"expectedBucketOwner": "every bucket of a sandbox belongs to its account"}


def _companion(
    kind: str, apply: Apply, read: Callable[[Subject], Properties], delete: Apply, *properties: str, **ignored: str
) -> Handler:
    """Return the row of a setting: to make it and to change it is one call, and its id is the bucket's name."""

    def create(subject: Subject) -> str:
        apply(subject)
        return str(subject.inputs["bucket"])

    def read_with_bucket(subject: Subject) -> Properties:
        return {"bucket": subject.id, **read(subject)}

    return Handler(
        type=single("s3", kind),
        create=create,
        read=read_with_bucket,
        delete=delete,
        fixed=("bucket",),
        updates=put(apply, *properties),
        ignored={**_BY_CONTROL_PLANE, **ignored},
    )


HANDLERS: Final = (
    _companion("BucketPolicy", _put_policy, _read_policy, _delete_policy, "policy"),
    _companion("BucketPublicAccessBlock", _put_access_block, _read_access_block, _delete_access_block, *_FLAGS),
    _companion("BucketOwnershipControls", _put_ownership, _read_ownership, _delete_ownership, "rule"),
    _companion(
        "BucketServerSideEncryptionConfiguration", _put_encryption, _read_encryption, _delete_encryption, "rules"
    ),
    _companion(
        "BucketVersioning", _put_versioning, _read_versioning, _suspend_versioning, "versioningConfiguration", "mfa"
    ),
    _companion(
        "BucketLogging",
        _put_logging,
        _read_logging,
        _delete_logging,
        "targetBucket",
        "targetPrefix",
        "targetGrants",
        "targetObjectKeyFormat",
    ),
    _companion(
        "BucketObjectLockConfiguration",
        _put_object_lock,
        _read_object_lock,
        _lift_object_lock,
        "objectLockEnabled",
        "rule",
        token="given once, to lock a bucket that exists",  # noqa: S106 - a property's name, and why it is ignored
    ),
    _companion(
        "BucketLifecycleConfiguration",
        _put_lifecycle,
        _read_lifecycle,
        _delete_lifecycle,
        "rules",
        transitionDefaultMinimumObjectSize="no object is ever moved in a sandbox",
    ),
)
