"""Shows that nobody has a cluster moved by a journal that was written by hand, whatever is genuine in it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner, Result

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.approvals import VALID_S
from ledgergate.evidence.collection import Collection, Inputs
from ledgergate.evidence.keys import generate_key
from runbooks.__main__ import app
from runbooks.approvals import approve
from runbooks.catalogue import find_drill
from runbooks.events import Closed, Event, Intent, Opened, Passed, Stopping, Undoing
from runbooks.journal import create_journal
from runbooks.model import Mode, Outcome
from runbooks.plan import Place, Plan, make_plan

DRILL: Final = "aurora-writer-zone-loss"
BEFORE: Final = tuple(Passed(at=2.0, step=step) for step in ("steady-state", "controls-before"))
KEPT: Final = Intent(
    at=3.0,
    step="keep-writer",
    before={"writer": "a"},
    wanted={},
    undo="promote the writer that was before, once it is available",
)
MOVED: Final = replace(KEPT, step="fail-over", wanted={"writer": "b"})

both = pytest.mark.parametrize("command", ["resume", "undo"])


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which a bank's program is kept, and that of somebody who has made one as it likes."""
    monkeypatch.chdir(tmp_path)
    for program, people in (("bank", ("anna", "ben")), ("forged", ("eve", "mallory"))):
        (tmp_path / program / "approvers").mkdir(parents=True)
        (tmp_path / program / "ledgergate.toml").write_text('account_id = "111122223333"\nregions = ["us-east-1"]\n')
        for name in people:
            generate_key(tmp_path / name)
            (tmp_path / f"{name}.pub").rename(tmp_path / program / "approvers" / f"{name}.pub")
    return tmp_path


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """Return the plans that would be acted on; nothing is."""
    found: list[Plan] = []

    def carry_out(plan: Plan, *_: Any, **__: Any) -> Closed:
        found.append(plan)
        return Closed(at=1.0, outcome=Outcome.DONE)

    monkeypatch.setattr("runbooks.command._carry_out", carry_out)
    return found


def plan_on(program: str) -> Plan:
    """Return the plan of a drill on an account."""
    where = Place(
        account="111122223333",
        region="us-east-1",
        program=program,
        stack="dev",
        rehearsal=False,
        cluster="payments",
        service="https://drill.invalid",
    )
    return make_plan(find_drill(DRILL), Mode.GRACEFUL, where)


def approved(plan: Plan, *names: str, at: float) -> tuple[dict[str, Any], ...]:
    """Return people's approvals of a plan, as a journal holds them."""
    found = [(name, approve(plan.hash, Path(name), at)) for name in names]
    return tuple({"approver": name, "key": it.key, "at": it.at, "signature": it.signature} for name, it in found)


def journal(
    plan: Plan, names: Sequence[str] = ("anna", "ben"), events: Sequence[Event] = (*BEFORE, KEPT), age_s: float = 0.0
) -> Path:
    """Write a journal with a chain that holds; it was begun when its plan was approved, some seconds ago."""
    begun = time.time() - age_s
    path = Path("drill.jsonl")
    with create_journal(path) as opened:
        opened._wall = lambda: begun
        approvals = approved(plan, *names, at=begun)
        opened.append(Opened(at=1.0, plan=plan.to_json(), plan_hash=plan.hash, rehearsal=False, approvals=approvals))
        for event in events:
            opened.append(event)
    return path


def called(command: str, path: Path, program: str = "bank") -> Result:
    """Go on with a journal, or take it back."""
    return CliRunner().invoke(app, [command, str(path), "--program", program])


@both
def test_a_genuine_journal_is_gone_on_with(place: Path, carried_out: list[Plan], command: str) -> None:
    """Nothing below is refused for another reason than its own."""
    plan = plan_on("bank")
    done = called(command, journal(plan))
    assert (done.exit_code, done.stderr, carried_out) == (0, "", [plan])


@both
def test_a_journal_does_not_choose_its_own_approvers(place: Path, carried_out: list[Plan], command: str) -> None:
    """A folder that a journal names may hold anybody's keys: only the program that the operator names counts."""
    path = journal(plan_on("forged"), ("eve", "mallory"))
    done = called(command, path)
    assert (done.exit_code, carried_out) == (2, [])
    assert "is of a drill on forged, not on bank" in done.stderr
    by_default = CliRunner().invoke(app, [command, str(path)])
    assert (by_default.exit_code, carried_out) == (2, [])
    assert "is of a drill on forged, not on infra/payments" in by_default.stderr


@both
@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("eve", "mallory"), "approval 1 in the journal was signed by nobody in bank/approvers"),
        (("anna", "eve"), "approval 2 in the journal was signed by nobody in bank/approvers"),
        (("anna",), "1 of 2 people have approved the plan"),
        ((), "0 of 2 people have approved the plan"),
    ],
)
def test_nobody_else_approves(
    place: Path, carried_out: list[Plan], command: str, names: tuple[str, ...], said: str
) -> None:
    """Signatures of others, and too few, are worth nothing."""
    done = called(command, journal(plan_on("bank"), names))
    assert (done.exit_code, said in done.stderr, carried_out) == (2, True, [])


FORGED: Final[dict[str, tuple[Sequence[Event], str]]] = {
    "no step of the plan": (
        (*BEFORE, replace(KEPT, step="drop-all")),
        "line 4: the plan that was approved has no step `drop-all`",
    ),
    "a step that does not act": (
        (replace(KEPT, step="steady-state"),),
        "line 2: step `steady-state` acts, and in the plan that was approved it does not",
    ),
    "another undo": (
        (*BEFORE, replace(KEPT, undo="promote whom I like")),
        "line 4: step `keep-writer` is taken back otherwise than in the plan",
    ),
    "out of its order": ((MOVED,), "line 2: step `fail-over` is not the next one of the plan"),
    "after the stop": (
        (Stopping(at=2.0, outcome=Outcome.FAILED, reason="x"), MOVED),
        "line 3: step `fail-over` goes on after the drill was stopped",
    ),
    "an end without a beginning": (
        (Closed(at=2.0, outcome=Outcome.DONE),),
        "line 2: the drill ends as done, and nobody has measured it",
    ),
    "an undo of nothing": (
        (Stopping(at=2.0, outcome=Outcome.FAILED, reason="x"), Undoing(at=3.0, step="fail-over")),
        "line 3: step `fail-over` is taken back, and was never begun",
    ),
}
"""What is wrong with the intents below genuine approvals → they, and what is said of them."""


@both
@pytest.mark.parametrize("forgery", FORGED)
def test_genuine_approvals_do_not_cover_forged_intents(
    place: Path, carried_out: list[Plan], command: str, forgery: str
) -> None:
    """Approvals copied from another journal are under that plan: an intent that is none of it moves nothing."""
    events, said = FORGED[forgery]
    path = journal(plan_on("bank"), events=events)
    done = called(command, path)
    assert (done.exit_code, said in done.stderr, carried_out) == (2, True, [])
    told = CliRunner().invoke(app, ["report", str(path)])
    assert (told.exit_code, told.stdout, said in told.stderr) == (2, "", True)
    with pytest.raises(EvidenceError) as caught:
        Collection().take_in(Inputs(drills=(path,), approvers=(Path("bank/approvers"),)))
    assert said in caught.value.message


@both
def test_a_plan_that_was_changed_is_not_the_approved_one(place: Path, carried_out: list[Plan], command: str) -> None:
    """Neither under the old hash nor, with the old approvals, under its own; nor as a rehearsal that needs none."""
    plan = plan_on("bank")
    forged = replace(plan, place=replace(plan.place, cluster="ledger"))
    approvals = approved(plan, "anna", "ben", at=time.time())
    cases = (
        (forged, plan.hash, False, "its plan is not the one whose hash it names"),
        (forged, forged.hash, False, "approval 1 in the journal was signed by nobody in bank/approvers"),
        (plan, plan.hash, True, "its plan is not the one whose hash it names"),
    )
    for number, (said_plan, said_hash, rehearsal, said) in enumerate(cases):
        path = Path(f"{number}.jsonl")
        with create_journal(path) as opened:
            opened.append(
                Opened(at=1.0, plan=said_plan.to_json(), plan_hash=said_hash, rehearsal=rehearsal, approvals=approvals)
            )
        done = called(command, path)
        assert (done.exit_code, said in done.stderr, carried_out) == (2, True, [])


def test_an_old_approval_takes_back_and_does_not_go_on(place: Path, carried_out: list[Plan]) -> None:
    """A journal says itself when it was begun: what acts anew needs approvals that hold today."""
    plan = plan_on("bank")
    path = journal(plan, age_s=VALID_S + 60)
    resumed = called("resume", path)
    assert (resumed.exit_code, "has expired" in resumed.stderr, carried_out) == (2, True, [])
    assert (called("undo", path).exit_code, carried_out) == (0, [plan])
