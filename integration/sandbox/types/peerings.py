"""What joins networks: peerings of VPCs and of transit gateways."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, leave, put
from integration.sandbox.types.ec2_shared import set_tags, the_one
from integration.sandbox.types.tags import tags_from

_ENDED: Final = frozenset({"deleted", "rejected"})


def _create_peering(subject: Subject) -> str:
    given = subject.given("vpcId", "peerVpcId", "peerOwnerId", "peerRegion")
    found = subject.aws.ec2.create_vpc_peering_connection(**given)
    id_ = found["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    if subject.inputs.get("autoAccept"):
        subject.aws.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id_)
    return id_


def _found_peering(subject: Subject) -> Any:
    ids = [subject.id]
    found = the_one(
        subject.aws.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=ids)["VpcPeeringConnections"]
    )
    if found["Status"]["Code"] in _ENDED:
        raise GoneError
    return found


def _read_peering(subject: Subject) -> Properties:
    found = _found_peering(subject)
    return {
        "acceptStatus": found["Status"]["Code"],
        # The provider does not tell it; it is under this one that an audit reads the peering.
        "arn": subject.arn("ec2", f"vpc-peering-connection/{subject.id}"),
        "peerOwnerId": found["AccepterVpcInfo"]["OwnerId"],
        "peerRegion": found["AccepterVpcInfo"]["Region"],
        "peerVpcId": found["AccepterVpcInfo"]["VpcId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": found["RequesterVpcInfo"]["VpcId"],
    }


def _delete_peering(subject: Subject) -> None:
    subject.aws.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=subject.id)


def _accept_peering(subject: Subject) -> str:
    id_ = str(subject.inputs["vpcPeeringConnectionId"])
    if subject.inputs.get("autoAccept"):
        subject.aws.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id_)
    return id_


def _read_accepter(subject: Subject) -> Properties:
    found = _found_peering(subject)
    return {
        "acceptStatus": found["Status"]["Code"],
        "peerVpcId": found["RequesterVpcInfo"]["VpcId"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "vpcId": found["AccepterVpcInfo"]["VpcId"],
        "vpcPeeringConnectionId": subject.id,
    }


def _create_gateway(subject: Subject) -> str:
    given = subject.given("description")
    return subject.aws.ec2.create_transit_gateway(**given)["TransitGateway"]["TransitGatewayId"]


def _read_gateway(subject: Subject) -> Properties:
    found = the_one(subject.aws.ec2.describe_transit_gateways(TransitGatewayIds=[subject.id])["TransitGateways"])
    if found["State"] in _ENDED:
        raise GoneError
    return {
        "arn": found["TransitGatewayArn"],
        "description": found.get("Description"),
        "ownerId": found["OwnerId"],
        "tagsAll": tags_from(found.get("Tags", [])),
    }


def _delete_gateway(subject: Subject) -> None:
    subject.aws.ec2.delete_transit_gateway(TransitGatewayId=subject.id)


def _create_attachment(subject: Subject) -> str:
    given = subject.given("transitGatewayId", "peerTransitGatewayId", "peerRegion", "peerAccountId")
    given.setdefault("PeerAccountId", subject.place.account)
    found: Any = subject.aws.ec2.create_transit_gateway_peering_attachment(**given)
    return str(found["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"])


def _read_attachment(subject: Subject) -> Properties:
    ids = [subject.id]
    listed: Any = subject.aws.ec2.describe_transit_gateway_peering_attachments(TransitGatewayAttachmentIds=ids)
    found = the_one(listed["TransitGatewayPeeringAttachments"])
    if found["State"] in _ENDED:
        raise GoneError
    return {
        "arn": subject.arn("ec2", f"transit-gateway-attachment/{subject.id}"),
        "peerAccountId": found["AccepterTgwInfo"]["OwnerId"],
        "peerRegion": found["AccepterTgwInfo"]["Region"],
        "peerTransitGatewayId": found["AccepterTgwInfo"]["TransitGatewayId"],
        "state": found["State"],
        "tagsAll": tags_from(found.get("Tags", [])),
        "transitGatewayId": found["RequesterTgwInfo"]["TransitGatewayId"],
    }


def _delete_attachment(subject: Subject) -> None:
    subject.aws.ec2.delete_transit_gateway_peering_attachment(TransitGatewayAttachmentId=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        create=_create_peering,
        read=_read_peering,
        delete=_delete_peering,
        fixed=("autoAccept", "peerOwnerId", "peerRegion", "peerVpcId", "vpcId"),
        settings=put(set_tags, "tagsAll"),
    ),
    Handler(
        type="aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        create=_accept_peering,
        read=_read_accepter,
        delete=leave,
        fixed=("autoAccept", "vpcPeeringConnectionId"),
        settings=put(set_tags, "tagsAll"),
    ),
    Handler(
        type="aws:ec2transitgateway/transitGateway:TransitGateway",
        create=_create_gateway,
        read=_read_gateway,
        delete=_delete_gateway,
        fixed=("description",),
        settings=put(set_tags, "tagsAll"),
    ),
    Handler(
        type="aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        create=_create_attachment,
        read=_read_attachment,
        delete=_delete_attachment,
        fixed=("peerAccountId", "peerRegion", "peerTransitGatewayId", "transitGatewayId"),
        settings=put(set_tags, "tagsAll"),
    ),
)
