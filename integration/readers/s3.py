"""Reads S3 buckets: one list in each Region, then the calls for each setting of each bucket that is wanted."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers import buckets
from integration.readers.bucket_copies import COPY_OPERATIONS, RESIDENCY_OPERATIONS, read_copies, read_replication
from integration.readers.buckets import CALLS
from integration.readers.tags import tagged
from integration.readers.trails import TRAIL_CALLS, trail_tasks
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.copies import Copies
from policies.facts.resource_policies import ResourcePolicy
from policies.facts.s3 import Bucket
from policies.facts.s3.access_log import BucketAccessLog
from policies.facts.s3.encryption import BucketAlgorithms, BucketEncryption
from policies.facts.s3.grants import BucketGrants
from policies.facts.s3.lifecycle import BucketLifecycle
from policies.facts.s3.lock import BucketLock
from policies.facts.s3.policy import BucketPolicy
from policies.facts.s3.replication import BucketReplication
from policies.facts.s3.version_deletion import VersionDeletion
from policies.facts.s3.versioning import BucketVersioning
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:s3/bucket:Bucket"

_BUCKETS: Final = Paging("ContinuationToken", ("Buckets",))
_PAGE: Final = 10_000
"""Buckets a page, the most that S3 gives. Source: ListBuckets, Amazon S3 API reference, read 2026-11-20."""

_READS: Final[Mapping[type, Callable[[Desk, str, str], Any]]] = {
    Bucket: lambda desk, name, _arn: buckets.read_access_block(desk, name),
    BucketAccessLog: buckets.read_access_log,
    BucketAlgorithms: lambda desk, name, _arn: buckets.read_algorithms(desk, name),
    BucketGrants: buckets.read_grants,
    BucketLifecycle: lambda desk, name, _arn: buckets.read_lifecycle(desk, name),
    BucketLock: lambda desk, name, _arn: buckets.read_lock(desk, name),
    BucketPolicy: buckets.read_policy,
    ResourcePolicy: lambda desk, name, _arn: buckets.read_allowed(desk, name),
    BucketVersioning: lambda desk, name, _arn: buckets.read_versioning(desk, name),
    VersionDeletion: buckets.read_version_deletion,
}
"""Fact → what reads it of a bucket's name and ARN."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    of_buckets = tuple(wanted - TRAIL_CALLS.keys())
    if of_buckets:
        yield Task(_subject(place, "*"), of_buckets, partial(_list_buckets, place, wanted))
    yield from trail_tasks(place, wanted)


def _list_buckets(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_BUCKETS, desk.aws.s3.list_buckets, MaxBuckets=_PAGE, BucketRegion=place.region):
        for each in page["Buckets"]:
            yield from _tasks(_subject(place, each["Name"]), each["Name"], wanted)


def _tasks(subject: Subject, name: str, wanted: frozenset[type]) -> Iterator[Task]:
    """Yield a task for each fact, so that what fails for one leaves the others alone."""
    for fact, read in _READS.items():
        if fact in wanted:
            yield Task(subject, (fact,), partial(_observed, subject, name, read))
    if BucketEncryption in wanted:
        yield Task(subject, (BucketEncryption,), partial(_read_encryption, subject, name))
    if BucketReplication in wanted:
        yield Task(subject, (BucketReplication,), partial(_read_replication, subject, name))
    if Copies in wanted:
        yield Task(subject, (Copies,), partial(_read_copies, subject, name))
    if Tagged in wanted:
        yield Task(subject, (Tagged,), partial(_read_tags, subject, name))


def _observed(subject: Subject, name: str, read: Callable[[Desk, str, str], Any], desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, read(desk, name, subject.arn))


def _read_encryption(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    fact = buckets.read_encryption(desk, name, subject.arn, failures)
    yield Observed(subject, fact, failures=tuple(failures))


def _read_replication(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    yield read_replication(subject, name, desk)


def _read_copies(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    yield read_copies(subject, name, desk)


def _read_tags(subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    yield tagged(subject, buckets.read_tags(desk, name))


def _subject(place: Place, name: str) -> Subject:
    return Subject(f"arn:{place.partition}:s3:::{name}", _TYPE, place)


READING: Final = Reading(
    service="s3",
    regional=True,
    gives={
        **{fact: ("s3:ListBuckets", *calls) for fact, calls in CALLS.items()},
        BucketReplication: COPY_OPERATIONS,
        Copies: RESIDENCY_OPERATIONS,
        Tagged: ("s3:ListBuckets", "s3:GetBucketTagging"),
        **TRAIL_CALLS,
    },
    begin=_begin,
    parts={(ResourcePolicy, "aws:s3/bucketPolicy:BucketPolicy"): ("bucket",)},
)
