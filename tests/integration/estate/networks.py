"""Networks: a prefix list that a security group lets in, ways to AWS services, peerings, and what a Region blocks."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, TAGS

PASSES: Final = frozenset(
    {
        "EC2.13",
        "EC2.14",
        "EC2.15",
        "EC2.53",
        "EC2.54",
        "LG-NET-01",
        "LG-NET-02",
        "LG-NET-06",
        "LG-NET-07",
        "LG-NET-11",
        "LG-NET-19",
    }
)
"""Controls that pass on it."""

_INTERFACES: Final = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "kms", "sts")


def furnish(session: boto3.Session) -> None:
    """Tag what every Region has, let the offices in, and join networks and gateways of one environment."""
    ec2: Any = session.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    ids = [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]]
    offices = ec2.create_managed_prefix_list(
        PrefixListName="offices", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "10.0.0.0/8"}]
    )["PrefixList"]["PrefixListId"]
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": offices}]}
    ec2.authorize_security_group_ingress(GroupId=ids[0], IpPermissions=[rule])
    for subnet in ec2.describe_subnets()["Subnets"]:
        ids.append(subnet["SubnetId"])
        ec2.modify_subnet_attribute(SubnetId=subnet["SubnetId"], MapPublicIpOnLaunch={"Value": False})
    ids += [offices, vpc, *_joined(ec2, vpc), *_endpoints(ec2, vpc)]
    networks = [each["VpcId"] for each in ec2.describe_vpcs()["Vpcs"]]
    ids += [each for network in networks for each in _recorded(ec2, network)]
    ids += [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]]
    ids += [each["RouteTableId"] for each in ec2.describe_route_tables()["RouteTables"]]
    ec2.create_tags(Resources=list(dict.fromkeys(ids)), Tags=TAGS)
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")


def _endpoints(ec2: Any, vpc: str) -> list[str]:
    tables = [each["RouteTableId"] for each in ec2.describe_route_tables()["RouteTables"] if each["VpcId"] == vpc]
    wanted: list[dict[str, Any]] = [{"ServiceName": "s3", "VpcEndpointType": "Gateway", "RouteTableIds": tables}]
    wanted += [{"ServiceName": each, "VpcEndpointType": "Interface", "PrivateDnsEnabled": True} for each in _INTERFACES]
    made = (
        ec2.create_vpc_endpoint(
            **{**each, "VpcId": vpc, "ServiceName": f"com.amazonaws.{REGION}.{each['ServiceName']}"}
        )
        for each in wanted
    )
    return [each["VpcEndpoint"]["VpcEndpointId"] for each in made]


def _joined(ec2: Any, vpc: str) -> list[str]:
    """Peer the network with another one, and two transit gateways with each other."""
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)["VpcPeeringConnection"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering["VpcPeeringConnectionId"])
    ends = [ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _ in range(2)]
    attachment = ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=ends[0], PeerTransitGatewayId=ends[1], PeerAccountId=ACCOUNT, PeerRegion=REGION
    )["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]
    return [other, peering["VpcPeeringConnectionId"], *ends, attachment]


def _recorded(ec2: Any, vpc: str) -> list[str]:
    made = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::ledger-one",
    )
    return [*made["FlowLogIds"]]


def guard(session: boto3.Session, port: int) -> str:
    """Return the id of a security group that lets machines of its own network in on one port alone."""
    ec2: Any = session.client("ec2")
    name = f"guard-{port}"
    found = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [name]}])["SecurityGroups"]
    if found:
        return str(found[0]["GroupId"])
    tags = [{"ResourceType": "security-group", "Tags": TAGS}]
    made = str(ec2.create_security_group(GroupName=name, Description="-", TagSpecifications=tags)["GroupId"])
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": made}]}
    ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule])
    return made
