"""The course of a drill: what may stand in a journal under the plan that was approved, and what may not.

Approvals sign the hash of the plan and nothing that came after it. What holds the rest of a journal to them is that
every line of it has a place in that plan: its step, in its order, with its undo.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_FORWARD: Final = ("intent", "acted", "passed")
_BACK: Final = ("undoing", "undone", "undo-failed")


class Course:
    """Follows a drill along its plan, event by event.

    Args:
        steps: The steps of the plan, JSON data: `name`, `acts`, `undo`.
    """

    def __init__(self, steps: Sequence[Mapping[str, Any]]) -> None:
        self._steps = {str(step["name"]): step for step in steps}
        self._ahead = list(self._steps)
        self._intents: set[str] = set()
        self._acts: set[str] = set()
        self._stopped = False

    def strayed(self, event: Mapping[str, Any]) -> str:
        """Return how an event has no place in the plan, or an empty string.

        Args:
            event: The next event, JSON data, in the form that the evidence demands.
        """
        kind, step = event["kind"], event.get("step", "")
        if step and step not in self._steps:
            return f"the plan that was approved has no step `{step}`"
        if kind in _FORWARD:
            return self._forward(kind, step, event)
        if kind in _BACK:
            return self._back(step)
        self._stopped = self._stopped or kind in ("stopping", "closed")
        return ""

    def _forward(self, kind: str, step: str, event: Mapping[str, Any]) -> str:
        if self._stopped:
            return f"step `{step}` goes on after the drill was stopped"
        if [step] != self._ahead[:1]:
            return f"step `{step}` is not the next one of the plan that was approved"
        if kind == "intent":
            return self._intent(step, event)
        if kind == "acted" and step not in self._acts:
            return f"step `{step}` acted without an intent to"
        if kind == "passed":
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

    def _back(self, step: str) -> str:
        if not self._stopped:
            return f"step `{step}` is taken back, and nothing has stopped the drill"
        return "" if step in self._intents else f"step `{step}` is taken back, and was never begun"
