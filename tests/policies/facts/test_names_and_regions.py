"""Names that programs write, Regions, snapshots, and tags that are handed on."""

from dataclasses import replace
from typing import Any

import pytest

from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.given_names import GivenName, LimitedName, given_name_from_graph, limited_name_from_graph
from policies.facts.properties import UNKNOWN
from policies.facts.regions import StatedRegion, UsedRegion, stated_region_from_graph, used_region_from_graph
from policies.facts.snapshots import SnapshotSharing, database_snapshot_from_graph, snapshot_block_from_graph
from policies.facts.tag_propagation import (
    TagPropagation,
    machine_tags_from_graph,
    service_tags_from_graph,
    single_machine_tag_from_graph,
    snapshot_tags_from_graph,
)
from tests.policies.graphs import BUCKET, CLUSTER, ROLE, graph, resource

TOPIC = "aws:sns/topic:Topic"
ACL = "aws:wafv2/webAcl:WebAcl"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
CERTIFICATE = "aws:acm/certificate:Certificate"


def name(type_: str, inputs: dict[str, Any], **fields: Any) -> Any:
    """Return the name that a program gives a resource called `main`."""
    subject = resource(type_, "main", inputs, **fields)
    return given_name_from_graph(graph(subject), subject).name


@pytest.mark.parametrize(
    ("type_", "property_"),
    [(TOPIC, "name"), (BUCKET, "bucket"), (CLUSTER, "clusterIdentifier"), ("aws:ecs/service:Service", "name")],
)
def test_name_stands_under_the_property_of_its_type(type_: str, property_: str) -> None:
    """Inputs and outputs say the same; a secret stays wrapped; what is minted or comes later is unknown."""
    assert name(type_, {property_: "ledger"}) == "ledger"
    assert name(type_, {}, outputs={property_: "ledger"}) == "ledger"
    assert name(type_, {property_: UNKNOWN}) == UNKNOWN
    assert name(type_, {property_: f"x-{SYMBOL_MARK}"}) == UNKNOWN
    assert name(type_, {property_: Secret("ledger")}) == Secret("ledger")
    assert name(type_, {property_: ""}) is None
    assert name(type_, {}) is None


def test_name_that_the_provider_makes_up() -> None:
    """The gate is told; a pack sees the form of the name, or that only a prefix was given."""
    assert name(TOPIC, {"name": "main-0a1b2c3"}, auto_named=("name",), outputs={"name": "main-0a1b2c3"}) is None
    assert name(TOPIC, {"name": "main-0a1b2c3"}) is None
    assert name(TOPIC, {"name": f"tf-{SYMBOL_MARK}"}) is None
    assert name(TOPIC, {"name": "main-0a1b2c3"}, outputs={"name": "main-0a1b2c3"}) == "main-0a1b2c3"
    assert name(TOPIC, {"name": "main-ledgers"}) == "main-ledgers"
    assert name(TOPIC, {"namePrefix": "main-", "name": "main-x"}) is None


@pytest.mark.parametrize(
    "type_", ["aws:route53/record:Record", "aws:guardduty/detectorFeature:DetectorFeature", "aws:lambda/alias:Alias"]
)
def test_name_that_is_no_physical_one(type_: str) -> None:
    """A domain, a word of the service and a name within a parent are not for the program to choose."""
    assert name(type_, {"name": "S3_DATA_EVENTS"}) is None


def test_limit_is_that_of_the_type() -> None:
    """Roles take 64 characters."""
    subject = resource(ROLE, "main", {"name": "x"})
    assert limited_name_from_graph(graph(subject), subject) == LimitedName(limit=64, name="x")
    assert given_name_from_graph(graph(subject), subject) == GivenName(type=ROLE, name="x")


def stated(type_: str, inputs: dict[str, Any], **fields: Any) -> StatedRegion:
    """Return whether the program says where a resource is."""
    subject = resource(type_, "main", inputs, **fields)
    return stated_region_from_graph(graph(subject), subject)


def test_region_that_the_program_wrote() -> None:
    """What the SDK sent is listed with its dependencies, even without any."""
    both = {"outputs": {"region": "eu-west-1"}}
    filled = {"region": "eu-west-1"}
    assert stated(TOPIC, filled, property_dependencies={"region": ()}, **both) == StatedRegion(stated=True)
    assert stated(TOPIC, filled, property_dependencies={"name": ()}, **both) == StatedRegion()
    assert stated(TOPIC, filled) == StatedRegion(seen=False)
    assert stated(TOPIC, {}, outputs=filled) == StatedRegion(seen=False)


def test_types_without_a_region_of_their_own() -> None:
    """Global types, those that mean something else, and those that nobody knows."""
    assert stated(ROLE, {"name": "x"}) == StatedRegion(regional=False)
    assert stated("aws:cfg/aggregateAuthorization:AggregateAuthorization", {"region": "x"}).regional is False
    assert stated("aws:new/thing:Thing", {"name": "x"}).regional is None


def used(type_: str, inputs: dict[str, Any]) -> UsedRegion:
    """Return where a resource is."""
    subject = resource(type_, "main", inputs)
    return used_region_from_graph(graph(subject), subject)


def test_region_in_use() -> None:
    """Its own wins over that of its provider; a global type has none."""
    assert used(TOPIC, {"region": "us-east-1"}) == UsedRegion(region="us-east-1")
    assert used(TOPIC, {}) == UsedRegion(region="eu-west-1")
    assert used(TOPIC, {"region": UNKNOWN}) == UsedRegion(region=UNKNOWN)
    assert used(ROLE, {}) == UsedRegion(global_=True)


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        (CERTIFICATE, {}, True),
        (ACL, {"scope": "CLOUDFRONT"}, True),
        (ACL, {"scope": "REGIONAL"}, False),
        (ACL, {"scope": UNKNOWN}, UNKNOWN),
        (ALARM, {"namespace": "AWS/Billing"}, True),
        (ALARM, {"namespace": "AWS/ECS"}, False),
        (
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
            {"resourceArn": f"arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/{SYMBOL_MARK}"},
            True,
        ),
        (
            "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
            {"resourceArn": "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/edge/1"},
            False,
        ),
        (TOPIC, {}, False),
    ],
)
def test_what_exists_in_one_region_alone(type_: str, inputs: dict[str, Any], expected: object) -> None:
    """CloudFront and the billing metrics have theirs in us-east-1."""
    assert used(type_, {"region": "us-east-1", **inputs}).at_home == expected


def test_snapshots() -> None:
    """Whom they are shared with, and what the Region says."""
    shared = resource("aws:rds/snapshot:Snapshot", "main", {"sharedAccounts": [UNKNOWN, "all"]})
    assert database_snapshot_from_graph(graph(shared), shared) == SnapshotSharing(shared_accounts=("all", UNKNOWN))
    alone = replace(shared, inputs={}, outputs={"dbSnapshotIdentifier": "x"})
    assert database_snapshot_from_graph(graph(alone), alone) == SnapshotSharing()
    block = resource("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", "main", {"state": "unblocked"})
    assert snapshot_block_from_graph(graph(block), block) == SnapshotSharing(block="unblocked")
    with pytest.raises(ValueError, match="sharedAccounts"):
        database_snapshot_from_graph(graph(shared), replace(shared, inputs={"sharedAccounts": "all"}))


def test_tags_that_are_handed_on() -> None:
    """Each type says it in its own way, and by default none is."""
    service = resource("aws:ecs/service:Service", "main", {"propagateTags": "TASK_DEFINITION"})
    assert service_tags_from_graph(graph(service), service) == TagPropagation(
        property="propagateTags", handed_on=(True,)
    )
    for source in ({"desiredCount": 1}, {"propagateTags": "NONE"}):
        assert service_tags_from_graph(graph(), replace(service, inputs=source)).handed_on == (False,)
    cluster = resource(CLUSTER, "main", {"copyTagsToSnapshot": UNKNOWN})
    assert snapshot_tags_from_graph(graph(cluster), cluster).handed_on == (UNKNOWN,)
    assert snapshot_tags_from_graph(graph(cluster), replace(cluster, inputs={})).handed_on == (False,)


def test_tags_of_an_auto_scaling_group() -> None:
    """Each tag decides for itself; what is known comes first."""
    tags = [{"key": "a", "propagateAtLaunch": UNKNOWN}, {"key": "b", "propagateAtLaunch": False}]
    group = resource("aws:autoscaling/group:Group", "main", {"tags": tags})
    assert machine_tags_from_graph(graph(group), group).handed_on == (False, UNKNOWN)
    assert machine_tags_from_graph(graph(group), replace(group, inputs={})).handed_on == ()
    tag = resource("aws:autoscaling/tag:Tag", "main", {"tag": {"key": "a", "propagateAtLaunch": True}})
    assert single_machine_tag_from_graph(graph(tag), tag).handed_on == (True,)
