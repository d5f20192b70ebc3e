"""Asks S3 where a bucket is copied to, and whether it is a copy itself."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from integration.readers.buckets import read_labels, read_tags
from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Subject
from policies.facts.arns import parse_arn
from policies.facts.copies import RESIDENCY, Copies
from policies.facts.properties import UNKNOWN
from policies.facts.s3.replication import BucketReplication, Replication, ReplicationRule

_BUCKETS: Final = Paging("ContinuationToken", ("Buckets",))
_PAGE: Final = 10_000
_ENABLED: Final = "Enabled"

COPY_OPERATIONS: Final = ("kms:DescribeKey", "s3:GetBucketReplication", "s3:GetBucketTagging", "s3:ListBuckets")
"""Every call that `read_replication` may make."""

RESIDENCY_OPERATIONS: Final = ("s3:GetBucketReplication", "s3:GetBucketTagging", "s3:ListBuckets")
"""Every call that `read_copies` may make."""

Rule = Mapping[str, Any]


def read_replication(subject: Subject, name: str, desk: Desk) -> Observed:
    """Return the replication of a bucket; where it has none, whether another bucket of the account is copied to it."""
    failures: list[Failure] = []
    region, found = subject.place.region, _rules_of(name, desk)
    labels = read_labels(desk, name)
    if found is None:
        fact = BucketReplication(region=region, is_copy=_is_copy(name, desk, failures), labels=labels)
    else:
        regions = dict(_buckets(desk))
        rules = tuple(_rule(each, regions, desk, failures) for each in found)
        fact = BucketReplication(region=region, certain=(Replication(rules=rules),), labels=labels)
    return Observed(subject, fact, failures=tuple(failures))


def read_copies(subject: Subject, name: str, desk: Desk) -> Observed:
    """Return the Regions to which the rules of a bucket that are in force copy."""
    found = [each for each in _rules_of(name, desk) or () if each["Status"] == _ENABLED]
    regions = dict(_buckets(desk)) if found else {}
    tags = {each["Key"]: each["Value"] for each in read_tags(desk, name)}
    fact = Copies(
        name=name,
        residency=tags.get(RESIDENCY, ""),
        home=subject.place.region,
        regions=tuple(regions.get(_named(each["Destination"]), UNKNOWN) for each in found),
    )
    return Observed(subject, fact)


def _rules_of(name: str, desk: Desk) -> list[Rule] | None:
    absent = "ReplicationConfigurationNotFoundError"
    found = desk.one_or_none(absent, desk.aws.s3.get_bucket_replication, Bucket=name)
    return None if found is None else [{**each} for each in found["ReplicationConfiguration"]["Rules"]]


def _buckets(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield name and Region of every bucket of the account."""
    for page in desk.every(_BUCKETS, desk.aws.s3.list_buckets, MaxBuckets=_PAGE):
        for each in page["Buckets"]:
            yield each["Name"], each["BucketRegion"]


def _rule(rule: Rule, regions: Mapping[str, str], desk: Desk, failures: list[Failure]) -> ReplicationRule:
    destination: Rule = rule["Destination"]
    key = destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID")
    return ReplicationRule(
        enabled=rule["Status"] == _ENABLED,
        # A bucket of another account has a Region that nobody here can see.
        destination_region=regions.get(_named(destination), UNKNOWN),
        replica_key=key_use(desk, key, failures),
        copies_encrypted=_is_on(rule.get("SourceSelectionCriteria", {}), "SseKmsEncryptedObjects"),
        copies_delete_markers=_copies_delete_markers(rule),
        time_controlled=_is_on(destination, "ReplicationTime"),
    )


def _copies_delete_markers(rule: Rule) -> bool:
    """Tell whether deletions are copied: a rule of the first version, which has no filter, does so by itself.

    Source: replicating delete markers between buckets, Amazon S3 user guide, read 2026-11-30.
    """
    return "Filter" not in rule or _is_on(rule, "DeleteMarkerReplication")


def _is_on(holder: Rule, name: str) -> bool:
    return bool(holder.get(name, {}).get("Status") == _ENABLED)


def _named(destination: Rule) -> str:
    arn = parse_arn(destination["Bucket"])
    return arn.resource if arn else ""


def _is_copy(name: str, desk: Desk, failures: list[Failure]) -> Any:
    """Tell whether a bucket of the account is copied to this one; unknown where one of them could not be asked."""
    found: Any = False
    for other, region in _buckets(desk):
        there = desk.elsewhere(region)
        try:
            rules = _rules_of(other, there) or ()
        except CallFailedError as error:
            failures.append(error.failure)
            found = UNKNOWN
            continue
        if any(_named(rule["Destination"]) == name for rule in rules):
            return True
    return found
