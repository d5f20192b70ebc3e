"""Reads CloudWatch alarms: one list tells all of them."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.alarms import Alarm

_METRIC: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
_COMPOSITE: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
_MEMBERS: Final = {"MetricAlarms": _METRIC, "CompositeAlarms": _COMPOSITE}
"""Member of an answer → type token of what it lists."""

_ALARMS: Final = Paging("NextToken", tuple(_MEMBERS))


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(Subject(place.arn("cloudwatch", "alarm:*"), _METRIC, place), (Alarm,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    kinds = ["MetricAlarm", "CompositeAlarm"]
    for page in desk.pages(_ALARMS, desk.aws.cloudwatch.describe_alarms, AlarmTypes=kinds):
        for member, token in _MEMBERS.items():
            for each in page[member]:
                subject = Subject(each["AlarmArn"], token, place)
                yield Task(subject, (Alarm,), partial(_read, subject, each))


def _read(subject: Subject, item: Any, _desk: Desk) -> Iterator[Observed]:
    fact = Alarm(actions_enabled=item["ActionsEnabled"], alarm_actions=tuple(item["AlarmActions"]))
    yield Observed(subject, fact)


READING: Final = Reading(
    service="cloudwatch", regional=True, gives={Alarm: ("cloudwatch:DescribeAlarms",)}, begin=_begin
)
"""What can be read of alarms."""
