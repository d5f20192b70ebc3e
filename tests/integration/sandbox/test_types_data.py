"""Databases, tables, files, user pools and what backs them up: changed in the sandbox as the program changes them."""

from typing import Any

import pytest

from integration.sandbox import Sandbox
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted
from tests.integration.sandbox.surroundings import CLUSTER, DATABASE, INSTANCE_PARAMETERS, KEY, OTHER_KEY

VAULT = Wanted("aws:backup/vault:Vault", {"name": "vault"}, "vault")

FILES = Wanted("aws:efs/fileSystem:FileSystem", {"creationToken": "files"}, "files")
TABLE = {
    "name": "ledger",
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "id",
    "attributes": [{"name": "id", "type": "S"}],
}

SOURCE, TARGET = (
    Wanted("aws:s3/bucket:Bucket", {"bucket": f"the-{name}", "forceDestroy": True}, name) for name in ("source", "copy")
)
VERSIONS = tuple(
    Wanted(
        "aws:s3/bucketVersioning:BucketVersioning",
        {"bucket": f"${name}.id", "versioningConfiguration": {"status": "Enabled"}},
        f"{name}-versions",
    )
    for name in ("source", "copy")
)


def _rules(markers: str) -> list[dict[str, Any]]:
    encrypted = {"replicaKmsKeyId": "$key.arn"}
    in_time = {"status": "Enabled", "time": {"minutes": 15}}
    destination = {"bucket": "$copy.arn", "encryptionConfiguration": encrypted, "replicationTime": in_time}
    return [
        {
            "id": "everything",
            "priority": 1,
            "status": "Enabled",
            "filter": {"prefix": ""},
            "deleteMarkerReplication": {"status": markers},
            "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
            "destination": destination,
        }
    ]


CHANGES = (
    Change(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        {"bucket": "$source.id", "role": "arn:aws:iam::111122223333:role/one", "rules": _rules("Disabled")},
        {"role": "arn:aws:iam::111122223333:role/two", "rules": _rules("Enabled")},
        around=(SOURCE, TARGET, *VERSIONS, KEY),
    ),
    Change(
        "aws:dynamodb/table:Table",
        {
            **TABLE,
            "rangeKey": "at",
            "attributes": [*TABLE["attributes"], {"name": "at", "type": "N"}],
            "deletionProtectionEnabled": True,
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": "$key.arn"},
            "pointInTimeRecovery": {"enabled": True},
            "replicas": [{"regionName": "us-west-2"}, {"regionName": "eu-west-1"}],
            "tags": {"A": "1"},
        },
        {
            "billingMode": "PROVISIONED",
            "readCapacity": 5,
            "writeCapacity": 5,
            "deletionProtectionEnabled": False,
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": "$other-key.arn"},
            "pointInTimeRecovery": {"enabled": False},
            "replicas": [{"regionName": "eu-west-1", "kmsKeyArn": "$key.arn"}],
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (KEY, OTHER_KEY),
    ),
    Change(
        "aws:efs/fileSystem:FileSystem",
        {"creationToken": "files", "encrypted": True, "kmsKeyId": "$key.arn", "tags": {"A": "1"}},
        {"tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (KEY,),
    ),
    Change(
        "aws:efs/backupPolicy:BackupPolicy",
        {"fileSystemId": "$files.id", "backupPolicy": {"status": "ENABLED"}},
        {"backupPolicy": {"status": "DISABLED"}},
        around=(FILES,),
    ),
    Change(
        "aws:cognito/userPool:UserPool",
        {"name": "customers", "deletionProtection": "ACTIVE", "tags": {"A": "1"}},
        {"deletionProtection": "INACTIVE", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        {"backupVaultName": "$vault.name", "minRetentionDays": 30},
        {"minRetentionDays": 60, "maxRetentionDays": 90, "changeableForDays": 3},
        around=(VAULT,),
    ),
    Change(
        CLUSTER.type,
        {
            **CLUSTER.inputs,
            "engine": "postgres",
            "dbClusterInstanceClass": "db.m6gd.large",
            "allocatedStorage": 100,
            "iops": 1000,
        },
        {"autoMinorVersionUpgrade": False},
    ),
    Change(
        INSTANCE_PARAMETERS.type,
        {
            **INSTANCE_PARAMETERS.inputs,
            "parameters": [
                {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"},
                {"name": "log_statement", "value": "ddl", "applyMethod": "immediate"},
            ],
        },
        {"parameters": [{"name": "log_statement", "value": "all", "applyMethod": "pending-reboot"}]},
    ),
    Change(
        "aws:rds/globalCluster:GlobalCluster",
        {**DATABASE, "globalClusterIdentifier": "world", "deletionProtection": True, "tags": {"A": "1"}},
        {"deletionProtection": False, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)
