"""The database: one writer and two readers that tasks enter with IAM."""

from typing import Final

from network import NetworkParts
from security import KeyArns
from settings import LOG_RETENTION_DAYS, ZONES, Settings

from components.cidr import Tier
from components.database import Database, DatabaseArgs
from components.place import Place

DATABASE: Final = "payments"
"""Name of the database in the cluster."""

APPLICATION_USER: Final = "app"
"""Database user of the back end; it holds `rds_iam` and no password."""


def make_database(settings: Settings, place: Place, keys: KeyArns, network: NetworkParts) -> Database:
    """Make the Aurora cluster in the data subnets."""
    care = settings.database
    args = DatabaseArgs(
        names=settings.names,
        place=place,
        key_arn=keys.database,
        log_key_arn=keys.logs,
        subnet_ids=network.subnet_ids[Tier.DATA],
        zones=settings.network.zones[:ZONES],
        security_group_id=network.group_ids["database"],
        database=DATABASE,
        instance_class=care.instance_class,
        capacity=care.capacity,
        backup_days=care.backup_days,
        log_retention_days=LOG_RETENTION_DAYS,
        slow_query_ms=care.slow_query_ms,
        insights=care.insights,
        destroyable=settings.destroyable,
        deletion_protected=care.deletion_protected,
    )
    return Database("database", args)
