"""Policy documents of one service."""

from typing import Any


def trust(service: str) -> dict[str, Any]:
    """Return the document that lets `service` take a role."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}],
    }


def deny_plain_transport(arn: str) -> dict[str, Any]:
    """Return the bucket policy that refuses plain HTTP."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }


def allow_data(bucket: str, key: str) -> dict[str, Any]:
    """Return the policy of a service that reads and writes its bucket."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{bucket}/*"},
            {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": key},
        ],
    }
