"""One bucket with everything that a bucket needs: the smallest program that passes the gate.

Judge it with `python -m policies.gate examples/minimal`.
"""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
suffix = config.require("suffix")
account = aws.get_caller_identity().account_id

tags = {
    "Environment": "dev",
    "Owner": "platform",
    "CostCenter": "cc-1000",
    "ManagedBy": "Pulumi",
    "Project": pulumi.get_project(),
    "Compliance": "pci-dss",
}


def policy(*statements: dict) -> str:
    """Write a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def protect(name: str, bucket: aws.s3.Bucket, encryption: dict, days: int, *statements: dict) -> None:
    """Make what no bucket should be without."""
    arn = f"arn:aws:s3:::minimal-{name}-{suffix}"
    tls_only = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    block = aws.s3.BucketPublicAccessBlock(
        name,
        region=region,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    aws.s3.BucketPolicy(
        name,
        region=region,
        bucket=bucket.id,
        policy=policy(tls_only, *statements),
        opts=pulumi.ResourceOptions(depends_on=[block]),
    )
    aws.s3.BucketServerSideEncryptionConfiguration(name, region=region, bucket=bucket.id, rules=[encryption])
    versioning = aws.s3.BucketVersioning(
        name, region=region, bucket=bucket.id, versioning_configuration={"status": "Enabled"}
    )
    aws.s3.BucketLifecycleConfiguration(
        name,
        region=region,
        bucket=bucket.id,
        rules=[
            {
                "id": "retention",
                "status": "Enabled",
                "filter": {"prefix": ""},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                "noncurrent_version_expiration": {"noncurrent_days": days},
            }
        ],
        opts=pulumi.ResourceOptions(depends_on=[versioning]),
    )


key = aws.kms.Key(
    "data",
    region=region,
    description="Encrypts the data bucket",
    enable_key_rotation=True,
    rotation_period_in_days=365,
    deletion_window_in_days=30,
    policy=policy(
        {
            "Sid": "AccountDecides",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ),
    tags=tags,
)

logs = aws.s3.Bucket(
    "logs",
    region=region,
    bucket=f"minimal-logs-{suffix}",
    tags={**tags, "DataClassification": "internal", "Purpose": "access-logs"},
)
protect(
    "logs",
    logs,
    # S3 delivers access logs under its own key only.
    {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}},
    365,
    {
        "Sid": "AccessLogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::minimal-logs-{suffix}/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::minimal-data-{suffix}"},
        },
    },
)

data = aws.s3.Bucket(
    "data",
    region=region,
    bucket=f"minimal-data-{suffix}",
    tags={**tags, "DataClassification": "internal"},
)
protect(
    "data",
    data,
    {
        "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn},
        "bucket_key_enabled": True,
    },
    30,
)
aws.s3.BucketLogging("data", region=region, bucket=data.id, target_bucket=logs.id, target_prefix="data/")

pulumi.export("bucket", data.bucket)
