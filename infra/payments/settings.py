"""What a stack of the payment system may configure, read once and checked before anything is made."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Final

import pulumi
from backup_settings import BackupSettings, read_backup
from compute_settings import ComputeSettings, read_compute
from edge_settings import EdgeSettings, read_edge
from monitoring_settings import MonitoringSettings, read_monitoring

from components.cidr import parse_block, parse_vpc_cidr, plan_subnets
from components.configuration import (
    parsed,
    read_choice,
    read_count,
    read_halves,
    read_text,
    read_texts,
    refuse,
)
from components.database import Capacity, Insights
from components.names import Names
from components.nat import NatStrategy

REGIONS: Final = ("us-east-1", "us-west-2")
"""Where payment data may live."""

ZONES: Final = 3
"""Fewest availability zones, and the number of database instances."""

LOG_RETENTION_DAYS: Final = 365

_SERVICES: Final = ("ecs", "ecs-agent", "ecs-telemetry", "kms", "rds", "secretsmanager", "ssm", "sts", "xray")
_SERVICE: Final = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
_INSTANCE_CLASS: Final = re.compile(r"db\.(serverless|[a-z0-9]+\.[a-z0-9]+)")


class Environment(StrEnum):
    """What a stack is for."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """Addresses and ways out.

    Args:
        cidr: Block of the VPC.
        zones: Availability zones; new ones belong at the end.
        nat_strategy: How private subnets reach the internet.
        endpoint_services: Interface endpoints beside those that every VPC has.
    """

    cidr: IPv4Network
    zones: tuple[str, ...]
    nat_strategy: NatStrategy
    endpoint_services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Size and care of the database.

    Args:
        instance_class: `db.serverless` or a provisioned class.
        capacity: Limits of serverless instances.
        backup_days: Days to which it can be restored.
        slow_query_ms: Statements slower than this are logged.
        insights: How much performance data is recorded.
        deletion_protected: Whether the service refuses to delete it.
    """

    instance_class: str
    capacity: Capacity
    backup_days: int
    slow_query_ms: int
    insights: Insights
    deletion_protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One stack.

    Args:
        environment: What it is for.
        names: Its physical names.
        region: Where it is.
        owner: Team that answers for it.
        cost_center: Who pays.
        destroyable: Whether the stack may vanish, data included.
        audit_retention_days: Days that audit records cannot be deleted.
        network: Addresses and ways out.
        database: Size and care of the database.
        compute: Services and the way to them.
        edge: The only way in.
        monitoring: Who is told, and what the account's own services do.
        backup: Where copies of the database go.
    """

    environment: Environment
    names: Names
    region: str
    owner: str
    cost_center: str
    destroyable: bool
    audit_retention_days: int
    network: NetworkSettings
    database: DatabaseSettings
    compute: ComputeSettings
    edge: EdgeSettings
    monitoring: MonitoringSettings
    backup: BackupSettings


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the configuration of the current stack.

    Suffix and Region may come from `ENVIRONMENT_SUFFIX` and `AWS_REGION` where the configuration is silent.

    Args:
        environ: Environment of the process.

    Raises:
        pulumi.RunError: A key is missing or wrong; the message names it and the fix.
    """
    config = pulumi.Config()
    environment = _read_environment(config)
    region = _read_region(environ)
    destroyable = config.get_bool("destroyable") or False
    return Settings(
        environment=environment,
        names=_read_names(config, environ),
        region=region,
        owner=config.require("owner"),
        cost_center=config.require("costCenter"),
        destroyable=destroyable,
        audit_retention_days=read_count(config, "auditRetentionDays", default=365, low=365, high=3650),
        network=_read_network(config, region),
        database=_read_database(config, destroyable=destroyable),
        compute=read_compute(config, region, production=environment is Environment.PROD),
        edge=read_edge(config),
        monitoring=read_monitoring(config),
        backup=read_backup(config, region, REGIONS),
    )


def _read_environment(config: pulumi.Config) -> Environment:
    config.require("environment")
    return read_choice(config, "environment", Environment.DEV)


def _read_names(config: pulumi.Config, environ: Mapping[str, str]) -> Names:
    key = config.full_key("environmentSuffix")
    suffix = read_text(config, "environmentSuffix", variable="ENVIRONMENT_SUFFIX", environ=environ)
    if suffix is None:
        raise refuse(key, f"is missing: run `pulumi config set {key} <suffix>` or set ENVIRONMENT_SUFFIX.")
    return parsed(key, lambda: Names(system="payment", suffix=suffix))


def _read_region(environ: Mapping[str, str]) -> str:
    region = read_text(pulumi.Config("aws"), "region", variable="AWS_REGION", environ=environ) or REGIONS[0]
    if region not in REGIONS:
        raise refuse("aws:region", f"{region!r} may not hold payment data: use one of {', '.join(REGIONS)}.")
    return region


def _read_network(config: pulumi.Config, region: str) -> NetworkSettings:
    connected = parsed(
        config.full_key("connectedCidrs"), lambda: [parse_block(text) for text in read_texts(config, "connectedCidrs")]
    )
    cidr = parsed(config.full_key("vpcCidr"), lambda: parse_vpc_cidr(config.require("vpcCidr"), connected))
    zones = read_texts(config, "availabilityZones")
    key = config.full_key("availabilityZones")
    if len(zones) < ZONES:
        raise refuse(key, f"names {len(zones)} zones: name at least {ZONES} of {region}.")
    for zone in zones:
        if not re.fullmatch(rf"{region}[a-z]", zone):
            raise refuse(key, f"{zone!r} is no zone of {region}: name zones such as {region}a.")
    parsed(key, lambda: plan_subnets(cidr, zones))
    return NetworkSettings(
        cidr=cidr,
        zones=zones,
        nat_strategy=read_choice(config, "natStrategy", NatStrategy.PER_ZONE),
        endpoint_services=_read_endpoint_services(config),
    )


def _read_endpoint_services(config: pulumi.Config) -> tuple[str, ...]:
    services = read_texts(config, "interfaceEndpoints", _SERVICES)
    for service in services:
        if not _SERVICE.fullmatch(service):
            key = config.full_key("interfaceEndpoints")
            raise refuse(key, f"{service!r} is no service: name the last part of its endpoint, such as kms or ecr.api.")
    return services


def _read_database(config: pulumi.Config, *, destroyable: bool) -> DatabaseSettings:
    instance_class = config.get("databaseInstanceClass") or "db.serverless"
    if not _INSTANCE_CLASS.fullmatch(instance_class):
        key = config.full_key("databaseInstanceClass")
        raise refuse(key, f"{instance_class!r} is no instance class: use db.serverless or one such as db.t3.medium.")
    return DatabaseSettings(
        instance_class=instance_class,
        capacity=_read_capacity(config),
        backup_days=read_count(config, "backupRetentionDays", default=30, low=30, high=35),
        slow_query_ms=read_count(config, "slowQueryMs", default=1000, low=1, high=60_000),
        insights=read_choice(config, "databaseInsights", Insights.STANDARD),
        deletion_protected=_read_deletion_protection(config, destroyable=destroyable),
    )


def _read_capacity(config: pulumi.Config) -> Capacity:
    lowest = read_halves(config, "databaseMinCapacity", default=0.5, low=0.5, high=256)
    highest = read_halves(config, "databaseMaxCapacity", default=4, low=1, high=256)
    if lowest > highest:
        key = config.full_key("databaseMinCapacity")
        raise refuse(key, f"{lowest:g} is above databaseMaxCapacity {highest:g}: lower it.")
    return Capacity(lowest=lowest, highest=highest)


def _read_deletion_protection(config: pulumi.Config, *, destroyable: bool) -> bool:
    protected = config.get_bool("deletionProtection")
    if protected is None:
        return not destroyable
    if not protected and not destroyable:
        key = config.full_key("deletionProtection")
        raise refuse(key, f"false needs a stack that may vanish: set {config.full_key('destroyable')} to true as well.")
    return protected
