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


def default_key_only(bucket_arn: str, key_arn: str) -> tuple[Statement, ...]:
    """Refuse objects that ask for another encryption than the bucket's own.

    A request that asks for none gets the bucket's key, so it passes.

    Args:
        bucket_arn: Bucket.
        key_arn: Its key.
    """
    scheme = "s3:x-amz-server-side-encryption"
    key = f"{scheme}-aws-kms-key-id"
    return (
        _deny("OtherEncryption", "s3:PutObject", f"{bucket_arn}/*", _given_and_not(scheme, "aws:kms")),
        _deny("OtherKey", "s3:PutObject", f"{bucket_arn}/*", _given_and_not(key, key_arn)),
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


def _deny(sid: str, action: str, resource: str | list[str], condition: Mapping[str, Any]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


def _given_and_not(key: str, wanted: str) -> Mapping[str, Any]:
    # A negated comparison holds for an absent key too, hence the explicit test that it is there.
    return {"Null": {key: "false"}, "StringNotEquals": {key: wanted}}
