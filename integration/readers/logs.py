"""Reads log groups: their keys, how long they keep records, and their tags."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.keys import key_use
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.labels import labels_from
from policies.facts.log_groups import LogGroupKey, LogRetention, days_kept
from policies.facts.tagging import Tagged

TYPE: Final = "aws:cloudwatch/logGroup:LogGroup"

_GROUPS: Final = Paging("nextToken", ("logGroups",))

Answer = Mapping[str, Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _READS if each in wanted)
    yield Task(Subject(place.arn("logs", "log-group:*"), TYPE, place), facts, partial(_list_groups, place, facts))


def _list_groups(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.logs.describe_log_groups):
        for each in page["logGroups"]:
            # The ARN of a group ends in `:*` where its streams are meant too, and tags belong to the group alone.
            subject = Subject(each["arn"].removesuffix(":*"), TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_READS[fact], subject, {**each}))


def _read_key(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    fact = LogGroupKey(kms_key_id=key_use(desk, item.get("kmsKeyId"), failures))
    yield Observed(subject, fact, failures=tuple(failures))


def _read_retention(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    # A group that keeps its records for ever has no days.
    days = days_kept(item.get("retentionInDays", 0), item.get("logGroupClass", ""))
    labels = labels_from(item["logGroupName"], _tags(subject, desk))
    yield Observed(subject, LogRetention(retention_in_days=days, labels=labels))


def _read_tags(subject: Subject, _item: Answer, desk: Desk) -> Iterator[Observed]:
    yield tagged(subject, ({"Key": key, "Value": value} for key, value in _tags(subject, desk).items()))


def _tags(subject: Subject, desk: Desk) -> Mapping[str, str]:
    return desk.one(desk.aws.logs.list_tags_for_resource, resourceArn=subject.arn)["tags"]


_READS: Final[Mapping[type, Callable[[Subject, Answer, Desk], Iterator[Observed]]]] = {
    LogGroupKey: _read_key,
    LogRetention: _read_retention,
    Tagged: _read_tags,
}
_LIST: Final = "logs:DescribeLogGroups"

READING: Final = Reading(
    service="logs",
    regional=True,
    gives={
        LogGroupKey: (_LIST, "kms:DescribeKey"),
        LogRetention: (_LIST, "logs:ListTagsForResource"),
        Tagged: (_LIST, "logs:ListTagsForResource"),
    },
    begin=_begin,
)
"""What can be read of log groups."""
