"""Shows that the drill brings payments back, notices when it does not, and leaves the world as it was."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from integration.sandbox.world import Event, Flaw
from runbooks.events import Stopping, Undoing
from runbooks.guardrails import Watch
from runbooks.journal import read_journal
from runbooks.model import Mode, Outcome
from runbooks.progress import progress_of
from tests.runbooks.drills.rehearsal import Rehearsal
from tests.runbooks.pretend import CrashError

AS_BEFORE = {
    "writer": "database-0",
    "cluster": "available",
    "statuses": dict.fromkeys(("database-0", "database-1", "database-2"), "available"),
    "zone": "",
    "serves": True,
}


@pytest.mark.parametrize("seed", range(5))
def test_payments_are_moved_and_brought_back(tmp_path: Path, seed: int) -> None:
    """The writer moves to the next zone and back, nothing is lost, and the world is as it was."""
    rehearsal = Rehearsal(tmp_path, seed)
    closed = rehearsal.start()
    assert (closed.outcome, closed.reason, closed.left) == (Outcome.DONE, "", ())
    assert rehearsal.world.fail_overs == ["database-1", "database-0"]
    assert rehearsal.rest() == AS_BEFORE
    measured = rehearsal.measured()
    assert (measured.rpo_s, measured.lost) == (0.0, 0)
    assert measured.rto_s is not None
    assert 10 < measured.rto_s < 60


def test_a_healthy_writer_is_moved_without_a_fault(tmp_path: Path) -> None:
    """In graceful mode no zone is lost, and the clock starts at the move."""
    rehearsal = Rehearsal(tmp_path, mode=Mode.GRACEFUL)
    assert rehearsal.start().outcome is Outcome.DONE
    assert rehearsal.world.fail_overs == ["database-1", "database-0"]
    assert rehearsal.world.fault.since == 0.0


AT_ONCE = {Event.DETECTION: (0.2, 0.3)}
"""Faster than the drill, which looks once a second."""


@pytest.mark.parametrize("spans", [{}, AT_ONCE])
@pytest.mark.parametrize("seed", range(3))
def test_a_cluster_that_moves_by_itself_is_not_moved_again(
    tmp_path: Path, seed: int, spans: dict[Event, tuple[float, float]]
) -> None:
    """Whether the cluster or the drill is faster, the drill ends well and with the first writer."""
    rehearsal = Rehearsal(tmp_path, seed, notices=True, spans=spans)
    closed = rehearsal.start()
    assert (closed.outcome, closed.reason) == (Outcome.DONE, "")
    # Where the cluster was faster, the drill only asks for the way back.
    assert rehearsal.world.fail_overs == (["database-0"] if spans else ["database-1", "database-0"])
    assert rehearsal.rest() == AS_BEFORE


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_that_moved_by_itself_is_brought_back(tmp_path: Path, seed: int) -> None:
    """The drill's fault made the cluster move: taking the drill back moves it home, although the drill never asked."""
    rehearsal = Rehearsal(tmp_path, seed, notices=True, spans=AT_ONCE)
    rehearsal.clock.on_tick.append(
        lambda _: rehearsal.watch.stop.set() if rehearsal.world.view().writer != "database-0" else None
    )
    closed = rehearsal.start()
    assert (closed.outcome, closed.left) == (Outcome.INTERRUPTED, ())
    assert rehearsal.world.fail_overs == ["database-0"]
    assert rehearsal.rest() == AS_BEFORE


@pytest.mark.parametrize("undone", [False, True])
def test_a_way_back_is_asked_for_once_also_when_the_cluster_was_faster(tmp_path: Path, *, undone: bool) -> None:
    """Who dies after the call for the first writer finds it on its way, although the drill never moved it away."""
    rehearsal = Rehearsal(tmp_path, notices=True, spans={**AT_ONCE, Event.CALL_VISIBLE: (10.0, 11.0)})
    rehearsal.cluster.dies, rehearsal.cluster.after = 0, True
    with pytest.raises(CrashError):
        rehearsal.start()
    closed = (rehearsal.undo if undone else rehearsal.resume)()
    assert (closed.outcome, closed.left) == (Outcome.INTERRUPTED if undone else Outcome.DONE, ())
    assert rehearsal.world.fail_overs == ["database-0"]
    assert rehearsal.rest() == AS_BEFORE


@pytest.mark.parametrize("undone", [False, True])
def test_a_fail_over_that_shows_late_is_not_asked_for_twice(tmp_path: Path, *, undone: bool) -> None:
    """Nothing to be seen is no proof that a call was not accepted: it is waited for, going on and going back."""
    rehearsal = Rehearsal(tmp_path, spans={Event.CALL_VISIBLE: (45.0, 46.0)})
    rehearsal.cluster.dies, rehearsal.cluster.after = 0, True
    with pytest.raises(CrashError):
        rehearsal.start()
    closed = (rehearsal.undo if undone else rehearsal.resume)()
    assert (closed.outcome, closed.left) == (Outcome.INTERRUPTED if undone else Outcome.DONE, ())
    assert rehearsal.world.fail_overs == ["database-1", "database-0"]
    assert rehearsal.rest() == AS_BEFORE


def test_a_wrong_target_is_taken_back_as_soon_as_it_is_seen(tmp_path: Path) -> None:
    """That a third instance writes is known to need an undo: nobody waits for it to change by itself."""
    rehearsal = Rehearsal(tmp_path, flaw=Flaw.WRONG_TARGET)
    rehearsal.start()
    events = read_journal(rehearsal.path)
    stopped = next(event.at for event in events if isinstance(event, Stopping))
    undone = next(event.at for event in events if isinstance(event, Undoing) and event.step == "fail-over")
    # The zone comes back first, and its instance has to restart.
    assert undone - stopped < 90


@pytest.mark.parametrize(("begin", "end"), [(0, 40), (5, 25)])
def test_what_the_probe_did_not_see_is_not_measured(tmp_path: Path, begin: float, end: float) -> None:
    """A probe that was silent around a fail-over shows no outage, and that is no RTO of zero."""
    rehearsal = Rehearsal(tmp_path, mode=Mode.GRACEFUL)
    moved: list[float] = []

    def tick(time: float) -> None:
        if rehearsal.world.fail_overs and not moved:
            moved.append(time)
        if not moved or not begin <= time - moved[0] < end:
            rehearsal.probe.tick(time)

    rehearsal.clock.on_tick[:] = [tick]
    closed = rehearsal.start()
    assert closed.outcome is Outcome.FAILED
    assert closed.reason.startswith("RTO not measured; RTO: nobody looked for ")
    assert closed.reason.endswith(" (rehearsal)")


def test_a_way_back_that_takes_service_away_fails_the_drill(tmp_path: Path) -> None:
    """An RTO within its target does not hide the second outage, which is the drill's own."""
    rehearsal = Rehearsal(tmp_path)
    world, asked = rehearsal.world, []
    serves, fail_over = world.serves_writes, world.fail_over

    def moved(target: str | None = None) -> None:
        fail_over(target)
        asked.append(rehearsal.clock.now())

    world.fail_over = moved  # type: ignore[method-assign]
    world.serves_writes = lambda: serves() and not (len(asked) == 2 and rehearsal.clock.now() - asked[1] < 130)  # type: ignore[method-assign]
    closed = rehearsal.start()
    assert closed.outcome is Outcome.FAILED
    assert closed.reason.startswith("fail-back took service away for 13")
    measured = rehearsal.measured()
    assert measured.rto_s is not None
    assert measured.rto_s < 60


def test_a_drill_that_is_gone_on_with_too_late_injects_no_second_fault(tmp_path: Path) -> None:
    """The zone has come back by itself: the drill ends, and says why."""
    rehearsal = Rehearsal(tmp_path)
    rehearsal.fault.dies = "after lose"
    with pytest.raises(CrashError):
        rehearsal.start()
    since = rehearsal.world.fault.since
    rehearsal.clock.wait(1000)
    closed = rehearsal.resume()
    assert (closed.outcome, closed.left) == (Outcome.FAILED, ())
    assert closed.reason.startswith("lose-zone: it was begun more than 900 s ago and has ended by itself")
    assert (rehearsal.world.fault.since, rehearsal.rest()) == (since, AS_BEFORE)


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        (Flaw.FAIL_OVER_DOES_NOTHING, "fail-over: not within 240 s: the writer is database-0"),
        (Flaw.WRONG_TARGET, "fail-over: database-2 was promoted, not database-1"),
        (Flaw.LOSES_WRITES, "verify-writes: 5 acknowledged writes are gone"),
        (Flaw.FLAPS, "hold: not within 240 s: service has not stayed back for 60 s"),
    ],
)
def test_a_world_that_misbehaves_fails_the_drill(tmp_path: Path, flaw: Flaw, reason: str) -> None:
    """A fail-over that does nothing or goes wrong, lost data and flapping service are no success."""
    closed = Rehearsal(tmp_path, flaw=flaw).start()
    assert closed.outcome is Outcome.FAILED
    assert closed.reason.startswith(reason)


def test_what_was_lost_is_measured_in_a_drill_that_failed(tmp_path: Path) -> None:
    """A failed drill tells how much was lost, not only that something was."""
    rehearsal = Rehearsal(tmp_path, flaw=Flaw.LOSES_WRITES)
    rehearsal.start()
    measured = rehearsal.measured()
    assert measured.lost >= 5
    assert measured.rpo_s is not None
    assert measured.rpo_s >= 5


def test_a_control_that_what_serves_now_breaks_fails_the_drill(tmp_path: Path) -> None:
    """Fast and lossless is not enough: what took over must be as compliant as what was lost."""
    rehearsal = Rehearsal(tmp_path)
    rehearsal.clock.on_tick.append(
        lambda _: setattr(rehearsal, "blocking", ("RDS.3: it is not encrypted",) if rehearsal.world.fail_overs else ())
    )
    closed = rehearsal.start()
    assert (closed.outcome, closed.left) == (Outcome.FAILED, ())
    assert closed.reason == "controls-after: what serves now breaks a control: RDS.3: it is not encrypted"
    assert rehearsal.rest() == AS_BEFORE


def test_somebody_who_stops_the_drill_gets_the_first_writer_back(tmp_path: Path) -> None:
    """The zone comes back before the fail-over is taken back into it."""
    rehearsal = Rehearsal(tmp_path, watch=Watch())

    def stop(_time: float) -> None:
        if rehearsal.world.fail_overs:
            rehearsal.watch.stop.set()

    rehearsal.clock.on_tick.append(stop)
    closed = rehearsal.start()
    assert (closed.outcome, closed.left) == (Outcome.INTERRUPTED, ())
    assert rehearsal.rest() == AS_BEFORE


@dataclass(frozen=True, slots=True)
class Death:
    """When the process dies.

    Args:
        of: `write`, `fail-over` or `fault`.
        at: Number of the write or fail-over.
        how: `before`, `torn`, `unsealed` or `after`; for the fault the call too.
    """

    of: str
    how: str
    at: int = -1

    def befall(self, rehearsal: Rehearsal) -> None:
        """Run the drill until it dies."""
        rehearsal.cluster.dies, rehearsal.cluster.after = (
            (self.at if self.of == "fail-over" else -1),
            self.how == "after",
        )
        rehearsal.fault.dies = self.how if self.of == "fault" else ""
        try:
            rehearsal.start(self.at if self.of == "write" else -1, self.how)
        finally:
            rehearsal.cluster.dies = -1


def _deaths(folder: Path, flaw: Flaw | None) -> list[Death]:
    folder.mkdir()
    whole = Rehearsal(folder, flaw=flaw)
    whole.start()
    return [
        *(Death("write", how, at) for at in range(whole.writes) for how in ("before", "torn", "unsealed", "after")),
        *(Death("fail-over", how, at) for at in range(whole.cluster.calls) for how in ("before", "after")),
        *(Death("fault", f"{how} {call}") for call in ("lose", "restore") for how in ("before", "after")),
    ]


@pytest.mark.parametrize("flaw", [None, Flaw.LOSES_WRITES])
def test_resumed_after_any_death_the_world_is_as_if_there_had_been_none(tmp_path: Path, flaw: Flaw | None) -> None:
    """Whether the drill goes well or fails: no fail-over happens twice, and everything is as it was."""
    wrong = []
    for number, death in enumerate(_deaths(tmp_path / "whole", flaw)):
        (tmp_path / str(number)).mkdir()
        rehearsal = Rehearsal(tmp_path / str(number), flaw=flaw)
        with pytest.raises(CrashError):
            death.befall(rehearsal)
        closed = progress_of(read_journal(rehearsal.path)).closed or rehearsal.resume()
        expected = Outcome.FAILED if flaw else Outcome.DONE
        moves = rehearsal.world.fail_overs
        if closed.outcome is not expected or moves != ["database-1", "database-0"] or rehearsal.rest() != AS_BEFORE:
            wrong.append((death, closed, moves, rehearsal.rest()))
    assert wrong == []


def test_undone_after_any_death_the_world_is_as_before(tmp_path: Path) -> None:
    """Every fail-over that happened is taken back once, the zone is back, and nothing else was touched."""
    wrong = []
    for number, death in enumerate(_deaths(tmp_path / "whole", None)):
        (tmp_path / str(number)).mkdir()
        rehearsal = Rehearsal(tmp_path / str(number))
        with pytest.raises(CrashError):
            death.befall(rehearsal)
        closed = rehearsal.undo()
        moves = rehearsal.world.fail_overs
        if closed.left or moves not in ([], ["database-1", "database-0"]) or rehearsal.rest() != AS_BEFORE:
            wrong.append((death, closed, moves, rehearsal.rest()))
    assert wrong == []


def test_an_undo_that_dies_anywhere_is_undone_by_the_next_one(tmp_path: Path) -> None:
    """Whichever instant `undo` dies at, after a fail-over or after the whole drill's half: the world is as before."""
    wrong = []
    for number, at in enumerate((9, 12, 21)):
        for again in range(40):
            folder = tmp_path / f"{number}-{again}"
            folder.mkdir()
            rehearsal = Rehearsal(folder)
            with pytest.raises(CrashError):
                rehearsal.start(at)
            try:
                rehearsal.undo(again, ("before", "torn", "unsealed", "after")[again % 4])
                break
            except CrashError:
                closed = progress_of(read_journal(rehearsal.path)).closed or rehearsal.undo()
            moves = rehearsal.world.fail_overs
            if closed.left or moves not in ([], ["database-1", "database-0"]) or rehearsal.rest() != AS_BEFORE:
                wrong.append((at, again, closed, moves, rehearsal.rest()))
    assert wrong == []
