"""S3 buckets."""

from typing import Any, Final

from botocore.exceptions import ClientError

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.tags import tag_list, tags_from

_HOME: Final = "us-east-1"
"""The one Region that CreateBucket takes for granted."""


def _create_bucket(subject: Subject) -> str:
    name = str(subject.inputs["bucket"])
    settings: dict[str, Any] = {"ObjectLockEnabledForBucket": subject.inputs.get("objectLockEnabled") is True}
    if subject.place.region != _HOME:
        settings["CreateBucketConfiguration"] = {"LocationConstraint": subject.place.region}
    subject.aws.s3.create_bucket(Bucket=name, **settings)
    return name


def _read_bucket(subject: Subject) -> Properties:
    s3, name, region = subject.aws.s3, subject.id, subject.place.region
    found = s3.head_bucket(Bucket=name)
    domain = "amazonaws.com"
    return {
        "arn": f"arn:{subject.place.partition}:s3:::{name}",
        "bucket": name,
        "bucketDomainName": f"{name}.s3.{domain}",
        "bucketRegion": found.get("BucketRegion", region),
        "bucketRegionalDomainName": f"{name}.s3.{region}.{domain}",
        "region": region,
        "tagsAll": _tags(subject),
    }


def _tags(subject: Subject) -> dict[str, str]:
    # A bucket without tags answers with an error, so nobody asks for what is not there.
    if not subject.inputs.get("tagsAll"):
        return {}
    try:
        return tags_from(subject.aws.s3.get_bucket_tagging(Bucket=subject.id)["TagSet"])
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NoSuchTagSet":
            return {}
        raise


def _set_tags(subject: Subject) -> None:
    if tags := tag_list(subject):
        subject.aws.s3.put_bucket_tagging(Bucket=subject.id, Tagging={"TagSet": tags})
    elif subject.before.get("tagsAll"):
        subject.aws.s3.delete_bucket_tagging(Bucket=subject.id)


def _delete_bucket(subject: Subject) -> None:
    if subject.inputs.get("forceDestroy") is True:
        _empty(subject)
    subject.aws.s3.delete_bucket(Bucket=subject.id)


def _empty(subject: Subject) -> None:
    s3 = subject.aws.s3
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=subject.id):
        for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            given: Any = {"Key": each["Key"], "VersionId": each["VersionId"]}
            s3.delete_object(Bucket=subject.id, BypassGovernanceRetention=True, **given)


HANDLERS: Final = (
    Handler(
        type="aws:s3/bucket:Bucket",
        create=_create_bucket,
        read=_read_bucket,
        delete=_delete_bucket,
        fixed=("bucket", "objectLockEnabled"),
        settings=put(_set_tags, "tagsAll"),
        ignored={"forceDestroy": "used when the bucket is deleted"},
    ),
)
