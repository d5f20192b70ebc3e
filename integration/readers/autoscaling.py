"""Reads which of its tags an Auto Scaling group hands on to its machines."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.tag_propagation import TagPropagation

_GROUP: Final = "aws:autoscaling/group:Group"
_TAG: Final = "aws:autoscaling/tag:Tag"
_GROUPS: Final = Paging("NextToken", ("AutoScalingGroups",))
_PAGE: Final = 100
"""Groups a page, the most there are. Source: DescribeAutoScalingGroups, API reference, read 2026-11-30."""


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    groups = Subject(place.arn("autoscaling", "autoScalingGroup:*"), _GROUP, place)
    yield Task(groups, (TagPropagation,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.autoscaling.describe_auto_scaling_groups, MaxRecords=_PAGE):
        for each in page["AutoScalingGroups"]:
            subject = Subject(each["AutoScalingGroupARN"], _GROUP, place)
            yield Task(subject, (TagPropagation,), partial(_read, subject, {**each}))


def _read(subject: Subject, group: Mapping[str, Any], _desk: Desk) -> Iterator[Observed]:
    handed_on = tuple(each["PropagateAtLaunch"] for each in group["Tags"])
    yield Observed(subject, TagPropagation(property="propagateAtLaunch", handed_on=handed_on))


READING: Final = Reading(
    service="autoscaling",
    regional=True,
    gives={TagPropagation: ("autoscaling:DescribeAutoScalingGroups",)},
    begin=_begin,
    parts={(TagPropagation, _TAG): ("autoscalingGroupName",)},
)
"""What can be read of Auto Scaling groups. A tag that a program makes by itself stands among those of its group."""
