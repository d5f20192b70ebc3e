"""Reads what joins two networks: peerings of VPCs, and of transit gateways."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.ec2_peerings import Joining, PeerRoute, Side, holds_network
from policies.facts.properties import UNKNOWN

_PEERING: Final = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
_ATTACHMENT: Final = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
_PEERINGS: Final = Paging("NextToken", ("VpcPeeringConnections",))
_ATTACHMENTS: Final = Paging("NextToken", ("TransitGatewayPeeringAttachments",))
_VPCS: Final = Paging("NextToken", ("Vpcs",))
_GATEWAYS: Final = Paging("NextToken", ("TransitGateways",))
_TABLES: Final = Paging("NextToken", ("RouteTables",))

PARTED: Final = frozenset({"deleted", "deleting", "expired", "failed", "failing", "rejected", "rejecting"})
"""States in which nothing is joined, and never will be.

Source: VpcPeeringConnectionStateReason and TransitGatewayPeeringAttachment, EC2 API reference, read 2026-11-30.
"""
_ELSEWHERE: Final = Side(in_stack=False, environment=UNKNOWN)
_OPEN: Final = Side(environment=UNKNOWN)

Answer = Mapping[str, Any]

PEERING_OPERATIONS: Final = (
    "ec2:DescribeRouteTables",
    "ec2:DescribeTransitGatewayPeeringAttachments",
    "ec2:DescribeTransitGateways",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcs",
)
"""Every call that `peering_tasks` lead to."""

PEERING_PARTS: Final[Mapping[tuple[type, str], tuple[str, ...]]] = {
    (Joining, "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"): ("vpcPeeringConnectionId",)
}
"""As `Reading.parts`: who accepts a peering says the same of it as who asks for it."""


def peering_tasks(place: Place) -> Iterator[Task]:
    """Yield the work of reading the peerings of a Region."""
    peerings = Subject(place.arn("ec2", "vpc-peering-connection/*"), _PEERING, place)
    attachments = Subject(place.arn("ec2", "transit-gateway-attachment/*"), _ATTACHMENT, place)
    yield Task(peerings, (Joining,), partial(_list_peerings, place))
    yield Task(attachments, (Joining,), partial(_list_attachments, place))


def _list_peerings(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_PEERINGS, desk.aws.ec2.describe_vpc_peering_connections):
        for each in page["VpcPeeringConnections"]:
            if each["Status"]["Code"] not in PARTED:
                arn = place.arn("ec2", f"vpc-peering-connection/{each['VpcPeeringConnectionId']}")
                subject = Subject(arn, _PEERING, place)
                yield Task(subject, (Joining,), partial(_read_peering, subject, {**each}))


def _read_peering(subject: Subject, peering: Answer, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    ends = [peering["RequesterVpcInfo"], peering["AccepterVpcInfo"]]
    here = {each["Region"] for each in ends if each["OwnerId"] == subject.place.account}
    vpcs: dict[str, Any] = {region: _vpcs(desk.elsewhere(region), failures) for region in sorted(here)}
    own, peer = (_side(each, subject.place, vpcs, each["VpcId"]) for each in ends)
    routes = _routes(peering["VpcPeeringConnectionId"], desk, vpcs, failures)
    yield Observed(subject, Joining(own=own, peer=peer, routes=routes), failures=tuple(failures))


def _list_attachments(place: Place, desk: Desk) -> Iterator[Task]:
    listed = desk.pages(_ATTACHMENTS, desk.aws.ec2.describe_transit_gateway_peering_attachments)
    for page in listed:
        for each in page["TransitGatewayPeeringAttachments"]:
            if each["State"] not in PARTED:
                arn = place.arn("ec2", f"transit-gateway-attachment/{each['TransitGatewayAttachmentId']}")
                subject = Subject(arn, _ATTACHMENT, place)
                yield Task(subject, (Joining,), partial(_read_attachment, subject, {**each}))


def _read_attachment(subject: Subject, attachment: Answer, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    ends = [attachment["RequesterTgwInfo"], attachment["AccepterTgwInfo"]]
    here = {each["Region"] for each in ends if each["OwnerId"] == subject.place.account}
    gateways: dict[str, Any] = {region: _gateways(desk.elsewhere(region), failures) for region in sorted(here)}
    own, peer = (_side(each, subject.place, gateways, each["TransitGatewayId"]) for each in ends)
    # EC2 tells routes of transit gateways by a search alone, and an audit calls nothing but what lists or describes.
    yield Observed(subject, Joining(own=own, peer=peer, routes=(UNKNOWN,)), failures=tuple(failures))


def _vpcs(desk: Desk, failures: list[Failure]) -> Any:
    try:
        listed = desk.every(_VPCS, desk.aws.ec2.describe_vpcs)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    return {each["VpcId"]: each for page in listed for each in page["Vpcs"]}


def _gateways(desk: Desk, failures: list[Failure]) -> Any:
    try:
        listed = desk.every(_GATEWAYS, desk.aws.ec2.describe_transit_gateways)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    return {each["TransitGatewayId"]: each for page in listed for each in page["TransitGateways"]}


def _side(end: Answer, place: Place, known: Mapping[str, Any], id_: str) -> Side:
    """Return one side; of that of another account nothing shows here."""
    if end["OwnerId"] != place.account:
        return _ELSEWHERE
    found = known[end["Region"]]
    if found is UNKNOWN or id_ not in found:
        return _OPEN
    tags = {each["Key"]: each["Value"] for each in found[id_].get("Tags", ())}
    return Side(environment=tags.get("Environment", ""))


def _routes(id_: str, desk: Desk, vpcs: Mapping[str, Any], failures: list[Failure]) -> tuple[Any, ...]:
    """Return the routes through a peering in every Region of the account that it joins."""
    blocks = [
        block for found in vpcs.values() if found is not UNKNOWN for vpc in found.values() for block in _blocks(vpc)
    ]
    unseen = any(found is UNKNOWN for found in vpcs.values())
    routes: list[Any] = []
    for region in vpcs:
        there = desk.elsewhere(region)
        try:
            listed = there.every(_TABLES, there.aws.ec2.describe_route_tables)
        except CallFailedError as error:
            failures.append(error.failure)
            routes.append(UNKNOWN)
            continue
        own = (route for page in listed for table in page["RouteTables"] for route in table["Routes"])
        through = ({**route} for route in own if route.get("VpcPeeringConnectionId") == id_)
        routes += [UNKNOWN if unseen else _route(each, blocks) for each in through]
    return tuple(routes)


def _blocks(vpc: Answer) -> Iterator[str]:
    yield vpc["CidrBlock"]
    yield from (each["CidrBlock"] for each in vpc.get("CidrBlockAssociationSet", ()))
    yield from (each["Ipv6CidrBlock"] for each in vpc.get("Ipv6CidrBlockAssociationSet", ()))


def _route(route: Answer, blocks: Iterable[str]) -> PeerRoute:
    block = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") or ""
    return PeerRoute(destination=block, whole=bool(block) and holds_network(block, blocks))
