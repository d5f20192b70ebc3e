"""Every call of a full scan is made to fail once: what needed it is undecided, and the rest is judged as ever."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, ItemsView, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError

from integration.readers import READINGS
from integration.sandbox import Sandbox
from integration.scanning.asker import LiveLine
from integration.scanning.calls import Call
from integration.scanning.limits import Limits
from integration.scanning.observed import Observed
from integration.scanning.outcome import Outcome
from integration.session import Connections
from policies.catalogue import load_catalogue
from tests.integration.estate import ACCOUNT, PASSES, Scanned, connections_to, furnish, scanned
from tests.integration.estate.edge import ORIGIN_HEADER, ORIGIN_SECRET

pytestmark = pytest.mark.timeout(400)
"""There are about a hundred calls, each of which fails in five ways."""

_PATH = re.compile(r"\w\[\d+\]")
"""A path in a fact, which nobody knows who reads a message."""

Fault = Callable[[Call, Any], AWSResponse | None]

_JSON = (
    "acm",
    "apigateway",
    "backup",
    "cloudtrail",
    "cloudwatch",
    "cognito-idp",
    "dynamodb",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "emr",
    "events",
    "guardduty",
    "inspector2",
    "kms",
    "lambda",
    "logs",
    "resourcegroupstaggingapi",
    "scheduler",
    "secretsmanager",
    "sqs",
    "ssm",
    "wafv2",
)
_ERRORS = {
    "ec2": "<Response><Errors><Error><Code>{}</Code></Error></Errors></Response>",
    **dict.fromkeys(_JSON, '{{"__type": "{}"}}'),
    "s3": "<Error><Code>{}</Code></Error>",
}
_QUERY_ERROR = "<ErrorResponse><Error><Code>{}</Code></Error></ErrorResponse>"


class _Raw:
    def __init__(self, body: str) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        """Yield the body, as urllib3 does."""
        yield self._body.encode()


def _answer(request: Any, status: int, body: str) -> AWSResponse:
    return AWSResponse(request.url, status, HTTPHeaders(), _Raw(body))


def _error(status: int, code: str) -> Fault:
    return lambda call, request: _answer(request, status, _ERRORS.get(call.service, _QUERY_ERROR).format(code))


def _timed_out(_call: Call, request: Any) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=request.url)


FAULTS: Mapping[str, tuple[Fault, tuple[str, ...]]] = {
    "denied": (_error(403, "AccessDenied"), ("denied",)),
    "throttled": (_error(400, "Throttling"), ("throttled",)),
    "timed out": (_timed_out, ("timed out",)),
    # botocore takes unreadable answers of S3 for errors that S3 sends with status 200.
    "garbage": (lambda _, request: _answer(request, 200, "<html>502 Bad Gateway"), ("unparsable", "refused")),
}
"""What goes wrong → how, and the causes of which the audit must name one."""


@dataclass
class FaultyLine:
    """Sends calls to the sandbox, one of which goes wrong on the wire.

    Args:
        connections: Whose clients are tampered with.
        victim: The call that goes wrong.
        fault: How.
        answered: What is known of calls that go well, so that they need not be sent again.
        sent: How often each call went over the wire.
    """

    connections: Connections
    victim: Call | None = None
    fault: Fault | None = None
    answered: Mapping[Call, Outcome] = field(default_factory=dict)
    sent: Counter[Call] = field(default_factory=Counter)
    _now: threading.local = field(default_factory=threading.local)
    _tampered: set[int] = field(default_factory=set)

    def outcome(self, call: Call, operation: Callable[..., Any], parameters: Mapping[str, Any]) -> Outcome:
        """See `Line.outcome`."""
        if call != self.victim and call in self.answered:
            return self.answered[call]
        self._now.call = call
        client = operation.__self__  # type: ignore[attr-defined]  # a client's method
        if id(client) not in self._tampered:
            self._tampered.add(id(client))
            client.meta.events.register_first("before-send", self._tamper)
        return LiveLine(Limits(None)).outcome(call, operation, parameters)

    def _tamper(self, request: Any, **_: Any) -> AWSResponse | None:
        self.sent[self._now.call] += 1
        hit = self.fault is not None and self._now.call == self.victim
        return self.fault(self._now.call, request) if hit and self.fault else None


@dataclass(frozen=True)
class Story:
    """An account, and how it looks when nothing goes wrong: as a whole, and what each reader tells of it."""

    session: boto3.Session
    line: FaultyLine
    healthy: Scanned
    by_reading: Mapping[str, Scanned]


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    """Furnish a sandbox and scan it."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        furnish(sandbox.session())
        connections = connections_to(sandbox.session())
        line = FaultyLine(connections)
        alone = {each.service: scanned(connections, line=line, readings=[each]) for each in READINGS}
        story = Story(sandbox.session(), line, scanned(connections, line=line), alone)
        line.answered = {outcome.call: outcome for outcome in story.healthy.outcomes}
        yield story


def test_a_healthy_account_passes(story: Story) -> None:
    """Without a fault nothing is undecided, every control has a subject, and no call is made twice."""
    counts = Counter(each.status.value for each in story.healthy.findings)
    assert counts.keys() == {"pass", "not_applicable"}
    assert {each.control for each in story.healthy.findings if each.status.value == "pass"} == PASSES
    assert len(story.healthy.calls) == len(set(story.healthy.calls)) > 20


def test_no_answer_holds_a_secret(story: Story) -> None:
    """What a listener demands of whoever comes from the edge is in no answer that is kept; that it demands it is."""
    kept = json.dumps([each.to_json() for each in story.healthy.outcomes])
    assert ORIGIN_HEADER in kept
    assert ORIGIN_SECRET not in kept


def test_readers_ask_what_a_scan_asks(story: Story) -> None:
    """What the readers ask one by one is what a full scan asks, so that calls can be made to fail reader by reader."""
    alone = {call for each in story.by_reading.values() for call in each.calls}
    assert alone == {*story.healthy.calls}


@pytest.mark.parametrize("kind", FAULTS)
def test_no_failed_call_lets_anything_pass(story: Story, kind: str) -> None:
    """Whichever call fails, every control that needed it says which one and what it needs; no other verdict changes."""
    fault, causes = FAULTS[kind]
    for victim, healthy, found in _each_failing(story, fault):
        failed = {
            each.control: each.evidence["failed"][0]
            for each in found.findings
            if each.status.value == "unknown" and str(victim) in each.message
        }
        needed = _needing(victim, healthy) - _decided_without(victim, found)
        assert failed, victim
        assert {control for control, _ in needed} <= failed.keys(), victim
        assert {each["cause"] for each in failed.values()} <= {*causes}, victim
        assert {each["call"] for each in failed.values()} == {str(victim)}
        after = found.verdicts()
        assert not [key for key in needed if after.get(key) == "pass"], victim
        assert not [each.message for each in found.findings if _PATH.search(each.message)], victim
        unchanged = {key: said for key, said in healthy.verdicts().items() if key not in needed and said == "pass"}
        assert unchanged.items() <= after.items(), victim


def test_an_empty_answer_is_no_pass(story: Story) -> None:
    """An answer that parses and says nothing passes nobody."""

    def empty(call: Call, request: Any) -> AWSResponse:
        return _answer(request, 200, "{}" if call.service in _JSON else "<empty/>")

    for victim, healthy, found in _each_failing(story, empty):
        after = found.verdicts()
        needed = _needing(victim, healthy) - _decided_without(victim, found)
        assert not [key for key in needed if after.get(key) == "pass"], victim


def _each_failing(story: Story, fault: Fault) -> Iterator[tuple[Call, Scanned, Scanned]]:
    """Yield each call, the scan in which nothing fails, and the one in which this call does."""
    for reading in READINGS:
        healthy = story.by_reading[reading.service]
        for victim in healthy.calls:
            story.line.victim, story.line.fault = victim, fault
            yield victim, healthy, scanned(story.line.connections, line=story.line, readings=[reading])
    story.line.victim = story.line.fault = None


def _needing(victim: Call, healthy: Scanned) -> set[tuple[str, str]]:
    """Return what was judged by the call, or by a further page, to which it alone leads."""
    led_to = {str(call) for call in healthy.calls if _is_page_after(victim, call)}
    said = [each for each in healthy.findings if led_to.intersection(each.evidence.get("calls", ()))]
    return {(each.control, each.arn) for each in said}


def _is_page_after(victim: Call, call: Call) -> bool:
    same = (call.service, call.operation, call.region) == (victim.service, victim.operation, victim.region)
    asked, further = json.loads(victim.parameters).items(), json.loads(call.parameters).items()
    return call == victim or (same and asked < further and len(further) == len(asked) + 1 and _names_a_page(further))


def _names_a_page(parameters: ItemsView[str, Any]) -> bool:
    return any("Token" in name or "Marker" in name for name, _ in parameters)


def _decided_without(victim: Call, found: Scanned) -> set[tuple[str, str]]:
    """Return what was decided although the call left a field of its fact unknown.

    Whoever reads an unknown field is undecided, so these controls read others; several judge one fact.
    """
    partly = {
        (type(each.fact), each.subject.arn)
        for each in found.found
        if isinstance(each, Observed) and any(failure.call == victim for failure in each.failures)
    }
    facts = {control.id: control.fact for control in load_catalogue().controls.values()}
    return {
        (each.control, each.arn)
        for each in found.findings
        if each.status.value != "unknown" and (facts[each.control], each.arn) in partly
    }


def test_a_call_that_is_throttled_within_the_budget(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is tried as often as allowed: what succeeds at last is judged, with one call and no finding about it."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    line = FaultyLine(connections_to(story.session, attempts=3))
    line.victim = next(call for call in story.healthy.calls if call.operation == "GetPublicAccessBlock")
    throttled = _error(503, "SlowDown")
    line.fault = lambda call, request: throttled(call, request) if line.sent[call] < 3 else None
    found = scanned(line.connections, line=line, select=("S3.8",))
    assert line.sent[line.victim] == 3
    assert found.verdicts().items() <= story.healthy.verdicts().items()
