"""When objects of a bucket go, or move to cheaper storage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value
from policies.facts.declared import known_first
from policies.facts.labels import Labels, labels_of
from policies.facts.properties import UNKNOWN, flag, lift, literal, record, records, settings_of, whole
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline
from policies.facts.s3.versioning import BucketVersioning, bucket_versioning_from_graph

_LIFECYCLE: Final = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleRule:
    """One rule. Which objects it is for is left out: it counts whatever its filter.

    Args:
        enabled: Whether it is in force.
        expiration_days: Days until a current object expires; None when it does not by age.
        expiration_date: Date from which current objects expire whatever their age; empty without one.
        noncurrent_days: Days until a version that was overwritten or deleted goes; None when it stays.
        moves_noncurrent: Whether such a version moves to another storage class.
        aborts_uploads: Whether uploads that were begun and never completed go.

    Absent and 0 are one: S3 takes no 0, and the provider's outputs hold it for what is not set.
    Source: `aws.s3.BucketLifecycleConfiguration`, pulumi-aws 7.51.1, and PutBucketLifecycleConfiguration, Amazon S3
    API reference, read 2026-11-30.
    """

    enabled: bool = True
    expiration_days: int | None = None
    expiration_date: str = ""
    noncurrent_days: int | None = None
    moves_noncurrent: bool = False
    aborts_uploads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """A lifecycle configuration.

    Args:
        rules: Its rules.
    """

    rules: tuple[LifecycleRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLifecycle:
    """The lifecycle of a bucket.

    Args:
        certain: As `Declared.certain`; without any objects stay where they are.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
        labels: What the bucket calls itself.
        versioning: Its versioning.
    """

    certain: tuple[Lifecycle, ...] = ()
    possible: tuple[Lifecycle, ...] = ()
    looked_up: bool = False
    labels: Labels
    versioning: BucketVersioning


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_lifecycle_from_graph(graph: Graph, resource: Resource) -> BucketLifecycle:
    """Build the lifecycle of a bucket."""
    name = "lifecycleRules"
    own = inline(name, name, lambda _graph, bucket, _value: _lifecycle(bucket, name, _of_bucket))
    found = declared(graph, resource, _LIFECYCLE, _of_companion, own)
    return BucketLifecycle(
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
        labels=labels_of(resource, "bucket", "bucketPrefix"),
        versioning=bucket_versioning_from_graph(graph, resource),
    )


def _of_companion(_graph: Graph, companion: Resource) -> Lifecycle:
    return _lifecycle(companion, "rules", _rule)


def _lifecycle(resource: Resource, name: str, build: Callable[[Mapping[str, Value]], LifecycleRule]) -> Lifecycle:
    return Lifecycle(rules=lift(records(settings_of(resource), name, build), known_first))


def _rule(rule: Mapping[str, Value]) -> LifecycleRule:
    return LifecycleRule(
        enabled=lift(literal(rule, "status", default=""), lambda text: text == "Enabled"),
        expiration_days=_number(rule, "expiration", "days"),
        expiration_date=_date(rule),
        noncurrent_days=_number(rule, "noncurrentVersionExpiration", "noncurrentDays"),
        moves_noncurrent=_any(rule, "noncurrentVersionTransitions"),
        aborts_uploads=_is_some(_number(rule, "abortIncompleteMultipartUpload", "daysAfterInitiation")),
    )


def _of_bucket(rule: Mapping[str, Value]) -> LifecycleRule:
    """Build a rule that a bucket carries itself, where some properties have other names."""
    return LifecycleRule(
        enabled=flag(rule, "enabled", default=False),
        expiration_days=_number(rule, "expiration", "days"),
        expiration_date=_date(rule),
        noncurrent_days=_number(rule, "noncurrentVersionExpiration", "days"),
        moves_noncurrent=_any(rule, "noncurrentVersionTransitions"),
        aborts_uploads=_is_some(
            lift(whole(rule, "abortIncompleteMultipartUploadDays", default=None), lambda days: days or None)
        ),
    )


def _number(rule: Mapping[str, Value], outer: str, inner: str) -> Any:
    return record(rule, outer, lambda each: lift(whole(each, inner, default=None), lambda days: days or None))


def _date(rule: Mapping[str, Value]) -> Any:
    found = record(rule, "expiration", lambda each: literal(each, "date", default=""))
    return "" if found is None else found


def _any(rule: Mapping[str, Value], name: str) -> Any:
    return lift(rule.get(name), bool)


def _is_some(number: Any) -> Any:
    return UNKNOWN if isinstance(number, Unknown) else lift(number, lambda value: value is not None)
