"""Shows how a drill goes forward and back, and that a crash anywhere neither repeats an act nor forgets an undo."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbooks.errors import DrillError, NotYetError, StepError, UnrecordedError
from runbooks.events import Closed, Intent, Stopping, UndoFailed, Undone
from runbooks.guardrails import AbortFile, Watch
from runbooks.journal import open_journal, read_journal
from runbooks.model import Aim, Measurement, Outcome, Scene, Step
from runbooks.progress import progress_of
from tests.runbooks.pretend import LATENCY_S, CrashError, Stage, System, drill, measure_well, switch

FORWARD = [("fault", "on"), ("move", "on"), ("traffic", "on"), ("fault", "off"), ("move", "off"), ("traffic", "off")]
BROKEN = [("fault", "on"), ("move", "on"), ("fault", "off"), ("move", "off")]


def stage(folder: Path, *, broken: bool = False) -> Stage:
    """Return the usual drill on a system that is sound or broken."""
    made = Stage(folder, drill())
    made.system.broken = broken
    return made


def test_a_drill_goes_through_its_steps_in_order(tmp_path: Path) -> None:
    """Every act is called once, in order, and the outcome is done."""
    made = stage(tmp_path)
    closed = made.start()
    assert made.system.calls == FORWARD
    assert (closed.outcome, closed.reason, closed.left) == (Outcome.DONE, "", ())


def test_a_failed_step_takes_the_drill_back_fault_first(tmp_path: Path) -> None:
    """What took effect is taken back, the fault before everything else."""
    made = stage(tmp_path, broken=True)
    closed = made.start()
    assert made.system.calls == BROKEN
    assert (closed.outcome, closed.reason, closed.left) == (Outcome.FAILED, "check: it is broken", ())


def _boundaries(folder: Path, *, broken: bool) -> tuple[int, int]:
    folder.mkdir()
    made = stage(folder, broken=broken)
    made.start()
    return made.writes, len(made.system.calls)


@dataclass(frozen=True, slots=True)
class Death:
    """When a process dies: at a write to the journal, or at a call.

    Args:
        at: Number of the write or call, from 0.
        how: `before` or `after`; of a write also `torn`, or `unsealed` when only its head is missing.
        of: `write` or `call`.
    """

    at: int
    how: str
    of: str

    def befall(self, made: Stage) -> None:
        """Run the drill until it dies."""
        if self.of == "write":
            made.start(self.at, self.how)
        made.system.crash_at_call, made.system.crash_after = self.at, self.how == "after"
        made.start()


def _deaths(folder: Path, *, broken: bool) -> list[Death]:
    """Return every way to die: around and within each write, around each call."""
    writes, calls = _boundaries(folder, broken=broken)
    return [
        *(Death(at, how, "write") for at in range(writes) for how in ("before", "torn", "unsealed", "after")),
        *(Death(at, how, "call") for at in range(calls) for how in ("before", "after")),
    ]


@pytest.mark.parametrize("broken", [False, True])
def test_resumed_after_a_crash_anywhere_it_ends_as_if_there_had_been_none(tmp_path: Path, *, broken: bool) -> None:
    """Whichever instant the process dies at, a resumed drill calls each act once and comes to the same end."""
    wrong = []
    for number, death in enumerate(_deaths(tmp_path / "whole", broken=broken)):
        (tmp_path / str(number)).mkdir()
        made = stage(tmp_path / str(number), broken=broken)
        with pytest.raises(CrashError):
            death.befall(made)
        progress = progress_of(read_journal(made.path))
        closed = progress.closed or made.resume()
        outcome = Outcome.FAILED if broken else Outcome.DONE
        if made.system.calls != (BROKEN if broken else FORWARD) or closed.outcome is not outcome or closed.left:
            wrong.append((death, made.system.calls, closed))
    assert wrong == []


@pytest.mark.parametrize("broken", [False, True])
def test_undone_after_a_crash_anywhere_nothing_is_left(tmp_path: Path, *, broken: bool) -> None:
    """Whichever instant the process dies at, `undo` brings back the state before, with no call too many."""
    wrong = []
    for number, death in enumerate(_deaths(tmp_path / "whole", broken=broken)):
        (tmp_path / str(number)).mkdir()
        made = stage(tmp_path / str(number), broken=broken)
        with pytest.raises(CrashError):
            death.befall(made)
        closed = made.undo()
        turned_on = [name for name, value in made.system.calls if value == "on"]
        turned_off = [name for name, value in made.system.calls if value == "off"]
        if made.system.settle() or closed.left or sorted(turned_on) != sorted(turned_off):
            wrong.append((death, made.system.calls, closed))
    assert wrong == []


@settings(max_examples=60, deadline=None)
@given(deaths=st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=4), broken=st.booleans())
def test_crashes_one_after_another_change_nothing_either(
    tmp_path_factory: pytest.TempPathFactory, *, deaths: list[tuple[int, bool]], broken: bool
) -> None:
    """A drill whose every process dies at some call comes to the same end when the last one lives."""
    made = stage(tmp_path_factory.mktemp("drill"), broken=broken)
    run: Callable[[], Closed] = made.start
    for calls, after in deaths:
        made.system.crash_at_call, made.system.crash_after = len(made.system.calls) + calls, after
        try:
            run()
            break
        except CrashError:
            run = made.resume
    made.system.crash_at_call = -1
    progress = progress_of(read_journal(made.path)) if made.path.exists() else None
    closed = progress.closed if progress and progress.closed else run()
    assert closed.outcome is (Outcome.FAILED if broken else Outcome.DONE)
    assert made.system.calls == (BROKEN if broken else FORWARD)


def test_a_call_that_failed_and_took_effect_is_not_repeated(tmp_path: Path) -> None:
    """A call that times out after it was carried out counts as carried out."""
    made = stage(tmp_path)
    made.system.lies = {"move": 1}
    assert made.start().outcome is Outcome.DONE
    assert made.system.calls == FORWARD


def test_a_call_that_failed_ends_the_drill(tmp_path: Path) -> None:
    """A refused call fails the drill, and only what took effect before is taken back."""
    made = stage(tmp_path)
    made.system.fails = {"move": 1}
    closed = made.start()
    assert closed.outcome is Outcome.FAILED
    assert "move: ConnectionError: refused" in closed.reason
    assert made.system.calls == [("fault", "on"), ("fault", "off")]


def test_an_act_without_effect_fails_the_drill(tmp_path: Path) -> None:
    """A call that is accepted and does nothing is no success."""
    made = stage(tmp_path)
    made.system.stuck = frozenset({"move"})
    closed = made.start()
    assert closed.outcome is Outcome.FAILED
    assert "move: not within 60 s: move does not show it yet" in closed.reason


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


def test_an_abort_file_stops_the_drill_and_takes_it_back(tmp_path: Path) -> None:
    """A guardrail that trips while the drill waits aborts it."""
    made = stage(tmp_path)
    abort = tmp_path / "abort"
    made.watch = Watch((AbortFile(abort),))
    made.clock.on_tick.append(lambda _: abort.touch() if ("move", "on") in made.system.calls else None)
    closed = made.start()
    assert (closed.outcome, closed.left) == (Outcome.ABORTED, ())
    assert made.system.calls == BROKEN


def test_somebody_who_stops_the_drill_interrupts_it(tmp_path: Path) -> None:
    """A request to stop is an outcome of its own, and the undos run."""
    made = stage(tmp_path)
    made.clock.on_tick.append(lambda _: made.watch.stop.set())
    closed = made.start()
    assert closed.outcome is Outcome.INTERRUPTED
    assert made.system.settle() == {}


def test_nothing_is_done_where_nothing_is_to_do(tmp_path: Path) -> None:
    """A step whose state is there already acts on nothing and is never taken back."""
    made = Stage(tmp_path, drill(switch("move", wanted="off"), switch("traffic")))
    assert made.start().outcome is Outcome.DONE
    assert made.system.calls == [("traffic", "on")]


@pytest.mark.parametrize(
    ("rto_s", "rpo_s", "fail_back_s", "reason"),
    [
        (61.0, 0.0, 1.0, "RTO 61.0 s is above 60 s (rehearsal)"),
        (1.0, 2.0, 1.0, "RPO 2.0 s is above 1 s (rehearsal)"),
        (1.0, 0.0, 61.0, "fail-back took service away for 61.0 s, above 60 s (rehearsal)"),
        (None, 0.0, 1.0, "RTO not measured (rehearsal)"),
        (1.0, None, 1.0, "RPO not measured (rehearsal)"),
        (1.0, 0.0, None, "fail-back not measured (rehearsal)"),
    ],
)
def test_a_target_that_is_missed_fails_the_drill(
    tmp_path: Path, rto_s: float | None, rpo_s: float | None, fail_back_s: float | None, reason: str
) -> None:
    """RTO, RPO and the way back above their targets, or not measured, are no success; a rehearsal says it is one."""
    measured = Measurement(rto_s=rto_s, rpo_s=rpo_s, lost=0, resolution_s=1.0, fail_back_s=fail_back_s)
    closed = Stage(tmp_path, drill(switch("traffic"), measure=lambda _: measured)).start()
    assert (closed.outcome, closed.reason) == (Outcome.FAILED, reason)


def test_a_measurement_that_raises_is_a_missed_one(tmp_path: Path) -> None:
    """A probe that cannot be read never counts as a met target."""

    def measure(_scene: Scene[System]) -> Measurement:
        raise OSError("no samples")

    closed = Stage(tmp_path, drill(switch("traffic"), measure=measure)).start()
    assert closed.outcome is Outcome.FAILED
    assert "no samples" in closed.reason


def test_a_service_that_was_just_moved_is_given_time_to_be_measured(tmp_path: Path) -> None:
    """What is not ready is asked again for a while, and what never is, is not measured."""
    made = Stage(tmp_path, drill())
    asked: list[float] = []

    def measure(scene: Scene[System]) -> Measurement:
        asked.append(made.clock.now())
        if asked[-1] - asked[0] < 30:
            raise NotYetError("not answered")
        return measure_well(scene)

    made.drill = drill(switch("traffic"), measure=measure)
    assert made.start().outcome is Outcome.DONE


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


def _crash(made: Stage, death: Death) -> None:
    with pytest.raises(CrashError):
        death.befall(made)


def _deaths_of_undo(folder: Path, death: Death) -> list[tuple[int, str]]:
    """Return every way for `undo` to die that comes after some death of the drill."""
    folder.mkdir()
    made = stage(folder)
    _crash(made, death)
    with open_journal(made.path) as journal:
        before = journal.head.count
    made.undo()
    with open_journal(made.path) as journal:
        return [
            (at, how) for at in range(journal.head.count - before) for how in ("before", "torn", "unsealed", "after")
        ]


def test_an_undo_that_dies_anywhere_is_undone_by_the_next_one(tmp_path: Path) -> None:
    """Whichever instant `undo` itself dies at, another one brings back the state before, with no call too many."""
    wrong = []
    for number, death in enumerate(_deaths(tmp_path / "whole", broken=False)):
        if death.how != "after" or death.at % 3 != 1:
            continue
        for again, (at, how) in enumerate(_deaths_of_undo(tmp_path / f"undo-{number}", death)):
            (tmp_path / f"{number}-{again}").mkdir()
            made = stage(tmp_path / f"{number}-{again}")
            _crash(made, death)
            with pytest.raises(CrashError):
                made.undo(at, how)
            closed = progress_of(read_journal(made.path)).closed or made.undo()
            turned = [sorted(name for name, value in made.system.calls if value == to) for to in ("on", "off")]
            if made.system.settle() or closed.left or turned[0] != turned[1]:
                wrong.append((death, at, how, made.system.calls, closed))
    assert wrong == []


def test_an_undo_that_dies_around_its_call_is_not_called_twice(tmp_path: Path) -> None:
    """The same around each call of the undo path: one that was carried out is seen to have been."""
    wrong = []
    for number, (at, after) in enumerate((at, after) for at in (3, 4) for after in (False, True)):
        (tmp_path / str(number)).mkdir()
        made = stage(tmp_path / str(number))
        made.system.crash_at_call, made.system.crash_after = 2, True
        with pytest.raises(CrashError):
            made.start()
        made.system.crash_at_call, made.system.crash_after = at, after
        with pytest.raises(CrashError):
            made.undo()
        closed = made.undo()
        expected = [("fault", "off"), ("move", "off"), ("traffic", "off")]
        if sorted(made.system.calls[3:]) != sorted(expected) or closed.left or made.system.settle():
            wrong.append((at, after, made.system.calls, closed))
    assert wrong == []


def test_a_fault_that_has_ended_by_itself_is_not_injected_again(tmp_path: Path) -> None:
    """Who resumes a drill after the life of its fault finds the state before: that is no reason for a second fault."""
    made = Stage(tmp_path, drill(switch("fault", is_fault=True, lasts_s=100.0), switch("move")))
    made.system.crash_at_call, made.system.crash_after = 0, True
    with pytest.raises(CrashError):
        made.start()
    made.system.settle()
    made.system.set("fault", "off")
    made.clock.wait(100)
    closed = made.resume()
    assert closed.outcome is Outcome.FAILED
    assert closed.reason == "fault: it was begun more than 100 s ago and has ended by itself: it is not repeated"
    assert made.system.calls == [("fault", "on"), ("fault", "off")]


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


@pytest.mark.parametrize("undone", [False, True])
def test_a_clock_that_was_set_back_makes_nobody_wait(tmp_path: Path, *, undone: bool) -> None:
    """An act of the future has shown its effect after as long as any other."""
    made = stage(tmp_path)
    made.system.crash_at_call = 1
    with pytest.raises(CrashError):
        made.start()
    made.clock.time -= 50
    begun, count = made.clock.now(), len(read_journal(made.path))
    (made.undo if undone else made.resume)()
    awaited = Undone if undone else Intent
    events = [event for event in read_journal(made.path)[count:] if isinstance(event, awaited)]
    assert next(event.at for event in events if event.step == "move") - begun < 4 * LATENCY_S


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
