"""VPCs, subnets and flow logs."""

from typing import Any, Final

from integration.sandbox.handler import Apply, Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import set_tags, the_one
from integration.sandbox.types.tags import tags_from


def _create_vpc(subject: Subject) -> str:
    return subject.aws.ec2.create_vpc(**subject.given("cidrBlock", "instanceTenancy"))["Vpc"]["VpcId"]


def _read_vpc(subject: Subject) -> Properties:
    ec2, id_ = subject.aws.ec2, subject.id
    vpc = the_one(ec2.describe_vpcs(VpcIds=[id_])["Vpcs"])
    own: Any = [{"Name": "vpc-id", "Values": [id_]}]
    default: Any = [*own, {"Name": "group-name", "Values": ["default"]}]
    main: Any = [*own, {"Name": "association.main", "Values": ["true"]}]
    table = ec2.describe_route_tables(Filters=main)["RouteTables"][0]["RouteTableId"]
    support = ec2.describe_vpc_attribute(VpcId=id_, Attribute="enableDnsSupport")["EnableDnsSupport"]
    hostnames = ec2.describe_vpc_attribute(VpcId=id_, Attribute="enableDnsHostnames")["EnableDnsHostnames"]
    return {
        "arn": subject.arn("ec2", f"vpc/{id_}"),
        "cidrBlock": vpc["CidrBlock"],
        "defaultNetworkAclId": ec2.describe_network_acls(Filters=own)["NetworkAcls"][0]["NetworkAclId"],
        "defaultRouteTableId": table,
        "defaultSecurityGroupId": ec2.describe_security_groups(Filters=default)["SecurityGroups"][0]["GroupId"],
        "dhcpOptionsId": vpc["DhcpOptionsId"],
        "enableDnsHostnames": hostnames["Value"],
        "enableDnsSupport": support["Value"],
        "instanceTenancy": vpc["InstanceTenancy"],
        "mainRouteTableId": table,
        "ownerId": vpc["OwnerId"],
        "tagsAll": tags_from(vpc.get("Tags", [])),
    }


def _delete_vpc(subject: Subject) -> None:
    subject.aws.ec2.delete_vpc(VpcId=subject.id)


def _set_dns_support(subject: Subject) -> None:
    flag: Any = {"Value": subject.inputs.get("enableDnsSupport") is not False}
    subject.aws.ec2.modify_vpc_attribute(VpcId=subject.id, EnableDnsSupport=flag)


def _set_dns_hostnames(subject: Subject) -> None:
    flag: Any = {"Value": subject.inputs.get("enableDnsHostnames") is True}
    subject.aws.ec2.modify_vpc_attribute(VpcId=subject.id, EnableDnsHostnames=flag)


def _create_subnet(subject: Subject) -> str:
    given = subject.given("vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId")
    return subject.aws.ec2.create_subnet(**given)["Subnet"]["SubnetId"]


def _read_subnet(subject: Subject) -> Properties:
    found = the_one(subject.aws.ec2.describe_subnets(SubnetIds=[subject.id])["Subnets"])
    return {
        "arn": found["SubnetArn"],
        "availabilityZone": found["AvailabilityZone"],
        "availabilityZoneId": found["AvailabilityZoneId"],
        "cidrBlock": found["CidrBlock"],
        "mapPublicIpOnLaunch": found["MapPublicIpOnLaunch"],
        "ownerId": found["OwnerId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": found["VpcId"],
    }


def _delete_subnet(subject: Subject) -> None:
    subject.aws.ec2.delete_subnet(SubnetId=subject.id)


def _set_public_addresses(subject: Subject) -> None:
    flag: Any = {"Value": subject.inputs.get("mapPublicIpOnLaunch") is True}
    subject.aws.ec2.modify_subnet_attribute(SubnetId=subject.id, MapPublicIpOnLaunch=flag)


_WATCHED: Final = {
    "vpcId": "VPC",
    "subnetId": "Subnet",
    "eniId": "NetworkInterface",
    "transitGatewayId": "TransitGateway",
}


def _create_flow_log(subject: Subject) -> str:
    wanted = subject.inputs
    watched = next(name for name in _WATCHED if name in wanted)
    given = subject.given("trafficType", "logDestinationType", "logDestination", "logFormat")
    if "iamRoleArn" in wanted:
        given["DeliverLogsPermissionArn"] = wanted["iamRoleArn"]
    if "maxAggregationInterval" in wanted:
        given["MaxAggregationInterval"] = int(wanted["maxAggregationInterval"])
    kind: Any = _WATCHED[watched]
    made: Any = subject.aws.ec2.create_flow_logs(ResourceIds=[wanted[watched]], ResourceType=kind, **given)
    if made.get("Unsuccessful"):
        raise_refusal("CreateFlowLogs", made["Unsuccessful"][0]["Error"])
    return str(made["FlowLogIds"][0])


def raise_refusal(operation: str, error: Any) -> None:
    """Raise what a call that answers for several items says of one.

    Raises:
        ClientError: Always.
    """
    from botocore.exceptions import ClientError

    raise ClientError({"Error": error}, operation)


def _read_flow_log(subject: Subject) -> Properties:
    found = the_one(subject.aws.ec2.describe_flow_logs(FlowLogIds=[subject.id])["FlowLogs"])
    return {
        "arn": subject.arn("ec2", f"vpc-flow-log/{subject.id}"),
        "iamRoleArn": found.get("DeliverLogsPermissionArn"),
        "logDestination": found.get("LogDestination"),
        "logDestinationType": found.get("LogDestinationType"),
        "logFormat": found.get("LogFormat"),
        "maxAggregationInterval": found.get("MaxAggregationInterval"),
        "tagsAll": tags_from(found.get("Tags", [])),
        "trafficType": found["TrafficType"],
    }


def _delete_flow_log(subject: Subject) -> None:
    subject.aws.ec2.delete_flow_logs(FlowLogIds=[subject.id])


_VPC_SETTINGS: Final[dict[str, Apply]] = {
    "enableDnsSupport": _set_dns_support,
    "enableDnsHostnames": _set_dns_hostnames,
    "tagsAll": set_tags,
}

HANDLERS: Final = (
    Handler(
        type="aws:ec2/vpc:Vpc",
        create=_create_vpc,
        read=_read_vpc,
        delete=_delete_vpc,
        fixed=("cidrBlock", "instanceTenancy"),
        settings=_VPC_SETTINGS,
    ),
    Handler(
        type="aws:ec2/subnet:Subnet",
        create=_create_subnet,
        read=_read_subnet,
        delete=_delete_subnet,
        fixed=("availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId"),
        settings={"mapPublicIpOnLaunch": _set_public_addresses, "tagsAll": set_tags},
    ),
    Handler(
        type="aws:ec2/flowLog:FlowLog",
        create=_create_flow_log,
        read=_read_flow_log,
        delete=_delete_flow_log,
        fixed=(
            *_WATCHED,
            "iamRoleArn",
            "logDestination",
            "logDestinationType",
            "logFormat",
            "maxAggregationInterval",
            "trafficType",
        ),
        settings=put(set_tags, "tagsAll"),
    ),
)
