"""Shows that a control of one's own is there in a minute, and passes what every control has to pass."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from policies.new import app
from tests.policies.gating.workspace import gate, program

ROOT: Final = Path(__file__).parents[2]
QUEUE: Final = """
class Queue(pulumi.CustomResource):
    def __init__(self, name, args): super().__init__("aws:sqs/queue:Queue", name, args)
Queue("orders", {"sqsManagedSseEnabled": True})
Queue("letters", {})
"""
WANTED: Final = ("control", "BANK-1", "sqs-queue-managed-encryption", "--type", "aws:sqs/queue:Queue")
FLAG: Final = ("--property", "sqsManagedSseEnabled")


def test_it_judges_and_passes_the_generic_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is written, the gate applies it, and the tests of every control hold for it."""
    shop = program(tmp_path / "shop", QUEUE, profile='controls = ["controls"]\n')
    said = CliRunner().invoke(app, [*WANTED, *FLAG, "--program", str(shop)])
    assert said.exit_code == 0, said.output
    assert "LEDGERGATE_CONTROLS=" in said.output
    assert "name its folder" not in said.output
    assert gate(shop, select=("BANK-1",)) == 1
    text = capsys.readouterr().out
    assert "FAILED  BANK-1 sqs-queue-managed-encryption" in text
    assert ("- letters" in text, "- orders" in text) == (True, False)
    generic = "tests/policies/controls/test_every_control.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", generic, "-k", "BANK-1"],
        cwd=ROOT,
        env=os.environ | {"LEDGERGATE_CONTROLS": str(shop / "controls")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_a_flag_inside_an_object_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Absent with the whole object it is off, like one that is absent by itself."""
    machines = """
class Instance(pulumi.CustomResource):
    def __init__(self, name, args): super().__init__("aws:ec2/instance:Instance", name, args)
Instance("good", {"rootBlockDevice": {"encrypted": True}})
Instance("bad", {"rootBlockDevice": {"volumeSize": 8}})
Instance("bare", {})
"""
    shop = program(tmp_path / "shop", machines, profile='controls = ["controls"]\n')
    flag = ("--type", "aws:ec2/instance:Instance", "--property", "rootBlockDevice.encrypted", "--program", str(shop))
    said = CliRunner().invoke(app, ["control", "BANK-2", "ec2-instance-root-encrypted", *flag])
    assert said.exit_code == 0, said.output
    assert gate(shop, select=("BANK-2",)) == 1
    text = capsys.readouterr().out

    assert ("- bad" in text, "- bare" in text, "- good" in text) == (True, True, False)


def test_what_it_says_fits_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is longer than 80 columns, and a command that needs two can be copied as it stands."""
    monkeypatch.chdir(tmp_path)
    program(tmp_path / "infra" / "payments", QUEUE)
    said = CliRunner().invoke(app, [*WANTED, *FLAG, "--program", "infra/payments"]).output
    assert max(map(len, said.splitlines())) <= 80
    assert "LEDGERGATE_CONTROLS=infra/payments/controls \\\n      nox -s tests -- tests/" in said


def test_a_profile_that_lacks_the_folder_is_told(tmp_path: Path) -> None:
    """Whoever does not name the folder would wonder why nothing is judged."""
    said = CliRunner().invoke(app, [*WANTED, *FLAG, "--program", str(program(tmp_path / "shop", QUEUE))])
    assert 'controls = ["controls"]' in said.output


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({1: "bank"}, "bank: an id is a word and a number"),
        ({1: "S3.8"}, "there is a control S3.8 already"),
        ({2: "Encrypted"}, "Encrypted: a slug is words with dashes"),
        ({4: "aws:sqs/queue:Quue"}, "pulumi-aws has no such type"),
        ({6: "sqsManagedSse"}, "has no such input\n  Did you mean sqsManagedSseEnabled"),
        ({6: "tags"}, "--property tags: it is no flag, and holds none"),
        (
            {4: "aws:ec2/instance:Instance", 6: "rootBlockDevice"},
            "it is no flag\n  Flags inside: rootBlockDevice.deleteOnTermination, rootBlockDevice.encrypted",
        ),
        ({8: "nowhere"}, "--program nowhere: there is no such folder"),
    ],
)
def test_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[int, str], said: str) -> None:
    """What cannot be is told, with what may have been meant, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    arguments = [*WANTED, *FLAG, "--program", str(tmp_path)]
    for place, text in changed.items():
        arguments[place] = text
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """Nobody's work is written over."""
    arguments = [*WANTED, *FLAG, "--program", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    (path,) = (tmp_path / "controls").iterdir()
    path.write_text("# mine\n")
    assert CliRunner().invoke(app, arguments).exit_code == 2
    assert path.read_text() == "# mine\n"


def test_a_name_of_the_bank_s_own_is_not_given_twice(tmp_path: Path) -> None:
    """The gate refuses a folder that has one name twice, so nobody is led into that."""
    shop = program(tmp_path / "shop", QUEUE, profile='controls = ["controls"]\n')
    arguments = [*WANTED, *FLAG, "--program", str(shop)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    arguments[2] = "sqs-queue-managed-again"
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "there is a control BANK-1 already" in done.output
    assert f"policies.gate {shop} --explain BANK-1" in " ".join(done.output.split())
    assert [path.name for path in (shop / "controls").glob("*.py")] == ["sqs_queue_managed_encryption.py"]
    assert gate(shop, select=("BANK-1",)) == 1
