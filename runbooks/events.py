"""What a journal holds: one record for each thing that was about to happen or had happened.

Every event has two times: `at` is that of the drill, which runs faster in a rehearsal, and `wall` that of the wall,
which the journal writes itself. Both are seconds since 1970.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from runbooks.errors import JournalError
from runbooks.model import Outcome, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A plan is about to be run.

    Args:
        plan: The plan, JSON data.
        plan_hash: Its hash, SHA-256, hex.
        rehearsal: Whether it runs against a sandbox.
        approvals: Who approved the hash: approver's name, key, time and signature.
    """

    at: float
    plan: Mapping[str, Any]
    plan_hash: str
    rehearsal: bool
    approvals: tuple[Mapping[str, Any], ...] = ()
    wall: float = 0.0
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A step is about to act. What it found is what its undo brings back.

    Nothing is wanted by a step that does not act itself, and promises to bring back what it found.
    """

    at: float
    step: str
    before: State
    wanted: State
    undo: str
    wall: float = 0.0
    kind: Literal["intent"] = "intent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """An act took effect."""

    at: float
    step: str
    note: str = ""
    wall: float = 0.0
    kind: Literal["acted"] = "acted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A step is through: what it demands holds."""

    at: float
    step: str
    note: str = ""
    wall: float = 0.0
    kind: Literal["passed"] = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """The drill does not go on; what took effect is taken back from here."""

    at: float
    outcome: Outcome
    reason: str
    step: str = ""
    wall: float = 0.0
    kind: Literal["stopping"] = "stopping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """An undo is about to be called."""

    at: float
    step: str
    wall: float = 0.0
    kind: Literal["undoing"] = "undoing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The state before a step is there again."""

    at: float
    step: str
    note: str = ""
    wall: float = 0.0
    kind: Literal["undone"] = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFailed:
    """A step could not be taken back; somebody has to look."""

    at: float
    step: str
    reason: str
    wall: float = 0.0
    kind: Literal["undo-failed"] = "undo-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured; the fields are those of `Measurement`."""

    at: float
    rto_s: float | None
    rpo_s: float | None
    lost: int
    resolution_s: float
    fail_back_s: float | None = None
    samples: int = 0
    samples_sha256: str = ""
    note: str = ""
    wall: float = 0.0
    kind: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that a reader of the journal should know."""

    at: float
    text: str
    wall: float = 0.0
    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The drill is over.

    Args:
        outcome: How it ended.
        reason: Why, when it is not done.
        left: Steps that could not be taken back.
    """

    at: float
    outcome: Outcome
    reason: str = ""
    left: tuple[str, ...] = ()
    wall: float = 0.0
    kind: Literal["closed"] = "closed"


Event: TypeAlias = (
    Opened | Intent | Acted | Passed | Stopping | Undoing | Undone | UndoFailed | Measured | Noted | Closed
)


def event_to_json(event: Event) -> dict[str, Any]:
    """Return an event as JSON data."""
    data: dict[str, Any] = _adapter().dump_python(event, mode="json")
    return data


def event_from_json(data: Mapping[str, Any]) -> Event:
    """Return the event of JSON data.

    Raises:
        JournalError: It is none.
    """
    from pydantic import ValidationError

    try:
        event: Event = _adapter().validate_python(data)
    except ValidationError as error:
        raise JournalError(f"no event of a drill: {error.errors(include_url=False)[0]['msg']}") from None
    return event


@functools.cache
def _adapter() -> Any:
    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])
