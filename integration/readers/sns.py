"""Reads SNS topics: what encrypts their messages, and their policies."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from integration.readers.held_policies import allowed, messaging
from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.messaging import MessagingPolicy, TopicKey
from policies.facts.resource_policies import ResourcePolicy

_TYPE: Final = "aws:sns/topic:Topic"
_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
_TOPICS: Final = Paging("NextToken", ("Topics",))


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _READS if each in wanted)
    yield Task(Subject(place.arn("sns", "*"), _TYPE, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_TOPICS, desk.aws.sns.list_topics):
        for each in page["Topics"]:
            subject = Subject(each["TopicArn"], _TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_read, subject, _READS[fact]))


Read = Callable[[Desk, Subject, Any, list[Failure]], Any]


def _read(subject: Subject, read: Read, desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.sns.get_topic_attributes, TopicArn=subject.arn)["Attributes"]
    if found["TopicArn"] != subject.arn:
        raise ValueError("the answer is about another topic")
    failures: list[Failure] = []
    yield Observed(subject, read(desk, subject, found, failures), failures=tuple(failures))


def _key(desk: Desk, _subject: Subject, found: Any, failures: list[Failure]) -> TopicKey:
    return TopicKey(kms_master_key_id=key_use(desk, found.get("KmsMasterKeyId"), failures))


# A topic always has a policy.
_READS: Final[dict[type, Read]] = {
    MessagingPolicy: lambda _desk, subject, found, _failures: messaging("sns", subject.arn, found["Policy"]),
    ResourcePolicy: lambda _desk, _subject, found, _failures: allowed(found["Policy"]),
    TopicKey: _key,
}
_CALLS: Final = ("sns:GetTopicAttributes", "sns:ListTopics")

READING: Final = Reading(
    service="sns",
    regional=True,
    gives={MessagingPolicy: _CALLS, ResourcePolicy: _CALLS, TopicKey: ("kms:DescribeKey", *_CALLS)},
    begin=_begin,
    parts={(ResourcePolicy, _POLICY): ("arn",)},
)
"""What can be read of topics."""
