"""The course of a drill: what may stand in a journal under the plan that was approved, and what may not.

Approvals sign the hash of the plan and nothing that came after it. What holds the rest of a journal to them is that
every line of it has a place in that plan: its step, in its order, with its undo, and an end that follows from them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledgergate.evidence.measuring import missed_targets

DONE: Final = "done"
_STOPS: Final = ("failed", "aborted", "interrupted")
_FORWARD: Final = ("intent", "acted", "passed")
_BACK: Final = ("undoing", "undone", "undo-failed")


class Course:
    """Follows a drill along its plan, event by event.

    Args:
        steps: The steps of the plan, JSON data: `name`, `acts`, `undo`; and `restores`, the steps that one takes back
            in place of an undo of its own, where it has any.
        targets: The targets of the plan: `rto_s`, `rpo_s`, seconds.
    """

    def __init__(self, steps: Sequence[Mapping[str, Any]], targets: Mapping[str, float]) -> None:
        self._steps = {str(step["name"]): step for step in steps}
        self._targets = targets
        self._ahead = list(self._steps)
        self._intents: set[str] = set()
        self._acts: set[str] = set()
        self._acted: set[str] = set()
        self._undone: set[str] = set()
        self._failed: set[str] = set()
        self._measured: Mapping[str, Any] | None = None
        self._stopping = ""
        self._closed: Mapping[str, Any] | None = None

    def strayed(self, event: Mapping[str, Any]) -> str:
        """Return how an event has no place in the plan, or an empty string.

        Args:
            event: The next event, JSON data, in the form that the evidence demands.
        """
        kind, step = event["kind"], event.get("step", "")
        if self._closed is not None and not self._closed["left"]:
            return f"`{kind}` comes after the end of the drill, and nothing was left to take back"
        if step and step not in self._steps:
            return f"the plan that was approved has no step `{step}`"
        if kind in _FORWARD:
            return self._forward(kind, step, event)
        if kind in _BACK:
            return self._back(kind, step)
        follow = {"stopping": self._stop, "measured": self._measure, "closed": self._close}.get(kind)
        return follow(event) if follow else ""

    def _forward(self, kind: str, step: str, event: Mapping[str, Any]) -> str:
        if self._stopping:
            return f"step `{step}` goes on after the drill was stopped"
        if [step] != self._ahead[:1]:
            return f"step `{step}` is not the next one of the plan that was approved"
        if kind == "intent":
            return self._intent(step, event)
        if kind == "acted":
            self._acted.add(step)
            return "" if step in self._acts else f"step `{step}` acted without an intent to"
        if step in self._acts - self._acted:
            return f"step `{step}` is through, and was only about to act"
        del self._ahead[0]
        return ""

    def _intent(self, step: str, event: Mapping[str, Any]) -> str:
        planned = self._steps[step]
        if not planned["acts"]:
            return f"step `{step}` acts, and in the plan that was approved it does not"
        if event["undo"] != planned["undo"]:
            return f"step `{step}` is taken back otherwise than in the plan that was approved"
        self._intents.add(step)
        if event["wanted"]:
            self._acts.add(step)
        return ""

    def _back(self, kind: str, step: str) -> str:
        if not self._stopping:
            return f"step `{step}` is taken back, and nothing has stopped the drill"
        if step not in self._intents:
            return f"step `{step}` is taken back, and was never begun"
        if kind == "undone":
            self._undone.add(step)
        elif kind == "undo-failed":
            self._failed.add(step)
        return ""

    def _stop(self, event: Mapping[str, Any]) -> str:
        """Take in why a drill does not go on: once, and again when somebody takes back what an end had left."""
        outcome = event["outcome"]
        if outcome not in _STOPS:
            return f"{outcome!r} stops no drill"
        if self._stopping and self._closed is None:
            return "the drill is stopped, and was stopped before"
        if self._stopping and outcome != self._stopping:
            return f"the drill is stopped as {outcome}, and had ended as {self._stopping}"
        self._stopping, self._closed = outcome, None
        return ""

    def _measure(self, event: Mapping[str, Any]) -> str:
        """Take in a measurement; one that a crash left without an end is made again."""
        if not self._stopping and self._ahead:
            return f"the drill is measured before step `{self._ahead[0]}` is through"
        if self._stopping and self._measured is not None:
            return "the drill is measured again after it was stopped"
        self._measured = event
        return ""

    def _close(self, event: Mapping[str, Any]) -> str:
        outcome, left = event["outcome"], event["left"]
        self._closed = event
        if self._measured is None:
            return f"the drill ends as {outcome}, and nobody has measured it"
        if self._stopping:
            return self._close_stopped(outcome, left)
        if outcome != DONE:
            return f"the drill ends as {outcome}, and nothing has stopped it"
        if left:
            return "the drill is done, and says that steps were not taken back"
        if missed := missed_targets(self._measured, self._targets):
            return f"the drill is done, and has missed its targets: {missed}"
        return ""

    def _close_stopped(self, outcome: str, left: Sequence[Any]) -> str:
        if outcome != self._stopping:
            return f"the drill ends as {outcome}, and was stopped as {self._stopping}"
        stays = self._failed - self._undone
        if sorted(map(str, left)) != sorted(stays):
            return f"it says that {_named(left)} could not be taken back, and before it that {_named(stays)} could not"
        own = {step for step in self._intents if not self._steps[step].get("restores")}
        if forgotten := own - self._undone - stays:
            return f"the drill ends, and nothing says what became of {_named(forgotten)}"
        return ""


def _named(steps: Sequence[Any] | set[str]) -> str:
    return ", ".join(f"`{step}`" for step in sorted(map(str, steps))) or "nothing"
