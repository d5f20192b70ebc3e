"""Tags of what a network is made of: a row for each kind, all of which tell their tags in the list."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from integration.readers.ec2_peerings import PARTED
from integration.readers.kinds import Item, Kind
from integration.readers.tags import tagged
from integration.scanning.asker import Desk
from integration.scanning.observed import Place, Subject, Task
from policies.facts.tagging import Tagged

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client


def _still_there(item: Item, _account: str) -> bool:
    # EC2 lists a gateway for about an hour after its deletion.
    return bool(item["State"] != "deleted")


def _made_by_somebody(item: Item, _account: str) -> bool:
    """Tell whether a list of rules is more than what came with its VPC, which no program made and nobody has tagged."""
    return bool(item["Tags"]) or not item["IsDefault"]


def _routed_by_somebody(item: Item, _account: str) -> bool:
    """Tell whether a table is more than the main one that came with its VPC, untouched.

    Who adopts that (`aws.ec2.DefaultRouteTable`) tags it, or gives it routes or subnets of its own; see ADR 0019.
    """
    main = all(each.get("Main") for each in item["Associations"]) and bool(item["Associations"])
    untouched = all(each.get("GatewayId") == "local" for each in item["Routes"]) and not item.get("PropagatingVgws")
    return bool(item["Tags"]) or not (main and untouched)


def _of_the_account(item: Item, account: str) -> bool:
    return bool(item["OwnerId"] == account)


RESOURCES: Final[tuple["Kind[EC2Client]", ...]] = (
    Kind(
        "aws:ec2/eip:Eip", "DescribeAddresses",
        lambda ec2: ec2.describe_addresses, "Addresses", "AllocationId", "elastic-ip",
    ),
    Kind(
        "aws:ec2/flowLog:FlowLog", "DescribeFlowLogs",
        lambda ec2: ec2.describe_flow_logs, "FlowLogs", "FlowLogId", "vpc-flow-log",
    ),
    Kind(
        "aws:ec2/internetGateway:InternetGateway", "DescribeInternetGateways",
        lambda ec2: ec2.describe_internet_gateways, "InternetGateways", "InternetGatewayId", "internet-gateway",
    ),
    Kind(
        "aws:ec2/managedPrefixList:ManagedPrefixList", "DescribeManagedPrefixLists",
        lambda ec2: ec2.describe_managed_prefix_lists, "PrefixLists", "PrefixListId", "prefix-list",
        counts=_of_the_account,
    ),
    Kind(
        "aws:ec2/natGateway:NatGateway", "DescribeNatGateways",
        lambda ec2: ec2.describe_nat_gateways, "NatGateways", "NatGatewayId", "natgateway",
        counts=_still_there,
    ),
    Kind(
        "aws:ec2/networkAcl:NetworkAcl", "DescribeNetworkAcls",
        lambda ec2: ec2.describe_network_acls, "NetworkAcls", "NetworkAclId", "network-acl",
        counts=_made_by_somebody,
    ),
    Kind(
        "aws:ec2/routeTable:RouteTable", "DescribeRouteTables",
        lambda ec2: ec2.describe_route_tables, "RouteTables", "RouteTableId", "route-table",
        counts=_routed_by_somebody,
    ),
    Kind(
        "aws:ec2/subnet:Subnet", "DescribeSubnets",
        lambda ec2: ec2.describe_subnets, "Subnets", "SubnetId", "subnet",
        counts=_of_the_account,
    ),
    Kind(
        "aws:ec2/vpc:Vpc", "DescribeVpcs",
        lambda ec2: ec2.describe_vpcs, "Vpcs", "VpcId", "vpc",
        counts=_of_the_account,
    ),
    Kind(
        "aws:ec2/launchTemplate:LaunchTemplate", "DescribeLaunchTemplates",
        lambda ec2: ec2.describe_launch_templates, "LaunchTemplates", "LaunchTemplateId", "launch-template",
    ),
    Kind(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "DescribeVpcPeeringConnections",
        lambda ec2: ec2.describe_vpc_peering_connections, "VpcPeeringConnections", "VpcPeeringConnectionId",
        "vpc-peering-connection", counts=lambda item, _account: item["Status"]["Code"] not in PARTED,
    ),
    Kind(
        "aws:ec2transitgateway/transitGateway:TransitGateway", "DescribeTransitGateways",
        lambda ec2: ec2.describe_transit_gateways, "TransitGateways", "TransitGatewayId", "transit-gateway",
        counts=lambda item, account: _still_there(item, account) and _of_the_account(item, account),
    ),
    Kind(
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment", "DescribeTransitGatewayPeeringAttachments",
        lambda ec2: ec2.describe_transit_gateway_peering_attachments, "TransitGatewayPeeringAttachments",
        "TransitGatewayAttachmentId", "transit-gateway-attachment",
        counts=lambda item, _account: item["State"] not in PARTED,
    ),
    Kind(
        "aws:ec2/vpcEndpoint:VpcEndpoint", "DescribeVpcEndpoints",
        lambda ec2: ec2.describe_vpc_endpoints, "VpcEndpoints", "VpcEndpointId", "vpc-endpoint",
    ),
)  # fmt: skip
"""Subnets and prefix lists that another account shares are tagged there."""

TAG_OPERATIONS: Final = tuple(f"ec2:{kind.operation}" for kind in RESOURCES)
"""Every call that `list_tagged` makes."""


def begin_tagged(place: Place) -> Iterator[Task]:
    """Yield a task for each list."""
    for kind in RESOURCES:
        subject = Subject(place.arn("ec2", f"{kind.path}/*"), kind.type, place)
        yield Task(subject, (Tagged,), partial(_list_tagged, kind, place))


def _list_tagged(kind: "Kind[EC2Client]", place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(kind.paged_by("NextToken"), kind.list(desk.aws.ec2)):
        for item in page[kind.items]:
            if kind.counts({"Tags": (), **item}, place.account):
                subject = Subject(place.arn("ec2", f"{kind.path}/{item[kind.named]}"), kind.type, place)
                yield Task(subject, (Tagged,), partial(_read, subject, item.get("Tags", ())))


def _read(subject: Subject, tags: Any, _desk: Desk) -> Iterator[Any]:
    yield tagged(subject, tags)
