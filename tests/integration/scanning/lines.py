"""Lines whose answers are written down in the test."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import boto3

from integration.readers import operations_for
from integration.scanning.asker import Asker, Desk
from integration.scanning.calls import Call, Trouble
from integration.scanning.observed import Observed, Place, Reading, Unread
from integration.scanning.outcome import Outcome
from integration.scanning.scan import Carrier, scan
from integration.session import Connections

Answer = Mapping[str, Any] | Trouble


class CannedLine:
    """Answers each operation with what is written for it, one after the other; the last one again and again.

    Args:
        answers: Name of an operation → its answers.
    """

    def __init__(self, answers: Mapping[str, Answer | list[Answer]]) -> None:
        self.asked: list[Call] = []
        self._answers = {name: [*given] if isinstance(given, list) else [given] for name, given in answers.items()}

    def outcome(self, call: Call, _operation: Callable[..., Any], _parameters: Mapping[str, Any]) -> Outcome:
        """See `Line.outcome`."""
        self.asked.append(call)
        answers = self._answers[call.operation]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return Outcome(call, trouble=answer) if isinstance(answer, Trouble) else Outcome(call, answer=answer)


def nobody() -> Connections:
    """Return connections whose clients are never called."""
    return Connections(boto3.Session("key", "secret", region_name="eu-west-1"), operations_for())


def desk(line: CannedLine) -> Desk:
    """Return where a reader asks."""
    return Desk(Asker(line, lambda _: None), nobody().clients("eu-west-1"))


PLACE = Place("111122223333", "eu-west-1")


def read(reading: Reading, line: CannedLine, facts: Iterable[type]) -> list[Observed | Unread]:
    """Return what a reader makes of these answers, in the order of the ARNs."""
    place = PLACE if reading.regional else Place(PLACE.account, "")
    tasks = reading.begin(place, frozenset(facts))
    found = scan(Carrier(nobody(), Asker(line, lambda _: None), PLACE.region, workers=1), tasks)
    return sorted(found, key=lambda each: each.subject)
