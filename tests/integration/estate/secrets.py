"""Secrets and parameters."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import STORE_TAGS, TAGS, key

PASSES: Final = frozenset({"LG-ENC-12", "LG-ENC-19", "SecretsManager.1", "SecretsManager.4"})
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create a secret that is rotated, and a parameter that is encrypted."""
    key_arn = key(session)
    secrets: Any = session.client("secretsmanager")
    secrets.create_secret(Name="books", SecretString="-", KmsKeyId=key_arn, Tags=STORE_TAGS)
    secrets.rotate_secret(SecretId="books", RotationRules={"AutomaticallyAfterDays": 30})
    session.client("ssm").put_parameter(Name="/books/token", Value="-", Type="SecureString", KeyId=key_arn, Tags=TAGS)
