"""Shows the command line: help, lists, plans, approvals, and mistakes of users."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from ledgergate.evidence.keys import generate_key
from runbooks.__main__ import app
from runbooks.catalogue import find_drill
from runbooks.command import guarded
from runbooks.errors import UnrecordedError
from runbooks.events import Closed, Intent, Measured, Opened, Passed, Stopping, UndoFailed
from runbooks.journal import create_journal
from runbooks.locks import LOCK_FILE, held_lock
from runbooks.model import Mode, Outcome
from runbooks.plan import Place, make_plan

ROOT: Final = Path(__file__).resolve().parents[2]
DRILL: Final = "aurora-writer-zone-loss"
STORE: Final = "tests/runbooks/programs/store"
ON_ACCOUNT: Final = (
    *(DRILL, "--account", "111122223333", "--region", "us-east-1"),
    *("--cluster", "payment-database-lgdev", "--service", "https://drill.invalid"),
)


def called(*arguments: object, python: tuple[str, ...] = (), cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Call the command line and wait for its end."""
    return subprocess.run(
        [sys.executable, *python, "-m", "runbooks", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_teaches_and_is_light() -> None:
    """`--help` shows examples and every exit code, and imports nothing that only a run needs."""
    done = called("--help", python=("-X", "importtime"))
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "python -m runbooks plan aurora-writer-zone-loss" in done.stdout
    assert all(f"\n    {code} " in done.stdout for code in (0, 1, 2, 3, 130))
    assert imported.isdisjoint({"pydantic", "boto3", "rich.console", "runbooks.command", "cryptography"})
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_plan_is_printed_with_its_hash_and_is_the_same_each_time() -> None:
    """What two people approve is what each of them sees."""
    first, second = called("plan", DRILL), called("plan", DRILL)
    assert first.returncode == 0
    assert first.stdout == second.stdout
    assert "rds:FailoverDBCluster (control, us-east-1)" in first.stdout
    assert len(first.stdout.splitlines()[-1].removeprefix("plan ")) == 64


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "flood"), "error: there is no drill 'flood'"),
        (("run", DRILL, "--flaw", "rust"), "error: there is no flaw 'rust'"),
        (("plan", DRILL, "--lost-region", "us-east-1"), "whose control plane is in us-east-1"),
        (("plan", DRILL, "--program", "infra"), "ledgergate.toml is missing"),
        (("run", DRILL, "--region", "eu-west-1"), "Region eu-west-1 is not on the allow-list"),
        (("run", *ON_ACCOUNT[:2], "999999999999", *ON_ACCOUNT[3:]), "account 999999999999 is not on the allow-list"),
        (("run", *ON_ACCOUNT[:5]), "needs --cluster and --service"),
        (("run", *ON_ACCOUNT), "names fewer than 2 people who could approve a drill"),
        (("plan", DRILL, "--lost-region", "us-east1"), "there is no Region us-east1"),
        (("run", *ON_ACCOUNT, "--mode", "ungraceful"), "nothing injects a fault yet"),
        (("resume", "nowhere.jsonl"), "nowhere.jsonl cannot be read"),
        (("undo", "README.md"), "it is not JSON"),
        (("report", "README.md"), "it is not JSON"),
    ],
)
def test_a_mistake_gives_one_sentence_and_nothing_is_done(
    arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 2, no traceback, nothing on standard output, nothing made."""
    for name in ("infra", "README.md"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "infra"]


@pytest.fixture
def account(tmp_path: Path) -> tuple[str, ...]:
    """Return what a drill on an account is called with; two people may approve it, and both have their keys here."""
    (tmp_path / "approvers").mkdir()
    (tmp_path / "ledgergate.toml").write_text('account_id = "111122223333"\nregions = ["us-east-1"]\n')
    for name in ("anna", "ben"):
        generate_key(tmp_path / name)
        (tmp_path / "approvers" / f"{name}.pub").write_bytes((tmp_path / f"{name}.pub").read_bytes())
    return (*ON_ACCOUNT, "--program", str(tmp_path))


def test_an_approval_is_signed_for_the_hash_that_was_printed(account: tuple[str, ...], tmp_path: Path) -> None:
    """With one approval of two the drill is still refused, and the command to get the other is shown."""
    runner = CliRunner()
    plan = runner.invoke(app, ["plan", *account]).stdout.splitlines()[-1].removeprefix("plan ")
    key, approval = str(tmp_path / "anna"), str(tmp_path / "anna.approval")
    approved = runner.invoke(app, ["approve", plan, "--key", key, "--output", approval])
    assert (approved.exit_code, approved.stderr) == (0, "")
    done = runner.invoke(app, ["run", *account, "--approval", approval])
    assert done.exit_code == 2
    assert "1 of 2 people have approved the plan" in done.stderr
    assert f"python -m runbooks approve {plan}" in done.stderr


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ABORTED, Outcome.INTERRUPTED])
def test_what_is_left_is_a_failure_however_the_drill_ended(tmp_path: Path, outcome: Outcome) -> None:
    """Interrupted or not: something could not be taken back, and somebody has to look."""
    place = Place(account="111122223333", region="us-east-1", program=STORE, stack="dev", rehearsal=True)
    plan = make_plan(find_drill(DRILL), Mode.GRACEFUL, place)
    kept = next(step for step in plan.steps if step["name"] == "keep-writer")
    with create_journal(tmp_path / "drill.jsonl") as journal:
        journal.append(Opened(at=1.0, plan=plan.to_json(), plan_hash=plan.hash, rehearsal=True))
        journal.append(Passed(at=1.0, step="steady-state"))
        journal.append(Passed(at=1.0, step="controls-before"))
        journal.append(Intent(at=1.0, step="keep-writer", before={"writer": "a"}, wanted={}, undo=kept["undo"]))
        journal.append(Stopping(at=1.0, outcome=outcome, reason="x"))
        journal.append(UndoFailed(at=2.0, step="keep-writer", reason="y"))
        journal.append(Measured(at=2.0, rto_s=None, rpo_s=None, lost=0, resolution_s=0.0))
        journal.append(Closed(at=2.0, outcome=outcome, left=("keep-writer",)))
    assert CliRunner().invoke(app, ["report", str(tmp_path / "drill.jsonl")]).exit_code == 1


def test_a_drill_that_could_not_be_recorded_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """What was in effect is said, and that is no mistake of the user."""

    def unrecorded() -> int:
        raise UnrecordedError("drill.jsonl cannot be written, after these steps had acted: lose-zone")

    assert guarded(unrecorded) == 1
    assert capsys.readouterr().err == ("error: drill.jsonl cannot be written, after these steps had acted: lose-zone\n")


def test_a_second_drill_from_a_folder_is_refused(tmp_path: Path) -> None:
    """While one runs, nothing is begun beside it."""
    with held_lock(tmp_path, LOCK_FILE, ""):
        done = CliRunner().invoke(app, ["run", DRILL, "--program", STORE, "--journal", str(tmp_path / "drill.jsonl")])
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"by process {os.getpid()}" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_FILE]
