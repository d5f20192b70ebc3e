"""Shows that a crash anywhere neither repeats an act nor forgets an undo."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgergate.evidence.course import Course
from runbooks.events import Closed, Intent, Undone, event_to_json
from runbooks.journal import open_journal, read_journal
from runbooks.model import Outcome
from runbooks.progress import progress_of
from tests.runbooks.pretend import BROKEN, FORWARD, LATENCY_S, CrashError, Stage, drill, stage, switch


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


@pytest.mark.parametrize("broken", [False, True])
def test_whatever_crashed_the_journal_follows_the_plan(tmp_path: Path, *, broken: bool) -> None:
    """What holds a journal to its approved plan never stands in the way of one that a runner wrote."""
    steps = [
        {"name": step.name, "acts": True, "undo": step.taken_back_by, "restores": step.restores}
        for step in drill().steps
    ]
    strayed = []
    for number, death in enumerate(_deaths(tmp_path / "whole", broken=broken)):
        for how in ("resume", "undo"):
            (tmp_path / f"{number}-{how}").mkdir()
            made = stage(tmp_path / f"{number}-{how}", broken=broken)
            _crash(made, death)
            progress = progress_of(read_journal(made.path))
            if progress.opened is None:
                # Nothing was begun: the command line goes on with no such journal.
                continue
            if progress.closed is None:
                getattr(made, how)()
            course = Course(steps, {"rto_s": 60, "rpo_s": 1})
            strayed += [course.strayed(event_to_json(event)) for event in read_journal(made.path)[1:]]
    assert {*strayed} == {""}


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
