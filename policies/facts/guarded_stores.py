"""Facts about stores and the security groups that they are in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, reveal
from policies.facts.attached_groups import AttachedGroup, attached_groups
from policies.facts.properties import lift, settings_of, whole
from policies.facts.rds_servers import CLUSTER, INSTANCE, engine_of, is_mysql, is_postgres
from policies.facts.registry import adapter

_CACHE: Final = ("aws:elasticache/replicationGroup:ReplicationGroup",)
_NODES: Final = ("aws:elasticache/cluster:Cluster",)
_FILES: Final = ("aws:efs/mountTarget:MountTarget",)
_WAREHOUSE: Final = ("aws:redshift/cluster:Cluster",)

NFS_PORT: Final = 2049
"""Port of every file system. Source: Amazon EFS user guide, read 2026-11-30."""
_PORT_BY_TYPE: Final[Mapping[str, int]] = {_CACHE[0]: 6379, _WAREHOUSE[0]: 5439}
_POSTGRES_PORT: Final = 5432
_MEMCACHED_PORT: Final = 11211
_MYSQL_PORT: Final = 3306


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedStore:
    """A database, cache or file system in a network, and the security groups that it is in.

    Args:
        port: TCP port on which it listens: `port`, else the default of its engine: 5432 for PostgreSQL, 3306 for MySQL
            and MariaDB, 6379 for a cache, 11211 for one of Memcached, 2049 for a file system; None for an engine with
            another default. An account tells it.
        groups: Its security groups; empty when it names none, for which the service takes the default group of the
            network.
        member: Whether it is part of a replication group, which names the groups.

    Source of the defaults: `aws.rds.Cluster`, `aws.rds.Instance` and `aws.elasticache.ReplicationGroup`, pulumi-aws
    7.51.1, and the Amazon EFS user guide, read 2026-11-30; `aws.elasticache.Cluster`, pulumi-aws 7.51.1, read
    2026-12-01.
    """

    port: int | None = _POSTGRES_PORT
    groups: tuple[AttachedGroup, ...] = ()
    member: bool = False


@adapter(types=(*CLUSTER, *INSTANCE), joined=True)
def guarded_database_from_graph(graph: Graph, resource: Resource) -> GuardedStore:
    """Build a database with its security groups."""
    settings = settings_of(resource)
    by_engine = lift(engine_of(settings), _port_of_engine)
    port = whole(settings, "port", default=None)
    return GuardedStore(
        port=by_engine if port is None else port,
        groups=attached_groups(graph, resource, "vpcSecurityGroupIds"),
    )


def _port_of_engine(engine: str) -> int | None:
    if is_postgres(engine):
        return _POSTGRES_PORT
    return _MYSQL_PORT if is_mysql(engine) else None


@adapter(types=_CACHE, joined=True)
def guarded_cache_from_graph(graph: Graph, resource: Resource) -> GuardedStore:
    """Build a cache with its security groups."""
    return GuardedStore(port=_own_port(resource), groups=attached_groups(graph, resource, "securityGroupIds"))


@adapter(types=_NODES, joined=True)
def guarded_nodes_from_graph(graph: Graph, resource: Resource) -> GuardedStore:
    """Build a cache without replication, or a member of a replication group, with its security groups."""
    settings = settings_of(resource)
    owner = settings.get("replicationGroupId")
    port = whole(settings, "port", default=None)
    return GuardedStore(
        port=lift(settings.get("engine"), _port_of_cache) if port is None else port,
        groups=attached_groups(graph, resource, "securityGroupIds"),
        member=isinstance(owner, Unknown) or reveal(owner) not in (None, ""),
    )


def _port_of_cache(engine: Any) -> int:
    return _MEMCACHED_PORT if engine == "memcached" else _PORT_BY_TYPE[_CACHE[0]]


@adapter(types=_FILES, joined=True)
def guarded_files_from_graph(graph: Graph, resource: Resource) -> GuardedStore:
    """Build a way to a file system, which has no other port, with its security groups."""
    groups = attached_groups(graph, resource, "securityGroups")
    return GuardedStore(port=NFS_PORT, groups=groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedWarehouse:
    """A Redshift cluster and the security groups that it is in.

    Args:
        port: `port`; 5439 when unset.
        groups: As `GuardedStore.groups`.

    Source of the default: `aws.redshift.Cluster`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    port: int = 5439
    groups: tuple[AttachedGroup, ...] = ()


@adapter(types=_WAREHOUSE, joined=True)
def guarded_warehouse_from_graph(graph: Graph, resource: Resource) -> GuardedWarehouse:
    """Build a Redshift cluster with its security groups."""
    return GuardedWarehouse(port=_own_port(resource), groups=attached_groups(graph, resource, "vpcSecurityGroupIds"))


def _own_port(resource: Resource) -> Any:
    return whole(settings_of(resource), "port", default=_PORT_BY_TYPE[resource.type])
