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


DONE: Final[Sequence[Event]] = inputs.drill_events()[1:-2]
MEASURED: Final[Event] = inputs.drill_events()[-2]
CLOSED: Final[Event] = inputs.drill_events()[-1]
ABORTED: Final[Event] = {**CLOSED, "outcome": "aborted"}
LEFT: Final[Sequence[Event]] = [
    *HELD,
    intent(),
    STOPPING,
    {"kind": "undo-failed", "step": "lose-zone", "reason": "stuck"},
    MEASURED,
    {**ABORTED, "left": ["lose-zone"]},
]
"""A drill that was stopped, and could not be taken back."""


def strayed(events: Sequence[Event]) -> list[str]:
    """Return what is said of each event."""
    course = Course(inputs.PLAN["steps"], inputs.PLAN["targets"])
    return [course.strayed(each) for each in events]


def test_a_drill_that_follows_its_plan() -> None:
    """Forward to its end, with an act that was tried twice; and taken back from anywhere, with tries that failed."""
    forward = [{"kind": "noted", "text": "a"}, *inputs.drill_events()[1:]]
    tried = [*HELD, intent(), intent(), {"kind": "acted", "step": "lose-zone"}]
    back = [
        STOPPING,
        *({"kind": kind, "step": "lose-zone"} for kind in ("undoing", "undo-failed", "undoing", "undone")),
    ]
    assert {*strayed(forward), *strayed([*tried, *back])} == {""}


@pytest.mark.parametrize(
    "later",
    [
        [{"kind": "noted", "text": "resumed"}, {"kind": "undone", "step": "lose-zone"}, ABORTED],
        [{"kind": "undo-failed", "step": "lose-zone", "reason": "stuck"}, LEFT[-1]],
        [{"kind": "noted", "text": "undo"}, STOPPING, {"kind": "undone", "step": "lose-zone"}, ABORTED],
    ],
)
def test_what_an_end_has_left_is_taken_back_later(later: Sequence[Event]) -> None:
    """By `resume`, which only tries again, and by `undo`, which says anew why; each comes to an end of its own."""
    assert {*strayed([*LEFT, *later])} == {""}


def test_a_measurement_without_an_end_is_made_again() -> None:
    """A process that died just after it leaves nothing else to do; the last one counts."""
    assert {*strayed([*DONE, {**MEASURED, "rto_s": 61.0}, {"kind": "noted", "text": "a"}, MEASURED, CLOSED])} == {""}


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
        (
            [*HELD, STOPPING, {"kind": "noted", "text": "a"}, intent()],
            "`lose-zone` goes on after the drill was stopped",
        ),
        ([*HELD, intent(), {"kind": "undoing", "step": "lose-zone"}], "and nothing has stopped the drill"),
        ([{"kind": "closed", "outcome": "done", "left": []}], "the drill ends as done, and nobody has measured it"),
        ([*DONE[:-2], MEASURED], "the drill is measured before step `fail-back` is through"),
        ([*DONE, MEASURED, {**CLOSED, "outcome": "failed"}], "ends as failed, and nothing has stopped it"),
        ([*DONE, MEASURED, {**CLOSED, "left": ["lose-zone"]}], "is done, and says that steps were not taken back"),
        ([*DONE, MEASURED, CLOSED, CLOSED], "`closed` comes after the end of the drill"),
        ([*DONE, MEASURED, CLOSED, STOPPING], "`stopping` comes after the end of the drill"),
        ([*DONE, {**MEASURED, "rto_s": 61.0}, CLOSED], "missed its targets: RTO 61.0 s is above 60 s"),
        ([*DONE, {**MEASURED, "fail_back_s": None}, CLOSED], "missed its targets: fail-back not measured"),
        ([STOPPING, MEASURED, MEASURED], "is measured again after it was stopped"),
        ([STOPPING, CLOSED], "the drill ends as done, and nobody has measured it"),
        ([STOPPING, MEASURED, CLOSED], "the drill ends as done, and was stopped as aborted"),
        ([STOPPING, STOPPING], "the drill is stopped, and was stopped before"),
        ([{**STOPPING, "outcome": "done"}], "'done' stops no drill"),
        ([STOPPING, MEASURED, ABORTED, CLOSED], "`closed` comes after the end of the drill"),
        ([*LEFT, {**STOPPING, "outcome": "failed"}], "is stopped as failed, and had ended as aborted"),
        ([*LEFT[:-1], ABORTED], "says that nothing could not be taken back, and before it that `lose-zone`"),
        ([*HELD, intent(), STOPPING, MEASURED, ABORTED], "nothing says what became of `lose-zone`"),
        ([*HELD, intent(), {"kind": "passed", "step": "lose-zone"}], "is through, and was only about to act"),
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
