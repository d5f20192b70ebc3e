"""Facts that a database cluster or instance states by itself: engine, login, logs, backups and upgrades."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.properties import (
    flag,
    has_secret,
    lift,
    literal,
    literals,
    settings_of,
    whole,
)
from policies.facts.registry import adapter

CLUSTER: Final = ("aws:rds/cluster:Cluster",)
INSTANCE: Final = ("aws:rds/instance:Instance",)
MEMBER: Final = ("aws:rds/clusterInstance:ClusterInstance",)

_RESTORED: Final = ("snapshotIdentifier", "restoreToPointInTime")
_REPLICATED: Final[Mapping[str, str]] = {
    CLUSTER[0]: "replicationSourceIdentifier",
    INSTANCE[0]: "replicateSourceDb",
}
_PASSWORD: Final[Mapping[str, str]] = {CLUSTER[0]: "masterPassword", INSTANCE[0]: "password"}
_USERNAME: Final[Mapping[str, str]] = {CLUSTER[0]: "masterUsername", INSTANCE[0]: "username"}
_DEFAULT_BACKUP_DAYS: Final[Mapping[str, int]] = {CLUSTER[0]: 1, INSTANCE[0]: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterLogin:
    """How the first user of a database logs in.

    Args:
        username: `masterUsername` of a cluster, `username` of an instance; None when unset.
        managed: `manageMasterUserPassword`: RDS keeps the password in Secrets Manager; false when unset.
        password: Whether `masterPassword` or `password` is set, and so lies in the state.
        password_secret: Whether that value is marked secret, and so encrypted in the state.
        write_only: Whether `masterPasswordWo` or `passwordWo` is set, or its version, all that outputs show of it.
    """

    username: str | None = None
    managed: bool = False
    password: bool = False
    password_secret: bool = False
    write_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseServer:
    """A database cluster, or an instance outside a cluster, as it states itself.

    Args:
        cluster: Whether it is a cluster.
        engine: `engine`, lower case; empty when unset, as a replica and a restored instance may leave it.
        serverless_v1: Whether `engineMode` is `serverless`; unset means `provisioned`.
        replica: Whether it names a source that it replicates.
        restored: Whether it is made from a snapshot, or from another database as that was at some time.
        global_member: Whether it names a global database.
        login: Its first user.
        exported_logs: `enabledCloudwatchLogsExports`; empty when unset.
        iam_authentication: `iamDatabaseAuthenticationEnabled`; false when unset.
        backup_retention_days: `backupRetentionPeriod`; when unset 1 for a cluster, 0 for an instance.

    Source of the defaults: `aws.rds.Cluster` and `aws.rds.Instance`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    cluster: bool = True
    engine: str = ""
    serverless_v1: bool = False
    replica: bool = False
    restored: bool = False
    global_member: bool = False
    login: MasterLogin
    exported_logs: tuple[str, ...] = ()
    iam_authentication: bool = False
    backup_retention_days: int = 1

    @property
    def follows(self) -> bool:
        """Tell whether its first user is that of another database: of its source, or of its global database."""
        return self.replica or self.restored or (self.global_member and self.login.username is None)


@adapter(types=(*CLUSTER, *INSTANCE))
def server_from_graph(_graph: Graph, resource: Resource) -> DatabaseServer:
    """Build a cluster, or an instance outside a cluster."""
    settings = settings_of(resource)
    return DatabaseServer(
        cluster=resource.type in CLUSTER,
        engine=engine_of(settings),
        serverless_v1=lift(literal(settings, "engineMode", default=""), lambda mode: mode == "serverless"),
        replica=_names(settings, _REPLICATED[resource.type]),
        restored=_is_restored(settings),
        global_member=_names(settings, "globalClusterIdentifier"),
        login=_login(settings, _USERNAME[resource.type], _PASSWORD[resource.type]),
        exported_logs=literals(settings, "enabledCloudwatchLogsExports"),
        iam_authentication=flag(settings, "iamDatabaseAuthenticationEnabled", default=False),
        backup_retention_days=whole(settings, "backupRetentionPeriod", default=_DEFAULT_BACKUP_DAYS[resource.type]),
    )


def engine_of(settings: Mapping[str, Value]) -> Any:
    """Return the engine that a cluster or an instance names, in lower case; empty when it names none."""
    return lift(literal(settings, "engine", default=""), lambda name: name.lower())


def is_postgres(engine: str) -> bool:
    """Tell whether an engine is PostgreSQL, of Aurora or not."""
    return engine in ("postgres", "aurora-postgresql")


def is_mysql(engine: str) -> bool:
    """Tell whether an engine is MySQL or MariaDB, of Aurora or not."""
    return engine in ("mysql", "mariadb", "aurora-mysql", "aurora")


def _names(settings: Mapping[str, Value], property_: str) -> Any:
    """Tell whether a property names something. What is not known yet names something too, once it is."""
    value = settings.get(property_)
    return isinstance(value, Unknown) or reveal(value) not in (None, "")


def _is_restored(settings: Mapping[str, Value]) -> Any:
    found = [reveal(settings.get(name)) for name in _RESTORED]
    return any(isinstance(each, Unknown) or each not in (None, "", [], {}) for each in found)


def _login(settings: Mapping[str, Value], username: str, password: str) -> MasterLogin:
    written_only = (f"{password}Wo", f"{password}WoVersion")
    return MasterLogin(
        username=literal(settings, username),
        managed=flag(settings, "manageMasterUserPassword", default=False),
        password=reveal(settings.get(password)) is not None,
        password_secret=has_secret(settings.get(password)),
        write_only=any(reveal(settings.get(name)) is not None for name in written_only),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceUpgrades:
    """Whether an instance, in a cluster or not, takes minor versions by itself.

    Args:
        automatic: `autoMinorVersionUpgrade`; true when unset.

    Source of the default: `aws.rds.Instance` and `aws.rds.ClusterInstance`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    automatic: bool = True


@adapter(types=(*INSTANCE, *MEMBER))
def instance_upgrades_from_graph(_graph: Graph, resource: Resource) -> InstanceUpgrades:
    """Build how an instance is upgraded."""
    return InstanceUpgrades(automatic=flag(settings_of(resource), "autoMinorVersionUpgrade", default=True))
