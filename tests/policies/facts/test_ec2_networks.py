"""Networks: their flow logs, endpoints and peerings."""

from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from policies.facts.ec2_networks import (
    Endpoint,
    FlowLog,
    ReachingNetwork,
    RecordedNetwork,
    reaching_network_from_graph,
    recorded_network_from_graph,
)
from policies.facts.ec2_peerings import (
    PeerRoute,
    Side,
    accepted_peering_from_graph,
    attachment_from_graph,
    peering_from_graph,
)
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

VPC: Final = "aws:ec2/vpc:Vpc"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
SUBNET: Final = "aws:ec2/subnet:Subnet"
TABLE: Final = "aws:ec2/routeTable:RouteTable"
ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE: Final = "aws:ec2/route:Route"
PEERING: Final = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
MAIN: Final = resource(VPC, "main", {"cidrBlock": "10.1.0.0/16", "tags": {"Environment": "prod"}}, id="vpc-1")
OTHER: Final = resource(VPC, "other", {"cidrBlock": "10.2.0.0/20", "tags": {"Environment": "dev"}}, id="vpc-2")
EVERYTHING: Final = FlowLog(traffic_type="ALL", has_destination=True)


def flow_log(vpc: Any, name: str = "log", **fields: Any) -> Resource:
    """Return a log of all traffic of a network."""
    inputs = {"vpcId": vpc, "trafficType": "ALL", "logDestination": UNKNOWN}
    return resource(FLOW_LOG, name, inputs, **fields)


def test_flow_logs_are_joined() -> None:
    """Logs of another network are left out, one of nobody knows which may be its own, a look-up is said."""
    stack = graph(MAIN, OTHER, flow_log("vpc-1"), flow_log("vpc-2", "second"), flow_log(UNKNOWN, "third"))
    looked_up = graph(MAIN, flow_log("vpc-1", kind=Kind.READ))

    assert recorded_network_from_graph(stack, MAIN) == RecordedNetwork(certain=(EVERYTHING,), possible=(EVERYTHING,))
    assert recorded_network_from_graph(looked_up, MAIN) == RecordedNetwork(looked_up=True)
    assert recorded_network_from_graph(graph(MAIN), MAIN) == RecordedNetwork()


def test_log_without_destination() -> None:
    """What is not set names nothing; of the outputs alone the same is read."""
    bare = {"vpcId": "vpc-1", "logDestination": ""}
    for each in (resource(FLOW_LOG, "log", bare), resource(FLOW_LOG, "log", outputs=bare)):
        assert recorded_network_from_graph(graph(MAIN, each), MAIN).certain == (FlowLog(),)


def private_network(tier: Any = "data", *others: Resource, table: Any = "rtb-1") -> ReachingNetwork:
    """Return a network with one subnet whose table is stated."""
    stack = graph(
        MAIN,
        resource(SUBNET, "data", {"vpcId": "vpc-1", "tags": {"Tier": tier}}, id="subnet-1"),
        resource(TABLE, "inner", {"vpcId": "vpc-1"}, id="rtb-1"),
        resource(ASSOCIATION, "data", {"subnetId": "subnet-1", "routeTableId": table}),
        *others,
    )
    return reaching_network_from_graph(stack, MAIN)


def test_tables_of_private_subnets() -> None:
    """Public subnets do not count, one without an association uses the main table."""
    bare = graph(MAIN, resource(SUBNET, "data", {"vpcId": "vpc-1"}, id="subnet-1"))

    assert private_network().private_tables == ("inner",)
    assert private_network("public").private_tables == ()
    assert private_network(UNKNOWN).private_tables == (UNKNOWN,)
    assert private_network(table=UNKNOWN).private_tables == (UNKNOWN,)
    assert reaching_network_from_graph(bare, MAIN).private_tables == ("the main route table",)


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"serviceName": "com.amazonaws.eu-west-1.ecr.api", "vpcEndpointType": "Interface", "privateDnsEnabled": True},
         Endpoint(service="ecr.api", type="Interface", private_dns=True)),
        ({"serviceName": "com.amazonaws.eu-west-1.s3", "routeTableIds": ["rtb-1", "rtb-9"]},
         Endpoint(service="s3", route_tables=("inner", ""))),
        ({"serviceName": "com.amazonaws.eu-west-1.s3", "routeTableIds": UNKNOWN},
         Endpoint(service="s3", route_tables=(UNKNOWN,))),
        ({"serviceName": "com.example.vpce"}, Endpoint(service="com.example.vpce")),
        ({"serviceName": UNKNOWN}, Endpoint(service=UNKNOWN)),
    ],
)  # fmt: skip
def test_endpoints_are_read(inputs: dict[str, Any], expected: Endpoint) -> None:
    """The service is what follows the Region; a gateway is the default."""
    own = resource(ENDPOINT, "own", {"vpcId": "vpc-1", **inputs})

    assert private_network("data", own).endpoints == (expected,)
    assert private_network("data", resource(ENDPOINT, "own", outputs={"vpcId": "vpc-1", **inputs})).endpoints == (
        expected,
    )


def test_endpoints_of_others() -> None:
    """An endpoint of another network is left out; one that is looked up or of nobody knows whom is said."""
    s3 = {"serviceName": "com.amazonaws.eu-west-1.s3"}
    other = private_network("data", OTHER, resource(ENDPOINT, "e", {"vpcId": "vpc-2", **s3}))
    loose = private_network("data", resource(ENDPOINT, "e", {"vpcId": UNKNOWN, **s3}))
    looked_up = private_network("data", resource(ENDPOINT, "e", {"vpcId": "vpc-1", **s3}, kind=Kind.READ))

    assert (other.endpoints, loose.possible, looked_up.looked_up) == ((), (Endpoint(service="s3"),), True)


def test_table_that_an_association_adds_to_an_endpoint() -> None:
    """A resource of its own adds a table as the list does."""
    own = resource(ENDPOINT, "own", {"vpcId": "vpc-1", "serviceName": "com.amazonaws.eu-west-1.s3"}, id="vpce-1")
    type_ = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
    beside = resource(type_, "beside", {"vpcEndpointId": "vpce-1", "routeTableId": "rtb-1"})

    assert private_network("data", own, beside).endpoints[0].route_tables == ("inner",)


def test_sides_of_a_peering() -> None:
    """Environments come from the networks' tags; a network of another stack and a later one show none."""

    def sides(peer: Any) -> tuple[Any, Any]:
        subject = resource(PEERING, "join", {"vpcId": "vpc-1", "peerVpcId": peer}, id="pcx-1")
        found = peering_from_graph(graph(MAIN, OTHER, subject), subject)
        return found.own, found.peer

    assert sides("vpc-2") == (Side(environment="prod"), Side(environment="dev"))
    assert sides("vpc-9")[1] == Side(in_stack=False, environment=UNKNOWN)
    assert sides(UNKNOWN)[1] == UNKNOWN


def test_routes_through_a_peering() -> None:
    """Inline and separate routes count; a block is whole when it holds a network of the stack or is as large."""
    subject = resource(PEERING, "join", {"vpcId": "vpc-1", "peerVpcId": "vpc-2"}, id="pcx-1")
    routes = [("10.2.1.0/24", "pcx-1"), ("10.2.0.0/19", "pcx-1"), ("10.0.0.0/8", "pcx-1"), ("0.0.0.0/0", "pcx-9")]
    separate = [
        resource(ROUTE, f"r{number}", {"destinationCidrBlock": block, "vpcPeeringConnectionId": by})
        for number, (block, by) in enumerate(routes)
    ]
    inline = {"routes": [{"cidrBlock": "10.2.2.0/24", "vpcPeeringConnectionId": "pcx-1"}, {"cidrBlock": "1.0.0.0/8"}]}
    later = resource(ROUTE, "later", {"destinationCidrBlock": UNKNOWN, "vpcPeeringConnectionId": "pcx-1"})
    stack = graph(MAIN, OTHER, subject, *separate, resource(TABLE, "t", inline), later)

    assert peering_from_graph(stack, subject).routes == (
        PeerRoute(destination="10.2.1.0/24"),
        PeerRoute(destination="10.2.0.0/19", whole=True),
        PeerRoute(destination="10.0.0.0/8", whole=True),
        UNKNOWN,
        PeerRoute(destination="10.2.2.0/24"),
    )


def test_peering_that_is_accepted_here() -> None:
    """Where the stack asks for it too it is the same peering; else neither side is seen."""
    subject = resource(PEERING, "join", {"vpcId": "vpc-1", "peerVpcId": "vpc-2"}, id="pcx-1")
    type_ = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
    accepter = resource(type_, "yes", {"vpcPeeringConnectionId": "pcx-1"})
    both, alone = graph(MAIN, OTHER, subject, accepter), graph(accepter)

    assert accepted_peering_from_graph(both, accepter) == peering_from_graph(both, subject)
    assert not accepted_peering_from_graph(alone, accepter).own.in_stack


def test_peering_of_transit_gateways() -> None:
    """Environments come from the gateways' tags, routes from those that name the attachment."""
    type_ = "aws:ec2transitgateway/transitGateway:TransitGateway"
    here = resource(type_, "here", {"tags": {"Environment": "prod"}}, id="tgw-1")
    inputs = {"transitGatewayId": "tgw-1", "peerTransitGatewayId": "tgw-9"}
    subject = resource("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "join", inputs, id="tgw-attach-1")
    through = {"transitGatewayAttachmentId": "tgw-attach-1", "destinationCidrBlock": "10.9.0.0/24"}
    found = attachment_from_graph(
        graph(here, subject, resource("aws:ec2transitgateway/route:Route", "r", through)), subject
    )

    assert (found.own, found.peer.in_stack) == (Side(environment="prod"), False)
    assert found.routes == (PeerRoute(destination="10.9.0.0/24"),)
