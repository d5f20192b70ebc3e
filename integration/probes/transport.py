"""Plain HTTP to a bucket is refused."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from integration.probes.outcome import NotProvableHereError
from integration.probes.target import Target

_EVERYBODY = ("*", {"AWS": "*"})


def plain_http_refused(target: Target, bucket: str) -> str:
    """Read the bucket's policy, then ask the same over TLS and over plain HTTP with the same credentials.

    An anonymous request proves nothing: it is refused over TLS as well.

    Args:
        target: Where.
        bucket: Name of the bucket.

    Returns:
        What was wrong; empty when plain HTTP was refused and TLS was not.

    Raises:
        NotProvableHereError: The target enforces no policy, or the credentials may not even list over TLS.
    """
    if not denies_plain_http(_policy(target, bucket), bucket):
        return "its policy does not deny plain HTTP to everybody"
    target.demand_enforcement()
    if not _listed(target, bucket, encrypted=True):
        raise NotProvableHereError("these credentials may not list the bucket over TLS either")
    return "it was listed over plain HTTP" if _listed(target, bucket, encrypted=False) else ""


def denies_plain_http(policy: str, bucket: str) -> bool:
    """Tell whether a bucket policy denies everything to everybody who comes without TLS.

    Args:
        policy: JSON text; empty for none.
        bucket: Name of the bucket.
    """
    statements = json.loads(policy)["Statement"] if policy else []
    return any(_denies(each, bucket) for each in ([statements] if isinstance(statements, dict) else statements))


def _denies(statement: Mapping[str, Any], bucket: str) -> bool:
    condition = statement.get("Condition", {})
    # A second condition would let through whoever does not meet it.
    only_transport = list(condition) == ["Bool"] and list(condition["Bool"]) == ["aws:SecureTransport"]
    resources = {each.partition(":::")[2] for each in _listing(statement.get("Resource"))}
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in _EVERYBODY
        and only_transport
        and _listing(condition["Bool"]["aws:SecureTransport"]) in (["false"], [False])
        and not {"s3:*", "*"}.isdisjoint(_listing(statement.get("Action")))
        and {bucket, f"{bucket}/*"} <= resources
    )


def _listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _policy(target: Target, bucket: str) -> str:
    try:
        return target.s3().get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NoSuchBucketPolicy":
            return ""
        raise


def _listed(target: Target, bucket: str, *, encrypted: bool) -> bool:
    try:
        target.s3(encrypted=encrypted).list_objects_v2(Bucket=bucket, MaxKeys=1)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("AccessDenied", "403"):
            return False
        raise
    return True
