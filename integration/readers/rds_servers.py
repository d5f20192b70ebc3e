"""Turns clusters and instances, as RDS lists them, into what they state about themselves and each other."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from integration.readers.rds_globals import Membership, membership
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Subject
from ledgergate.values import Unknown
from policies.facts.deletion import DeletionProtection
from policies.facts.properties import UNKNOWN, lift
from policies.facts.rds_clusters import UpgradedCluster, ZoneSpread, runs_own_instances
from policies.facts.rds_servers import DatabaseServer, InstanceUpgrades, MasterLogin

Item = Mapping[str, Any]
Build = Callable[[Subject, Item, Desk], Observed]

_INSTANCES: Final = Paging("Marker", ("DBInstances",))
_SOURCES: Final = (
    "ReadReplicaSourceDBClusterIdentifier",
    "ReadReplicaSourceDBInstanceIdentifier",
    "ReplicationSourceIdentifier",
)
"""Members of an answer that name what a database replicates."""

_NOT_OWN: Final = MasterLogin()
_OPEN: Final = MasterLogin(
    username=UNKNOWN, managed=UNKNOWN, password=UNKNOWN, password_secret=UNKNOWN, write_only=UNKNOWN
)


def server(subject: Subject, item: Item, desk: Desk) -> Observed:
    """Return a cluster, or an instance outside a cluster, as it states itself.

    An account does not tell what was restored from a snapshot: its user and its password are its own by now.
    """
    failures: list[Failure] = []
    member = membership(item, desk, failures) if "DBClusterArn" in item else None
    replica = any(item.get(name) for name in _SOURCES)
    fact = DatabaseServer(
        cluster="DBClusterArn" in item,
        engine=item["Engine"].lower(),
        serverless_v1=item.get("EngineMode") == "serverless",
        replica=replica,
        global_member=lift(member, lambda found: found is not None),
        login=_NOT_OWN if replica else _login(item, member),
        exported_logs=tuple(item.get("EnabledCloudwatchLogsExports", ())),
        iam_authentication=item["IAMDatabaseAuthenticationEnabled"],
        backup_retention_days=item["BackupRetentionPeriod"],
    )
    return Observed(subject, fact, failures=tuple(failures))


def _login(item: Item, member: Any) -> MasterLogin:
    """Return the first user of a database; a secondary of a global database has that of its primary."""
    writer = member.writer if isinstance(member, Membership) else member
    if isinstance(writer, Unknown):
        return _OPEN
    if writer is False:
        return _NOT_OWN
    managed = bool(item.get("MasterUserSecret"))
    # Beside a secret of its own RDS takes no password; else only the state of a program shows where one came from.
    elsewhere = False if managed else UNKNOWN
    return MasterLogin(
        username=item["MasterUsername"],
        managed=managed,
        password=elsewhere,
        password_secret=elsewhere,
        write_only=elsewhere,
    )


def protection(subject: Subject, item: Item, _desk: Desk) -> Observed:
    """Return whether a database is protected from deletion."""
    return Observed(subject, DeletionProtection(on=item["DeletionProtection"]))


def instance_upgrades(subject: Subject, item: Item, _desk: Desk) -> Observed:
    """Return whether an instance takes minor versions by itself."""
    return Observed(subject, InstanceUpgrades(automatic=item["AutoMinorVersionUpgrade"]))


def cluster_upgrades(subject: Subject, item: Item, desk: Desk) -> Observed:
    """Return whether a cluster takes minor versions by itself; RDS need not say so of an Aurora cluster."""
    fact = UpgradedCluster(
        multi_az=_is_multi_az(item),
        automatic=item.get("AutoMinorVersionUpgrade", UNKNOWN),
        members_automatic=_of_members(item, "AutoMinorVersionUpgrade", desk),
    )
    return Observed(subject, fact)


def cluster_zones(subject: Subject, item: Item, desk: Desk) -> Observed:
    """Return the zones of a cluster's instances, those among them that RDS has chosen."""
    zones = _of_members(item, "AvailabilityZone", desk)
    return Observed(subject, ZoneSpread(multi_az=_is_multi_az(item), zones=zones))


def instance_zones(subject: Subject, item: Item, _desk: Desk) -> Observed:
    """Return whether an instance outside a cluster has a standby in another zone."""
    return Observed(subject, ZoneSpread(cluster=False, multi_az=item["MultiAZ"]))


def _is_multi_az(item: Item) -> bool:
    return runs_own_instances(item.get("DBClusterInstanceClass"), item["Engine"])


def _of_members(cluster: Item, name: str, desk: Desk) -> tuple[Any, ...]:
    """Return one setting of each instance of a cluster, unknown where RDS does not tell it."""
    pages = desk.every(_INSTANCES, desk.aws.rds.describe_db_instances)
    by_name: dict[str, Item] = {
        each["DBInstanceIdentifier"]: {**each} for page in pages for each in page["DBInstances"]
    }
    names = [each["DBInstanceIdentifier"] for each in cluster["DBClusterMembers"]]
    return tuple(by_name.get(each, {}).get(name, UNKNOWN) for each in names)
