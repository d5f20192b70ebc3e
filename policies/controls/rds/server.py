"""Controls of the logs, backups and upgrades that databases state themselves."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.amounts import amount
from policies.facts.rds_servers import DatabaseServer, InstanceUpgrades, MasterLogin
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require

if TYPE_CHECKING:
    from policies.settings import Settings

SECURITY_HUB: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
MYSQL: Final = DatabaseServer(
    engine="aurora-mysql", login=MasterLogin(), exported_logs=("audit", "error"), backup_retention_days=35
)
POSTGRES: Final = replace(MYSQL, engine="aurora-postgresql", exported_logs=("postgresql",))
INSTANCE: Final = replace(POSTGRES, cluster=False, engine="postgres")


@control(
    id="RDS.34",
    slug="rds-auroramysql-audit-logs-exported",
    severity=Severity.MEDIUM,
    requirements=("10.2.1",),
    families=("pci", "logging"),
    source=SECURITY_HUB,
    rationale="A query that dumps the card table is recorded on the instance only and soon rotated away, and the "
    "investigation has no evidence of who ran it.",
    remediation='Put "audit" into enabled_cloudwatch_logs_exports of the aws.rds.Cluster, and set '
    "server_audit_logging=1 with server_audit_events in its aws.rds.ClusterParameterGroup, or nothing is written.",
    passes=[example("audit among others", MYSQL)],
    fails=[
        example("another log alone", replace(MYSQL, exported_logs=("error",))),
        example("no log", replace(MYSQL, exported_logs=())),
    ],
    unknowns=[
        example("logs come later", replace(MYSQL, exported_logs=UNKNOWN)),
        example("engine comes later", replace(MYSQL, engine=UNKNOWN)),
    ],
    not_applicable=[
        example("Aurora PostgreSQL", POSTGRES),
        example("MySQL outside a cluster", replace(INSTANCE, engine="mysql")),
        example("Serverless v1", replace(MYSQL, serverless_v1=True)),
    ],
)
def mysql_audit_log_exported(database: DatabaseServer) -> Verdict:
    """An Aurora MySQL cluster sends its audit log to CloudWatch.

    enabledCloudwatchLogsExports of a cluster with the engine aurora-mysql holds audit; unset means that nothing is
    sent. Clusters of other engines, instances and clusters of Aurora Serverless v1 are not applicable.
    """
    if not database.cluster or database.engine != "aurora-mysql":
        return not_applicable("it is no cluster of Aurora MySQL")
    if database.serverless_v1:
        return not_applicable("a cluster of Aurora Serverless v1 chooses its logs by parameters")
    return _exports(database, "audit")


@control(
    id="RDS.37",
    slug="rds-aurorapostgresql-logs-exported",
    severity=Severity.MEDIUM,
    requirements=("10.4.2",),
    families=("pci", "logging"),
    source=SECURITY_HUB,
    rationale="Failed logins and odd queries stay on the instance for a few days, where no alarm reads them, and are "
    "gone by the time somebody investigates.",
    remediation='Put "postgresql" into enabled_cloudwatch_logs_exports of the aws.rds.Cluster.',
    passes=[example("the PostgreSQL log", POSTGRES)],
    fails=[
        example("another log alone", replace(POSTGRES, exported_logs=("instance",))),
        example("no log", replace(POSTGRES, exported_logs=())),
    ],
    unknowns=[example("logs come later", replace(POSTGRES, exported_logs=UNKNOWN))],
    not_applicable=[example("Aurora MySQL", MYSQL), example("PostgreSQL outside a cluster", INSTANCE)],
)
def postgresql_log_exported(database: DatabaseServer) -> Verdict:
    """An Aurora PostgreSQL cluster sends its log to CloudWatch.

    enabledCloudwatchLogsExports of a cluster with the engine aurora-postgresql holds postgresql; unset means that
    nothing is sent. Clusters of other engines and instances are not applicable.
    """
    if not database.cluster or database.engine != "aurora-postgresql":
        return not_applicable("it is no cluster of Aurora PostgreSQL")
    return _exports(database, "postgresql")


def _exports(database: DatabaseServer, log: str) -> Verdict:
    logs = database.exported_logs
    return require(log in logs, f"its log {log} is not sent to CloudWatch", found=logs, wanted=log)


@control(
    id="LG-DR-01",
    slug="rds-cluster-backup-retention-floor",
    severity=Severity.HIGH,
    requirements=(),
    families=("backup",),
    source="Demand of the banking (35 days) and payments (30 days) systems, read 2026-11-20",
    rationale="A faulty release corrupts balances on Friday and is noticed on Wednesday: with one day of backups, the "
    "last good state is gone.",
    remediation="Set backup_retention_period of the aws.rds.Cluster or aws.rds.Instance to the days that the system "
    "demands; the service's own default is one day for a cluster and none for an instance.",
    parameters=("database_backup_days",),
    passes=[
        example("as long as RDS keeps backups", POSTGRES),
        example(
            "exactly as long as demanded", replace(INSTANCE, backup_retention_days=30), {"database_backup_days": 30}
        ),
        example("secondary of a global database", replace(POSTGRES, replica=True, global_member=True)),
    ],
    fails=[
        example("a day too short", replace(POSTGRES, backup_retention_days=29), {"database_backup_days": 30}),
        example("the default of a cluster", DatabaseServer(login=MasterLogin())),
        example("no backups", replace(INSTANCE, backup_retention_days=0), {"database_backup_days": 7}),
    ],
    unknowns=[example("days come later", replace(POSTGRES, backup_retention_days=UNKNOWN))],
    not_applicable=[
        example("read replica", replace(INSTANCE, replica=True)),
        example("cluster that replicates another", replace(POSTGRES, replica=True)),
    ],
)
def backups_kept(database: DatabaseServer, settings: "Settings") -> Verdict:
    """A database can be restored to any time of the days that its system demands.

    backupRetentionPeriod is at least database_backup_days; unset it is 1 for a cluster and 0 for an instance. A read
    replica is not applicable, unless it is a member of a global database, which may have to take over.
    """
    if database.replica and not database.global_member:
        return not_applicable("a read replica is restored from its source")
    days, wanted = database.backup_retention_days, settings.database_backup_days
    return require(
        days >= wanted,
        "its backups go too soon",
        found=amount(days, "day"),
        wanted=f"{amount(wanted, 'day')} or more",
    )


@control(
    id="RDS.13",
    slug="rds-instance-minor-upgrades-automatic",
    severity=Severity.HIGH,
    requirements=("6.3.3",),
    families=("pci", "supply-chain"),
    source=SECURITY_HUB,
    rationale="A published flaw of the engine stays open until somebody remembers to patch; attackers read the same "
    "release notes and try it within days.",
    remediation="Leave auto_minor_version_upgrade of the aws.rds.Instance or aws.rds.ClusterInstance out, or set it "
    "to True.",
    passes=[example("on, as by default", InstanceUpgrades())],
    fails=[example("off", InstanceUpgrades(automatic=False))],
    unknowns=[example("set later", InstanceUpgrades(automatic=UNKNOWN))],
)
def minor_upgrades_automatic(instance: InstanceUpgrades) -> Verdict:
    """A database instance takes minor versions of its engine by itself.

    autoMinorVersionUpgrade is not false on an instance, in a cluster or not; unset means true.
    """
    message = "it does not take minor versions by itself"
    return require(instance.automatic, message, found="false", wanted="autoMinorVersionUpgrade true")
