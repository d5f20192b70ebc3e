"""Reads the policies of SQS queues."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.held_policies import allowed, messaging
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Cause, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.messaging import MessagingPolicy
from policies.facts.resource_policies import ResourcePolicy

_TYPE: Final = "aws:sqs/queue:Queue"
_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"
_QUEUES: Final = Paging("NextToken", ("QueueUrls",), may_lack=True)
_PAGE: Final = 1_000
"""Queues a page, without which SQS gives no further one. Source: ListQueues, SQS API reference, read 2026-11-30."""

_ASKED: Final = ["Policy", "QueueArn"]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in (MessagingPolicy, ResourcePolicy) if each in wanted)
    yield Task(Subject(place.arn("sqs", "*"), _TYPE, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in queue_pages(desk):
        for url in page.get("QueueUrls", ()):
            subject = Subject(place.arn("sqs", url.rpartition("/")[2]), _TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_read, subject, url, fact))


def queue_pages(desk: Desk) -> Iterator[Mapping[str, Any]]:
    """Yield the pages of the queues of a Region, as `Desk.pages` does.

    Raises:
        CallFailedError: A page has no answer, or lists nothing where there is a queue.
    """
    for page in desk.pages(_QUEUES, desk.aws.sqs.list_queues, MaxResults=_PAGE):
        if "QueueUrls" not in page:
            _confirm_none(desk)
        yield page


def _confirm_none(desk: Desk) -> None:
    """Ask once more where SQS lists nothing, which looks like an answer that nobody could read.

    Raises:
        CallFailedError: There is a queue after all.
    """
    first = desk.calls[-1]
    if "QueueUrls" in desk.one(desk.aws.sqs.list_queues, MaxResults=1):
        raise CallFailedError(Failure(first, Cause.UNPARSABLE, "asked again, there is a queue"))


def _read(subject: Subject, url: str, fact: type, desk: Desk) -> Iterator[Observed]:
    found: Any = desk.one(desk.aws.sqs.get_queue_attributes, QueueUrl=url, AttributeNames=_ASKED)["Attributes"]
    if found["QueueArn"] != subject.arn:
        raise ValueError("the answer is about another queue")
    # SQS leaves out the policy of a queue that has none.
    policy = found.get("Policy")
    yield Observed(subject, messaging("sqs", subject.arn, policy) if fact is MessagingPolicy else allowed(policy))


_CALLS: Final = ("sqs:GetQueueAttributes", "sqs:ListQueues")

READING: Final = Reading(
    service="sqs",
    regional=True,
    gives={MessagingPolicy: _CALLS, ResourcePolicy: _CALLS},
    begin=_begin,
    parts={(ResourcePolicy, _POLICY): ("queueUrl",)},
)
"""What can be read of queues."""
