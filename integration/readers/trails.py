"""Reads trails with the buckets that take their records. Those are S3's, so S3's reading begins these tasks too."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from integration.readers.buckets import CALLS, read_access_block, read_access_log, read_grants
from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.s3 import Bucket
from policies.facts.s3.access_log import BucketAccessLog
from policies.facts.s3.grants import BucketGrants
from policies.facts.trails import Exposure, TrailAccessLog, TrailExposure

_TYPE: Final = "aws:cloudtrail/trail:Trail"
_LIST: Final = "cloudtrail:DescribeTrails"

TRAIL_CALLS: Final[Mapping[type, tuple[str, ...]]] = {
    TrailAccessLog: (_LIST, *CALLS[BucketAccessLog]),
    TrailExposure: (_LIST, *CALLS[Bucket], *CALLS[BucketGrants]),
}
"""Fact → every call that it may take."""


def trail_tasks(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    """Yield the first task for the trails at home in a Region, if any fact about them is wanted."""
    facts = tuple(each for each in TRAIL_CALLS if each in wanted)
    everything = Subject(place.arn("cloudtrail", "trail/*"), _TYPE, place)
    if facts:
        yield Task(everything, facts, partial(_list_trails, place, facts))


def _list_trails(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for each in desk.one(desk.aws.cloudtrail.describe_trails, includeShadowTrails=False)["trailList"]:
        subject = Subject(each["TrailARN"], _TYPE, place)
        for fact in facts:
            yield Task(subject, (fact,), partial(_read, subject, each["S3BucketName"], fact))


def _read(subject: Subject, name: str, fact: type, desk: Desk) -> Iterator[Observed]:
    arn = f"arn:{subject.place.partition}:s3:::{name}"
    if fact is TrailAccessLog:
        yield Observed(subject, TrailAccessLog(bucket=read_access_log(desk, name, arn)))
    else:
        found = Exposure(access=read_access_block(desk, name), grants=read_grants(desk, name, arn))
        yield Observed(subject, TrailExposure(bucket=found))
