"""Where a drill stands: a fold over the events of its journal, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from runbooks.events import Acted, Closed, Event, Intent, Measured, Opened, Passed, Stopping, Undoing, Undone
from runbooks.model import Aim, Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known from the events so far.

    Args:
        opened: How it began; None for an empty journal.
        intents: Step → its intent, in order.
        acted: Steps whose act is known to have taken effect.
        passed: Steps that are through.
        undoing: Step → when its undo was last called.
        undone: Steps whose state before is there again.
        stopping: Why it does not go on; None while it does.
        measured: What was measured last.
        closed: How it ended; None while it has not.
    """

    opened: Opened | None = None
    intents: dict[str, Intent] = field(default_factory=dict)
    acted: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    undoing: dict[str, float] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    stopping: Stopping | None = None
    measured: Measured | None = None
    closed: Closed | None = None

    @property
    def outcome(self) -> Outcome:
        """How it ended; what has begun and not ended is interrupted."""
        if self.closed is not None:
            return self.closed.outcome
        return Outcome.PLANNED if self.opened is None else Outcome.INTERRUPTED

    @property
    def past(self) -> dict[str, Aim]:
        """Step → its aim."""
        return {name: Aim(intent.before, intent.wanted, intent.at) for name, intent in self.intents.items()}

    def after(self, event: Event) -> "Progress":
        """Return where the drill stands after one more event."""
        changes: dict[str, Any] = {}
        match event:
            case Opened():
                changes = {"opened": event}
            case Intent():
                changes = {"intents": {**self.intents, event.step: event}}
            case Acted():
                changes = {"acted": self.acted | {event.step}}
            case Passed():
                changes = {"passed": self.passed | {event.step}}
            case Stopping():
                changes = {"stopping": event, "closed": None}
            case Undoing():
                changes = {"undoing": {**self.undoing, event.step: event.at}}
            case Undone():
                changes = {"undone": self.undone | {event.step}}
            case Measured():
                changes = {"measured": event}
            case Closed():
                changes = {"closed": event}
        return replace(self, **changes) if changes else self


def progress_of(events: Iterable[Event]) -> Progress:
    """Return where a drill stands after these events."""
    progress = Progress()
    for event in events:
        progress = progress.after(event)
    return progress
