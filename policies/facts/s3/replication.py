"""Where a bucket is copied to, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value, reveal
from policies.facts.declared import known_first
from policies.facts.joins import Join, follow
from policies.facts.kms import KeyUse, nested_key_use
from policies.facts.labels import Labels, labels_of
from policies.facts.properties import UNKNOWN, flag, lift, literal, record, records, region_of, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline

_REPLICATION: Final = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)
_INLINE: Final = "replicationConfiguration"
_ENABLED: Final = "Enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationRule:
    """One rule.

    Args:
        enabled: Whether it is in force.
        destination_region: Region of the bucket it copies to; unknown for a bucket that is not in the stack.
        replica_key: Key of the copies; None when it names none.
        copies_encrypted: Whether objects under a KMS key are copied too; false when unset.
        copies_delete_markers: Whether deletions are copied; false when unset.
        time_controlled: Whether S3 promises fifteen minutes; false when unset.

    Source of the defaults: `aws.s3.BucketReplicationConfig`, pulumi-aws 7.51.1, and PutBucketReplication, Amazon S3
    API reference, read 2026-11-30.
    """

    enabled: bool = True
    destination_region: str
    replica_key: KeyUse | None = None
    copies_encrypted: bool = False
    copies_delete_markers: bool = False
    time_controlled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """A replication configuration.

    Args:
        rules: Its rules; one that does what is asked is enough.
    """

    rules: tuple[ReplicationRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketReplication:
    """The replication of a bucket.

    Args:
        region: Region of the bucket.
        certain: As `Declared.certain`; without any nothing is copied.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
        is_copy: Whether another bucket of the stack is copied to it.
        labels: What the bucket calls itself.
    """

    region: str
    certain: tuple[Replication, ...] = ()
    possible: tuple[Replication, ...] = ()
    looked_up: bool = False
    is_copy: bool = False
    labels: Labels


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_replication_from_graph(graph: Graph, resource: Resource) -> BucketReplication:
    """Build the replication of a bucket."""
    own = inline(_INLINE, "replicationConfigurations", lambda graph, bucket, _value: _of_bucket(graph, bucket))
    found = declared(graph, resource, _REPLICATION, _of_companion, own)
    return BucketReplication(
        region=region_of(graph, resource),
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
        is_copy=_is_copy(graph, resource),
        labels=labels_of(resource, "bucket", "bucketPrefix"),
    )


def _of_companion(graph: Graph, companion: Resource) -> Replication:
    rules = records(settings_of(companion), "rules", partial(_rule, graph, companion))
    return Replication(rules=lift(rules, known_first))


def _rule(graph: Graph, resource: Resource, rule: Mapping[str, Value]) -> Any:
    criteria = record(rule, "sourceSelectionCriteria", lambda each: _is_on(each, "sseKmsEncryptedObjects"))

    def to(destination: Mapping[str, Value]) -> ReplicationRule:
        encryption = record(destination, "encryptionConfiguration", lambda each: each.get("replicaKmsKeyId"))
        return ReplicationRule(
            enabled=lift(literal(rule, "status", default=""), lambda text: text == _ENABLED),
            destination_region=_region(graph, resource, "rules", destination.get("bucket")),
            replica_key=nested_key_use(graph, resource, "rules", encryption),
            copies_encrypted=False if criteria is None else criteria,
            copies_delete_markers=_is_on(rule, "deleteMarkerReplication"),
            time_controlled=_is_on(destination, "replicationTime"),
        )

    found = record(rule, "destination", to)
    return UNKNOWN if found is None else found


def _of_bucket(graph: Graph, bucket: Resource) -> Any:
    def built(configuration: Mapping[str, Value]) -> Replication:
        return Replication(
            rules=lift(records(configuration, "rules", partial(_inline_rule, graph, bucket)), known_first)
        )

    return record(settings_of(bucket), _INLINE, built)


def _inline_rule(graph: Graph, bucket: Resource, rule: Mapping[str, Value]) -> Any:
    def selected(criteria: Mapping[str, Value]) -> Any:
        return record(criteria, "sseKmsEncryptedObjects", lambda each: flag(each, "enabled", default=False))

    criteria = record(rule, "sourceSelectionCriteria", selected)

    def to(destination: Mapping[str, Value]) -> ReplicationRule:
        markers = literal(rule, "deleteMarkerReplicationStatus", default="")
        return ReplicationRule(
            enabled=lift(literal(rule, "status", default=""), lambda text: text == _ENABLED),
            destination_region=_region(graph, bucket, _INLINE, destination.get("bucket")),
            replica_key=nested_key_use(graph, bucket, _INLINE, destination.get("replicaKmsKeyId")),
            copies_encrypted=False if criteria is None else criteria,
            copies_delete_markers=lift(markers, lambda text: text == _ENABLED),
            time_controlled=_is_on(destination, "replicationTime"),
        )

    found = record(rule, "destination", to)
    return UNKNOWN if found is None else found


def _is_on(settings: Mapping[str, Value], name: str) -> Any:
    found = record(settings, name, lambda each: literal(each, "status", default=""))
    return lift(found, lambda text: text == _ENABLED)


def _region(graph: Graph, resource: Resource, property_: str, bucket: Value) -> Any:
    regions = [region_of(graph, each) for each in _named(graph, resource, property_, bucket).resources]
    same = bool(regions) and all(reveal(region) == reveal(regions[0]) for region in regions)
    return regions[0] if same else UNKNOWN


def _named(graph: Graph, resource: Resource, property_: str, bucket: Value) -> Join:
    """Return the bucket that a value inside a property names."""
    dependencies = {"destination": resource.property_dependencies.get(property_, ())}
    inputs = {**resource.inputs, "destination": bucket}
    lifted = replace(resource, inputs=inputs, property_dependencies=dependencies)
    return follow(graph, lifted, "destination", BUCKET_TYPES)


def _is_copy(graph: Graph, bucket: Resource) -> Any:
    open_ = False
    for companion in graph.of_type(*_REPLICATION):
        for destination in _destinations(companion):
            join = _named(graph, companion, "rules", destination)
            if bucket in join.resources and not join.unknown:
                return True
            open_ = open_ or join.unknown
    return UNKNOWN if open_ else False


def _destinations(companion: Resource) -> list[Value]:
    rules = reveal(settings_of(companion).get("rules"))
    if not isinstance(rules, list):
        return [] if rules is None else [UNKNOWN]
    return [_destination(rule) for rule in rules]


def _destination(rule: Value) -> Value:
    if not isinstance(rule, Mapping):
        return UNKNOWN
    destination = rule.get("destination")
    return destination.get("bucket") if isinstance(destination, Mapping) else UNKNOWN
