"""Parameter groups, performance data and subscriptions of databases."""

from dataclasses import replace
from typing import Any

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import Secret
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.rds_events import EventSubscription, InstanceEvents, instance_events_from_graph
from policies.facts.rds_insights import InsightsUse, insights_from_graph
from policies.facts.rds_parameters import (
    ConnectionParameters,
    GroupOrigin,
    cluster_parameters_from_graph,
    instance_parameters_from_graph,
)
from tests.policies.graphs import CLUSTER, INSTANCE, graph, resource

MEMBER = "aws:rds/clusterInstance:ClusterInstance"
CLUSTER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
GROUP = "aws:rds/parameterGroup:ParameterGroup"


def group(*parameters: Any, type_: str = CLUSTER_GROUP, **fields: Any) -> Resource:
    """Return a parameter group called `own`."""
    listed = [each if not isinstance(each, tuple) else {"name": each[0], "value": each[1]} for each in parameters]
    return resource(type_, "own", {"name": "own", "parameters": listed}, id="own", **fields)


def cluster(named: Any = "own", **inputs: Any) -> Resource:
    """Return a cluster that uses a parameter group."""
    given = {"engine": "aurora-postgresql", "engineVersion": "16.4", "dbClusterParameterGroupName": named, **inputs}
    return resource(CLUSTER, "main", given)


def of(subject: Resource, *others: Resource) -> ConnectionParameters:
    """Build a cluster."""
    return cluster_parameters_from_graph(graph(subject, *others), subject)


def test_own_group() -> None:
    """Its parameters count, whatever the case of their values."""
    found = of(cluster(), group(("rds.force_ssl", "1"), ("require_secure_transport", "ON"), ("log_connections", "1")))

    assert found == ConnectionParameters(
        engine="aurora-postgresql",
        major_version=16,
        group=GroupOrigin.OWN,
        force_ssl="1",
        require_secure_transport="on",
    )
    assert of(cluster(), group()).force_ssl == ""


@pytest.mark.parametrize("named", [None, "", "default.aurora-postgresql16"])
def test_default_group(named: object) -> None:
    """RDS's own group is used by naming it, or by naming none."""
    assert of(cluster(named)).group is GroupOrigin.DEFAULT


def test_group_of_another_stack() -> None:
    """Named or looked up, what it sets shows in the account alone."""
    assert of(cluster("theirs"), group(("rds.force_ssl", "1"))).group is GroupOrigin.ELSEWHERE
    assert of(cluster(), replace(group(("rds.force_ssl", "1")), kind=Kind.READ)).group is GroupOrigin.ELSEWHERE


def test_group_of_the_other_kind_is_not_joined() -> None:
    """A cluster uses a cluster parameter group, an instance the other kind."""
    subject = resource(INSTANCE, "one", {"engine": "mysql", "engineVersion": "8.0", "parameterGroupName": "own"})
    own = group(("require_secure_transport", "1"), type_=GROUP)

    assert of(cluster(), group(type_=GROUP)).group is GroupOrigin.ELSEWHERE
    found = instance_parameters_from_graph(graph(subject, own), subject)
    assert (found.group, found.require_secure_transport, found.major_version) == (GroupOrigin.OWN, "1", 8)


def test_what_is_not_known_yet() -> None:
    """Unknown groups, lists, names, values and versions stay unknown."""
    by_dependency = replace(cluster(UNKNOWN), property_dependencies={"dbClusterParameterGroupName": (group().urn,)})

    assert of(cluster(UNKNOWN)).group == UNKNOWN
    assert of(by_dependency, group(("rds.force_ssl", "1"))).force_ssl == "1"
    assert of(cluster(), group(("rds.force_ssl", UNKNOWN))).force_ssl == UNKNOWN
    assert of(cluster(), group((UNKNOWN, "1"))).force_ssl == UNKNOWN
    assert of(cluster(), group(UNKNOWN)).force_ssl == UNKNOWN
    assert of(cluster(), replace(group(), inputs={"name": "own", "parameters": UNKNOWN})).force_ssl == UNKNOWN
    assert of(cluster(engineVersion=UNKNOWN)).major_version == UNKNOWN
    assert of(cluster(engineVersion=None)).major_version == 0


KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize("type_", [CLUSTER, INSTANCE, MEMBER])
def test_performance_data(type_: str) -> None:
    """Clusters and instances of both kinds say whether they record it and under which key."""
    on = resource(type_, "one", {"performanceInsightsEnabled": True, "performanceInsightsKmsKeyId": KEY_ARN})
    own = InsightsUse(enabled=True, kms_key_id=KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1"))
    deployed = replace(on, inputs={}, outputs=on.inputs)

    assert insights_from_graph(graph(on), on) == own
    assert insights_from_graph(graph(deployed), deployed).kms_key_id == KeyUse(
        manager=KeyManager.UNSEEN, region="eu-west-1"
    )
    assert insights_from_graph(graph(resource(type_, "one")), resource(type_, "one")) == InsightsUse()


HIDDEN = Secret("false")
STACK = resource("pulumi:pulumi:Stack", "bank-dev", kind=Kind.STACK, provider="")


def subscription(**inputs: Any) -> Resource:
    """Return a subscription to events."""
    return resource("aws:rds/eventSubscription:EventSubscription", "events", inputs)


def test_events_of_instances() -> None:
    """Each Region with instances counts once; what is only looked up is not created."""
    instances = (resource(INSTANCE, "one"), resource(MEMBER, "two"), resource(INSTANCE, "far", {"region": "us-east-1"}))
    given = subscription(sourceType="db-instance", eventCategories=["failure", UNKNOWN], enabled=HIDDEN)
    found = instance_events_from_graph(graph(STACK, *instances, given), STACK)
    read = replace(subscription(), kind=Kind.READ)

    assert found.regions == ("eu-west-1", "us-east-1")
    assert found.subscriptions[0].categories == ("failure", UNKNOWN)
    assert found.subscriptions[0].enabled == Secret(value=False)
    assert instance_events_from_graph(graph(STACK, subscription()), STACK) == InstanceEvents(
        subscriptions=(EventSubscription(region="eu-west-1"),)
    )
    assert instance_events_from_graph(graph(STACK, read), STACK) == InstanceEvents()
