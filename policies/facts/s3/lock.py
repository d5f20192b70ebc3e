"""Whether objects of a bucket are locked against change, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.labels import Labels, labels_of
from policies.facts.properties import flag, lift, literal, record, settings_of, whole
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline

_LOCK: Final = (
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """An object lock configuration.

    Args:
        enabled: Whether it locks at all: `objectLockEnabled` is `Enabled`, which it is when unset.
        mode: Mode of the default retention, `COMPLIANCE` or `GOVERNANCE`; empty without a default retention.
        days: Days of the default retention; None when unset.
        years: Years of the default retention; None when unset.

    Source of the defaults: `aws.s3.BucketObjectLockConfiguration`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    enabled: bool = True
    mode: str = ""
    days: int | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLock:
    """The object lock of a bucket.

    Args:
        object_lock_enabled: `objectLockEnabled` of the bucket; false when unset.
        certain: As `Declared.certain`; without any no version is locked unless its writer asks for it.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
        labels: What the bucket calls itself.
    """

    object_lock_enabled: bool = False
    certain: tuple[Retention, ...] = ()
    possible: tuple[Retention, ...] = ()
    looked_up: bool = False
    labels: Labels


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_lock_from_graph(graph: Graph, resource: Resource) -> BucketLock:
    """Build the object lock of a bucket."""
    name = "objectLockConfiguration"
    own = inline(name, name, lambda _graph, bucket, _value: record(settings_of(bucket), name, _retention))
    found = declared(graph, resource, _LOCK, lambda _graph, each: _retention(settings_of(each)), own)
    return BucketLock(
        object_lock_enabled=flag(settings_of(resource), "objectLockEnabled", default=False),
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
        labels=labels_of(resource, "bucket", "bucketPrefix"),
    )


def _retention(configuration: Mapping[str, Value]) -> Any:
    on = lift(literal(configuration, "objectLockEnabled", default="Enabled"), lambda text: text == "Enabled")

    def of_rule(rule: Mapping[str, Value]) -> Any:
        return record(rule, "defaultRetention", _default_retention)

    found = record(configuration, "rule", of_rule)
    return Retention(enabled=on) if found is None else lift(found, lambda kept: replace(kept, enabled=on))


def _default_retention(kept: Mapping[str, Value]) -> Retention:
    return Retention(
        mode=literal(kept, "mode", default=""),
        days=_given(whole(kept, "days", default=None)),
        years=_given(whole(kept, "years", default=None)),
    )


def _given(number: Any) -> Any:
    # Outputs hold 0 for the one of the two that is not set; S3 takes no 0.
    return lift(number, lambda value: value or None)
