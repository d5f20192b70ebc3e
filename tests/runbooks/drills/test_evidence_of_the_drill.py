"""What the evidence demands of journals and figures never stands in the way of those that a drill wrote itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from integration.sandbox.world import Flaw
from ledgergate.evidence.course import Course
from ledgergate.evidence.measuring import Claim
from runbooks.drills.aurora_writer_zone_loss import DRILL
from runbooks.events import event_to_json
from runbooks.journal import read_journal
from runbooks.model import Mode, Outcome
from runbooks.plan import Place, make_plan
from tests.runbooks.drills.rehearsal import Rehearsal
from tests.runbooks.pretend import CrashError

PLACE: Final = Place(account="111122223333", region="us-east-1", program="infra/payments", stack="dev", rehearsal=True)


def demand_it_holds(rehearsal: Rehearsal) -> str:
    """Hold a journal against the plan and the samples, and return its outcome."""
    plan = make_plan(DRILL, rehearsal.mode, PLACE)
    events = [event_to_json(event) for event in read_journal(rehearsal.path)]
    course = Course(plan.steps, plan.targets)
    assert {course.strayed(event) for event in events[1:]} == {""}
    events[0]["plan"] = plan.to_json()
    measured = rehearsal.measured()
    if measured.samples_sha256:
        assert measured.samples_sha256 == rehearsal.probe.digest(measured.samples)
        Claim("drill.jsonl", events, rehearsal.probe.read()[: measured.samples]).demand_figures()
    return str(events[-1]["outcome"])


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("flaw", [None, *Flaw])
def test_whatever_the_world_does(tmp_path: Path, mode: Mode, flaw: Flaw | None) -> None:
    """Done, or failed by a flaw, with its figures as the samples give them."""
    rehearsal = Rehearsal(tmp_path, mode=mode, flaw=flaw)
    closed = rehearsal.start()
    assert demand_it_holds(rehearsal) == closed.outcome.value
    assert flaw is not None or closed.outcome is Outcome.DONE


def test_a_drill_that_a_control_stops(tmp_path: Path) -> None:
    """Failed before anything was begun: there is nothing to measure, and that is no stray."""
    rehearsal = Rehearsal(tmp_path, blocking=("S3.8: public",))
    assert rehearsal.start().outcome is Outcome.FAILED
    assert demand_it_holds(rehearsal) == "failed"


@pytest.mark.parametrize("how", ["resume", "undo"])
def test_a_crash_at_any_write(tmp_path: Path, how: str) -> None:
    """Resumed or undone, the journal follows its plan and its figures follow from the samples."""
    (tmp_path / "whole").mkdir()
    whole = Rehearsal(tmp_path / "whole")
    whole.start()
    for at in range(1, whole.writes - 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        rehearsal = Rehearsal(folder)
        with pytest.raises(CrashError):
            rehearsal.start(at)
        finish: Callable[[], object] = getattr(rehearsal, how)
        finish()
        assert demand_it_holds(rehearsal) == ("done" if how == "resume" else "interrupted"), at
