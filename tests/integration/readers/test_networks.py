"""Networks and clusters in states that no sandbox has."""

from typing import Any

import pytest

from integration.readers import ec2, elasticache, emr
from integration.scanning.observed import Observed
from policies.facts.ec2_networks import ReachingNetwork, RecordedNetwork
from policies.facts.ec2_peerings import Joining, Side
from policies.facts.elasticache_networks import PlacedCache
from policies.facts.emr import NodeCluster
from policies.facts.guarded_stores import GuardedStore
from policies.facts.properties import UNKNOWN
from tests.integration.scanning.lines import CannedLine, read

OWN, OTHER = "111122223333", "444455556666"
VPC = {"VpcId": "vpc-1", "OwnerId": OWN, "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Environment", "Value": "prod"}]}


def facts(reading: Any, fact: type, answers: dict[str, Any]) -> list[Any]:
    """Return what is read of one kind."""
    found = read(reading, CannedLine(answers), [fact])
    return [each.fact for each in found if isinstance(each, Observed)]


def _peering(state: str, owner: str = OWN) -> dict[str, Any]:
    ends = {"RequesterVpcInfo": ("vpc-1", OWN), "AccepterVpcInfo": ("vpc-2", owner)}
    shown = {name: {"VpcId": id_, "OwnerId": who, "Region": "eu-west-1"} for name, (id_, who) in ends.items()}
    return {"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": state}, **shown}


def _joined(peering: dict[str, Any]) -> list[Any]:
    answers = {
        "DescribeVpcPeeringConnections": {"VpcPeeringConnections": [peering]},
        "DescribeTransitGatewayPeeringAttachments": {"TransitGatewayPeeringAttachments": []},
        "DescribeVpcs": {"Vpcs": [VPC, {**VPC, "VpcId": "vpc-2"}]},
        "DescribeRouteTables": {"RouteTables": []},
    }
    return facts(ec2.READING, Joining, answers)


@pytest.mark.parametrize("state", ["deleted", "expired", "failed", "rejected"])
def test_what_is_parted_joins_nothing(state: str) -> None:
    """EC2 lists a peering for a while after its end."""
    assert _joined(_peering(state)) == []


def test_a_network_of_another_account_has_no_environment_here() -> None:
    """Its tags show there alone."""
    (found,) = _joined(_peering("active", OTHER))
    assert (found.own, found.peer) == (Side(environment="prod"), Side(in_stack=False, environment=UNKNOWN))


@pytest.mark.parametrize(("status", "arrives"), [("SUCCESS", True), ("FAILED", False)])
def test_a_flow_log_counts_where_its_records_arrive(status: str, arrives: object) -> None:
    """One that AWS cannot deliver has no destination."""
    log = {"ResourceId": "vpc-1", "TrafficType": "ALL", "LogDestination": "arn:x", "DeliverLogsStatus": status}
    (found,) = facts(
        ec2.READING, RecordedNetwork, {"DescribeVpcs": {"Vpcs": [VPC]}, "DescribeFlowLogs": {"FlowLogs": [log]}}
    )
    assert [each.has_destination for each in found.certain] == [arrives]


@pytest.mark.parametrize(("state", "count"), [("available", 1), ("Available", 1), ("pending", 0), ("deleting", 0)])
def test_an_endpoint_counts_while_it_can_be_used(state: str, count: int) -> None:
    """One that is not there yet, or not any more, leads nowhere."""
    endpoint = {
        "VpcId": "vpc-1",
        "State": state,
        "ServiceName": "com.amazonaws.eu-west-1.ecr.api",
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "RouteTableIds": [],
    }
    answers = {
        "DescribeVpcs": {"Vpcs": [VPC]},
        "DescribeSubnets": {"Subnets": []},
        "DescribeRouteTables": {"RouteTables": []},
        "DescribeVpcEndpoints": {"VpcEndpoints": [endpoint]},
    }
    (found,) = facts(ec2.READING, ReachingNetwork, answers)
    assert [each.service for each in found.endpoints] == ["ecr.api"] * count


def test_a_network_that_is_shared_is_judged_where_it_belongs() -> None:
    """The account that owns it configures it."""
    answers = {"DescribeVpcs": {"Vpcs": [{**VPC, "OwnerId": OTHER}]}}
    assert facts(ec2.READING, RecordedNetwork, answers) == []


@pytest.mark.parametrize("fact", [GuardedStore, PlacedCache])
def test_a_replication_group_without_clusters_is_undecided(fact: type) -> None:
    """Only its clusters tell its network, and while it is made there are none."""
    group = {"ARN": "arn:x", "ReplicationGroupId": "it", "MemberClusters": [], "NodeGroups": []}
    answers = {
        "DescribeReplicationGroups": {"ReplicationGroups": [group]},
        "DescribeCacheClusters": {"CacheClusters": []},
    }
    (found,) = facts(elasticache.READING, fact, answers)
    assert UNKNOWN in ((found.groups,) if isinstance(found, GuardedStore) else (found.group_name,))


@pytest.mark.parametrize(("node", "port"), [({"Endpoint": {"Port": 11211}}, 11211), ({}, UNKNOWN)])
def test_a_cluster_tells_its_port_when_it_can_be_reached(node: dict[str, Any], port: object) -> None:
    """A cache without replication is guarded on the port of its nodes; a node that is being made has none yet."""
    listed = {"ARN": "arn:x", "CacheClusterId": "pages", "SecurityGroups": [], "CacheNodes": [node]}
    answers = {
        "DescribeReplicationGroups": {"ReplicationGroups": []},
        "DescribeCacheClusters": {"CacheClusters": [listed]},
    }
    (found,) = facts(elasticache.READING, GuardedStore, answers)
    assert (found.port, found.groups) == (port, ())


@pytest.mark.parametrize(
    ("nodes", "public"), [([], UNKNOWN), (["RUNNING", "TERMINATED"], [False]), (["BOOTSTRAPPING"], [False])]
)
def test_only_living_nodes_of_a_cluster_count(nodes: list[str], public: object) -> None:
    """A cluster that starts has no node yet; one that was replaced has no address any more."""
    listed = [{"Status": {"State": each}} for each in nodes]
    answers = {
        "ListClusters": {"Clusters": [{"Id": "j-1"}]},
        "DescribeCluster": {"Cluster": {"InstanceCollectionType": "INSTANCE_FLEET"}},
        "ListInstances": {"Instances": listed},
    }
    (found,) = facts(emr.READING, NodeCluster, answers)
    seen = found.subnets
    assert (seen if seen is UNKNOWN else [each.addresses.public for each in seen]) == public
