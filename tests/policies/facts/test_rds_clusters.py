"""Clusters with their instances, and global databases with their clusters."""

from dataclasses import replace
from typing import Any

from ledgergate.graph import Kind, Resource
from policies.facts.properties import UNKNOWN
from policies.facts.rds_clusters import (
    GlobalMember,
    GlobalMembers,
    UpgradedCluster,
    ZoneSpread,
    cluster_zones_from_graph,
    global_members_from_graph,
    instance_zones_from_graph,
    upgraded_cluster_from_graph,
)
from tests.policies.graphs import CLUSTER, GLOBAL_CLUSTER, INSTANCE, graph, resource

MEMBER = "aws:rds/clusterInstance:ClusterInstance"
MAIN = resource(CLUSTER, "main", {"clusterIdentifier": "main", "engine": "aurora-postgresql"}, id="main")
WORLD = resource(GLOBAL_CLUSTER, "world", {"globalClusterIdentifier": "world"}, id="world")


def member(name: str, cluster: Any = "main", **inputs: Any) -> Resource:
    """Return an instance of a cluster."""
    return resource(MEMBER, name, {"clusterIdentifier": cluster, **inputs})


def zones(*others: Resource, subject: Resource = MAIN) -> ZoneSpread:
    """Build the zones of a cluster."""
    return cluster_zones_from_graph(graph(subject, *others), subject)


def upgrades(*others: Resource, subject: Resource = MAIN) -> UpgradedCluster:
    """Build the upgrades of a cluster."""
    return upgraded_cluster_from_graph(graph(subject, *others), subject)


def test_zones_of_the_instances_of_a_cluster() -> None:
    """Only instances that name the cluster count, and one that leaves its zone out has none."""
    found = zones(
        member("a", availabilityZone="eu-west-1a"), member("b"), member("other", "else", availabilityZone="x")
    )

    assert found == ZoneSpread(zones=("eu-west-1a", None))


def test_instance_whose_cluster_is_unknown() -> None:
    """It may be an instance of any cluster, unless it depends on one."""
    by_dependency = replace(
        member("a", UNKNOWN, availabilityZone="eu-west-1a"),
        property_dependencies={"clusterIdentifier": (MAIN.urn,)},
    )

    assert zones(by_dependency).zones == ("eu-west-1a",)
    assert zones(member("a", UNKNOWN)) == ZoneSpread(maybe_members=1)


def test_instance_that_is_only_looked_up() -> None:
    """Its zone and its upgrades show in the account alone."""
    read = replace(member("a"), kind=Kind.READ)

    assert zones(read).zones == (UNKNOWN,)
    assert upgrades(read).members_automatic == (UNKNOWN,)


def test_multi_az_cluster() -> None:
    """A class of its own, or an engine that is not Aurora's, makes one."""
    classed = replace(MAIN, inputs={**MAIN.inputs, "dbClusterInstanceClass": "db.m6gd.large"})
    postgres = replace(MAIN, inputs={**MAIN.inputs, "engine": "postgres", "autoMinorVersionUpgrade": False})

    assert zones(subject=classed).multi_az is True
    assert upgrades(subject=postgres) == UpgradedCluster(multi_az=True, automatic=False)
    assert upgrades(subject=replace(MAIN, inputs={"engine": UNKNOWN})).multi_az == UNKNOWN


def test_upgrades_of_the_instances_of_a_cluster() -> None:
    """Two instances are both asked."""
    assert upgrades(member("a"), member("b", autoMinorVersionUpgrade=False)).members_automatic == (True, False)


def test_outputs_give_the_same_fact_as_inputs() -> None:
    """A stage that knows outputs only judges the same cluster."""
    given = member("a", availabilityZone="eu-west-1a")
    deployed = [replace(each, inputs={}, outputs=each.inputs) for each in (MAIN, given)]

    assert zones(deployed[1], subject=deployed[0]) == zones(given)


def test_instance_outside_a_cluster() -> None:
    """It is in several zones only when it says so."""
    on, off = (resource(INSTANCE, "one", inputs) for inputs in ({"multiAz": True}, {}))

    assert instance_zones_from_graph(graph(on), on) == ZoneSpread(cluster=False, multi_az=True)
    assert instance_zones_from_graph(graph(off), off) == ZoneSpread(cluster=False)


def global_members(*others: Resource, subject: Resource = WORLD) -> GlobalMembers:
    """Build a global database."""
    return global_members_from_graph(graph(subject, *others), subject)


def test_members_of_a_global_database() -> None:
    """Clusters of every Region that name it are its members, with the classes of their instances."""
    near = resource(
        CLUSTER, "main", {**MAIN.inputs, "globalClusterIdentifier": "world", "masterUsername": "o"}, id="main"
    )
    far = resource(
        CLUSTER, "far", {"clusterIdentifier": "far", "globalClusterIdentifier": "world", "region": "us-east-1"}
    )
    found = global_members(near, far, member("a", instanceClass="db.r6g.large"))

    assert found == GlobalMembers(
        members=(
            GlobalMember(region="eu-west-1", names_master=True, instance_classes=("db.r6g.large",)),
            GlobalMember(region="us-east-1"),
        )
    )


def test_global_database_that_is_made_from_a_cluster() -> None:
    """The cluster need not name it, and is the primary."""
    made = replace(WORLD, inputs={**WORLD.inputs, "sourceDbClusterIdentifier": "arn:aws:rds:eu-west-1:1:cluster:main"})

    assert global_members(MAIN, subject=made).members == (GlobalMember(region="eu-west-1", source=True),)
    assert global_members(subject=made).maybe_members == 1


def test_cluster_of_an_unknown_global_database() -> None:
    """It may be a member."""
    loose = resource(CLUSTER, "loose", {"globalClusterIdentifier": UNKNOWN})

    assert global_members(loose) == GlobalMembers(maybe_members=1)
