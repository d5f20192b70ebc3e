"""Shows that what was done is taken back, whatever is in the way of that."""

import errno
import os
from pathlib import Path

import pytest

from runbooks.errors import DrillError, StepError, UnrecordedError
from runbooks.events import Stopping, UndoFailed, Undone
from runbooks.journal import read_journal
from runbooks.model import Aim, Outcome, Scene, Step
from tests.runbooks.pretend import (
    BROKEN,
    CrashError,
    Stage,
    System,
    drill,
    stage,
    switch,
)


def test_an_undo_that_fails_once_is_tried_again(tmp_path: Path) -> None:
    """A throttled undo does not leave anything behind."""
    made = stage(tmp_path, broken=True)
    made.clock.on_tick.append(
        lambda _: (
            made.system.fails.update(fault=1) if made.system.calls == BROKEN[:2] and not made.system.fails else None
        )
    )
    closed = made.start()
    assert (closed.left, made.system.settle()) == ((), {})


def test_an_undo_that_never_works_is_reported_and_the_others_run(tmp_path: Path) -> None:
    """What could not be taken back is named, and a later `undo` takes it back."""
    made = stage(tmp_path, broken=True)

    def refuse(_time: float) -> None:
        if ("move", "on") in made.system.calls:
            made.system.fails["move"] = 10_000

    made.clock.on_tick.append(refuse)
    closed = made.start()
    assert (closed.outcome, closed.left) == (Outcome.FAILED, ("move",))
    made.clock.on_tick.clear()
    made.system.fails.clear()
    again = made.undo()
    assert (again.outcome, again.left, made.system.settle()) == (Outcome.FAILED, (), {})


def test_a_finished_drill_can_be_undone_and_stays_what_it_was(tmp_path: Path) -> None:
    """`undo` after the end takes back what still stands and keeps the outcome."""
    made = Stage(tmp_path, drill(switch("traffic")))
    made.start()
    closed = made.undo()
    assert (closed.outcome, closed.left, made.system.settle()) == (Outcome.DONE, (), {})


def test_an_act_that_could_not_be_taken_back_is_no_drill() -> None:
    """A step that acts without an undo is refused before anything is planned."""

    def act(_scene: Scene[System], _aim: Aim) -> None:
        raise AssertionError

    with pytest.raises(DrillError, match="step burn acts and names no undo"):
        drill(Step(name="burn", summary="burn it", deadline_s=1, act=act))


def test_what_this_version_does_not_know_is_left_and_said(tmp_path: Path) -> None:
    """A step that was renamed since its act is never passed over as if there had been nothing."""
    made = stage(tmp_path)
    made.system.crash_at_call, made.system.crash_after = 2, True
    with pytest.raises(CrashError):
        made.start()
    made.drill = drill(switch("fault", is_fault=True), switch("traffic"))
    closed = made.undo()
    assert closed.left == ("move",)
    failed = [event for event in read_journal(made.path) if isinstance(event, UndoFailed)]
    assert [(each.step, each.reason[:33]) for each in failed] == [("move", "this version knows no such step: ")]


def test_what_changed_otherwise_is_taken_back_at_once(tmp_path: Path) -> None:
    """A state that is neither the one before nor the one wanted is no reason to wait for the deadline."""
    made = Stage(tmp_path, drill(switch("move"), Step(name="check", summary="see", deadline_s=30, verify=sabotaged)))
    closed = made.start()
    begun = next(event.at for event in read_journal(made.path) if isinstance(event, Stopping))
    undone = next(event.at for event in read_journal(made.path) if isinstance(event, Undone))
    assert (closed.outcome, closed.left, made.system.settle()) == (Outcome.FAILED, (), {})
    assert undone - begun < 10


def sabotaged(scene: Scene[System], _aim: Aim) -> str:
    """Turn the switch to what nobody wanted."""
    scene.target.set("move", "sideways")
    scene.target.settle()
    raise StepError("it went elsewhere")


@pytest.mark.parametrize("stuck", [False, True])
def test_a_full_disk_takes_back_what_is_in_effect_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stuck: bool
) -> None:
    """Without room for a line the drill goes back, and what acted is named; a later `undo` writes it down."""
    made = stage(tmp_path)
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(made.system.calls) >= 2:
            if stuck:
                made.system.fails["move"] = 10_000
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr("runbooks.journal.os.write", full)
        with pytest.raises(UnrecordedError, match="No space left on device, after these steps had acted: ") as said:
            made.start()
    assert ("fault, move; " in said.value.message) is True
    assert ("NOT TAKEN BACK: move" in said.value.message) is stuck
    made.system.fails.clear()
    assert (made.undo().left, made.system.settle()) == ((), {})
