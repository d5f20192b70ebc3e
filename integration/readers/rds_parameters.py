"""Reads what databases demand of connections: the parameters that are in force."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Subject
from policies.facts.properties import UNKNOWN
from policies.facts.rds_parameters import (
    FORCE_SSL,
    SECURE_TRANSPORT,
    ConnectionParameters,
    GroupOrigin,
    is_default_group,
    major_version,
)

_PARAMETERS: Final = Paging("Marker", ("Parameters",))
_IN_FORCE: Final = "in-sync"

PARAMETER_OPERATIONS: Final = ("rds:DescribeDBClusterParameters", "rds:DescribeDBParameters")
"""Every call that is made for a parameter group."""


def cluster_parameters(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Observed:
    """Return a cluster with its cluster parameter group."""
    name = item["DBClusterParameterGroup"]
    states = {each.get("DBClusterParameterGroupStatus", _IN_FORCE) for each in item["DBClusterMembers"]}

    def pages() -> Iterable[Any]:
        return desk.every(_PARAMETERS, desk.aws.rds.describe_db_cluster_parameters, DBClusterParameterGroupName=name)

    return Observed(subject, _built(item, name, states, () if is_default_group(name) else pages()))


def instance_parameters(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Observed:
    """Return an instance outside a cluster with its parameter group."""
    (group,) = item["DBParameterGroups"]
    name, states = group["DBParameterGroupName"], {group["ParameterApplyStatus"]}

    def pages() -> Iterable[Any]:
        return desk.every(_PARAMETERS, desk.aws.rds.describe_db_parameters, DBParameterGroupName=name)

    return Observed(subject, _built(item, name, states, () if is_default_group(name) else pages()))


def _built(item: Mapping[str, Any], group: str, states: set[str], pages: Iterable[Any]) -> ConnectionParameters:
    origin = GroupOrigin.DEFAULT if is_default_group(group) else GroupOrigin.OWN
    values = dict(_values(pages))
    return ConnectionParameters(
        engine=item["Engine"].lower(),
        major_version=major_version(item["EngineVersion"]),
        # Until an instance was started again nobody can tell which parameters it has.
        group=origin if states <= {_IN_FORCE} else UNKNOWN,
        force_ssl=values.get(FORCE_SSL, ""),
        require_secure_transport=values.get(SECURE_TRANSPORT, ""),
    )


def _values(pages: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for page in pages:
        for each in page["Parameters"]:
            # RDS lists every parameter of the engine, also those that have no value.
            yield each["ParameterName"], each.get("ParameterValue", "").lower()
