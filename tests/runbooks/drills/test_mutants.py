"""Shows that every check of the drill is needed: what it finds, nothing else does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from integration.sandbox.world import Flaw
from runbooks.drills.aurora_writer_zone_loss import DRILL, Payments
from runbooks.model import Drill, Outcome, hold_at_once
from tests.runbooks.drills.rehearsal import Rehearsal

Trouble = Callable[[Rehearsal], None]


def weakened(name: str) -> Drill[Payments]:
    """Return the drill with a step that demands nothing."""
    steps = tuple(replace(step, verify=hold_at_once) if step.name == name else step for step in DRILL.steps)
    return replace(DRILL, steps=steps)


def broken_from(holds: Callable[[Rehearsal], bool]) -> Trouble:
    """Return trouble that lets a control fail as long as something holds."""

    def begin(rehearsal: Rehearsal) -> None:
        rehearsal.clock.on_tick.append(
            lambda _: setattr(rehearsal, "blocking", ("RDS.2: it is public",) if holds(rehearsal) else ())
        )
        rehearsal.clock.wait(1)

    return begin


def flawed(flaw: Flaw) -> Trouble:
    """Return trouble by a flaw of the world."""

    def begin(rehearsal: Rehearsal) -> None:
        rehearsal.world._flaw = flaw

    return begin


def _unnoticed(rehearsal: Rehearsal) -> None:
    """Let nobody outside notice that a zone is lost for as long as the step may take."""
    serves = rehearsal.world.serves_writes
    lost = rehearsal.world.lose_zone

    def lose(zone: str, for_s: float) -> object:
        until = rehearsal.clock.now() + 70
        rehearsal.world.serves_writes = lambda: rehearsal.clock.now() < until or serves()  # type: ignore[method-assign]
        return lost(zone, for_s)

    rehearsal.world.lose_zone = lose  # type: ignore[method-assign,assignment]


def _lost_at_the_end(rehearsal: Rehearsal) -> None:
    """Let the way back lose records."""
    rehearsal.clock.on_tick.append(lambda _: flawed(Flaw.LOSES_WRITES)(rehearsal) if moves(rehearsal) == 2 else None)


def moves(rehearsal: Rehearsal) -> int:
    """Return how many fail-overs were accepted."""
    return len(rehearsal.world.fail_overs)


MUTANTS: Final[dict[str, Trouble]] = {
    "controls-before": broken_from(lambda rehearsal: moves(rehearsal) == 0),
    "controls-after": broken_from(lambda rehearsal: moves(rehearsal) == 1),
    "verify-writes": flawed(Flaw.LOSES_WRITES),
    "steady-again": _lost_at_the_end,
    "lose-zone": _unnoticed,
}


@pytest.mark.parametrize("step", MUTANTS)
def test_a_check_that_is_taken_out_is_missed(tmp_path: Path, step: str) -> None:
    """The drill fails in the step that looks for the trouble, and not there when that step demands nothing."""
    reasons = []
    for number, drill in enumerate((DRILL, weakened(step))):
        (tmp_path / str(number)).mkdir()
        rehearsal = Rehearsal(tmp_path / str(number), drill=drill)
        MUTANTS[step](rehearsal)
        closed = rehearsal.start()
        assert (number == 1 or closed.outcome is Outcome.FAILED, closed.left) == (True, ())
        reasons.append(closed.reason)
    assert [reason.startswith(f"{step}: ") for reason in reasons] == [True, False]
