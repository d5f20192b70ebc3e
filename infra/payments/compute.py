"""Compute: the load balancer, two services behind it, and the gate that no unsafe image passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from compute_settings import SERVICES
from entry import make_balancer, make_routes
from network import NetworkParts
from security import KeyArns
from service_roles import make_traffic_role
from services import LOG_KIND, Surroundings, make_connection, make_service
from settings import LOG_RETENTION_DAYS, Settings
from storage import BucketNames

from components.blue_green_route import BlueGreenRoute
from components.cidr import Tier
from components.container_cluster import ContainerCluster, ContainerClusterArgs
from components.database import Database
from components.fargate_service import Deployer
from components.image_gate import ImageGate, ImageGateArgs
from components.log_group import LogGroup, LogGroupArgs
from components.origin_header import OriginHeader
from components.parameters import Parameters, ParametersArgs
from components.place import Place
from components.repository import Repository, RepositoryArgs
from components.tags import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeParts:
    """What other parts of the system need of the compute layer.

    Args:
        balancer_arn: Load balancer.
        balancer_dns_name: Its host name.
        balancer_arn_suffix: What CloudWatch calls it.
        target_group_arn_suffixes: Service → what CloudWatch calls the target group that serves it at first.
        other_target_group_arn_suffixes: Service → the same of the group that the next deployment moves it to.
        cluster_arn: ECS cluster.
        cluster_name: Its name.
        service_names: `frontend`, `backend` → name of the ECS service.
        repository_names: `frontend`, `backend` → name of the ECR repository.
        log_group_names: `application`, `ecs`, `gate` → log group.
        entry_rules: Listener rules that accept the origin header; whoever sends a new value waits for them.
    """

    balancer_arn: pulumi.Output[str]
    balancer_dns_name: pulumi.Output[str]
    balancer_arn_suffix: pulumi.Output[str]
    target_group_arn_suffixes: Mapping[str, pulumi.Output[str]]
    other_target_group_arn_suffixes: Mapping[str, pulumi.Output[str]]
    cluster_arn: pulumi.Output[str]
    cluster_name: pulumi.Output[str]
    service_names: Mapping[str, pulumi.Output[str]]
    repository_names: Mapping[str, pulumi.Output[str]]
    log_group_names: Mapping[str, pulumi.Output[str]]
    entry_rules: Sequence[pulumi.Resource]


def make_compute(
    settings: Settings,
    place: Place,
    keys: KeyArns,
    network: NetworkParts,
    buckets: BucketNames,
    database: Database,
    origin_header: OriginHeader,
) -> ComputeParts:
    """Make the load balancer, the cluster and the two services."""
    balancer = make_balancer(settings, place, network, buckets)
    routes = make_routes(settings, network, balancer, origin_header)
    repositories = {service: _make_repository(settings, place, keys, service) for service in SERVICES}
    around = _make_surroundings(settings, place, keys, network, buckets, database, routes)
    services = {service: make_service(settings, service, around, routes[service]) for service in SERVICES}
    return ComputeParts(
        balancer_arn=balancer.arn,
        balancer_dns_name=balancer.dns_name,
        balancer_arn_suffix=balancer.arn_suffix,
        target_group_arn_suffixes={service: route.first.arn_suffix for service, route in routes.items()},
        other_target_group_arn_suffixes={service: route.second.arn_suffix for service, route in routes.items()},
        cluster_arn=around.cluster.arn,
        cluster_name=around.cluster.name,
        service_names={service: made.name for service, made in services.items()},
        repository_names={service: repository.name for service, repository in repositories.items()},
        log_group_names={
            "application": around.log_group,
            "ecs": around.cluster.log_group,
            "gate": around.deployer.gate.log_group,
        },
        entry_rules=[route.rule for route in routes.values()],
    )


def _make_surroundings(
    settings: Settings,
    place: Place,
    keys: KeyArns,
    network: NetworkParts,
    buckets: BucketNames,
    database: Database,
    routes: Mapping[str, BlueGreenRoute],
) -> Surroundings:
    gate = _make_gate(settings, place, keys, network)
    return Surroundings(
        place=place,
        keys=keys,
        network=network,
        cluster=_make_cluster(settings, place, keys),
        log_group=_make_log_group(settings, place, keys).name,
        parameters=_make_parameters(settings, place, keys, buckets),
        connection=make_connection(settings, place, keys, database),
        database=database,
        deployer=Deployer(traffic=make_traffic_role(settings, place, list(routes.values())), gate=gate),
    )


def _make_repository(settings: Settings, place: Place, keys: KeyArns, service: str) -> Repository:
    args = RepositoryArgs(
        names=settings.names,
        region=place.region,
        service=service,
        key_arn=keys.tasks,
        destroyable=settings.destroyable,
    )
    return Repository(service, args)


def _make_cluster(settings: Settings, place: Place, keys: KeyArns) -> ContainerCluster:
    args = ContainerClusterArgs(
        names=settings.names,
        region=place.region,
        key_arn=keys.tasks,
        log_key_arn=keys.logs,
        log_retention_days=LOG_RETENTION_DAYS,
    )
    return ContainerCluster("cluster", args)


def _make_log_group(settings: Settings, place: Place, keys: KeyArns) -> LogGroup:
    args = LogGroupArgs(
        name=settings.names.log_group(LOG_KIND),
        region=place.region,
        key_arn=keys.logs,
        retention_days=LOG_RETENTION_DAYS,
        data_class=DataClass.CONFIDENTIAL,
    )
    return LogGroup(LOG_KIND, args)


def _make_parameters(settings: Settings, place: Place, keys: KeyArns, buckets: BucketNames) -> Parameters:
    args = ParametersArgs(
        names=settings.names,
        region=place.region,
        key_arn=keys.tasks,
        values={"log-level": settings.compute.log_level.value, "static-assets": buckets.static},
    )
    return Parameters("settings", args)


def _make_gate(settings: Settings, place: Place, keys: KeyArns, network: NetworkParts) -> ImageGate:
    args = ImageGateArgs(
        names=settings.names,
        place=place,
        key_arn=keys.tasks,
        log_key_arn=keys.logs,
        log_retention_days=LOG_RETENTION_DAYS,
        subnet_ids=network.subnet_ids[Tier.PRIVATE],
        security_group_id=network.group_ids["gate"],
        repositories=[settings.names.of(service) for service in SERVICES],
        allow_unscanned=settings.compute.allow_unscanned,
    )
    return ImageGate("image-gate", args)
