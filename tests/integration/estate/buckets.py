"""Buckets, and the trail that writes into one."""

import json
from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, TAGS, key

PASSES: Final = frozenset(
    {
        "CloudTrail.6",
        "CloudTrail.7",
        "LG-ENC-01",
        "LG-LOG-02",
        "LG-NET-15",
        "LG-RET-01",
        "LG-RET-02",
        "LG-RET-03",
        "LG-RET-04",
        "S3.15",
        "S3.17",
        "S3.5",
        "S3.8",
        "S3.9",
    }
)
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create two buckets that guard their objects, and a trail."""
    s3: Any = session.client("s3")
    key_arn = key(session)
    for name in ("ledger-one", "ledger-two"):
        s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [*STORE_TAGS, {"Key": "Purpose", "Value": "audit"}]})
        s3.put_bucket_policy(Bucket=name, Policy=_guarding(f"arn:aws:s3:::{name}"))
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
        encrypted = {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default, "BucketKeyEnabled": True}]}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=encrypted)
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [_KEPT]})
        lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}}}
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
        s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": _LOGGED})
    cloudtrail = session.client("cloudtrail")
    cloudtrail.create_trail(Name="books", S3BucketName="ledger-two", TagsList=TAGS, **_SENT)
    cloudtrail.start_logging(Name="books")


_SENT: Final = {
    "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:audit:*",
    "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/worker",
}
_LOGGED: Final = {"TargetBucket": "ledger-one", "TargetPrefix": "logs/"}
_KEPT: Final = {
    "ID": "records",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 2557},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


def _guarding(arn: str) -> str:
    """Return a policy that lets in neither plain text nor who deletes versions without a second factor."""
    everyone = {"Effect": "Deny", "Principal": "*"}
    plain_text = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Resource": [arn, f"{arn}/*"]}
    without_mfa = {"Condition": {"Null": {"aws:MultiFactorAuthAge": "true"}}, "Resource": f"{arn}/*"}
    statements = [
        {**everyone, "Action": "s3:*", **plain_text},
        {**everyone, "Action": "s3:DeleteObjectVersion", **without_mfa},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
