"""Subnets, their route tables, and what databases have of both."""

from dataclasses import replace
from typing import Any

from ledgergate.graph import Kind, Resource
from policies.facts.properties import UNKNOWN
from policies.facts.rds_networks import (
    ReachableInstance,
    SubnetGroup,
    reachable_instance_from_graph,
    reachable_member_from_graph,
    subnet_group_from_graph,
)
from policies.facts.subnet_routes import ELSEWHERE, RoutedSubnet, SubnetRoute, routed_subnet
from tests.policies.graphs import CLUSTER, INSTANCE, graph, resource

VPC = resource(
    "aws:ec2/vpc:Vpc", "vpc", id="vpc-1", outputs={"mainRouteTableId": "rtb-main", "defaultRouteTableId": "rtb-main"}
)
GATEWAY = resource("aws:ec2/internetGateway:InternetGateway", "igw", id="igw-1")
TABLE = "aws:ec2/routeTable:RouteTable"
OUT = SubnetRoute(everything=True, internet=True)
NAT = SubnetRoute(everything=True, internet=False)
PEER = SubnetRoute(everything=False, internet=False)


def subnet(name: str = "a", **inputs: Any) -> Resource:
    """Return a subnet of the network."""
    given = {"vpcId": "vpc-1", "availabilityZone": "eu-west-1a", "tags": {"Tier": "data"}, **inputs}
    return resource("aws:ec2/subnet:Subnet", name, given, id=f"subnet-{name}")


def table(*routes: dict[str, Any], name: str = "own") -> Resource:
    """Return a route table with routes inside."""
    return resource(TABLE, name, {"vpcId": "vpc-1", "routes": list(routes)}, id=f"rtb-{name}")


def route(**inputs: Any) -> Resource:
    """Return a route that is a resource of its own."""
    return resource("aws:ec2/route:Route", "route", {"routeTableId": "rtb-own", **inputs})


def association(subnet_id: Any = "subnet-a", table_id: Any = "rtb-own", name: str = "a") -> Resource:
    """Return the association of a subnet with a route table."""
    kind = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    return resource(kind, name, {"subnetId": subnet_id, "routeTableId": table_id})


def of(*others: Resource, subject: Resource | None = None) -> RoutedSubnet:
    """Build a subnet."""
    found = subject or subnet()
    return routed_subnet(graph(found, VPC, GATEWAY, *others), found)


def test_routes_inside_the_table_and_beside_it() -> None:
    """Both count, for IPv4 and IPv6, and only those of the subnet's own table."""
    inside = table(
        {"cidrBlock": "10.0.0.0/8", "gatewayId": "vgw-1"}, {"ipv6CidrBlock": "::/0", "natGatewayId": "nat-1"}
    )
    beside = route(destinationCidrBlock="0.0.0.0/0", gatewayId="igw-1")
    other = replace(route(routeTableId="rtb-else", gatewayId="igw-1"), urn="urn:else")

    assert of(association(), inside, beside, other).routes == (PEER, NAT, OUT)
    assert of(association(), table(), route(destinationCidrBlock="0.0.0.0/0", gatewayId="igw-0000")).routes == (OUT,)


def test_gateway_that_is_not_known_yet() -> None:
    """What a route depends on tells whether it leads to the internet."""
    known = replace(route(gatewayId=UNKNOWN), property_dependencies={"gatewayId": (GATEWAY.urn,)})
    unknown = route(gatewayId=UNKNOWN)

    assert of(association(), table(), known).routes == (SubnetRoute(everything=False, internet=True),)
    assert of(association(), table(), unknown).routes == (SubnetRoute(everything=False, internet=UNKNOWN),)


def test_routes_that_together_are_for_everything() -> None:
    """Two halves are the whole, inside and beside the table; every global address of IPv6 is; half of it is not."""
    half, other = (
        {"cidrBlock": "0.0.0.0/1", "natGatewayId": "nat-1"},
        {"cidrBlock": "128.0.0.0/1", "gatewayId": "igw-1"},
    )

    assert of(association(), table(half, other)).routes == (NAT, OUT)
    assert of(association(), table(half), route(destinationCidrBlock="128.0.0.0/1")).routes == (NAT, NAT)
    assert of(association(), table(half)).routes == (PEER,)
    assert of(association(), table({"ipv6CidrBlock": "2000::/3", "natGatewayId": "nat-1"}, half)).routes == (NAT, PEER)
    assert of(association(), table({"ipv6CidrBlock": "fc00::/7"})).routes == (PEER,)


def test_routes_for_a_prefix_list() -> None:
    """What a list of the stack holds counts; of one from elsewhere nobody knows; a list of AWS is one service."""
    kind = "aws:ec2/managedPrefixList:ManagedPrefixList"
    wide = resource(kind, "wide", {"entries": [{"cidr": "0.0.0.0/0"}]}, id="pl-1")
    narrow = resource(kind, "narrow", {"entries": [{"cidr": "10.0.0.0/8"}]}, id="pl-2")
    later = resource(kind, "later", {"entries": UNKNOWN}, id="pl-3")

    def to(id_: str) -> Any:
        inside = of(association(), table({"destinationPrefixListId": id_}), wide, narrow, later).routes
        beside = of(association(), table(), route(destinationPrefixListId=id_), wide, narrow, later).routes
        assert inside == beside
        return inside

    assert to("pl-1") == (NAT,)
    assert to("pl-2") == (PEER,)
    assert to("pl-3") == to("pl-elsewhere") == (SubnetRoute(everything=UNKNOWN, internet=False),)


def test_main_table_without_an_association() -> None:
    """A main table that nobody changes has only the local route; one that the stack changes has its own."""
    main = resource(
        "aws:ec2/defaultRouteTable:DefaultRouteTable",
        "main",
        {"defaultRouteTableId": "rtb-main", "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}]},
        id="rtb-main",
    )
    chosen = resource(
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        "main",
        {"vpcId": "vpc-1", "routeTableId": "rtb-own"},
    )

    assert of().routes == ()
    assert of(main).routes == (OUT,)
    assert of(route(routeTableId="rtb-main", destinationCidrBlock="0.0.0.0/0", gatewayId="igw-1")).routes == (OUT,)
    assert of(chosen, table({"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"})).routes == (NAT,)


def test_what_nobody_knows_about_the_table() -> None:
    """Two associations, one with an unknown subnet, a table or a network of another stack: the routes are unknown."""
    two = (association(), association(table_id="rtb-two", name="b"), table(), table(name="two"))

    assert of(*two).routes == UNKNOWN
    assert of(association(UNKNOWN), table()).routes == UNKNOWN
    assert of(association(table_id="rtb-elsewhere")).routes == UNKNOWN
    assert of(association(), replace(table(), kind=Kind.READ)).routes == UNKNOWN
    assert of(subject=subnet(vpcId="vpc-elsewhere")).routes == UNKNOWN
    assert of(association(), replace(table(), inputs={"routes": UNKNOWN})).routes == UNKNOWN


def test_tier_and_zone() -> None:
    """Both are read as written; a subnet without a zone is put into one by EC2."""
    assert (of().tier, of().zone) == ("data", "eu-west-1a")
    assert of(subject=subnet(availabilityZone=None, availabilityZoneId="euw1-az1")).zone == "euw1-az1"
    assert of(subject=subnet(availabilityZone=None, tags=None)) == RoutedSubnet()
    assert of(subject=subnet(tags=UNKNOWN)).tier == UNKNOWN


def group(*ids: Any, **fields: Any) -> Resource:
    """Return a group of subnets."""
    return resource("aws:rds/subnetGroup:SubnetGroup", "data", {"name": "data", "subnetIds": list(ids)}, **fields)


def test_group_of_subnets() -> None:
    """Subnets of the stack are read, one of another stack or one that is looked up shows in the account alone."""
    read = replace(subnet("b"), kind=Kind.READ)
    subject = group("subnet-a", "subnet-b", "subnet-elsewhere", UNKNOWN)
    found = subnet_group_from_graph(graph(subject, VPC, subnet(), read), subject)

    assert found == SubnetGroup(subnets=(RoutedSubnet(tier="data", zone="eu-west-1a"), ELSEWHERE, ELSEWHERE, UNKNOWN))


def member(**inputs: Any) -> Resource:
    """Return an instance of a cluster."""
    return resource("aws:rds/clusterInstance:ClusterInstance", "one", {"clusterIdentifier": "main", **inputs})


def reachable(subject: Resource, *others: Resource) -> ReachableInstance:
    """Build an instance of a cluster."""
    return reachable_member_from_graph(graph(subject, VPC, subnet(), *others), subject)


def test_instance_that_leaves_open_whether_it_is_public() -> None:
    """Its own group or its cluster's decides."""
    main = resource(CLUSTER, "main", {"clusterIdentifier": "main", "dbSubnetGroupName": "data"}, id="main")
    routed = ReachableInstance(subnets=(RoutedSubnet(tier="data", zone="eu-west-1a"),))

    assert reachable(member(), main, group("subnet-a")) == routed
    assert reachable(member(dbSubnetGroupName="data"), group("subnet-a")) == routed
    assert reachable(member(), replace(main, inputs={"clusterIdentifier": "main"})) == ReachableInstance()
    assert reachable(member(), main).subnets == (ELSEWHERE,)
    assert reachable(member()).subnets == UNKNOWN
    assert reachable(member(publiclyAccessible=False), main) == ReachableInstance(publicly_accessible=False)


def test_instance_outside_a_cluster() -> None:
    """It is not public unless it says so."""
    one, public = (resource(INSTANCE, "one", inputs) for inputs in ({}, {"publiclyAccessible": True}))

    assert reachable_instance_from_graph(graph(one), one) == ReachableInstance(publicly_accessible=False)
    assert reachable_instance_from_graph(graph(public), public) == ReachableInstance(publicly_accessible=True)
