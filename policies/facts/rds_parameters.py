"""Facts about what a database demands of connections, by its parameter group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, literal, settings_of
from policies.facts.rds_servers import CLUSTER, INSTANCE, engine_of
from policies.facts.registry import adapter

_CLUSTER_GROUP: Final = ("aws:rds/clusterParameterGroup:ClusterParameterGroup",)
_GROUP: Final = ("aws:rds/parameterGroup:ParameterGroup",)
_DEFAULT: Final = "default."
"""Beginning of the names of groups that RDS makes. Source: parameter groups, RDS user guide, read 2026-11-30."""

FORCE_SSL: Final = "rds.force_ssl"
SECURE_TRANSPORT: Final = "require_secure_transport"


class GroupOrigin(StrEnum):
    """Where a parameter group comes from."""

    OWN = "own"
    DEFAULT = "default"
    """RDS's own group, named or by naming none."""
    ELSEWHERE = "elsewhere"
    """A group that the stack does not create."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionParameters:
    """A cluster, or an instance outside a cluster, with the parameters that demand TLS of its clients.

    Args:
        engine: `engine`, lower case; empty when unset.
        major_version: First number of `engineVersion`; 0 when unset, for which RDS takes a version of its choice.
        group: Where its parameter group comes from.
        force_ssl: Value of `rds.force_ssl` in its own group, lower case; empty when the group does not set it.
        require_secure_transport: The same of `require_secure_transport`.
    """

    engine: str = ""
    major_version: int = 0
    group: GroupOrigin = GroupOrigin.DEFAULT
    force_ssl: str = ""
    require_secure_transport: str = ""


@adapter(types=CLUSTER, joined=True)
def cluster_parameters_from_graph(graph: Graph, resource: Resource) -> ConnectionParameters:
    """Build a cluster with its cluster parameter group."""
    return _built(graph, resource, "dbClusterParameterGroupName", _CLUSTER_GROUP)


@adapter(types=INSTANCE, joined=True)
def instance_parameters_from_graph(graph: Graph, resource: Resource) -> ConnectionParameters:
    """Build an instance with its parameter group."""
    return _built(graph, resource, "parameterGroupName", _GROUP)


def _built(graph: Graph, resource: Resource, property_: str, types: tuple[str, ...]) -> ConnectionParameters:
    settings = settings_of(resource)
    origin, group = _group(graph, resource, property_, types)
    values = dict(_values(group))
    return ConnectionParameters(
        engine=engine_of(settings),
        major_version=_major(settings),
        group=origin,
        force_ssl=_value(values, FORCE_SSL),
        require_secure_transport=_value(values, SECURE_TRANSPORT),
    )


def _group(graph: Graph, resource: Resource, property_: str, types: tuple[str, ...]) -> tuple[Any, Resource | None]:
    name = reveal(settings_of(resource).get(property_))
    if name is None or name == "" or (isinstance(name, str) and is_default_group(name)):
        return GroupOrigin.DEFAULT, None
    join = follow(graph, resource, property_, types)
    if join.unknown or len(join.resources) > 1:
        return UNKNOWN, None
    if join.outside or join.resources[0].kind is Kind.READ:
        return GroupOrigin.ELSEWHERE, None
    return GroupOrigin.OWN, join.resources[0]


def _values(group: Resource | None) -> Iterator[tuple[Any, Any]]:
    """Yield each parameter of a group by its name; unknown names and lists stand for any parameter."""
    listed = reveal(settings_of(group).get("parameters")) if group is not None else None
    if listed is None:
        return
    for each in listed if isinstance(listed, list) else [UNKNOWN]:
        if isinstance(each, Mapping):
            yield reveal(literal(each, "name", default="")), literal(each, "value", default="")
        else:
            yield UNKNOWN, UNKNOWN


def _value(values: Mapping[Any, Any], name: str) -> Any:
    found = values.get(name, UNKNOWN if UNKNOWN in values else "")
    plain = reveal(found)
    return plain if isinstance(plain, Unknown) else plain.lower()


def _major(settings: Mapping[str, Value]) -> Any:
    version = reveal(literal(settings, "engineVersion", default=""))
    if isinstance(version, Unknown):
        return UNKNOWN
    return major_version(version)


def is_default_group(name: str) -> bool:
    """Tell whether RDS itself made the parameter group of this name."""
    return name.startswith(_DEFAULT)


def major_version(version: str) -> int:
    """Return the first number of a version of an engine; 0 where it begins with none."""
    first = version.partition(".")[0]
    return int(first) if first.isdecimal() else 0
