"""Reads global databases: their clusters with the classes of the instances there, and whether they are protected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.arns import Arn, parse_arn
from policies.facts.deletion import DeletionProtection
from policies.facts.properties import UNKNOWN
from policies.facts.rds_clusters import GlobalMember, GlobalMembers

_TYPE: Final = "aws:rds/globalCluster:GlobalCluster"
_GLOBALS: Final = Paging("Marker", ("GlobalClusters",))
_INSTANCES: Final = Paging("Marker", ("DBInstances",))

GLOBAL_OPERATIONS: Final[Mapping[type, tuple[str, ...]]] = {
    DeletionProtection: ("rds:DescribeGlobalClusters",),
    GlobalMembers: ("rds:DescribeDBInstances", "rds:DescribeGlobalClusters"),
}
"""Fact about a global database → every call that it takes."""


@dataclass(frozen=True, slots=True)
class Membership:
    """That a cluster belongs to a global database.

    Args:
        database: The global database as RDS describes it.
        writer: Whether the cluster is the primary; unknown of one that is named before it is a member.
    """

    database: Mapping[str, Any]
    writer: bool


def membership(cluster: Mapping[str, Any], desk: Desk, failures: list[Failure]) -> Any:
    """Return the `Membership` of a cluster, None where it has none, `UNKNOWN` where nobody can tell.

    Args:
        cluster: The cluster as RDS describes it.
        desk: Where to ask.
        failures: Takes the call that failed.
    """
    try:
        found = _listed(desk)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    named = cluster.get("GlobalClusterIdentifier")
    for each in found:
        for member in each["GlobalClusterMembers"]:
            if member.get("DBClusterArn") == cluster["DBClusterArn"]:
                return Membership(each, member.get("IsWriter", UNKNOWN))
        if named and named == each["GlobalClusterIdentifier"]:
            return Membership(each, UNKNOWN)
    return UNKNOWN if named else None


def global_tasks(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    """Yield the work of reading the global databases that a Region tells of."""
    facts = tuple(wanted & GLOBAL_OPERATIONS.keys())
    if facts:
        everywhere = Place(place.account, "", place.partition)
        # The list is asked of the Region; what it tells of belongs to none.
        subject = Subject(place.arn("rds", "global-cluster:*"), _TYPE, place)
        yield Task(subject, facts, partial(_list, everywhere, facts))


def _listed(desk: Desk) -> list[Mapping[str, Any]]:
    pages = desk.every(_GLOBALS, desk.aws.rds.describe_global_clusters)
    return [{**each} for page in pages for each in page["GlobalClusters"]]


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GLOBALS, desk.aws.rds.describe_global_clusters):
        for each in page["GlobalClusters"]:
            subject = Subject(each["GlobalClusterArn"], _TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_READS[fact], subject, {**each}))


def _read_protection(subject: Subject, item: Mapping[str, Any], _desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, DeletionProtection(on=item["DeletionProtection"]))


def _read_members(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    members = tuple(_member(each, desk) for each in item["GlobalClusterMembers"])
    yield Observed(subject, GlobalMembers(members=members))


def _member(item: Mapping[str, Any], desk: Desk) -> GlobalMember:
    arn = parse_arn(item["DBClusterArn"])
    if arn is None:
        raise ValueError("what names a member is no ARN")
    return GlobalMember(region=arn.region, source=item["IsWriter"], instance_classes=tuple(_classes(arn, desk)))


def _classes(cluster: Arn, desk: Desk) -> Iterator[str]:
    there = desk.elsewhere(cluster.region)
    for page in there.every(_INSTANCES, there.aws.rds.describe_db_instances):
        for each in page["DBInstances"]:
            if each.get("DBClusterIdentifier") == cluster.name:
                yield each["DBInstanceClass"]


_READS: Final = {DeletionProtection: _read_protection, GlobalMembers: _read_members}
