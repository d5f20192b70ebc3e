"""Ways in and out of a VPC: gateways, addresses, route tables and endpoints."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import set_tags, the_one
from integration.sandbox.types.shapes import pascal
from integration.sandbox.types.tags import tags_from


def _create_internet_gateway(subject: Subject) -> str:
    return subject.aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]


def _attach_internet_gateway(subject: Subject) -> None:
    if before := subject.before.get("vpcId"):
        subject.aws.ec2.detach_internet_gateway(InternetGatewayId=subject.id, VpcId=before)
    if wanted := subject.inputs.get("vpcId"):
        subject.aws.ec2.attach_internet_gateway(InternetGatewayId=subject.id, VpcId=wanted)


def _read_internet_gateway(subject: Subject) -> Properties:
    ids = [subject.id]
    found = the_one(subject.aws.ec2.describe_internet_gateways(InternetGatewayIds=ids)["InternetGateways"])
    attached = found.get("Attachments") or [{}]
    return {
        "arn": subject.arn("ec2", f"internet-gateway/{subject.id}"),
        "ownerId": found.get("OwnerId", subject.place.account),
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": attached[0].get("VpcId"),
    }


def _delete_internet_gateway(subject: Subject) -> None:
    if vpc := subject.inputs.get("vpcId"):
        subject.aws.ec2.detach_internet_gateway(InternetGatewayId=subject.id, VpcId=vpc)
    subject.aws.ec2.delete_internet_gateway(InternetGatewayId=subject.id)


def _allocate(subject: Subject) -> str:
    domain: Any = subject.inputs.get("domain", "vpc")
    return subject.aws.ec2.allocate_address(Domain=domain)["AllocationId"]


def _read_address(subject: Subject) -> Properties:
    found = the_one(subject.aws.ec2.describe_addresses(AllocationIds=[subject.id])["Addresses"])
    return {
        "allocationId": found["AllocationId"],
        "arn": subject.arn("ec2", f"elastic-ip/{subject.id}"),
        "domain": found["Domain"],
        "publicIp": found["PublicIp"],
        "tagsAll": tags_from(found.get("Tags", [])),
    }


def _release(subject: Subject) -> None:
    subject.aws.ec2.release_address(AllocationId=subject.id)


def _refuse_regional(inputs: Properties) -> str:
    return "moto has no regional NAT gateways" if inputs.get("availabilityMode") == "regional" else ""


def _create_nat_gateway(subject: Subject) -> str:
    given = subject.given("allocationId", "connectivityType", "privateIp", "subnetId")
    return subject.aws.ec2.create_nat_gateway(**given)["NatGateway"]["NatGatewayId"]


def _read_nat_gateway(subject: Subject) -> Properties:
    found = the_one(subject.aws.ec2.describe_nat_gateways(NatGatewayIds=[subject.id])["NatGateways"])
    if found["State"] == "deleted":
        raise GoneError
    address = the_one(found["NatGatewayAddresses"])
    return {
        "allocationId": address.get("AllocationId"),
        # The provider does not tell it; it is under this one that an audit reads the gateway.
        "arn": subject.arn("ec2", f"natgateway/{subject.id}"),
        "associationId": address.get("AssociationId"),
        "availabilityMode": "zonal",
        "connectivityType": found.get("ConnectivityType", "public"),
        "networkInterfaceId": address.get("NetworkInterfaceId"),
        "privateIp": address.get("PrivateIp"),
        "publicIp": address.get("PublicIp"),
        "subnetId": found["SubnetId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": found["VpcId"],
    }


def _delete_nat_gateway(subject: Subject) -> None:
    subject.aws.ec2.delete_nat_gateway(NatGatewayId=subject.id)


def _create_route_table(subject: Subject) -> str:
    return subject.aws.ec2.create_route_table(**subject.given("vpcId"))["RouteTable"]["RouteTableId"]


def _read_route_table(subject: Subject) -> Properties:
    found = the_one(subject.aws.ec2.describe_route_tables(RouteTableIds=[subject.id])["RouteTables"])
    return {
        "arn": subject.arn("ec2", f"route-table/{subject.id}"),
        "ownerId": found["OwnerId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": found["VpcId"],
    }


def _delete_route_table(subject: Subject) -> None:
    subject.aws.ec2.delete_route_table(RouteTableId=subject.id)


_DESTINATIONS: Final = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
_HOPS: Final = (
    "egressOnlyGatewayId",
    "gatewayId",
    "localGatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
)
_HOP_NAMES: Final = {"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"}


def _route(subject: Subject) -> dict[str, Any]:
    hops = {_HOP_NAMES.get(name, pascal(name)): subject.inputs[name] for name in _HOPS if subject.inputs.get(name)}
    return {"RouteTableId": subject.inputs["routeTableId"], **subject.given(*_DESTINATIONS), **hops}


def _destination(subject: Subject) -> str:
    return next(str(subject.inputs[name]) for name in _DESTINATIONS if subject.inputs.get(name))


def _create_route(subject: Subject) -> str:
    subject.aws.ec2.create_route(**_route(subject))
    return f"r-{subject.inputs['routeTableId']}-{_destination(subject)}"


def _replace_route(subject: Subject) -> None:
    subject.aws.ec2.replace_route(**_route(subject))


def _read_route(subject: Subject) -> Properties:
    table = subject.inputs["routeTableId"]
    routes: Any = the_one(subject.aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"])["Routes"]
    destination = _destination(subject)
    names = [pascal(name) for name in _DESTINATIONS]
    found = the_one([route for route in routes if destination in (route.get(name) for name in names)])
    hops = {name: found[key] for name in _HOPS if found.get(key := _HOP_NAMES.get(name, pascal(name)))}
    return {"origin": found.get("Origin", "CreateRoute"), "state": found.get("State", "active"), **hops}


def _delete_route(subject: Subject) -> None:
    given: Any = subject.given(*_DESTINATIONS)
    subject.aws.ec2.delete_route(RouteTableId=subject.inputs["routeTableId"], **given)


def _associate(subject: Subject) -> str:
    given = subject.given("gatewayId", "subnetId", "routeTableId")
    return subject.aws.ec2.associate_route_table(**given)["AssociationId"]


def _disassociate(subject: Subject) -> None:
    subject.aws.ec2.disassociate_route_table(AssociationId=subject.id)


def _read_association(subject: Subject) -> Properties:
    filters: Any = [{"Name": "association.route-table-association-id", "Values": [subject.id]}]
    table: Any = the_one(subject.aws.ec2.describe_route_tables(Filters=filters)["RouteTables"])
    found = the_one([each for each in table["Associations"] if each["RouteTableAssociationId"] == subject.id])
    ends = {name: found[key] for name, key in (("gatewayId", "GatewayId"), ("subnetId", "SubnetId")) if found.get(key)}
    return {"routeTableId": table["RouteTableId"], **ends}


_ENDPOINT: Final = (
    "policy",
    "privateDnsEnabled",
    "routeTableIds",
    "securityGroupIds",
    "serviceName",
    "subnetIds",
    "vpcEndpointType",
    "vpcId",
)


def _create_endpoint(subject: Subject) -> str:
    given = subject.given(*_ENDPOINT)
    if "Policy" in given:
        given["PolicyDocument"] = given.pop("Policy")
    # The provider says so where a program does not; EC2 itself would take private names for granted.
    given.setdefault("PrivateDnsEnabled", False)
    return subject.aws.ec2.create_vpc_endpoint(**given)["VpcEndpoint"]["VpcEndpointId"]


def _read_endpoint(subject: Subject) -> Properties:
    ec2 = subject.aws.ec2
    found = the_one(ec2.describe_vpc_endpoints(VpcEndpointIds=[subject.id])["VpcEndpoints"])
    entries = [{"dnsName": each["DnsName"], "hostedZoneId": each["HostedZoneId"]} for each in found["DnsEntries"]]
    return {
        "arn": subject.arn("ec2", f"vpc-endpoint/{subject.id}"),
        "dnsEntries": entries,
        "networkInterfaceIds": found["NetworkInterfaceIds"],
        "ownerId": found["OwnerId"],
        "policy": found["PolicyDocument"],
        "prefixListId": _prefix_list_id(subject, found["ServiceName"]) if found["VpcEndpointType"] == "Gateway" else "",
        "privateDnsEnabled": found["PrivateDnsEnabled"],
        "routeTableIds": found["RouteTableIds"],
        "securityGroupIds": [group["GroupId"] for group in found["Groups"]],
        "state": found["State"],
        "subnetIds": found["SubnetIds"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcEndpointType": found["VpcEndpointType"],
    }


def _prefix_list_id(subject: Subject, service: str) -> str:
    filters: Any = [{"Name": "prefix-list-name", "Values": [service]}]
    return the_one(subject.aws.ec2.describe_managed_prefix_lists(Filters=filters)["PrefixLists"])["PrefixListId"]


def _change_endpoint(subject: Subject) -> None:
    changes: dict[str, Any] = {}
    for name, call in (
        ("routeTableIds", "RouteTableIds"),
        ("subnetIds", "SubnetIds"),
        ("securityGroupIds", "SecurityGroupIds"),
    ):
        before, wanted = set(subject.before.get(name) or ()), set(subject.inputs.get(name) or ())
        if wanted - before:
            changes[f"Add{call}"] = sorted(wanted - before)
        if before - wanted:
            changes[f"Remove{call}"] = sorted(before - wanted)
    if subject.inputs.get("policy"):
        changes["PolicyDocument"] = subject.inputs["policy"]
    if "privateDnsEnabled" in subject.inputs:
        changes["PrivateDnsEnabled"] = subject.inputs["privateDnsEnabled"]
    subject.aws.ec2.modify_vpc_endpoint(VpcEndpointId=subject.id, **changes)


def _delete_endpoint(subject: Subject) -> None:
    subject.aws.ec2.delete_vpc_endpoints(VpcEndpointIds=[subject.id])


HANDLERS: Final = (
    Handler(
        type="aws:ec2/internetGateway:InternetGateway",
        create=_create_internet_gateway,
        read=_read_internet_gateway,
        delete=_delete_internet_gateway,
        settings={"vpcId": _attach_internet_gateway, "tagsAll": set_tags},
    ),
    Handler(
        type="aws:ec2/eip:Eip",
        create=_allocate,
        read=_read_address,
        delete=_release,
        fixed=("domain",),
        settings=put(set_tags, "tagsAll"),
    ),
    Handler(
        type="aws:ec2/natGateway:NatGateway",
        create=_create_nat_gateway,
        read=_read_nat_gateway,
        delete=_delete_nat_gateway,
        fixed=("allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"),
        settings=put(set_tags, "tagsAll"),
        refuses=_refuse_regional,
    ),
    Handler(
        type="aws:ec2/routeTable:RouteTable",
        create=_create_route_table,
        read=_read_route_table,
        delete=_delete_route_table,
        fixed=("vpcId",),
        settings=put(set_tags, "tagsAll"),
    ),
    Handler(
        type="aws:ec2/route:Route",
        create=_create_route,
        read=_read_route,
        delete=_delete_route,
        fixed=("routeTableId", *_DESTINATIONS),
        updates=put(_replace_route, *_HOPS),
    ),
    Handler(
        type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        create=_associate,
        read=_read_association,
        delete=_disassociate,
        fixed=("gatewayId", "routeTableId", "subnetId"),
    ),
    Handler(
        type="aws:ec2/vpcEndpoint:VpcEndpoint",
        create=_create_endpoint,
        read=_read_endpoint,
        delete=_delete_endpoint,
        fixed=("serviceName", "vpcEndpointType", "vpcId"),
        updates=put(_change_endpoint, "policy", "privateDnsEnabled", "routeTableIds", "securityGroupIds", "subnetIds"),
        settings=put(set_tags, "tagsAll"),
    ),
)
