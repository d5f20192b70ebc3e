"""Reads S3 buckets: one list in each Region, then two calls for each bucket."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.s3 import Bucket
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:s3/bucket:Bucket"

_BUCKETS: Final = Paging("ContinuationToken", ("Buckets",))
_PAGE: Final = 10_000
"""Buckets a page, the most that S3 gives. Source: ListBuckets, Amazon S3 API reference, read 2026-11-20."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(_subject(place, "*"), tuple(wanted), partial(_list_buckets, place, wanted))


def _list_buckets(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_BUCKETS, desk.aws.s3.list_buckets, MaxBuckets=_PAGE, BucketRegion=place.region):
        for each in page["Buckets"]:
            subject = _subject(place, each["Name"])
            if Bucket in wanted:
                yield Task(subject, (Bucket,), partial(_read_bucket, subject, each["Name"]))
            if Tagged in wanted:
                yield Task(subject, (Tagged,), partial(_read_tags, subject, each["Name"]))


def _read_bucket(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    absent = "NoSuchPublicAccessBlockConfiguration"
    found = desk.one_or_none(absent, desk.aws.s3.get_public_access_block, Bucket=name)
    if found is None:
        yield Observed(subject, Bucket())
        return
    block = found["PublicAccessBlockConfiguration"]
    yield Observed(
        subject,
        Bucket(
            block_public_acls=block.get("BlockPublicAcls") is True,
            block_public_policy=block.get("BlockPublicPolicy") is True,
            ignore_public_acls=block.get("IgnorePublicAcls") is True,
            restrict_public_buckets=block.get("RestrictPublicBuckets") is True,
        ),
    )


def _read_tags(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    found = desk.one_or_none("NoSuchTagSet", desk.aws.s3.get_bucket_tagging, Bucket=name)
    yield tagged(subject, found["TagSet"] if found is not None else ())


def _subject(place: Place, name: str) -> Subject:
    return Subject(f"arn:{place.partition}:s3:::{name}", _TYPE, place)


READING: Final = Reading(
    service="s3",
    regional=True,
    gives={
        Bucket: ("s3:ListBuckets", "s3:GetPublicAccessBlock"),
        Tagged: ("s3:ListBuckets", "s3:GetBucketTagging"),
    },
    begin=_begin,
)
