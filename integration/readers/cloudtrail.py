"""Reads whether trails send their records to CloudWatch Logs, and when the last ones arrived."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.properties import UNKNOWN
from policies.facts.trails import Delivery, TrailDelivery

_TYPE: Final = "aws:cloudtrail/trail:Trail"
_HOUR: Final = timedelta(hours=1)


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(Subject(place.arn("cloudtrail", "trail/*"), _TYPE, place), (TrailDelivery,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for each in desk.one(desk.aws.cloudtrail.describe_trails, includeShadowTrails=False)["trailList"]:
        subject = Subject(each["TrailARN"], _TYPE, place)
        yield Task(subject, (TrailDelivery,), partial(_read, subject, each))


def _read(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    fact = TrailDelivery(
        cloud_watch_logs_group_arn=item.get("CloudWatchLogsLogGroupArn", ""),
        cloud_watch_logs_role_arn=item.get("CloudWatchLogsRoleArn", ""),
        delivery=_delivery(subject.arn, desk, failures),
    )
    yield Observed(subject, fact, failures=tuple(failures))


def _delivery(arn: str, desk: Desk, failures: list[Failure]) -> Any:
    try:
        found = desk.one(desk.aws.cloudtrail.get_trail_status, Name=arn)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    _ = found["IsLogging"]
    # Nothing has been delivered where no time is told.
    last = found.get("LatestCloudWatchLogsDeliveryTime")
    return Delivery(hours_ago=None if last is None else (desk.now - datetime.fromisoformat(last)) // _HOUR)


READING: Final = Reading(
    service="cloudtrail",
    regional=True,
    gives={TrailDelivery: ("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus")},
    begin=_begin,
)
"""What can be read of trails; S3's reading tells of the buckets that they write into."""
