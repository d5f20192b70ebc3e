"""The bucket of one service, and what goes with it."""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
from documents import deny_plain_transport


def make_bucket(label: str, tags: Mapping[str, str], key: aws.kms.Key, opts: pulumi.ResourceOptions) -> aws.s3.Bucket:
    """Make the bucket of a service's data, with its five companions."""
    bucket = aws.s3.Bucket(
        f"{label}-data",
        bucket=f"{label}-data-0123456789",
        force_destroy=False,
        object_lock_enabled=True,
        tags={**tags, "Name": f"{label}-data", "Backup": "daily", "Region": "eu-central-1"},
        opts=opts,
    )
    _make_access(label, bucket, key, opts)
    _make_lifecycle(label, bucket, opts)
    return bucket


def _make_access(label: str, bucket: aws.s3.Bucket, key: aws.kms.Key, opts: pulumi.ResourceOptions) -> None:
    aws.s3.BucketPublicAccessBlock(
        f"{label}-public",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    aws.s3.BucketPolicy(
        f"{label}-policy",
        bucket=bucket.id,
        policy=bucket.arn.apply(lambda arn: json.dumps(deny_plain_transport(arn))),
        opts=opts,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{label}-encryption",
        bucket=bucket.id,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                bucket_key_enabled=True,
                apply_server_side_encryption_by_default=(
                    aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="aws:kms", kms_master_key_id=key.arn
                    )
                ),
            )
        ],
        opts=opts,
    )


def _make_lifecycle(label: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions) -> None:
    versioning = aws.s3.BucketVersioning(
        f"{label}-versioning",
        bucket=bucket.id,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=opts,
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{label}-lifecycle",
        bucket=bucket.id,
        rules=[
            {
                "id": f"tier-{prefix}",
                "status": "Enabled",
                "filter": {"prefix": f"{prefix}/"},
                "transitions": [
                    {"days": 30, "storage_class": "STANDARD_IA"},
                    {"days": 365, "storage_class": "GLACIER"},
                ],
                "noncurrent_version_expiration": {"noncurrent_days": 2557},
                "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
            }
            for prefix in ("raw", "clean", "audit")
        ],
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[versioning])),
    )
