"""Shows that the drill brings payments back, notices when it does not, and leaves the world as it was."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from integration.sandbox.world import Flaw
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


@pytest.mark.parametrize("seed", range(5))
def test_a_cluster_that_moves_by_itself_is_not_moved_again(tmp_path: Path, seed: int) -> None:
    """Whether the cluster or the drill is faster, the drill ends well and with the first writer."""
    rehearsal = Rehearsal(tmp_path, seed, notices=True)
    closed = rehearsal.start()
    assert (closed.outcome, closed.reason) == (Outcome.DONE, "")
    assert rehearsal.rest() == AS_BEFORE


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        (Flaw.FAIL_OVER_DOES_NOTHING, "fail-over: not within 180 s: the writer is database-0"),
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
        how: `before`, `torn` or `after`; for the fault the call too.
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
        *(Death("write", how, at) for at in range(whole.writes) for how in ("before", "torn", "after")),
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
