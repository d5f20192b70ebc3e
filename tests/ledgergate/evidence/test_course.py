"""Every line of a journal has a place in the plan that was approved, whoever wrote it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.collection import Collection, Inputs
from ledgergate.evidence.course import Course
from tests.ledgergate.evidence import inputs

Event = Mapping[str, Any]

STOPPING: Final[Event] = {"kind": "stopping", "step": "", "outcome": "aborted", "reason": "an alarm"}
HELD: Final[Sequence[Event]] = [{"kind": "passed", "step": "steady"}]


def intent(step: str = "lose-zone", undo: str = "bring it back", **changes: Any) -> Event:
    """Return an intent."""
    return {"kind": "intent", "step": step, "before": {"a": "b"}, "wanted": {"a": "c"}, "undo": undo, **changes}


def strayed(events: Sequence[Event]) -> list[str]:
    """Return what is said of each event."""
    course = Course(inputs.PLAN["steps"])
    return [course.strayed(each) for each in events]


def test_a_drill_that_follows_its_plan() -> None:
    """Forward to its end, with an act that was tried twice; and taken back from anywhere, with tries that failed."""
    forward = [*inputs.drill_events()[1:], {"kind": "noted", "text": "a"}]
    tried = [*HELD, intent(), intent(), {"kind": "acted", "step": "lose-zone"}]
    back = [
        STOPPING,
        *({"kind": kind, "step": "lose-zone"} for kind in ("undoing", "undo-failed", "undoing", "undone")),
    ]
    assert {*strayed(forward), *strayed([*tried, *back])} == {""}


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([intent("drop-all")], "has no step `drop-all`"),
        ([{"kind": "passed", "step": "drop-all"}], "has no step `drop-all`"),
        ([{**STOPPING, "step": "drop-all"}], "has no step `drop-all`"),
        ([STOPPING, {"kind": "undone", "step": "drop-all"}], "has no step `drop-all`"),
        ([intent("steady", undo="")], "`steady` acts, and in the plan that was approved it does not"),
        ([*HELD, intent(undo="bring nothing back")], "`lose-zone` is taken back otherwise"),
        ([intent()], "`lose-zone` is not the next one"),
        ([*HELD, intent("fail-over", "promote a")], "`fail-over` is not the next one"),
        ([*HELD, *HELD], "`steady` is not the next one"),
        ([*HELD, {"kind": "acted", "step": "lose-zone"}], "`lose-zone` acted without an intent"),
        ([*HELD, intent(wanted={}), {"kind": "acted", "step": "lose-zone"}], "`lose-zone` acted without an intent"),
        ([*HELD, STOPPING, intent()], "`lose-zone` goes on after the drill was stopped"),
        ([*HELD, {"kind": "closed"}, intent()], "`lose-zone` goes on after the drill was stopped"),
        ([*HELD, intent(), {"kind": "undoing", "step": "lose-zone"}], "and nothing has stopped the drill"),
        ([*HELD, STOPPING, {"kind": "undoing", "step": "lose-zone"}], "and was never begun"),
    ],
)
def test_what_has_no_place_in_the_plan(events: Sequence[Event], said: str) -> None:
    """A step that is no step of it, that does not act, is out of order, or is taken back another way."""
    *before, last = strayed(events)
    assert (set(before) <= {""}, said in last) == (True, True)


def test_such_a_journal_is_not_sealed(tmp_path: Path) -> None:
    """Genuine approvals at its head do not make forged intents theirs."""
    first = inputs.opened("anna", "ben")
    forged = {"at": inputs.BEGUN + 1, **intent("fail-over", "promote a")}
    path = inputs.journal(tmp_path / "drill.jsonl", [first, forged])
    with pytest.raises(EvidenceError, match=r"line 2: step `fail-over` is not the next one of the plan"):
        Collection().take_in(Inputs(drills=(path,)))
