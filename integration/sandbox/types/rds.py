"""Aurora clusters, their instances, and instances on their own."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from integration.sandbox.changes import changed_properties
from integration.sandbox.handler import Apply, GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.rds_tags import set_tags
from integration.sandbox.types.shapes import camel, pascal
from integration.sandbox.types.tags import tags_from

_Written = Callable[[Any], Any]


_CLUSTER: Final[Mapping[str, tuple[str, _Written]]] = {
    "allocatedStorage": ("AllocatedStorage", int),
    "autoMinorVersionUpgrade": ("AutoMinorVersionUpgrade", bool),
    "availabilityZones": ("AvailabilityZones", list),
    "backupRetentionPeriod": ("BackupRetentionPeriod", int),
    "copyTagsToSnapshot": ("CopyTagsToSnapshot", bool),
    "databaseInsightsMode": ("DatabaseInsightsMode", str),
    "databaseName": ("DatabaseName", str),
    "dbClusterInstanceClass": ("DBClusterInstanceClass", str),
    "dbClusterParameterGroupName": ("DBClusterParameterGroupName", str),
    "dbSubnetGroupName": ("DBSubnetGroupName", str),
    "deletionProtection": ("DeletionProtection", bool),
    "enabledCloudwatchLogsExports": ("EnableCloudwatchLogsExports", list),
    "engine": ("Engine", str),
    "engineMode": ("EngineMode", str),
    "engineVersion": ("EngineVersion", str),
    "globalClusterIdentifier": ("GlobalClusterIdentifier", str),
    "iamDatabaseAuthenticationEnabled": ("EnableIAMDatabaseAuthentication", bool),
    "iops": ("Iops", int),
    "kmsKeyId": ("KmsKeyId", str),
    "manageMasterUserPassword": ("ManageMasterUserPassword", bool),
    "masterPassword": ("MasterUserPassword", str),
    "masterPasswordWo": ("MasterUserPassword", str),
    "masterUserSecretKmsKeyId": ("MasterUserSecretKmsKeyId", str),
    "masterUsername": ("MasterUsername", str),
    "performanceInsightsEnabled": ("EnablePerformanceInsights", bool),
    "performanceInsightsKmsKeyId": ("PerformanceInsightsKMSKeyId", str),
    "performanceInsightsRetentionPeriod": ("PerformanceInsightsRetentionPeriod", int),
    "port": ("Port", int),
    "preferredBackupWindow": ("PreferredBackupWindow", str),
    "preferredMaintenanceWindow": ("PreferredMaintenanceWindow", str),
    "serverlessv2ScalingConfiguration": ("ServerlessV2ScalingConfiguration", pascal),
    "storageEncrypted": ("StorageEncrypted", bool),
    "storageType": ("StorageType", str),
    "vpcSecurityGroupIds": ("VpcSecurityGroupIds", list),
}
"""Property of a cluster → its name in the call that creates one, and how it is written there."""

_CLUSTER_FIXED: Final = (
    "availabilityZones",
    "clusterIdentifier",
    "databaseName",
    "dbSubnetGroupName",
    "engine",
    "engineMode",
    "globalClusterIdentifier",
    "kmsKeyId",
    "masterUsername",
    "storageEncrypted",
)

_INSTANCE: Final[Mapping[str, tuple[str, _Written]]] = {
    "allocatedStorage": ("AllocatedStorage", int),
    "autoMinorVersionUpgrade": ("AutoMinorVersionUpgrade", bool),
    "availabilityZone": ("AvailabilityZone", str),
    "backupRetentionPeriod": ("BackupRetentionPeriod", int),
    "clusterIdentifier": ("DBClusterIdentifier", str),
    "copyTagsToSnapshot": ("CopyTagsToSnapshot", bool),
    "dbName": ("DBName", str),
    "dbSubnetGroupName": ("DBSubnetGroupName", str),
    "deletionProtection": ("DeletionProtection", bool),
    "enabledCloudwatchLogsExports": ("EnableCloudwatchLogsExports", list),
    "engine": ("Engine", str),
    "engineVersion": ("EngineVersion", str),
    "iamDatabaseAuthenticationEnabled": ("EnableIAMDatabaseAuthentication", bool),
    "instanceClass": ("DBInstanceClass", str),
    "kmsKeyId": ("KmsKeyId", str),
    "manageMasterUserPassword": ("ManageMasterUserPassword", bool),
    "masterUserSecretKmsKeyId": ("MasterUserSecretKmsKeyId", str),
    "multiAz": ("MultiAZ", bool),
    "parameterGroupName": ("DBParameterGroupName", str),
    "password": ("MasterUserPassword", str),
    "passwordWo": ("MasterUserPassword", str),
    "performanceInsightsEnabled": ("EnablePerformanceInsights", bool),
    "performanceInsightsKmsKeyId": ("PerformanceInsightsKMSKeyId", str),
    "performanceInsightsRetentionPeriod": ("PerformanceInsightsRetentionPeriod", int),
    "port": ("Port", int),
    "preferredMaintenanceWindow": ("PreferredMaintenanceWindow", str),
    "promotionTier": ("PromotionTier", int),
    "publiclyAccessible": ("PubliclyAccessible", bool),
    "storageEncrypted": ("StorageEncrypted", bool),
    "storageType": ("StorageType", str),
    "username": ("MasterUsername", str),
    "vpcSecurityGroupIds": ("VpcSecurityGroupIds", list),
}
"""The same of an instance, in a cluster or alone."""

_MEMBER_ONLY: Final = frozenset({"clusterIdentifier", "promotionTier"})
_ALONE_ONLY: Final = frozenset(
    {
        "allocatedStorage",
        "backupRetentionPeriod",
        "dbName",
        "deletionProtection",
        "enabledCloudwatchLogsExports",
        "iamDatabaseAuthenticationEnabled",
        "kmsKeyId",
        "manageMasterUserPassword",
        "masterUserSecretKmsKeyId",
        "multiAz",
        "parameterGroupName",
        "password",
        "passwordWo",
        "port",
        "storageEncrypted",
        "storageType",
        "username",
        "vpcSecurityGroupIds",
    }
)
_INSTANCE_FIXED: Final = (
    "availabilityZone",
    "clusterIdentifier",
    "dbName",
    "dbSubnetGroupName",
    "engine",
    "identifier",
    "kmsKeyId",
    "storageEncrypted",
    "username",
)

_EXPORTS: Final = "enabledCloudwatchLogsExports"
_SOURCE: Final = "replicateSourceDb"


def _written(subject: Subject, table: Mapping[str, tuple[str, _Written]]) -> dict[str, Any]:
    wanted = subject.inputs
    given = ((name, key, write) for name, (key, write) in table.items() if wanted.get(name) is not None)
    return {key: write(wanted[name]) for name, key, write in given}


def _modified(subject: Subject, table: Mapping[str, tuple[str, _Written]]) -> dict[str, Any]:
    """Return what a call to modify must be given: what changed; log exports come and go there, they are not listed."""
    changed = changed_properties(subject.before, subject.inputs) - {_EXPORTS}
    given = {"ApplyImmediately": True, **_written(subject, {name: table[name] for name in table if name in changed})}
    before, wanted = set(subject.before.get(_EXPORTS) or ()), set(subject.inputs.get(_EXPORTS) or ())
    if before != wanted:
        exports = {"EnableLogTypes": sorted(wanted - before), "DisableLogTypes": sorted(before - wanted)}
        given["CloudwatchLogsExportConfiguration"] = {key: types for key, types in exports.items() if types}
    return given


def _create_cluster(subject: Subject) -> str:
    name = str(subject.inputs["clusterIdentifier"])
    subject.aws.rds.create_db_cluster(DBClusterIdentifier=name, **_written(subject, _CLUSTER))
    return name


def _change_cluster(subject: Subject) -> None:
    given: Any = _modified(subject, _CLUSTER)
    subject.aws.rds.modify_db_cluster(DBClusterIdentifier=subject.id, **given)


def _read_cluster(subject: Subject) -> Properties:
    found: Any = subject.aws.rds.describe_db_clusters(DBClusterIdentifier=subject.id)["DBClusters"][0]
    outputs = {
        "allocatedStorage": found["AllocatedStorage"],
        "arn": found["DBClusterArn"],
        "autoMinorVersionUpgrade": found["AutoMinorVersionUpgrade"],
        "availabilityZones": found["AvailabilityZones"],
        "backupRetentionPeriod": found["BackupRetentionPeriod"],
        "clusterIdentifier": found["DBClusterIdentifier"],
        "clusterMembers": [each["DBInstanceIdentifier"] for each in found["DBClusterMembers"]],
        "clusterResourceId": found["DbClusterResourceId"],
        "copyTagsToSnapshot": found["CopyTagsToSnapshot"],
        "databaseName": found.get("DatabaseName", ""),
        "dbClusterInstanceClass": found.get("DBClusterInstanceClass", ""),
        "dbClusterParameterGroupName": found["DBClusterParameterGroup"],
        "dbSubnetGroupName": found["DBSubnetGroup"],
        "deletionProtection": found["DeletionProtection"],
        "enabledCloudwatchLogsExports": found.get("EnabledCloudwatchLogsExports", []),
        "endpoint": found["Endpoint"],
        "engine": found["Engine"],
        "engineMode": found["EngineMode"],
        "engineVersionActual": found["EngineVersion"],
        "hostedZoneId": found["HostedZoneId"],
        "iamDatabaseAuthenticationEnabled": found["IAMDatabaseAuthenticationEnabled"],
        "iops": found.get("Iops", 0),
        "kmsKeyId": found.get("KmsKeyId", ""),
        "masterUsername": found.get("MasterUsername", ""),
        "port": found["Port"],
        "preferredBackupWindow": found["PreferredBackupWindow"],
        "preferredMaintenanceWindow": found["PreferredMaintenanceWindow"],
        "readerEndpoint": found["ReaderEndpoint"],
        "storageEncrypted": found["StorageEncrypted"],
        "tagsAll": tags_from(found["TagList"]),
        "vpcSecurityGroupIds": [each["VpcSecurityGroupId"] for each in found["VpcSecurityGroups"]],
        **_insights(found),
        **_secret(found),
    }
    return {**outputs, "engineVersion": subject.inputs.get("engineVersion", found["EngineVersion"])}


def _insights(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "databaseInsightsMode": found.get("DatabaseInsightsMode", "standard"),
        "performanceInsightsEnabled": found.get("PerformanceInsightsEnabled", False),
        "performanceInsightsKmsKeyId": found.get("PerformanceInsightsKMSKeyId", ""),
        "performanceInsightsRetentionPeriod": found.get("PerformanceInsightsRetentionPeriod", 0),
    }


def _secret(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"masterUserSecrets": [camel(found["MasterUserSecret"])]} if found.get("MasterUserSecret") else {}


def _delete_cluster(subject: Subject) -> None:
    rds: Any = subject.aws.rds
    if world := subject.inputs.get("globalClusterIdentifier"):
        arn = subject.arn("rds", f"cluster:{subject.id}")
        rds.remove_from_global_cluster(GlobalClusterIdentifier=world, DbClusterIdentifier=arn)
    automated = subject.inputs.get("deleteAutomatedBackups") is not False
    rds.delete_db_cluster(DBClusterIdentifier=subject.id, DeleteAutomatedBackups=automated, **_last_snapshot(subject))


def _last_snapshot(subject: Subject) -> dict[str, Any]:
    if subject.inputs.get("skipFinalSnapshot") is True:
        return {"SkipFinalSnapshot": True}
    name = subject.inputs.get("finalSnapshotIdentifier")
    return {"SkipFinalSnapshot": False, **({"FinalDBSnapshotIdentifier": name} if name else {})}


def _create_instance(subject: Subject) -> str:
    name = str(subject.inputs["identifier"])
    given: Any = _written(subject, _INSTANCE)
    subject.aws.rds.create_db_instance(DBInstanceIdentifier=name, **given)
    return name


def _create_alone(subject: Subject) -> str:
    given: Any = _written(subject, _INSTANCE)
    name, rds = str(subject.inputs["identifier"]), subject.aws.rds
    if source := subject.inputs.get(_SOURCE):
        # A replica has engine, users and encryption of its source; the provider does not send them either.
        taken: Any = rds.meta.service_model.operation_model("CreateDBInstanceReadReplica").input_shape
        own = {key: value for key, value in given.items() if key in taken.members}
        rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source, **own)
    else:
        # The provider always says how long, where AWS by itself would keep backups for a day.
        rds.create_db_instance(DBInstanceIdentifier=name, **{"BackupRetentionPeriod": 0, **given})
    return name


def _change_instance(subject: Subject) -> None:
    given: Any = _modified(subject, _INSTANCE)
    subject.aws.rds.modify_db_instance(DBInstanceIdentifier=subject.id, **given)


def _found_instance(subject: Subject) -> Any:
    found = subject.aws.rds.describe_db_instances(DBInstanceIdentifier=subject.id)["DBInstances"]
    if not found:
        raise GoneError
    return found[0]


def _instance_outputs(found: Mapping[str, Any]) -> dict[str, Any]:
    endpoint = found["Endpoint"]
    return {
        "arn": found["DBInstanceArn"],
        "autoMinorVersionUpgrade": found["AutoMinorVersionUpgrade"],
        "availabilityZone": found["AvailabilityZone"],
        "caCertIdentifier": found["CACertificateIdentifier"],
        "copyTagsToSnapshot": found["CopyTagsToSnapshot"],
        "dbSubnetGroupName": found.get("DBSubnetGroup", {}).get("DBSubnetGroupName", ""),
        "engine": found["Engine"],
        "engineVersionActual": found["EngineVersion"],
        "identifier": found["DBInstanceIdentifier"],
        "instanceClass": found["DBInstanceClass"],
        "kmsKeyId": found.get("KmsKeyId", ""),
        "port": endpoint["Port"],
        "publiclyAccessible": found["PubliclyAccessible"],
        "storageEncrypted": found["StorageEncrypted"],
        "tagsAll": tags_from(found["TagList"]),
        **_insights(found),
    }


def _read_member(subject: Subject) -> Properties:
    found = _found_instance(subject)
    members: Any = subject.aws.rds.describe_db_clusters(DBClusterIdentifier=found["DBClusterIdentifier"])["DBClusters"]
    writers = [each["DBInstanceIdentifier"] for each in members[0]["DBClusterMembers"] if each["IsClusterWriter"]]
    return {
        **_instance_outputs(found),
        "clusterIdentifier": found["DBClusterIdentifier"],
        "dbiResourceId": found["DbiResourceId"],
        "endpoint": found["Endpoint"]["Address"],
        "promotionTier": found.get("PromotionTier", 0),
        "writer": subject.id in writers,
    }


def _read_alone(subject: Subject) -> Properties:
    found = _found_instance(subject)
    address, port = found["Endpoint"]["Address"], found["Endpoint"]["Port"]
    return {
        **_instance_outputs(found),
        **_secret(found),
        "address": address,
        "allocatedStorage": found["AllocatedStorage"],
        "backupRetentionPeriod": found["BackupRetentionPeriod"],
        "deletionProtection": found["DeletionProtection"],
        "endpoint": f"{address}:{port}",
        "iamDatabaseAuthenticationEnabled": found["IAMDatabaseAuthenticationEnabled"],
        "multiAz": found["MultiAZ"],
        "parameterGroupName": found["DBParameterGroups"][0]["DBParameterGroupName"],
        "replicateSourceDb": found.get("ReadReplicaSourceDBInstanceIdentifier", ""),
        "resourceId": found["DbiResourceId"],
        "username": found["MasterUsername"],
        "vpcSecurityGroupIds": [each["VpcSecurityGroupId"] for each in found["VpcSecurityGroups"]],
    }


def _delete_member(subject: Subject) -> None:
    subject.aws.rds.delete_db_instance(DBInstanceIdentifier=subject.id, SkipFinalSnapshot=True)


def _delete_alone(subject: Subject) -> None:
    subject.aws.rds.delete_db_instance(DBInstanceIdentifier=subject.id, **_last_snapshot(subject))


_USED_AT_THE_END: Final = "used when the database is deleted"
_DELETION: Final = dict.fromkeys(
    ("deleteAutomatedBackups", "finalSnapshotIdentifier", "skipFinalSnapshot"), _USED_AT_THE_END
)
_VERSION: Final = "the sandbox sees that a password changes"
_AT_ONCE: Final = {"applyImmediately": "every change is applied at once in a sandbox"}


def _changeable(
    table: Mapping[str, tuple[str, _Written]], apply: Apply, fixed: tuple[str, ...], without: frozenset[str]
) -> Mapping[str, Apply]:
    return put(apply, *(name for name in table if name not in fixed and name not in without))


HANDLERS: Final = (
    Handler(
        type="aws:rds/cluster:Cluster",
        create=_create_cluster,
        read=_read_cluster,
        delete=_delete_cluster,
        fixed=_CLUSTER_FIXED,
        updates=_changeable(_CLUSTER, _change_cluster, _CLUSTER_FIXED, frozenset()),
        settings={"tagsAll": set_tags("cluster")},
        ignored={**_DELETION, **_AT_ONCE, "masterPasswordWoVersion": _VERSION},
    ),
    Handler(
        type="aws:rds/clusterInstance:ClusterInstance",
        create=_create_instance,
        read=_read_member,
        delete=_delete_member,
        fixed=tuple(name for name in _INSTANCE_FIXED if name not in _ALONE_ONLY),
        updates=_changeable(_INSTANCE, _change_instance, _INSTANCE_FIXED, _ALONE_ONLY | {"engineVersion"}),
        settings={"tagsAll": set_tags("db")},
        ignored={**_AT_ONCE, "engineVersion": "an instance runs the version of its cluster"},
    ),
    Handler(
        type="aws:rds/instance:Instance",
        create=_create_alone,
        read=_read_alone,
        delete=_delete_alone,
        fixed=(_SOURCE, *(name for name in _INSTANCE_FIXED if name not in _MEMBER_ONLY)),
        updates=_changeable(_INSTANCE, _change_instance, _INSTANCE_FIXED, _MEMBER_ONLY),
        settings={"tagsAll": set_tags("db")},
        ignored={**_DELETION, **_AT_ONCE, "passwordWoVersion": _VERSION},
    ),
)
