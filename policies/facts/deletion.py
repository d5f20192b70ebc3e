"""Facts about what stands between a store and its loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.properties import flag, lift, literal, settings_of, whole
from policies.facts.registry import adapter

_PROTECTION: Final[Mapping[str, str]] = {
    "aws:alb/loadBalancer:LoadBalancer": "enableDeletionProtection",
    "aws:cognito/userPool:UserPool": "deletionProtection",
    "aws:dynamodb/table:Table": "deletionProtectionEnabled",
    "aws:dynamodb/tableReplica:TableReplica": "deletionProtectionEnabled",
    "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection",
    "aws:rds/cluster:Cluster": "deletionProtection",
    "aws:rds/globalCluster:GlobalCluster": "deletionProtection",
    "aws:rds/instance:Instance": "deletionProtection",
}
_POOL: Final = "aws:cognito/userPool:UserPool"
ACTIVE: Final = "ACTIVE"
"""Protection of a user pool that is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionProtection:
    """Whether the service refuses to delete a resource.

    Args:
        property: camelCase property that says so: `deletionProtection`, `deletionProtectionEnabled` or
            `enableDeletionProtection`.
        on: Whether it is true, or `ACTIVE` for a user pool; false when unset.

    Source of the default: the types' properties, pulumi-aws 7.51.1, read 2026-11-30.
    """

    property: str = "deletionProtection"
    on: bool = False


@adapter(types=_PROTECTION)
def deletion_protection_from_graph(_graph: Graph, resource: Resource) -> DeletionProtection:
    """Build whether a resource is protected."""
    name, settings = _PROTECTION[resource.type], settings_of(resource)
    if resource.type == _POOL:
        on = lift(literal(settings, name, default=""), lambda text: text == ACTIVE)
    else:
        on = flag(settings, name, default=False)
    return DeletionProtection(property=name, on=on)


class LastResort(StrEnum):
    """What is left of a store after its deletion."""

    CONTENT = "content"
    """A store that refuses to go while it holds something, unless it is told to."""
    SNAPSHOT = "snapshot"
    """A database of which a last snapshot is taken, unless it is told not to."""
    SECRET = "secret"  # noqa: S105 - a kind of store
    KEY = "key"


_LOSS: Final[Mapping[str, tuple[LastResort, str]]] = {
    "aws:backup/vault:Vault": (LastResort.CONTENT, "forceDestroy"),
    "aws:ecr/repository:Repository": (LastResort.CONTENT, "forceDelete"),
    "aws:kms/key:Key": (LastResort.KEY, "deletionWindowInDays"),
    "aws:rds/cluster:Cluster": (LastResort.SNAPSHOT, "skipFinalSnapshot"),
    "aws:rds/instance:Instance": (LastResort.SNAPSHOT, "skipFinalSnapshot"),
    "aws:s3/bucket:Bucket": (LastResort.CONTENT, "forceDestroy"),
    "aws:s3/bucketV2:BucketV2": (LastResort.CONTENT, "forceDestroy"),
    "aws:secretsmanager/secret:Secret": (LastResort.SECRET, "recoveryWindowInDays"),
}
_WINDOW_DAYS: Final = 30
"""Default window of a secret and of a key. Source: their properties, pulumi-aws 7.51.1, read 2026-11-30."""

_SOURCES: Final = ("replicateSourceDb", "replicationSourceIdentifier")


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalCopy:
    """What is left of a store after its deletion.

    Args:
        kind: What is left.
        property: camelCase property that decides.
        given_up: Whether `forceDestroy`, `forceDelete` or `skipFinalSnapshot` is true; false when unset.
        window_days: For how many days a secret or a key can be brought back; 30 when unset, 0 for other kinds.
        replica: Whether it is a database that replicates another one, of which RDS takes no snapshot.
    """

    kind: LastResort = LastResort.CONTENT
    property: str = "forceDestroy"
    given_up: bool = False
    window_days: int = 0
    replica: bool = False


@adapter(types=_LOSS)
def final_copy_from_graph(_graph: Graph, resource: Resource) -> FinalCopy:
    """Build what is left of a store."""
    kind, name = _LOSS[resource.type]
    settings = settings_of(resource)
    if kind in (LastResort.SECRET, LastResort.KEY):
        return FinalCopy(kind=kind, property=name, window_days=whole(settings, name, default=_WINDOW_DAYS))
    given_up = flag(settings, name, default=False)
    return FinalCopy(kind=kind, property=name, given_up=given_up, replica=_replicates(kind, settings))


def _replicates(kind: LastResort, settings: Mapping[str, Value]) -> Any:
    sources = [reveal(settings.get(name)) for name in _SOURCES] if kind is LastResort.SNAPSHOT else []
    return any(isinstance(each, Unknown) or each not in (None, "") for each in sources)
