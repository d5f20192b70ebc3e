"""Bucket policies: what a bucket refuses whoever asks, and who may deliver logs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from components.place import Place

Statement: TypeAlias = Mapping[str, Any]


def bucket_policy(statements: Sequence[Statement]) -> str:
    """Return a policy document, JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def modern_tls_only(bucket_arn: str) -> tuple[Statement, ...]:
    """Refuse requests in plain text, and TLS below 1.2."""
    return (
        _deny("PlainText", "s3:*", [bucket_arn, f"{bucket_arn}/*"], {"Bool": {"aws:SecureTransport": "false"}}),
        _deny("OldTls", "s3:*", [bucket_arn, f"{bucket_arn}/*"], {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    )


def own_keys_only(place: Place, bucket_arn: str) -> tuple[Statement, ...]:
    """Refuse objects that ask for no key at all, or for a key of another account.

    A request that asks for nothing gets the bucket's key, so it passes. The bucket's key itself is not
    named: its ARN is unknown until it exists, and the whole policy with it.

    Args:
        place: Where the keys are.
        bucket_arn: Bucket.
    """
    scheme = "s3:x-amz-server-side-encryption"
    key = f"{scheme}-aws-kms-key-id"
    # A negated comparison holds for an absent key too, hence the explicit test that it is there.
    other_scheme = {"Null": {scheme: "false"}, "StringNotEquals": {scheme: "aws:kms"}}
    other_key = {"Null": {key: "false"}, "ArnNotLike": {key: place.arn("kms", "key/*")}}
    return (
        _deny("OtherEncryption", "s3:PutObject", f"{bucket_arn}/*", other_scheme),
        _deny("OtherKey", "s3:PutObject", f"{bucket_arn}/*", other_key),
    )


def version_deletion_with_mfa_only(bucket_arn: str) -> tuple[Statement, ...]:
    """Refuse to delete a version for anybody who did not sign in with a second factor."""
    without = {"Null": {"aws:MultiFactorAuthAge": "true"}}
    return (_deny("VersionDeletionWithoutMfa", "s3:DeleteObjectVersion", f"{bucket_arn}/*", without),)


def access_log_delivery(place: Place, bucket: str, sources: Sequence[str]) -> tuple[Statement, ...]:
    """Let S3 deliver the access logs of these buckets.

    Args:
        place: Account of the buckets.
        bucket: Name of the bucket that receives the logs.
        sources: Names of the buckets that are logged.
    """
    return (
        {
            "Sid": "AccessLogDelivery",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{place.bucket_arn(bucket)}/*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": place.account_id},
                "ArnLike": {"aws:SourceArn": [place.bucket_arn(source) for source in sources]},
            },
        },
    )


def read_by_distribution(bucket_arn: str, distribution_arn: str) -> tuple[Statement, ...]:
    """Let one CloudFront distribution read objects.

    Args:
        bucket_arn: Bucket.
        distribution_arn: Distribution.
    """
    return (
        {
            "Sid": "ReadByDistribution",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject",
            "Resource": f"{bucket_arn}/*",
            "Condition": {"StringEquals": {"aws:SourceArn": distribution_arn}},
        },
    )


def _deny(sid: str, action: str, resource: str | list[str], condition: Mapping[str, Any]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }
