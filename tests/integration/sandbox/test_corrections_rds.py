"""Corrections of databases, tables and files: what AWS answers, and that moto answers something else."""

from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answers


def _endpoints(session: boto3.Session) -> Any:
    rds = session.client("rds")
    clusters = rds.describe_db_cluster_endpoints()["DBClusterEndpoints"]
    return clusters, rds.describe_db_proxy_endpoints()["DBProxyEndpoints"]


_INSIGHTS = ("PerformanceInsightsEnabled", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod")
_CLUSTER: dict[str, Any] = {
    "DBClusterIdentifier": "c",
    "Engine": "aurora-postgresql",
    "MasterUsername": "owner",
    "MasterUserPassword": "not-a-real-one",
}
_WITH_INSIGHTS: dict[str, Any] = {
    "EnablePerformanceInsights": True,
    "PerformanceInsightsKMSKeyId": "arn:key",
    "PerformanceInsightsRetentionPeriod": 465,
}


def _cluster_insights(session: boto3.Session) -> Any:
    rds = session.client("rds")
    rds.create_db_cluster(**_CLUSTER, **_WITH_INSIGHTS, DatabaseInsightsMode="advanced")
    found: Any = rds.describe_db_clusters()["DBClusters"][0]
    return [found.get(name) for name in (*_INSIGHTS, "DatabaseInsightsMode")]


def _cluster_storage(session: boto3.Session) -> Any:
    rds = session.client("rds")
    rds.create_db_cluster(**_CLUSTER)
    found = rds.describe_db_clusters()["DBClusters"][0]
    return found.get("StorageType"), found.get("KmsKeyId")


def _service_key(session: boto3.Session) -> Any:
    rds = session.client("rds")
    rds.create_db_cluster(**_CLUSTER, StorageEncrypted=True)
    key = session.client("kms").describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["Arn"]
    return [each["KmsKeyId"] == key for each in rds.describe_db_clusters()["DBClusters"]]


def _changed_cluster(session: boto3.Session) -> Any:
    rds = session.client("rds")
    rds.create_db_cluster(**_CLUSTER, EnableCloudwatchLogsExports=["postgresql"])
    exports: Any = {"DisableLogTypes": ["postgresql"], "EnableLogTypes": ["instance"]}
    rds.modify_db_cluster(
        DBClusterIdentifier="c",
        EnableIAMDatabaseAuthentication=True,
        CloudwatchLogsExportConfiguration=exports,
        DatabaseInsightsMode="advanced",
    )
    found: Any = rds.describe_db_clusters()["DBClusters"][0]
    names = ("IAMDatabaseAuthenticationEnabled", "EnabledCloudwatchLogsExports", "DatabaseInsightsMode")
    return [found.get(name) for name in names]


def _snapshots_after_deletion(session: boto3.Session) -> Any:
    rds = session.client("rds")
    for name, goes in (("kept", False), ("gone", True)):
        rds.create_db_cluster(**{**_CLUSTER, "DBClusterIdentifier": name})
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=goes)
    return [each["DBClusterIdentifier"] for each in rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]]


def _members(session: boto3.Session) -> Any:
    rds, subnets = session.client("rds"), session.client("ec2").describe_subnets()["Subnets"]
    ids = [each["SubnetId"] for each in subnets[:2]]
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="-", SubnetIds=ids)
    rds.create_db_cluster(**_CLUSTER, DBSubnetGroupName="data")
    wanted: Any = {"DBClusterIdentifier": "c", "Engine": "aurora-postgresql", "DBInstanceClass": "db.serverless"}
    for name in ("a", "b"):
        rds.create_db_instance(DBInstanceIdentifier=name, **wanted, **_WITH_INSIGHTS)
    found: Any = rds.describe_db_instances()["DBInstances"]
    insights = [found[0].get(name) for name in _INSIGHTS]
    groups = {each.get("DBSubnetGroup", {}).get("DBSubnetGroupName") for each in found}
    zones = [each["AvailabilityZone"] for each in found]
    return insights, groups, len({each["DbiResourceId"] for each in found}), found[0].get("PubliclyAccessible"), zones


def _lone_instance(session: boto3.Session) -> Any:
    rds = session.client("rds")
    wanted: Any = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20}
    owner: Any = {"MasterUsername": "owner", "MasterUserPassword": "not-a-real-one"}
    rds.create_db_instance(DBInstanceIdentifier="i", **wanted, **owner, StorageEncrypted=True)
    rds.modify_db_instance(DBInstanceIdentifier="i", EnablePerformanceInsights=True, ApplyImmediately=True)
    found: Any = rds.describe_db_instances()["DBInstances"][0]
    key = session.client("kms").describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["Arn"]
    return found["KmsKeyId"] == key, found.get("PerformanceInsightsEnabled"), found.get("PubliclyAccessible")


def _changed_subnet_group(session: boto3.Session) -> Any:
    rds, subnets = session.client("rds"), session.client("ec2").describe_subnets()["Subnets"]
    first, second = (each["SubnetId"] for each in subnets[:2])
    rds.create_db_subnet_group(DBSubnetGroupName="data", DBSubnetGroupDescription="-", SubnetIds=[first])
    rds.modify_db_subnet_group(DBSubnetGroupName="data", SubnetIds=[second])
    found = rds.describe_db_subnet_groups()["DBSubnetGroups"][0]["Subnets"]
    return [each["SubnetIdentifier"] == second for each in found]


def _subnet_group_that_is_not_there(session: boto3.Session) -> Any:
    return session.client("rds").modify_db_subnet_group(DBSubnetGroupName="none", SubnetIds=[])


def _parameters_after_reset(session: boto3.Session) -> Any:
    rds = session.client("rds")
    name: Any = {"DBClusterParameterGroupName": "p"}
    rds.create_db_cluster_parameter_group(**name, DBParameterGroupFamily="aurora-postgresql17", Description="-")
    left = []
    parameters: Any = [
        {"ParameterName": each, "ParameterValue": "1", "ApplyMethod": "immediate"} for each in ("a", "b")
    ]
    resets: Any = ({"Parameters": parameters[:1]}, {"ResetAllParameters": True})
    for reset in resets:
        rds.modify_db_cluster_parameter_group(**name, Parameters=parameters)
        rds.reset_db_cluster_parameter_group(**name, **reset)
        found = rds.describe_db_cluster_parameters(**name)["Parameters"]
        left.append([each["ParameterName"] for each in found])
    return left


def _parameters_that_are_not_there(session: boto3.Session) -> Any:
    rds = session.client("rds")
    return rds.reset_db_cluster_parameter_group(DBClusterParameterGroupName="p", ResetAllParameters=True)


def _instance_parameters_after_reset(session: boto3.Session) -> Any:
    rds = session.client("rds")
    name: Any = {"DBParameterGroupName": "p"}
    rds.create_db_parameter_group(**name, DBParameterGroupFamily="postgres16", Description="-")
    parameters: Any = [{"ParameterName": "a", "ParameterValue": "1", "ApplyMethod": "immediate"}]
    rds.modify_db_parameter_group(**name, Parameters=parameters)
    rds.reset_db_parameter_group(**name, Parameters=parameters)
    return rds.describe_db_parameters(**name)["Parameters"]


def _instance_parameters_that_are_not_there(session: boto3.Session) -> Any:
    return session.client("rds").reset_db_parameter_group(DBParameterGroupName="p", ResetAllParameters=True)


def _made_global(session: boto3.Session) -> Any:
    rds = session.client("rds")
    arn = rds.create_db_cluster(**_CLUSTER, StorageEncrypted=True)["DBCluster"]["DBClusterArn"]
    rds.create_global_cluster(GlobalClusterIdentifier="world", SourceDBClusterIdentifier=arn)
    found: Any = rds.describe_global_clusters()["GlobalClusters"][0]
    return found["StorageEncrypted"], [each["IsWriter"] for each in found["GlobalClusterMembers"]]


def _changed_global(session: boto3.Session) -> Any:
    rds: Any = session.client("rds")
    first, second = ([{"Key": key, "Value": "1"}] for key in "AB")
    world: Any = {"GlobalClusterIdentifier": "world"}
    arn = rds.create_global_cluster(**world, Engine="aurora-mysql", Tags=first)["GlobalCluster"]["GlobalClusterArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=second)
    rds.modify_global_cluster(**world, DeletionProtection=True)
    found: Any = rds.describe_global_clusters()["GlobalClusters"][0]
    return found["DeletionProtection"], found["TagList"]


def _option_groups(session: boto3.Session) -> Any:
    rds, elsewhere = session.client("rds"), session.client("rds", region_name="eu-west-1")
    rds.create_option_group(
        OptionGroupName="kept", EngineName="mysql", MajorEngineVersion="8.0", OptionGroupDescription="-"
    )
    lists = [each.describe_option_groups()["OptionGroupsList"] for each in (rds, elsewhere)]
    return [[group["OptionGroupName"] for group in found] for found in lists]


def _table(session: boto3.Session, **given: Any) -> Any:
    dynamodb: Any = session.client("dynamodb")
    keys = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}
    attributes = {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    dynamodb.create_table(TableName="t", **keys, **attributes, BillingMode="PAY_PER_REQUEST", **given)
    return dynamodb


def _managed_key_of_a_table(session: boto3.Session) -> Any:
    dynamodb = _table(session, SSESpecification={"Enabled": True})
    key = dynamodb.describe_table(TableName="t")["Table"]["SSEDescription"]["KMSMasterKeyArn"]
    return session.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyManager"]


def _replica_of_a_table(session: boto3.Session) -> Any:
    dynamodb, there = _table(session), session.client("dynamodb", region_name="us-west-2")
    key = "arn:aws:kms:us-west-2:111122223333:key/1"
    specification = {"Enabled": True, "KMSMasterKeyId": "arn:key"}
    dynamodb.update_table(TableName="t", SSESpecification=specification)
    changed = dynamodb.describe_table(TableName="t")["Table"]["SSEDescription"]["KMSMasterKeyArn"]
    dynamodb.update_table(
        TableName="t", ReplicaUpdates=[{"Create": {"RegionName": "us-west-2", "KMSMasterKeyId": key}}]
    )
    shown = [each["KMSMasterKeyId"] for each in dynamodb.describe_table(TableName="t")["Table"]["Replicas"]]
    copied: Any = there.describe_table(TableName="t")["Table"]
    dynamodb.update_table(TableName="t", ReplicaUpdates=[{"Delete": {"RegionName": "us-west-2"}}])
    left = there.list_tables()["TableNames"]
    return changed, shown, copied["TableArn"].split(":")[3], copied["SSEDescription"]["KMSMasterKeyArn"], left


def _backups_of_files(session: boto3.Session) -> Any:
    efs: Any = session.client("efs")
    id_ = efs.create_file_system(CreationToken="files", Backup=True)["FileSystemId"]
    states = [efs.describe_backup_policy(FileSystemId=id_)["BackupPolicy"]["Status"]]
    efs.put_backup_policy(FileSystemId=id_, BackupPolicy={"Status": "DISABLED"})
    return [*states, efs.describe_backup_policy(FileSystemId=id_)["BackupPolicy"]["Status"]]


CASES = (
    Case(
        _backups_of_files,
        ["ENABLED", "DISABLED"],
        ("EFSResponse.put_backup_policy", "EFSBackend.describe_backup_policy"),
    ),
    Case(_managed_key_of_a_table, "AWS", ("Table._get_default_encryption_key",)),
    Case(
        _replica_of_a_table,
        (
            "arn:key",
            ["arn:aws:kms:us-west-2:111122223333:key/1"],
            "us-west-2",
            "arn:aws:kms:us-west-2:111122223333:key/1",
            [],
        ),
        ("DynamoHandler.update_table", "Table.describe"),
    ),
    Case(
        _endpoints,
        ([], []),
        ("RDSResponse.describe_db_cluster_endpoints", "RDSResponse.describe_db_proxy_endpoints"),
    ),
    Case(_cluster_insights, [True, "arn:key", 465, "advanced"], ("RDSBackend.create_db_cluster",)),
    Case(_cluster_storage, ("aurora", None), ("RDSBackend.create_db_cluster",)),
    Case(_service_key, [True], ("RDSBackend.create_db_cluster",)),
    Case(_changed_cluster, [True, ["instance"], "advanced"], ("RDSBackend.modify_db_cluster",)),
    Case(_snapshots_after_deletion, ["kept"], ("RDSResponse.delete_db_cluster",)),
    Case(
        _members,
        ([True, "arn:key", 465], {"data"}, 2, False, ["us-east-1a", "us-east-1b"]),
        ("RDSBackend.create_db_instance",),
    ),
    Case(_lone_instance, (True, True, True), ("RDSBackend.create_db_instance", "DBInstance.update")),
    Case(_changed_subnet_group, [True], ("RDSBackend.modify_db_subnet_group",)),
    Case(_subnet_group_that_is_not_there, "DBSubnetGroupNotFoundFault", ("RDSBackend.modify_db_subnet_group",)),
    Case(_parameters_after_reset, [["b"], []], ("RDSResponse.reset_db_cluster_parameter_group",)),
    Case(
        _parameters_that_are_not_there,
        "DBParameterGroupNotFound",
        ("RDSResponse.reset_db_cluster_parameter_group",),
    ),
    Case(_instance_parameters_after_reset, [], ("RDSResponse.reset_db_parameter_group",)),
    Case(
        _instance_parameters_that_are_not_there,
        "DBParameterGroupNotFound",
        ("RDSResponse.reset_db_parameter_group",),
    ),
    Case(_made_global, (True, [True]), ("RDSBackend.create_global_cluster",)),
    Case(
        _changed_global,
        (True, [{"Key": "A", "Value": "1"}, {"Key": "B", "Value": "1"}]),
        (
            "RDSResponse.create_global_cluster",
            "RDSBackend._get_resource_for_tagging",
            "RDSResponse.modify_global_cluster",
        ),
    ),
    Case(_option_groups, [["kept"], []], ("RDSBackend.describe_option_groups",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
