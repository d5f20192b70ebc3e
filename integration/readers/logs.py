"""Reads the tags of log groups."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.tagging import Tagged

TYPE: Final = "aws:cloudwatch/logGroup:LogGroup"

_GROUPS: Final = Paging("nextToken", ("logGroups",))


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(Subject(place.arn("logs", "log-group:*"), TYPE, place), (Tagged,), partial(_list_groups, place))


def _list_groups(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.logs.describe_log_groups):
        for each in page["logGroups"]:
            # The ARN of a group ends in `:*` where its streams are meant too, and tags belong to the group alone.
            subject = Subject(each["arn"].removesuffix(":*"), TYPE, place)
            yield Task(subject, (Tagged,), partial(_read_tags, subject))


def _read_tags(subject: Subject, desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.logs.list_tags_for_resource, resourceArn=subject.arn)["tags"]
    yield tagged(subject, ({"Key": key, "Value": value} for key, value in found.items()))


READING: Final = Reading(
    service="logs",
    regional=True,
    gives={Tagged: ("logs:DescribeLogGroups", "logs:ListTagsForResource")},
    begin=_begin,
)
