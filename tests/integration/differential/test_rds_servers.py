"""Databases: what the controls of servers, clusters and global databases say of a program, they say of the account."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.programs_as_data import Wanted, in_sandbox, ref

_CLUSTER: Final = "aws:rds/cluster:Cluster"
_MEMBER: Final = "aws:rds/clusterInstance:ClusterInstance"
_INSTANCE: Final = "aws:rds/instance:Instance"
_GLOBAL: Final = "aws:rds/globalCluster:GlobalCluster"
_AURORA: Final = {"engine": "aurora-postgresql", "engineVersion": "16.4"}
_OWNER: Final = {"masterUsername": "ledger_owner", "manageMasterUserPassword": True}
_GONE: Final = {"skipFinalSnapshot": True}
SETTINGS: Final = Settings(
    database_backup_days=30,
    default_master_names=("root",),
    global_database_regions=("us-east-1", "us-west-2"),
    min_database_instances=2,
    regions=("us-east-1", "us-west-2"),
)


def cluster(name: str, **properties: Any) -> Wanted:
    """Return an Aurora PostgreSQL cluster, but for what is changed; what is None is left out."""
    wanted = {"clusterIdentifier": name, **_AURORA, **_OWNER, **_GONE, **properties}
    return Wanted(_CLUSTER, name, _without_nothing(wanted))


def instance(name: str, **properties: Any) -> Wanted:
    """Return a PostgreSQL instance of its own, but for what is changed."""
    engine = {"engine": "postgres", "engineVersion": "16.4", "allocatedStorage": 20, "instanceClass": "db.t3.micro"}
    login = {"username": "ledger_owner", "manageMasterUserPassword": True}
    return Wanted(_INSTANCE, name, _without_nothing({"identifier": name, **engine, **login, **_GONE, **properties}))


def member(name: str, of: str, **properties: Any) -> Wanted:
    """Return an instance of a cluster."""
    wanted = {"identifier": name, "clusterIdentifier": ref(of), "engine": "aurora-postgresql"}
    return Wanted(_MEMBER, name, {**wanted, "instanceClass": "db.r6g.large", **properties})


def logging(name: str, *logs: str, **properties: Any) -> Wanted:
    """Return a cluster that sends logs to CloudWatch."""
    return cluster(name, enabledCloudwatchLogsExports=[*logs], **properties)


def under(name: str, group: str, **properties: Any) -> Wanted:
    """Return a cluster with a parameter group."""
    return cluster(name, dbClusterParameterGroupName=ref(group, "name"), **properties)


def alone_under(name: str, group: str) -> Wanted:
    """Return an instance of MariaDB with a parameter group."""
    return instance(name, engine="mariadb", engineVersion="10.11.8", parameterGroupName=ref(group, "name"))


def world(name: str, **properties: Any) -> Wanted:
    """Return a global database."""
    return Wanted(_GLOBAL, name, _without_nothing({"globalClusterIdentifier": name, **_AURORA, **properties}))


def _without_nothing(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}


_MYSQL: Final = {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.05.2"}
_OWN_INSTANCES: Final = {
    "engine": "postgres",
    "dbClusterInstanceClass": "db.m6gd.large",
    "allocatedStorage": 100,
    "iops": 1000,
}

LOGINS: Final = (
    Case("its own name", (cluster("own"),), {"RDS.24": "pass"}),
    Case("a default name", (cluster("default", masterUsername="postgres"),), {"RDS.24": "fail"}),
    Case("a default name in capitals", (cluster("capitals", masterUsername="Admin"),), {"RDS.24": "fail"}),
    Case("a name that the profile adds", (cluster("added", masterUsername="root"),), {"RDS.24": "fail"}),
    Case("an instance", (instance("alone"),), {"RDS.24": "not_applicable"}),
    Case("IAM", (cluster("iam", iamDatabaseAuthenticationEnabled=True),), {"LG-IAM-09": "pass"}),
    Case("no IAM", (cluster("no-iam"),), {"LG-IAM-09": "fail"}),
    Case("an instance with IAM", (instance("i-iam", iamDatabaseAuthenticationEnabled=True),), {"LG-IAM-09": "pass"}),
    Case("MariaDB without", (instance("maria", engine="mariadb", engineVersion="10.11"),), {"LG-IAM-09": "fail"}),
    Case("Oracle", (instance("oracle", engine="oracle-ee", engineVersion="19"),), {"LG-IAM-09": "not_applicable"}),
    Case("a Multi-AZ DB cluster", (cluster("multi", **_OWN_INSTANCES),), {"LG-IAM-09": "not_applicable"}),
)
REPLICA: Final = Wanted(
    _INSTANCE,
    "replica",
    {
        "identifier": "replica",
        "replicateSourceDb": ref("source", "identifier"),
        "instanceClass": "db.t3.micro",
        "deletionProtection": True,
        **_GONE,
    },
)
LOGS: Final = (
    Case(
        "MySQL's audit log",
        (logging("audit", "audit", "error", **_MYSQL),),
        {"RDS.34": "pass", "RDS.37": "not_applicable"},
    ),
    Case("another log", (logging("error", "error", **_MYSQL),), {"RDS.34": "fail"}),
    Case("PostgreSQL's log", (logging("pg", "postgresql"),), {"RDS.37": "pass", "RDS.34": "not_applicable"}),
    Case("no log", (cluster("silent"),), {"RDS.37": "fail"}),
    Case("long enough", (cluster("kept", backupRetentionPeriod=30),), {"LG-DR-01": "pass"}),
    Case("a day too short", (instance("short", backupRetentionPeriod=29),), {"LG-DR-01": "fail"}),
    Case("the default of a cluster", (cluster("day"),), {"LG-DR-01": "fail"}),
    Case("the default of an instance", (instance("none"),), {"LG-DR-01": "fail"}),
    Case("a read replica", (REPLICA,), {"LG-DR-01": "not_applicable"}),
    Case("protected", (cluster("protected", deletionProtection=True),), {"LG-DR-06": "pass"}),
    Case("not protected", (cluster("open"),), {"LG-DR-06": "fail"}),
    Case("an instance that is protected", (instance("i-protected", deletionProtection=True),), {"LG-DR-06": "pass"}),
    Case("an instance that is not", (instance("i-open", deletionProtection=False),), {"LG-DR-06": "fail"}),
    Case("a global database", (world("w-protected", deletionProtection=True),), {"LG-DR-06": "pass"}),
    Case("one that is not protected", (world("w-open"),), {"LG-DR-06": "fail"}),
)
SPREAD: Final = (
    Case(
        "zones of their own",
        (
            cluster("apart"),
            member("a-1", "apart", availabilityZone="us-east-1a"),
            member("a-2", "apart", availabilityZone="us-east-1b"),
        ),
        {"LG-DR-10": "pass", "RDS.35": "pass"},
    ),
    Case("RDS chooses", (cluster("chosen"), member("c-1", "chosen"), member("c-2", "chosen")), {"LG-DR-10": "pass"}),
    Case(
        "one zone",
        (
            cluster("same"),
            member("s-1", "same", availabilityZone="us-east-1a"),
            member("s-2", "same", availabilityZone="us-east-1a", autoMinorVersionUpgrade=False),
        ),
        {"LG-DR-10": "fail", "RDS.35": "fail"},
    ),
    Case(
        "a flag of Aurora's that counts for nothing",
        (cluster("flag", autoMinorVersionUpgrade=False), member("f-1", "flag")),
        {"LG-DR-10": "fail", "RDS.35": "pass"},
    ),
    Case("no instance", (cluster("empty"),), {"LG-DR-10": "fail", "RDS.35": "not_applicable"}),
    Case("Multi-AZ", (cluster("multi", **_OWN_INSTANCES),), {"LG-DR-10": "not_applicable", "RDS.35": "pass"}),
    Case(
        "Multi-AZ without upgrades",
        (cluster("behind", **_OWN_INSTANCES, autoMinorVersionUpgrade=False),),
        {"RDS.35": "fail"},
    ),
    Case("a standby", (instance("standby", multiAz=True),), {"LG-DR-10": "pass"}),
    Case("no standby", (instance("single"),), {"LG-DR-10": "fail"}),
)


def _parameters(name: str, of: str, family: str, **values: str) -> Wanted:
    listed = [{"name": key.replace("__", "."), "value": value} for key, value in values.items()]
    return Wanted(f"aws:rds/{of[0].lower()}{of[1:]}:{of}", name, {"name": name, "family": family, "parameters": listed})


GROUPS: Final = (
    _parameters("pg-on", "ClusterParameterGroup", "aurora-postgresql16", rds__force_ssl="1"),
    _parameters("pg-off", "ClusterParameterGroup", "aurora-postgresql16", rds__force_ssl="0"),
    _parameters("pg-silent", "ClusterParameterGroup", "aurora-postgresql16", log_statement="ddl"),
    _parameters("my-on", "ClusterParameterGroup", "aurora-mysql8.0", require_secure_transport="ON"),
    _parameters("my-other", "ClusterParameterGroup", "aurora-mysql8.0", rds__force_ssl="1"),
    _parameters("maria-on", "ParameterGroup", "mariadb10.11", require_secure_transport="1"),
    _parameters("maria-off", "ParameterGroup", "mariadb10.11", require_secure_transport="0"),
)
TLS: Final = (
    Case("PostgreSQL", (under("tls", "pg-on"),), {"LG-TLS-07": "pass"}),
    Case("off", (under("tls-off", "pg-off"),), {"LG-TLS-07": "fail"}),
    Case("not said", (under("tls-silent", "pg-silent"),), {"LG-TLS-07": "fail"}),
    Case("MySQL", (under("tls-my", "my-on", **_MYSQL),), {"LG-TLS-07": "pass"}),
    Case("the other's", (under("tls-other", "my-other", **_MYSQL),), {"LG-TLS-07": "fail"}),
    Case("an instance", (alone_under("tls-i", "maria-on"),), {"LG-TLS-07": "pass"}),
    Case("an instance, off", (alone_under("tls-i-off", "maria-off"),), {"LG-TLS-07": "fail"}),
    Case("by default of Aurora", (cluster("tls-default"),), {"LG-TLS-07": "fail"}),
    Case("by default of PostgreSQL 16", (instance("tls-16"),), {"LG-TLS-07": "pass"}),
    Case("by default of PostgreSQL 14", (instance("tls-14", engineVersion="14.9"),), {"LG-TLS-07": "fail"}),
    Case("Oracle", (instance("tls-ora", engine="oracle-ee", engineVersion="19"),), {"LG-TLS-07": "not_applicable"}),
)

_SECONDARY: Final = {"masterUsername": None, "manageMasterUserPassword": None, "region": "us-west-2"}


def _primary(name: str, of: str) -> Wanted:
    return cluster(name, globalClusterIdentifier=ref(of))


GLOBALS: Final = (
    Case(
        "a cluster in each Region",
        (
            world("both"),
            _primary("b-1", "both"),
            member("b-1-1", "b-1"),
            cluster("b-2", globalClusterIdentifier=ref("both"), **_SECONDARY),
            member("b-2-1", "b-2", region="us-west-2", instanceClass="db.serverless"),
        ),
        {"LG-DR-09": "pass"},
    ),
    Case(
        "made from a cluster, and alone",
        (world("made", engine=None, engineVersion=None, sourceDbClusterIdentifier=ref("m-1", "arn")),),
        {"LG-DR-09": "fail"},
    ),
    Case("two clusters in one Region", (world("one"), _primary("o-1", "one")), {"LG-DR-09": "fail"}),
    Case(
        "a small class",
        (
            world("small"),
            _primary("s-1", "small"),
            cluster("s-2", globalClusterIdentifier=ref("small"), **_SECONDARY),
            member("s-2-1", "s-2", region="us-west-2", instanceClass="db.t4g.large"),
        ),
        {"LG-DR-09": "fail"},
    ),
)


_ENCRYPTED: Final = {"storageEncrypted": True, "kmsKeyId": ref("key", "arn")}
MEMBERS: Final = (
    Case(
        "a member of one that is encrypted",
        (cluster("e-1", globalClusterIdentifier=ref("encrypted"), **_ENCRYPTED),),
        {"LG-ENC-02": "pass"},
    ),
    Case(
        "a member of one that is not",
        (cluster("p-1", globalClusterIdentifier=ref("plain"), **_ENCRYPTED),),
        {"LG-ENC-02": "fail"},
    ),
)
_WORLDS: Final = (Wanted("aws:kms/key:Key", "key", {}), world("encrypted", storageEncrypted=True), world("plain"))
_ALONE: Final = {"manageMasterUserPassword": None}
_SOURCE: Final = (cluster("m-1"), instance("source", backupRetentionPeriod=30, deletionProtection=True))

DIFFERENCES: Final = (
    Difference(
        "only the state of a program shows that its password is there",
        "LG-IAM-12",
        (cluster("in-state", **_ALONE, masterPassword="not-a-real-one"),),
        "fail",
        "unknown",
    ),
    Difference(
        "an account does not show who wrote a password that RDS does not manage, so not that nobody keeps it",
        "LG-IAM-12",
        (instance("write-only", **_ALONE, passwordWo="not-a-real-one", passwordWoVersion=1),),
        "pass",
        "unknown",
    ),
    Difference(
        "a program that names no version leaves it to RDS; the account shows which one it took",
        "LG-TLS-07",
        (instance("any-version", engineVersion=None),),
        "unknown",
        "fail",
    ),
)
"""All three are between a program and an account, none is moto's."""


def test_who_logs_in(tmp_path: Path) -> None:
    """First users and IAM."""
    check(tmp_path / "p", LOGINS, settings=SETTINGS)


def test_logs_backups_and_protection(tmp_path: Path) -> None:
    """What databases log, how long they keep backups, and whether they can be deleted."""
    check(tmp_path / "p", LOGS, shared=_SOURCE, settings=SETTINGS)


def test_instances_of_clusters(tmp_path: Path) -> None:
    """Zones and upgrades: of a Multi-AZ DB cluster its own, of an Aurora cluster those of its instances."""
    check(tmp_path / "p", SPREAD, settings=SETTINGS)


def test_tls(tmp_path: Path) -> None:
    """The parameter that forces TLS, in a group of the program's or by default."""
    check(tmp_path / "p", TLS, shared=GROUPS, settings=SETTINGS)


def test_global_databases(tmp_path: Path) -> None:
    """Their clusters lie in several Regions, also where only one of them is scanned."""
    check(tmp_path / "p", GLOBALS, shared=_SOURCE, settings=SETTINGS)


def test_members_of_global_databases(tmp_path: Path) -> None:
    """A global database decides about the encryption of its clusters too."""
    check(tmp_path / "p", MEMBERS, shared=_WORLDS, settings=SETTINGS)


def test_passwords_that_rds_manages(tmp_path: Path) -> None:
    """They pass on both sides, and a replica has the password of its source."""
    managed = (cluster("managed"), instance("managed-too"), *_SOURCE, REPLICA)
    with in_sandbox(tmp_path / "p", managed, ("LG-IAM-12",), SETTINGS) as both:
        twice = both.twice()
    assert twice.differences() == {}
    assert twice.said_of(managed[0], "LG-IAM-12") == twice.said_of(managed[1], "LG-IAM-12") == {"pass"}
    assert twice.said_of(REPLICA, "LG-IAM-12") == {"not_applicable"}


def test_known_differences(tmp_path: Path) -> None:
    """Program and account differ where it is written why."""
    check_differences(tmp_path / "p", DIFFERENCES, ("LG-IAM-12", "LG-TLS-07"), settings=SETTINGS)
    assert len(DIFFERENCES) == 3
