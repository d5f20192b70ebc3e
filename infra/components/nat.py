"""NAT gateways: how private subnets reach the internet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from components.names import Names


class NatStrategy(StrEnum):
    """How many gateways a VPC has: what a lost zone may take along, against cost."""

    PER_ZONE = "perAz"
    SINGLE = "single"
    REGIONAL = "regional"


def gateway_zones(strategy: NatStrategy, zones: Sequence[str]) -> dict[str, str]:
    """Say which zone's gateway each zone uses.

    Args:
        strategy: A zonal strategy; a regional gateway stands in no zone.
        zones: Zone names.

    Returns:
        Zone → zone that its gateway stands in.
    """
    return {zone: zone if strategy is NatStrategy.PER_ZONE else zones[0] for zone in zones}


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGatewaysArgs:
    """What the gateways serve.

    Args:
        names: Names of the deployment.
        region: Region of the VPC.
        strategy: How many gateways.
        vpc_id: VPC.
        public_subnet_ids: Zone → public subnet.
        internet_gateway: Must be attached before a gateway works.
    """

    names: Names
    region: str
    strategy: NatStrategy
    vpc_id: pulumi.Input[str]
    public_subnet_ids: Mapping[str, pulumi.Input[str]]
    internet_gateway: aws.ec2.InternetGateway


class NatGateways(pulumi.ComponentResource):
    """The NAT gateways of one VPC.

    Args:
        name: Logical name.
        args: What they serve.
        opts: Resource options.
    """

    ids: Mapping[str, pulumi.Output[str]]
    """Zone → gateway that its private subnet uses."""

    def __init__(self, name: str, args: NatGatewaysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:NatGateways", name, None, opts)
        zones = list(args.public_subnet_ids)
        if args.strategy is NatStrategy.REGIONAL:
            self.ids = dict.fromkeys(zones, self._make_regional(name, args).id)
        else:
            used = gateway_zones(args.strategy, zones)
            gateways = {zone: self._make_zonal(name, args, zone).id for zone in dict.fromkeys(used.values())}
            self.ids = {zone: gateways[used[zone]] for zone in zones}
        self.register_outputs({"ids": self.ids})

    def _make_regional(self, name: str, args: NatGatewaysArgs) -> aws.ec2.NatGateway:
        return aws.ec2.NatGateway(
            name,
            region=args.region,
            availability_mode="regional",
            connectivity_type="public",
            vpc_id=args.vpc_id,
            tags=args.names.tag("nat"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.internet_gateway]),
        )

    def _make_zonal(self, name: str, args: NatGatewaysArgs, zone: str) -> aws.ec2.NatGateway:
        child = f"{name}-{zone}"
        tags = args.names.tag(f"nat-{zone}")
        address = aws.ec2.Eip(
            child,
            region=args.region,
            domain="vpc",
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.internet_gateway]),
        )
        return aws.ec2.NatGateway(
            child,
            region=args.region,
            availability_mode="zonal",
            connectivity_type="public",
            allocation_id=address.id,
            subnet_id=args.public_subnet_ids[zone],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.internet_gateway]),
        )
