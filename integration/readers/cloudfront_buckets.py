"""Reads the buckets behind a distribution: whether they exist, and who may read them."""

from collections.abc import Mapping
from typing import Any, Final

from integration.readers.buckets import read_policy
from integration.readers.distributions import counted, distributions
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Subject
from policies.facts.cloudfront_origins import AccessControl, BucketOrigin, BucketOrigins, bucket_in
from policies.facts.declared import known_first
from policies.facts.properties import UNKNOWN

_BUCKETS: Final = Paging("ContinuationToken", ("Buckets",))
_ELSEWHERE: Final = frozenset({"CustomOriginConfig", "VpcOriginConfig"})
"""What an origin has that is no bucket. Source: Origin, Amazon CloudFront API reference, read 2026-11-30."""

BUCKET_ORIGIN_OPERATIONS: Final = ("cloudfront:GetOriginAccessControl", "s3:GetBucketPolicy", "s3:ListBuckets")
"""Every call that `read_bucket_origins` leads to, beside the list of distributions."""

Item = Mapping[str, Any]


def read_bucket_origins(subject: Subject, config: Item, desk: Desk, failures: list[Failure]) -> BucketOrigins:
    """Return the buckets behind a distribution.

    Args:
        subject: The distribution.
        config: Its settings.
        desk: Where to ask.
        failures: Takes calls that left something about a bucket unknown.
    """
    found = (_origin(subject, each, desk, failures) for each in _bucket_origins(config))
    return BucketOrigins(origins=known_first(found))


def _bucket_origins(config: Item) -> list[Item]:
    return [each for each in counted(config["Origins"]) if _ELSEWHERE.isdisjoint(each)]


def _origin(subject: Subject, origin: Item, desk: Desk, failures: list[Failure]) -> BucketOrigin:
    name = bucket_in(origin["DomainName"])
    is_bucket, policy = _bucket(subject, name, desk, failures) if name else (False, None)
    return BucketOrigin(
        is_bucket=is_bucket,
        policy=policy,
        readers=_readers(subject.arn, name, desk),
        access_control=_access_control(origin.get("OriginAccessControlId"), desk, failures),
        legacy_identity=bool(origin.get("S3OriginConfig", {}).get("OriginAccessIdentity")),
    )


def _bucket(subject: Subject, name: str, desk: Desk, failures: list[Failure]) -> tuple[Any, Any]:
    """Return whether a bucket exists, and its policy: None for a bucket of another account, which shows it to nobody.

    A policy that can be read of such a bucket says nothing: whoever made it under a name that was free wrote it.
    """
    try:
        asked = desk.every(_BUCKETS, desk.aws.s3.list_buckets, Prefix=name)
        own = next((each for page in asked for each in page["Buckets"] if each["Name"] == name), None)
        if own is None:
            return _exists(name, desk), None
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN, UNKNOWN
    return True, _policy(subject, name, desk.elsewhere(own["BucketRegion"]), failures)


def _exists(name: str, desk: Desk) -> bool:
    return desk.one_or_none("NoSuchBucket", desk.aws.s3.get_bucket_policy, Bucket=name) is not None


def _policy(subject: Subject, name: str, desk: Desk, failures: list[Failure]) -> Any:
    try:
        return read_policy(desk, name, f"arn:{subject.place.partition}:s3:::{name}")
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN


def _readers(own: str, bucket: str, desk: Desk) -> tuple[str, ...]:
    """Return the distributions of the account that have a bucket among their origins, the one at hand first."""
    listed = [each["ARN"] for each in distributions(desk) if bucket in _buckets_of(each)]
    return (own, *(each for each in listed if each != own))


def _buckets_of(distribution: Item) -> set[str]:
    return {bucket_in(each["DomainName"]) for each in _bucket_origins(distribution)} - {""}


def _access_control(id_: str | None, desk: Desk, failures: list[Failure]) -> Any:
    if not id_:
        return None
    try:
        found = desk.one(desk.aws.cloudfront.get_origin_access_control, Id=id_)["OriginAccessControl"]
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    config = found["OriginAccessControlConfig"]
    return AccessControl(signing=config["SigningBehavior"], origin_type=config["OriginAccessControlOriginType"])
