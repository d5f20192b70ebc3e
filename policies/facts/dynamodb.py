"""Facts about DynamoDB tables and their replicas: under which keys they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.declared import known_first
from policies.facts.kms import KeyUse, key_use, nested_key_use
from policies.facts.properties import UNKNOWN, flag, lift, literal, record, records, region_of, settings_of
from policies.facts.registry import adapter

_TABLE: Final = ("aws:dynamodb/table:Table",)
_REPLICA: Final = ("aws:dynamodb/tableReplica:TableReplica",)
_ENCRYPTION: Final = "serverSideEncryption"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKey:
    """Under which key a table is in one Region.

    Args:
        region: The Region.
        kms_key: `kmsKeyArn`; None when unset, for which DynamoDB takes a key that AWS manages or owns.
    """

    region: str
    kms_key: KeyUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEncryption:
    """Under which keys a table and the replicas that it states are, or a replica that is a resource of its own.

    Args:
        enabled: `serverSideEncryption.enabled`: false without, for which DynamoDB takes a key that AWS owns; true of a
            replica, which says no more than its key.
        keys: The table's own key and one for each entry of `replicas`; what is known in full comes first.

    Source of the defaults: `aws.dynamodb.Table` and `aws.dynamodb.TableReplica`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    enabled: bool = False
    keys: tuple[TableKey, ...] = ()


@adapter(types=_TABLE, joined=True)
def table_encryption_from_graph(graph: Graph, resource: Resource) -> TableEncryption:
    """Build the keys of a table and of the replicas that it states."""
    settings = settings_of(resource)
    enabled = record(settings, _ENCRYPTION, lambda encryption: flag(encryption, "enabled", default=False))
    key = record(
        settings, _ENCRYPTION, lambda each: nested_key_use(graph, resource, _ENCRYPTION, each.get("kmsKeyArn"))
    )
    own = TableKey(region=region_of(graph, resource), kms_key=key)

    def replica(item: Mapping[str, Value]) -> TableKey:
        region = literal(item, "regionName")
        there = nested_key_use(graph, resource, "replicas", item.get("kmsKeyArn"))
        return TableKey(region=UNKNOWN if region is None else region, kms_key=there)

    replicas: Any = records(settings, "replicas", replica)
    return TableEncryption(
        enabled=False if enabled is None else enabled,
        keys=lift(replicas, lambda each: known_first((own, *each))),
    )


@adapter(types=_REPLICA, joined=True)
def replica_encryption_from_graph(graph: Graph, resource: Resource) -> TableEncryption:
    """Build the key of a replica that is a resource of its own."""
    key = TableKey(region=region_of(graph, resource), kms_key=key_use(graph, resource, "kmsKeyArn"))
    return TableEncryption(enabled=True, keys=(key,))
