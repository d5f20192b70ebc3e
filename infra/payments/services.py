"""The two services: what they run, what they may read, and how many tasks they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from database import APPLICATION_USER, DATABASE
from entry import PORTS
from images import make_container
from network import NetworkParts
from security import KeyArns
from service_roles import logging_in, make_task_role, starting, tracing
from settings import Settings

from components.blue_green_route import BlueGreenRoute
from components.cidr import Tier
from components.connection_secret import ConnectionSecret, ConnectionSecretArgs
from components.container_cluster import ContainerCluster
from components.database import PORT, Database
from components.fargate_service import FEWEST_TASKS, Deployer, FargateService, FargateServiceArgs
from components.identity_policy import Statement, allow
from components.parameters import Parameters
from components.place import Place
from components.service_role import ServiceRole
from components.service_scaling import ServiceScaling, ServiceScalingArgs

LOG_KIND: Final = "application"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every service stands on.

    Args:
        place: Account and Region.
        keys: Keys of the system.
        network: Subnets and security groups.
        cluster: ECS cluster.
        log_group: Name of the log group of all services.
        parameters: Application settings.
        connection: How to reach the database.
        database: The database itself.
        deployer: Who moves traffic, and who may stop a deployment.
    """

    place: Place
    keys: KeyArns
    network: NetworkParts
    cluster: ContainerCluster
    log_group: pulumi.Output[str]
    parameters: Parameters
    connection: ConnectionSecret
    database: Database
    deployer: Deployer


def make_connection(settings: Settings, place: Place, keys: KeyArns, database: Database) -> ConnectionSecret:
    """Make the secret that tells the back end where the database is and as whom to log in."""
    args = ConnectionSecretArgs(
        names=settings.names,
        region=place.region,
        kind="connection",
        key_arn=keys.database,
        details={
            "host": database.endpoint,
            "readerHost": database.reader_endpoint,
            "port": PORT,
            "dbname": DATABASE,
            "username": APPLICATION_USER,
        },
        destroyable=settings.destroyable,
    )
    return ConnectionSecret("connection", args)


def make_service(settings: Settings, service: str, around: Surroundings, route: BlueGreenRoute) -> FargateService:
    """Make one service with its roles and its scaling."""
    secrets = _secrets(service, around)
    args = FargateServiceArgs(
        names=settings.names,
        region=around.place.region,
        kind=service,
        cluster_arn=around.cluster.arn,
        container=make_container(settings, service, PORTS[service], secrets),
        log_group=around.log_group,
        task_role=_make_task_role(settings, service, around),
        execution_role=_make_execution_role(settings, service, around),
        subnet_ids=around.network.subnet_ids[Tier.PRIVATE],
        security_group_id=around.network.group_ids[service],
        route=route,
        deployer=around.deployer,
    )
    made = FargateService(service, args)
    _make_scaling(settings, service, around, made)
    return made


def _secrets(service: str, around: Surroundings) -> Mapping[str, Any]:
    level = {"LOG_LEVEL": around.parameters.arns["log-level"]}
    if service == "backend":
        return {**level, "DATABASE_CONNECTION": around.connection.arn}
    return {**level, "STATIC_ASSETS": around.parameters.arns["static-assets"]}


def _make_task_role(settings: Settings, service: str, around: Surroundings) -> ServiceRole:
    login = logging_in(around.place, around.database.resource_id, APPLICATION_USER)
    statements = [tracing(), login] if service == "backend" else [tracing()]
    return make_task_role(settings, around.place, f"{service}-task", statements)


def _make_execution_role(settings: Settings, service: str, around: Surroundings) -> ServiceRole:
    statements = [
        *starting(around.place, settings.names.log_group(LOG_KIND), settings.names.of(service)),
        *_reading(service, around),
    ]
    return make_task_role(settings, around.place, f"{service}-start", statements)


def _reading(service: str, around: Surroundings) -> list[Statement]:
    arns = around.parameters.arns
    if service == "backend":
        return [
            allow("Settings", ["ssm:GetParameters"], [arns["log-level"]]),
            allow("Connection", ["secretsmanager:GetSecretValue"], around.connection.arn),
            allow("Decrypt", ["kms:Decrypt"], [around.keys.tasks, around.keys.database]),
        ]
    return [
        allow("Settings", ["ssm:GetParameters"], [arns["log-level"], arns["static-assets"]]),
        allow("Decrypt", ["kms:Decrypt"], [around.keys.tasks]),
    ]


def _make_scaling(settings: Settings, service: str, around: Surroundings, made: FargateService) -> None:
    args = ServiceScalingArgs(
        names=settings.names,
        region=around.place.region,
        kind=service,
        cluster=around.cluster.name,
        service=made.name,
        fewest=FEWEST_TASKS,
        most=settings.compute.most_tasks,
    )
    ServiceScaling(f"{service}-scaling", args)
