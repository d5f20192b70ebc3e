"""The network: subnets in every zone, private ways to AWS, and one table of permitted traffic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws
from settings import LOG_RETENTION_DAYS, Settings

from components.cidr import Tier
from components.database import PORT
from components.flow_log import FlowLog, FlowLogArgs
from components.network import Network, NetworkArgs
from components.place import Place
from components.security_groups import Addresses, Flow, ForeignGroup, PrefixList, SecurityGroups, SecurityGroupsArgs
from components.vpc_endpoints import VpcEndpoints, VpcEndpointsArgs

HTTPS: Final = 443
FRONTEND_PORT: Final = 3000
BACKEND_PORT: Final = 8080

_GROUPS: Final = {
    "balancer": "Load balancer, reached through CloudFront",
    "frontend": "Front-end tasks",
    "backend": "API tasks",
    "database": "Aurora cluster",
    "gate": "Image gate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParts:
    """What other parts of the system need of the network.

    Args:
        vpc_id: VPC.
        subnet_ids: Tier → subnets in the order of the zones.
        group_ids: `balancer`, `frontend`, `backend`, `database`, `gate` → security group.
    """

    vpc_id: pulumi.Output[str]
    subnet_ids: Mapping[Tier, Sequence[pulumi.Output[str]]]
    group_ids: Mapping[str, pulumi.Output[str]]


def make_network(settings: Settings, place: Place, log_key_arn: pulumi.Input[str]) -> NetworkParts:
    """Make the VPC with its record of traffic, its endpoints and its security groups."""
    network = Network(
        "network",
        NetworkArgs(
            names=settings.names,
            region=place.region,
            cidr=settings.network.cidr,
            zones=settings.network.zones,
            nat_strategy=settings.network.nat_strategy,
        ),
    )
    _make_flow_log(settings, place, network, log_key_arn)
    endpoints = _make_endpoints(settings, place, network)
    return NetworkParts(
        vpc_id=network.vpc_id,
        subnet_ids={tier: tuple(by_zone.values()) for tier, by_zone in network.subnet_ids.items()},
        group_ids=_make_security_groups(settings, place, network, endpoints),
    )


def _make_flow_log(settings: Settings, place: Place, network: Network, log_key_arn: pulumi.Input[str]) -> None:
    FlowLog(
        "flow-log",
        FlowLogArgs(
            names=settings.names,
            place=place,
            vpc_id=network.vpc_id,
            key_arn=log_key_arn,
            retention_days=LOG_RETENTION_DAYS,
        ),
    )


def _make_endpoints(settings: Settings, place: Place, network: Network) -> VpcEndpoints:
    return VpcEndpoints(
        "endpoints",
        VpcEndpointsArgs(
            names=settings.names,
            place=place,
            vpc_id=network.vpc_id,
            vpc_cidr=str(settings.network.cidr),
            subnet_ids=list(network.subnet_ids[Tier.PRIVATE].values()),
            route_table_ids=network.inner_route_table_ids,
            services=settings.network.endpoint_services,
        ),
    )


def _make_security_groups(
    settings: Settings, place: Place, network: Network, endpoints: VpcEndpoints
) -> Mapping[str, pulumi.Output[str]]:
    args = SecurityGroupsArgs(
        names=settings.names,
        region=place.region,
        vpc_id=network.vpc_id,
        groups=_GROUPS,
        flows=_flows(settings, place, endpoints),
    )
    return SecurityGroups("security-groups", args).ids


def _flows(settings: Settings, place: Place, endpoints: VpcEndpoints) -> list[Flow]:
    origins = aws.ec2.get_managed_prefix_list_output(
        name="com.amazonaws.global.cloudfront.origin-facing", region=place.region
    )
    aws_services = ForeignGroup("endpoints", endpoints.security_group_id)
    layers = PrefixList("s3", endpoints.s3_prefix_list_id)
    internet = Addresses("internet", "0.0.0.0/0")
    placeholders = [service for service, image in settings.compute.images.items() if image is None]
    return [
        Flow(PrefixList("cloudfront", origins.id), "balancer", HTTPS, "HTTPS from CloudFront"),
        Flow("balancer", "frontend", FRONTEND_PORT, "Pages"),
        Flow("balancer", "backend", BACKEND_PORT, "API calls"),
        Flow("backend", "database", PORT, "Queries"),
        *(Flow(tasks, aws_services, HTTPS, "AWS services") for tasks in ("frontend", "backend", "gate")),
        *(Flow(tasks, layers, HTTPS, "Image layers and objects in S3") for tasks in ("frontend", "backend")),
        *(Flow(tasks, internet, HTTPS, "Placeholder image from a public registry") for tasks in placeholders),
    ]
