"""Shows a drill on an account, with moto behind real HTTP in its place: approved by two people, judged, and guarded."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from ledgergate.evidence.keys import generate_key
from runbooks.__main__ import app
from runbooks.accounts import open_account
from runbooks.clock import ScaledClock
from runbooks.journal import read_journal
from runbooks.judging import Controls
from runbooks.model import Outcome
from runbooks.plan import Place
from runbooks.progress import Progress, progress_of
from runbooks.rehearsal import Announcement, read_world, world_file
from runbooks.service import RehearsalControl

STORE: Final = Path("tests/runbooks/programs/store")
DRILL: Final = "aurora-writer-zone-loss"
PLACE: Final = Place(account="111122223333", region="us-east-1", program=str(STORE), stack="dev", rehearsal=True)

WAIVER: Final = """
[[waiver]]
id = "open-for-a-day"
control = "RDS.2"
resource = "urn:pulumi:*::store::*::store-2"
reason = "its partner reads from it until the line is there"
requirement = "S-1"
owner = "store team"
approver = "store security"
expires = {expires}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Announcement]:
    """Return a world with the store in it; for the drills below it is an account."""
    journal = tmp_path_factory.mktemp("world") / "drill.jsonl"
    options = {"program": PLACE.program, "stack": "dev", "account": PLACE.account, "region": PLACE.region}
    options |= {"announce": str(world_file(journal)), "scale": "20"}
    flat = [part for name, value in options.items() for part in (f"--{name}", value)]
    with subprocess.Popen([sys.executable, "-m", "integration.sandbox.world", *flat]) as process:
        patience = time.monotonic() + 150
        while not world_file(journal).exists() and time.monotonic() < patience:
            time.sleep(0.05)
        yield read_world(journal)
        process.terminate()


@dataclass
class Operator:
    """Whoever runs drills on the account.

    Args:
        folder: Where program, keys and journals are.
        world: What stands for the account.
    """

    folder: Path
    world: Announcement

    def approved(self, *arguments: str) -> list[str]:
        """Return arguments with the approvals of two people."""
        given = [
            *(DRILL, "--account", PLACE.account, "--cluster", self.world.cluster, "--service", self.world.service),
            *("--program", str(self.folder / "store"), *arguments),
        ]
        plan = CliRunner().invoke(app, ["plan", *given]).stdout.splitlines()[-1].removeprefix("plan ")
        for name in ("anna", "ben"):
            output = str(self.folder / f"{name}-{plan[:8]}")
            CliRunner().invoke(app, ["approve", plan, "--key", str(self.folder / name), "--output", output])
            given += ["--approval", output]
        return given

    def run(self, name: str, *arguments: str) -> tuple[int, Progress, str]:
        """Run a drill, and return exit code, where it stands, and what was said."""
        journal = self.folder / f"{name}.jsonl"
        done = CliRunner().invoke(app, ["run", *self.approved(*arguments), "--journal", str(journal), "--quiet"])
        return done.exit_code, progress_of(read_journal(journal)), done.stdout


@pytest.fixture
def operator(world: Announcement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return an operator whose AWS environment leads to the world, whose clock is the world's."""
    shutil.copytree(STORE, tmp_path / "store")
    (tmp_path / "store" / "approvers").mkdir()
    for name in ("anna", "ben"):
        generate_key(tmp_path / name)
        (tmp_path / f"{name}.pub").rename(tmp_path / "store" / "approvers" / f"{name}.pub")
    for name, value in world.aws.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def clock(stop: threading.Event) -> ScaledClock:
        return ScaledClock(world.origin, world.scale, stop)

    monkeypatch.setattr("runbooks.stage.account_clock", clock)
    return Operator(tmp_path, world)


def test_an_alarm_that_does_not_exist_stops_the_drill_before_its_first_act(operator: Operator) -> None:
    """Nothing acts under a guardrail that guards nothing."""
    code, progress, _ = operator.run("alarm", "--alarm", "no-such-alarm")
    assert (code, progress.outcome, progress.intents) == (3, Outcome.ABORTED, {})
    assert progress.stopping is not None
    assert progress.stopping.reason == "alarm no-such-alarm is missing"


def test_a_drill_on_an_account_is_carried_out(operator: Operator) -> None:
    """After two approvals the writer is moved and brought back, and what serves is judged before and after."""
    code, progress, said = operator.run("whole")
    assert progress.closed is not None
    assert (progress.closed.left, progress.closed.outcome is Outcome.ABORTED) == ((), False)
    # How long it took depends on how busy this machine is.
    assert code == 0 or "RTO" in progress.closed.reason or "fail-back" in progress.closed.reason, said
    assert {"controls-before", "fail-over", "controls-after", "fail-back", "steady-again"} <= progress.passed
    assert [intent.before["writer"] for intent in progress.intents.values()] == ["store-0", "store-0", "store-1"]
    opened = progress.opened
    assert opened is not None
    assert [each["approver"] for each in opened.approvals] == ["anna", "ben"]
    assert "rehearsal" not in said


def test_what_breaks_a_control_after_the_fail_over_fails_the_drill(operator: Operator) -> None:
    """The facts are read back from what serves: what somebody opened a moment ago is seen."""
    account = open_account(PLACE, operator.world.aws)
    controls = Controls(PLACE, account.session)
    assert controls.blocking() == ()
    journal = operator.folder / "opened.jsonl"
    rds = account.client("rds")

    def sabotage() -> None:
        until_passed(journal, "fail-over")
        rds.modify_db_instance(DBInstanceIdentifier="store-1", PubliclyAccessible=True)

    culprit = threading.Thread(target=sabotage)
    culprit.start()
    code, progress, _ = operator.run("opened")
    culprit.join()
    rds.modify_db_instance(DBInstanceIdentifier="store-1", PubliclyAccessible=False)
    assert progress.closed is not None
    assert (code, progress.closed.left) == (1, ())
    assert progress.closed.reason == (
        "controls-after: what serves now breaks a control: RDS.2: store-1: it has an address on the internet"
    )
    _, world = RehearsalControl(operator.world.control)._answer("GET", "/world")
    assert (world["writer"], controls.blocking()) == ("store-0", ())


def test_a_rehearsal_knows_the_waivers_of_the_gate(operator: Operator) -> None:
    """A waiver of a URN counts where it is known what that is, until its last day; on an account nobody knows."""
    place = replace(PLACE, program=str(operator.folder / "store"))
    account = open_account(PLACE, operator.world.aws)
    rds = account.client("rds")
    rds.modify_db_instance(DBInstanceIdentifier="store-2", PubliclyAccessible=True)
    try:
        blocking = {}
        for expires in ("2999-12-31", "2020-12-31"):
            (operator.folder / "store" / "waivers.toml").write_text(WAIVER.format(expires=expires))
            blocking[expires] = Controls(place, account.session, operator.world.urns).blocking()
        on_account = Controls(place, account.session).blocking()
    finally:
        rds.modify_db_instance(DBInstanceIdentifier="store-2", PubliclyAccessible=False)
    failure = ("RDS.2: store-2: it has an address on the internet",)
    assert (blocking, on_account) == ({"2999-12-31": (), "2020-12-31": failure}, failure)


def until_passed(journal: Path, step: str) -> None:
    """Wait until a step of a running drill is through."""
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        if journal.exists() and step in progress_of(read_journal(journal)).passed:
            return
        time.sleep(0.02)
