"""Peerings, prefix lists and what a Region blocks: changed in the sandbox as the program changes them."""

import pytest

from integration.sandbox import Sandbox
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted
from tests.integration.sandbox.surroundings import OTHER_VPC, VPC

PEERING = Wanted(
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", {"vpcId": "$vpc.id", "peerVpcId": "$other.id"}, "peering"
)
GATEWAY = Wanted("aws:ec2transitgateway/transitGateway:TransitGateway", {"description": "one"}, "gateway")
OTHER_GATEWAY = Wanted(GATEWAY.type, {"description": "other"}, "other-gateway")

CHANGES = (
    Change(
        PEERING.type,
        {**PEERING.inputs, "autoAccept": True, "tags": {"A": "1"}},
        {"tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "acceptStatus": "active"},
        (VPC, OTHER_VPC),
    ),
    Change(
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        {"vpcPeeringConnectionId": "$peering.id", "autoAccept": True, "tags": {"A": "1"}},
        {"tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "acceptStatus": "active"},
        (VPC, OTHER_VPC, PEERING),
    ),
    Change(GATEWAY.type, {**GATEWAY.inputs, "tags": {"A": "1"}}, {"tags": {"B": "2"}}, {"tagsAll": {"B": "2"}}),
    Change(
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        {
            "transitGatewayId": "$gateway.id",
            "peerTransitGatewayId": "$other-gateway.id",
            "peerRegion": "us-east-1",
            "tags": {"A": "1"},
        },
        {"tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (GATEWAY, OTHER_GATEWAY),
    ),
    Change(
        "aws:ec2/managedPrefixList:ManagedPrefixList",
        {
            "name": "offices",
            "addressFamily": "IPv4",
            "maxEntries": 3,
            "entries": [{"cidr": "10.0.0.0/8", "description": "old"}, {"cidr": "10.1.0.0/16"}],
            "tags": {"A": "1"},
        },
        {"name": "branches", "entries": [{"cidr": "10.1.0.0/16"}, {"cidr": "10.2.0.0/16"}], "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
        {"state": "block-new-sharing"},
        {"state": "block-all-sharing"},
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)
