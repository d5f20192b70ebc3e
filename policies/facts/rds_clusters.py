"""Facts about clusters with their instances, and about global databases with their clusters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, reveal
from policies.facts.joins import Companions, companions, follow
from policies.facts.properties import UNKNOWN, flag, literal, region_of, settings_of
from policies.facts.rds_servers import CLUSTER, INSTANCE, MEMBER, engine_of
from policies.facts.registry import adapter

_GLOBAL: Final = ("aws:rds/globalCluster:GlobalCluster",)
_MULTI_AZ_ENGINES: Final = ("mysql", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradedCluster:
    """Whether a cluster takes minor versions by itself.

    Args:
        multi_az: Whether it is a Multi-AZ DB cluster, whose instances are its own: it names a class for them, or an
            engine that is not Aurora's.
        automatic: Its own `autoMinorVersionUpgrade`; true when unset.
        members_automatic: `autoMinorVersionUpgrade` of each of its `ClusterInstance`s; true when unset, unknown for
            one that is only looked up.
        maybe_automatic: The same of instances whose cluster is not known.

    Source of the defaults: `aws.rds.Cluster` and `aws.rds.ClusterInstance`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    multi_az: bool = False
    automatic: bool = True
    members_automatic: tuple[bool, ...] = ()
    maybe_automatic: tuple[bool, ...] = ()


@adapter(types=CLUSTER, joined=True)
def upgraded_cluster_from_graph(graph: Graph, resource: Resource) -> UpgradedCluster:
    """Build a cluster with how its instances are upgraded."""
    found = _members(graph, resource)
    return UpgradedCluster(
        multi_az=_is_multi_az(resource),
        automatic=flag(settings_of(resource), "autoMinorVersionUpgrade", default=True),
        members_automatic=tuple(map(_automatic, found.certain)),
        maybe_automatic=tuple(map(_automatic, found.possible)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSpread:
    """Over which zones a database is spread.

    Args:
        cluster: Whether it is a cluster; else an instance outside one.
        multi_az: Of a cluster whether it is a Multi-AZ DB cluster, which RDS itself spreads over three zones; of an
            instance `multiAz`, false when unset.
        zones: `availabilityZone` of each `ClusterInstance` of the cluster; None when unset, so that RDS chooses one,
            unknown for one that is only looked up.
        maybe_members: How many instances there are whose cluster is not known.
    """

    cluster: bool = True
    multi_az: bool = False
    zones: tuple[str | None, ...] = ()
    maybe_members: int = 0


@adapter(types=CLUSTER, joined=True)
def cluster_zones_from_graph(graph: Graph, resource: Resource) -> ZoneSpread:
    """Build the zones of a cluster."""
    found = _members(graph, resource)
    return ZoneSpread(
        multi_az=_is_multi_az(resource),
        zones=tuple(_setting(each, "availabilityZone") for each in found.certain),
        maybe_members=len(found.possible),
    )


@adapter(types=INSTANCE, joined=True)
def instance_zones_from_graph(_graph: Graph, resource: Resource) -> ZoneSpread:
    """Build the zones of an instance outside a cluster."""
    return ZoneSpread(cluster=False, multi_az=flag(settings_of(resource), "multiAz", default=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalMember:
    """A cluster of a global database.

    Args:
        region: Region it is in.
        source: Whether the global database was made from it, so that it is the primary.
        names_master: Whether it names `masterUsername`, as only a primary does.
        instance_classes: `instanceClass` of each of its instances.
    """

    region: str
    source: bool = False
    names_master: bool = False
    instance_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalMembers:
    """A global database with its clusters.

    Args:
        members: Clusters that name it, and the one that it is made from.
        maybe_members: How many clusters there are whose global database is not known.
    """

    members: tuple[GlobalMember, ...] = ()
    maybe_members: int = 0


@adapter(types=_GLOBAL, joined=True)
def global_members_from_graph(graph: Graph, resource: Resource) -> GlobalMembers:
    """Build a global database with its clusters."""
    source = follow(graph, resource, "sourceDbClusterIdentifier", CLUSTER)
    named = companions(graph, resource, CLUSTER, "globalClusterIdentifier", _GLOBAL)
    others = [each for each in named.certain if each not in source.resources]
    return GlobalMembers(
        members=(
            *(_global_member(graph, each, source=True) for each in source.resources),
            *(_global_member(graph, each, source=False) for each in others),
        ),
        maybe_members=len(named.possible) + (source.unknown or source.outside),
    )


def _global_member(graph: Graph, cluster: Resource, *, source: bool) -> GlobalMember:
    master = settings_of(cluster).get("masterUsername")
    return GlobalMember(
        region=region_of(graph, cluster),
        source=source,
        names_master=isinstance(master, Unknown) or reveal(master) not in (None, ""),
        instance_classes=tuple(_classes(_members(graph, cluster))),
    )


def _classes(found: Companions) -> Iterator[Any]:
    for each in found.certain:
        named = _setting(each, "instanceClass")
        yield UNKNOWN if named is None else named
    yield from (UNKNOWN for _ in found.possible)


def _members(graph: Graph, cluster: Resource) -> Companions:
    return companions(graph, cluster, MEMBER, "clusterIdentifier", CLUSTER)


def _automatic(member: Resource) -> Any:
    return UNKNOWN if member.kind is Kind.READ else flag(settings_of(member), "autoMinorVersionUpgrade", default=True)


def _setting(member: Resource, name: str) -> Any:
    return UNKNOWN if member.kind is Kind.READ else literal(settings_of(member), name)


def _is_multi_az(cluster: Resource) -> Any:
    settings = settings_of(cluster)
    own_class, engine = reveal(settings.get("dbClusterInstanceClass")), reveal(engine_of(settings))
    if isinstance(own_class, Unknown):
        return True
    return UNKNOWN if isinstance(engine, Unknown) and not own_class else runs_own_instances(own_class, engine)


def runs_own_instances(own_class: Any, engine: Any) -> bool:
    """Tell whether a cluster is a Multi-AZ DB cluster.

    Args:
        own_class: Class that it names for its instances; nothing where it names none.
        engine: Its engine, lower case.
    """
    return bool(own_class) or engine in _MULTI_AZ_ENGINES
