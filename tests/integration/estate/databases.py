"""Databases and what they are made of."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, TAGS, key
from tests.integration.estate.networks import guard

PASSES: Final = frozenset(
    {
        "LG-DR-01",
        "LG-DR-06",
        "LG-DR-09",
        "LG-DR-10",
        "LG-ENC-02",
        "LG-IAM-09",
        "LG-IAM-12",
        "LG-NET-03",
        "LG-NET-04",
        "LG-NET-19",
        "LG-TLS-07",
        "RDS.13",
        "RDS.2",
        "RDS.20",
        "RDS.24",
        "RDS.34",
        "RDS.35",
        "RDS.37",
    }
)
"""Controls that pass on it."""

_ELSEWHERE: Final = ("us-west-2", "eu-west-1")
"""Regions of the global database, which is told of here too."""

_LOGIN: Final = {"MasterUsername": "ledger_owner", "ManageMasterUserPassword": True}
_KEPT: Final = {
    "BackupRetentionPeriod": 35,
    "CopyTagsToSnapshot": True,
    "DeletionProtection": True,
    "EnableIAMDatabaseAuthentication": True,
}


def furnish(session: boto3.Session) -> None:
    """Create clusters, an instance and a global database, all as the controls want them."""
    rds: Any = session.client("rds")
    key_arn = key(session)
    encrypted = {"StorageEncrypted": True, "KmsKeyId": key_arn, "MasterUserSecretKmsKeyId": key_arn, "Tags": STORE_TAGS}
    queries: Any = {**encrypted, "VpcSecurityGroupIds": [guard(session, 5432)]}
    _cluster(rds, "books", "aurora-postgresql", "rds.force_ssl", "postgresql", queries)
    guarded = {**encrypted, "VpcSecurityGroupIds": [guard(session, 3306)]}
    _cluster(rds, "journal", "aurora-mysql", "require_secure_transport", "audit", guarded)
    _instance(rds, queries)
    rds.create_db_snapshot(DBSnapshotIdentifier="kept", DBInstanceIdentifier="copies", Tags=STORE_TAGS)
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="kept", DBClusterIdentifier="books", Tags=STORE_TAGS)
    _global_database(session)
    subnets = [each["SubnetId"] for each in session.client("ec2").describe_subnets()["Subnets"]]
    rds.create_db_subnet_group(
        DBSubnetGroupName="books", DBSubnetGroupDescription="-", SubnetIds=subnets[:2], Tags=TAGS
    )
    rds.create_event_subscription(
        SubscriptionName="books",
        SnsTopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:books",
        SourceType="db-instance",
        Enabled=True,
        Tags=TAGS,
    )


def _cluster(rds: Any, name: str, engine: str, parameter: str, log: str, encrypted: Any) -> None:
    group = {"DBClusterParameterGroupName": name}
    rds.create_db_cluster_parameter_group(**group, DBParameterGroupFamily=f"{engine}16", Description="-", Tags=TAGS)
    rds.modify_db_cluster_parameter_group(**group, Parameters=[_on(parameter)])
    exports = {"EnableCloudwatchLogsExports": [log]}
    rds.create_db_cluster(DBClusterIdentifier=name, Engine=engine, **_LOGIN, **_KEPT, **encrypted, **group, **exports)
    member = {"DBClusterIdentifier": name, "Engine": engine, "DBInstanceClass": "db.r6g.large"}
    for number in range(3):
        rds.create_db_instance(
            DBInstanceIdentifier=f"{name}-{number}", **member, PubliclyAccessible=False, Tags=STORE_TAGS
        )


def _instance(rds: Any, encrypted: Any) -> None:
    group = {"DBParameterGroupName": "books"}
    rds.create_db_parameter_group(**group, DBParameterGroupFamily="postgres16", Description="-", Tags=TAGS)
    rds.modify_db_parameter_group(**group, Parameters=[_on("rds.force_ssl")])
    rds.create_db_instance(
        DBInstanceIdentifier="copies",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        Engine="postgres",
        PubliclyAccessible=False,
        MultiAZ=True,
        **group,
        **_LOGIN,
        **_KEPT,
        **encrypted,
    )


def _global_database(session: boto3.Session) -> None:
    world: Any = {"GlobalClusterIdentifier": "world"}
    here: Any = session.client("rds")
    here.create_global_cluster(**world, Engine="aurora-postgresql", DeletionProtection=True, Tags=STORE_TAGS)
    for region in _ELSEWHERE:
        rds: Any = session.client("rds", region_name=region)
        rds.create_db_cluster(DBClusterIdentifier="world", Engine="aurora-postgresql", **world)
        rds.create_db_instance(
            DBInstanceIdentifier="world-0",
            DBClusterIdentifier="world",
            Engine="aurora-postgresql",
            DBInstanceClass="db.r6g.large",
        )


def _on(parameter: str) -> dict[str, str]:
    return {"ParameterName": parameter, "ParameterValue": "1", "ApplyMethod": "immediate"}
