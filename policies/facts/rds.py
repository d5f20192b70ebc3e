"""Facts about RDS clusters and instances."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, reveal
from policies.facts.arns import parse_arn
from policies.facts.joins import companions, follow
from policies.facts.kms import KeyUse, key_use
from policies.facts.properties import UNKNOWN, flag, region_of, settings_of
from policies.facts.registry import adapter

_CLUSTER: Final = ("aws:rds/cluster:Cluster",)
_INSTANCE: Final = ("aws:rds/instance:Instance",)
_GLOBAL: Final = ("aws:rds/globalCluster:GlobalCluster",)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalDatabase:
    """The Aurora global database that a cluster belongs to.

    Args:
        storage_encrypted: Its `storageEncrypted`; unset means false, or what its source cluster has when it is made
            from one. Source: `aws.rds.GlobalCluster`, pulumi-aws 7.51.1, read 2026-11-20.
        in_stack: Whether this stack creates it; else its encryption shows in the account alone.
    """

    storage_encrypted: bool = False
    in_stack: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database cluster, or an instance outside a cluster.

    Args:
        region: Region it runs in.
        storage_encrypted: `storageEncrypted`; unset means false, except true for engine mode `serverless` and, for
            a replica in another Region, true when it names a key (the provider ignores the flag there).
        kms_key_id: Key that it names; None without one.
        same_region_replica: Whether it replicates a database of its own Region, and so inherits its encryption.
        global_database: Global database it is a member of; None for none.

    Source of the defaults: `aws.rds.Cluster` and `aws.rds.Instance`, pulumi-aws 7.51.1, read 2026-11-20.
    """

    region: str
    storage_encrypted: bool = False
    kms_key_id: KeyUse | None = None
    same_region_replica: bool = False
    global_database: GlobalDatabase | None = None


@adapter(types=_CLUSTER, joined=True)
def cluster_from_graph(graph: Graph, resource: Resource) -> Database:
    """Build a cluster with the global database it belongs to."""
    return Database(
        region=region_of(graph, resource),
        storage_encrypted=_cluster_encrypted(resource),
        kms_key_id=key_use(graph, resource, "kmsKeyId"),
        same_region_replica=_same_region_replica(graph, resource, "replicationSourceIdentifier"),
        global_database=_global_database(graph, resource),
    )


@adapter(types=_INSTANCE, joined=True)
def instance_from_graph(graph: Graph, resource: Resource) -> Database:
    """Build an instance."""
    settings = settings_of(resource)
    key = key_use(graph, resource, "kmsKeyId")
    replica = _same_region_replica(graph, resource, "replicateSourceDb")
    elsewhere = bool(reveal(settings.get("replicateSourceDb"))) and replica is False
    return Database(
        region=region_of(graph, resource),
        storage_encrypted=flag(settings, "storageEncrypted", default=elsewhere and key is not None),
        kms_key_id=key,
        same_region_replica=replica,
    )


def _cluster_encrypted(resource: Resource) -> Any:
    settings = settings_of(resource)
    mode = reveal(settings.get("engineMode"))
    default = UNKNOWN if isinstance(mode, Unknown) else mode == "serverless"
    return flag(settings, "storageEncrypted", default=default)


def _same_region_replica(graph: Graph, resource: Resource, property_: str) -> Any:
    source = reveal(settings_of(resource).get(property_))
    if source is None or source == "":
        return False
    own = reveal(region_of(graph, resource))
    if isinstance(source, Unknown):
        join = follow(graph, resource, property_, (*_CLUSTER, *_INSTANCE))
        regions = {reveal(region_of(graph, each)) for each in join.resources}
        there = regions.pop() if len(regions) == 1 else UNKNOWN
    else:
        arn = parse_arn(source)
        if arn is None:
            return True
        there = arn.region
    return UNKNOWN if isinstance(own, Unknown) or isinstance(there, Unknown) else own == there


def _global_database(graph: Graph, resource: Resource) -> Any:
    join = follow(graph, resource, "globalClusterIdentifier", _GLOBAL)
    made_from_it = companions(graph, resource, _GLOBAL, "sourceDbClusterIdentifier", _CLUSTER)
    found = (*join.resources, *made_from_it.certain)
    if found:
        created = [each for each in found if each.kind is not Kind.READ]
        return _described(graph, created[0]) if created else GlobalDatabase(in_stack=False)
    if join.unknown or made_from_it.possible:
        return UNKNOWN
    return GlobalDatabase(in_stack=False) if join.outside else None


def _described(graph: Graph, found: Resource) -> GlobalDatabase:
    settings = settings_of(found)
    source = follow(graph, found, "sourceDbClusterIdentifier", _CLUSTER)
    inherited = [_cluster_encrypted(cluster) for cluster in source.resources]
    default = inherited[0] if inherited else UNKNOWN if source.outside or source.unknown else False
    return GlobalDatabase(storage_encrypted=flag(settings, "storageEncrypted", default=default))
