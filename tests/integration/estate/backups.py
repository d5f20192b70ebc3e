"""Stores besides databases and secrets, AWS Backup, which backs them up, and copies of the buckets."""

import json
from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, STORE_TAGS, TAGS, key

PASSES: Final = frozenset(
    {
        "LG-DR-03",
        "LG-DR-04",
        "LG-DR-05",
        "LG-DR-12",
        "LG-DR-21",
        "LG-ENC-03",
        "LG-ENC-14",
        "LG-RES-03",
        "LG-RET-07",
        "LG-RET-08",
    }
)
"""Controls that pass on it."""

_TABLE: Final[dict[str, Any]] = {
    "TableName": "ledger",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": True,
}
_FAR: Final = "us-west-2"
_KEPT: Final = {"DeleteAfterDays": 35}
_GUARD: Final = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": [
        "backup:DeleteRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
        "backup:PutBackupVaultAccessPolicy",
    ],
    "Resource": "*",
}


def furnish(session: boto3.Session) -> None:
    """Create a table, a file system, vaults, a plan that chooses every store, and trials of restoring them."""
    key_arn = key(session, everywhere=True)
    specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key_arn}
    dynamodb: Any = session.client("dynamodb")
    dynamodb.create_table(**_TABLE, SSESpecification=specification, Tags=STORE_TAGS)
    elsewhere = session.client("kms", region_name=_FAR).create_key()["KeyMetadata"]["Arn"]
    replica = {"RegionName": _FAR, "KMSMasterKeyId": elsewhere}
    dynamodb.update_table(TableName="ledger", ReplicaUpdates=[{"Create": replica}])
    efs: Any = session.client("efs")
    efs.create_file_system(CreationToken="automatic", Encrypted=True, Backup=True, Tags=STORE_TAGS)
    chosen = efs.create_file_system(CreationToken="chosen", Encrypted=True, Tags=STORE_TAGS)["FileSystemArn"]
    tags = {each["Key"]: each["Value"] for each in STORE_TAGS}
    cognito: Any = session.client("cognito-idp")
    cognito.create_user_pool(PoolName="customers", DeletionProtection="ACTIVE", UserPoolTags=tags)
    _vaults(session, key_arn)
    _plan(session, chosen)
    _copy_buckets(session, key_arn, elsewhere)


def _vaults(session: boto3.Session, key_arn: str) -> None:
    backup: Any = session.client("backup")
    tags = {each["Key"]: each["Value"] for each in STORE_TAGS}
    for name in ("guarded", "locked"):
        backup.create_backup_vault(BackupVaultName=name, EncryptionKeyArn=key_arn, BackupVaultTags=tags)
        backup.put_backup_vault_lock_configuration(BackupVaultName=name, MinRetentionDays=35, ChangeableForDays=3)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [_GUARD]})
    backup.put_backup_vault_access_policy(BackupVaultName="guarded", Policy=policy)


def _plan(session: boto3.Session, file_system: str) -> None:
    backup: Any = session.client("backup")
    copied = {"DestinationBackupVaultArn": f"arn:aws:backup:{_FAR}:{ACCOUNT}:backup-vault:far", "Lifecycle": _KEPT}
    rule = {"RuleName": "daily", "TargetBackupVaultName": "locked", "Lifecycle": _KEPT, "CopyActions": [copied]}
    tags = {each["Key"]: each["Value"] for each in TAGS}
    plan = {"BackupPlanName": "daily", "Rules": [{**rule, "ScheduleExpression": "cron(0 3 * * ? *)"}]}
    id_ = backup.create_backup_plan(BackupPlan=plan, BackupPlanTags=tags)["BackupPlanId"]
    owned = {"ConditionType": "STRINGEQUALS", "ConditionKey": TAGS[0]["Key"], "ConditionValue": TAGS[0]["Value"]}
    role = f"arn:aws:iam::{ACCOUNT}:role/backup"
    for name, chosen in (
        ("tables", {"Resources": ["arn:aws:dynamodb:*:*:table/*"]}),
        ("databases", {"ListOfTags": [owned], "NotResources": ["arn:aws:elasticfilesystem:*"]}),
        ("files", {"Resources": [file_system], "Conditions": _conditions()}),
    ):
        selection = {"SelectionName": name, "IamRoleArn": role, **chosen}
        backup.create_backup_selection(BackupPlanId=id_, BackupSelection=selection)
    timed = {
        "ScheduleExpression": "cron(0 9 ? * SUN *)",
        "RecoveryPointSelection": {"Algorithm": "LATEST_WITHIN_WINDOW"},
    }
    backup.create_restore_testing_plan(RestoreTestingPlan={"RestoreTestingPlanName": "weekly", **timed}, Tags=tags)
    for kind in ("Aurora", "RDS", "DynamoDB", "EFS"):
        wanted = {"RestoreTestingSelectionName": kind, "ProtectedResourceType": kind, "IamRoleArn": role}
        backup.create_restore_testing_selection(RestoreTestingPlanName="weekly", RestoreTestingSelection=wanted)


def _conditions() -> dict[str, Any]:
    first = TAGS[0]
    return {"StringEquals": [{"ConditionKey": f"aws:ResourceTag/{first['Key']}", "ConditionValue": first["Value"]}]}


def _copy_buckets(session: boto3.Session, key_arn: str, key_there: str) -> None:
    there: Any = session.client("s3", region_name=_FAR)
    there.create_bucket(Bucket="ledger-copies", CreateBucketConfiguration={"LocationConstraint": _FAR})
    s3: Any = session.client("s3")
    for name in ("ledger-one", "ledger-two"):
        own = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
        rules = [{"ApplyServerSideEncryptionByDefault": own, "BucketKeyEnabled": True}]
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
        labels = {"DataClassification": "confidential", "Purpose": "audit"}
        tags = [*TAGS, *({"Key": tag, "Value": value} for tag, value in labels.items())]
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
        s3.put_bucket_replication(Bucket=name, ReplicationConfiguration=_copied(key_there))


def _copied(key_there: str) -> dict[str, Any]:
    on = {"Status": "Enabled"}
    destination = {
        "Bucket": "arn:aws:s3:::ledger-copies",
        "EncryptionConfiguration": {"ReplicaKmsKeyID": key_there},
        "ReplicationTime": {**on, "Time": {"Minutes": 15}},
    }
    rule = {
        "ID": "everything",
        "Priority": 1,
        **on,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": on,
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": on},
        "Destination": destination,
    }
    return {"Role": f"arn:aws:iam::{ACCOUNT}:role/copies", "Rules": [rule]}
