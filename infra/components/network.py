"""A VPC with public, private and data subnets in every zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.cidr import Tier, plan_subnets
from components.names import Names
from components.nat import NatGateways, NatGatewaysArgs, NatStrategy

_EVERYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """What the network looks like.

    Args:
        names: Names of the deployment.
        region: Region of the VPC.
        cidr: Block of the VPC.
        zones: Availability zones; new ones belong at the end.
        nat_strategy: How private subnets reach the internet.
    """

    names: Names
    region: str
    cidr: IPv4Network
    zones: tuple[str, ...]
    nat_strategy: NatStrategy = NatStrategy.PER_ZONE


class Network(pulumi.ComponentResource):
    """A VPC whose data subnets know no way to the internet.

    Args:
        name: Logical name.
        args: What it looks like.
        opts: Resource options.
    """

    vpc_id: pulumi.Output[str]
    subnet_ids: Mapping[Tier, Mapping[str, pulumi.Output[str]]]
    """Tier → zone → subnet."""
    inner_route_table_ids: tuple[pulumi.Output[str], ...]
    """Route tables of the private and data subnets."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Network", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        vpc = self._make_vpc()
        self.vpc_id = vpc.id
        self._make_default_security_group()
        self.subnet_ids = self._make_subnets()
        internet_gateway = self._make_internet_gateway()
        self._make_public_routes(internet_gateway)
        private = self._make_private_routes(self._make_nat_gateways(internet_gateway))
        data = self._make_route_table(Tier.DATA)
        self._associate(data, Tier.DATA, args.zones)
        self.inner_route_table_ids = (*private, data.id)
        self.register_outputs({"vpcId": self.vpc_id, "subnetIds": self.subnet_ids})

    def _make_vpc(self) -> aws.ec2.Vpc:
        return aws.ec2.Vpc(
            self._name,
            region=self._args.region,
            cidr_block=str(self._args.cidr),
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self._args.names.tag("vpc"),
            opts=self._child,
        )

    def _make_default_security_group(self) -> None:
        # Every VPC comes with this group; without rules nothing that lands in it by mistake can talk.
        aws.ec2.DefaultSecurityGroup(
            f"{self._name}-default",
            region=self._args.region,
            vpc_id=self.vpc_id,
            ingress=[],
            egress=[],
            tags=self._args.names.tag("unused"),
            opts=self._child,
        )

    def _make_subnets(self) -> dict[Tier, dict[str, pulumi.Output[str]]]:
        plan = plan_subnets(self._args.cidr, self._args.zones)
        return {
            tier: {part.zone: self._make_subnet(tier, part.zone, part.blocks[tier]) for part in plan} for tier in Tier
        }

    def _make_subnet(self, tier: Tier, zone: str, block: IPv4Network) -> pulumi.Output[str]:
        subnet = aws.ec2.Subnet(
            f"{self._name}-{tier}-{zone}",
            region=self._args.region,
            vpc_id=self.vpc_id,
            availability_zone=zone,
            cidr_block=str(block),
            map_public_ip_on_launch=False,
            tags={**self._args.names.tag(f"{tier}-{zone}"), "Tier": tier.value},
            opts=self._child,
        )
        return subnet.id

    def _make_internet_gateway(self) -> aws.ec2.InternetGateway:
        return aws.ec2.InternetGateway(
            self._name,
            region=self._args.region,
            vpc_id=self.vpc_id,
            tags=self._args.names.tag("internet"),
            opts=self._child,
        )

    def _make_nat_gateways(self, internet_gateway: aws.ec2.InternetGateway) -> NatGateways:
        args = NatGatewaysArgs(
            names=self._args.names,
            region=self._args.region,
            strategy=self._args.nat_strategy,
            vpc_id=self.vpc_id,
            public_subnet_ids=self.subnet_ids[Tier.PUBLIC],
            internet_gateway=internet_gateway,
        )
        return NatGateways(f"{self._name}-nat", args, self._child)

    def _make_public_routes(self, internet_gateway: aws.ec2.InternetGateway) -> None:
        table = self._make_route_table(Tier.PUBLIC)
        aws.ec2.Route(
            f"{self._name}-{Tier.PUBLIC}",
            region=self._args.region,
            route_table_id=table.id,
            destination_cidr_block=_EVERYWHERE,
            gateway_id=internet_gateway.id,
            opts=self._child,
        )
        self._associate(table, Tier.PUBLIC, self._args.zones)

    def _make_private_routes(self, nat: NatGateways) -> list[pulumi.Output[str]]:
        tables = []
        for zone in self._args.zones:
            table = self._make_route_table(Tier.PRIVATE, f"-{zone}")
            aws.ec2.Route(
                f"{self._name}-{Tier.PRIVATE}-{zone}",
                region=self._args.region,
                route_table_id=table.id,
                destination_cidr_block=_EVERYWHERE,
                nat_gateway_id=nat.ids[zone],
                opts=self._child,
            )
            self._associate(table, Tier.PRIVATE, (zone,))
            tables.append(table.id)
        return tables

    def _make_route_table(self, tier: Tier, part: str = "") -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._name}-{tier}{part}",
            region=self._args.region,
            vpc_id=self.vpc_id,
            tags=self._args.names.tag(f"{tier}{part}"),
            opts=self._child,
        )

    def _associate(self, table: aws.ec2.RouteTable, tier: Tier, zones: tuple[str, ...]) -> None:
        for zone in zones:
            aws.ec2.RouteTableAssociation(
                f"{self._name}-{tier}-{zone}",
                region=self._args.region,
                route_table_id=table.id,
                subnet_id=self.subnet_ids[tier][zone],
                opts=self._child,
            )
