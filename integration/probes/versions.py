"""A deleted object version comes back."""

import uuid
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from integration.probes.outcome import NotProvableHereError
from integration.probes.target import Target

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_BODY = b"written by a probe, to be deleted and brought back"


def deleted_version_comes_back(target: Target, bucket: str) -> str:
    """Write an object, delete it, take the deletion back, and read it again.

    Args:
        target: Where.
        bucket: Name of the bucket.

    Returns:
        What was wrong; empty when it came back as it was.

    Raises:
        NotProvableHereError: What a probe writes would have to stay for years.
    """
    s3 = target.s3()
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        return "versioning is not enabled, so what is deleted is gone"
    if not target.disposable and _keeps_everything(s3, bucket):
        raise NotProvableHereError("the bucket keeps every object for years, that of a probe too")
    key = f"ledgergate-probe/{uuid.uuid4()}"
    written = s3.put_object(Bucket=bucket, Key=key, Body=_BODY)["VersionId"]
    try:
        return _deleted_and_back(s3, bucket, key, written)
    finally:
        _remove(s3, bucket, key)


def _deleted_and_back(s3: "S3Client", bucket: str, key: str, written: str) -> str:
    marker = s3.delete_object(Bucket=bucket, Key=key)
    if not marker.get("DeleteMarker"):
        return "a deletion left no delete marker"
    if _body(s3, bucket, key) is not None:
        return "a deleted object could still be read"
    _bring_back(s3, bucket, key, written, marker["VersionId"])
    return "" if _body(s3, bucket, key) == _BODY else "the object did not come back"


def _bring_back(s3: "S3Client", bucket: str, key: str, written: str, marker: str) -> None:
    """Take the delete marker away, or where only a second factor may do that, copy the deleted version over it."""
    try:
        s3.delete_object(Bucket=bucket, Key=key, VersionId=marker)
    except ClientError as error:
        if not _is_denied(error):
            raise
        s3.copy_object(Bucket=bucket, Key=key, CopySource={"Bucket": bucket, "Key": key, "VersionId": written})


def _is_denied(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in ("AccessDenied", "403")


def _body(s3: "S3Client", bucket: str, key: str) -> bytes | None:
    try:
        with s3.get_object(Bucket=bucket, Key=key)["Body"] as body:
            return body.read()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
            return None
        raise


def _keeps_everything(s3: "S3Client", bucket: str) -> bool:
    try:
        lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ObjectLockConfigurationNotFoundError":
            return False
        raise
    return "Rule" in lock


def _remove(s3: "S3Client", bucket: str, key: str) -> None:
    """Remove every version; where nobody may, a delete marker hides what stays."""
    found = s3.list_object_versions(Bucket=bucket, Prefix=key)
    try:
        for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
            s3.delete_object(Bucket=bucket, Key=key, VersionId=each["VersionId"])
    except ClientError as error:
        if not _is_denied(error):
            raise
        s3.delete_object(Bucket=bucket, Key=key)
