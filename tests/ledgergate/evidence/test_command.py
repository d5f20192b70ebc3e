"""The command line: what it makes, what it says, and with which exit code it ends."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from ledgergate.evidence.__main__ import app
from ledgergate.evidence.collection import Collection
from tests.ledgergate.evidence import inputs

ROOT: Final = Path(__file__).resolve().parents[3]


def called(*arguments: object) -> Result:
    """Call the command line in this process."""
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that the commands are called in, with a key and one input of each kind."""
    monkeypatch.chdir(tmp_path)
    inputs.everything(tmp_path)
    assert called("keygen", "k.pem").exit_code == 0
    return tmp_path


def sealed(name: str = "bundle.jsonl", *more: str) -> Result:
    """Seal everything."""
    given = ("--findings", "gate.jsonl", "--audit", "audit", "--probes", "probes.jsonl", "--drill", "drill.jsonl")
    return called("seal", name, "--key", "k.pem", *given, "--approval", "anna.json", *more)


def test_help_teaches_and_is_light() -> None:
    """`--help` shows examples and every exit code, and imports nothing that only a run needs."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ledgergate.evidence", "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "python -m ledgergate.evidence verify" in done.stdout
    assert all(f"\n    {code} " in done.stdout for code in (0, 1, 2, 130))
    assert imported.isdisjoint({"cryptography", "jinja2", "pydantic", "rich.console", "pulumi"})
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_seal_verify_and_report(place: Path) -> None:
    """The way from inputs to a page: each step says what it did, and what is made is private."""
    done = sealed()
    assert (done.exit_code, done.stderr) == (0, "")
    assert "bundle.jsonl: sealed, 21 entries, generation 1" in done.stdout
    checked = called("verify", "bundle.jsonl", "--key", "k.pem.pub")
    assert checked.exit_code == 0
    assert "bundle.jsonl: holds, 21 entries" in checked.stdout
    assert "5 finding  gate.jsonl" in checked.stdout
    shown = called("report", "bundle.jsonl", "--key", "k.pem.pub")
    assert shown.exit_code == 0
    assert (place / "bundle.html").read_text().startswith("<!doctype html>")
    assert {(place / name).stat().st_mode & 0o077 for name in ("bundle.jsonl", "bundle.html", "k.pem")} == {0}


def test_generations(place: Path) -> None:
    """A bundle follows on the one before, an older one in its place is found, and the difference is told."""
    assert sealed().exit_code == 0
    done = sealed("next.jsonl", "--previous", "bundle.jsonl")
    assert "generation 2" in done.stdout
    asked = ("--key", "k.pem.pub")
    followed = called("verify", "next.jsonl", *asked, "--previous", "bundle.jsonl")
    assert (followed.exit_code, "no rollback" in followed.stdout) == (0, True)
    alone = called("verify", "next.jsonl", *asked)
    assert (alone.exit_code, "was not looked at" in alone.stdout) == (0, True)
    back = called("verify", "bundle.jsonl", *asked, "--previous", "next.jsonl")
    assert (back.exit_code, back.stdout) == (1, "")
    assert "a rollback" in back.stderr


@pytest.mark.parametrize("command", ["verify", "report"])
def test_what_does_not_hold_ends_with_1_and_leaves_nothing(place: Path, command: str) -> None:
    """A changed bundle and another key: one sentence, no page."""
    assert sealed().exit_code == 0
    assert called("keygen", "other.pem").exit_code == 0
    wrong_key = called(command, "bundle.jsonl", "--key", "other.pem.pub")
    assert (wrong_key.exit_code, wrong_key.stdout) == (1, "")
    assert "signed with key" in wrong_key.stderr
    bundle = place / "bundle.jsonl"
    bundle.write_bytes(bundle.read_bytes().replace(b'"verdict":"fail"', b'"verdict":"pass"'))
    changed = called(command, "bundle.jsonl", "--key", "k.pem.pub")
    assert (changed.exit_code, changed.stdout) == (1, "")
    assert changed.stderr.startswith("error: bundle.jsonl, line 2: it does not follow from the line before")
    assert not (place / "bundle.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keygen", "k.pem"), "k.pem.pub exists already"),
        (("keygen", "nowhere/k.pem"), "cannot be written: No such file"),
        (("seal", "b", "--key", "k.pem"), "there is nothing to seal"),
        (("seal", "b", "--key", "k.pem.pub", "--findings", "gate.jsonl"), "k.pem.pub can be read by others"),
        (("seal", "gate.jsonl", "--key", "k.pem", "--findings", "gate.jsonl"), "gate.jsonl exists already"),
        (("seal", "b", "--key", "k.pem", "--findings", "drill.jsonl"), "drill.jsonl, line 1: `schema` is missing"),
        (("seal", "b", "--key", "k.pem", "--drill", "gate.jsonl"), "gate.jsonl, line 1: it is not written as"),
        (("seal", "no/b", "--key", "k.pem", "--findings", "gate.jsonl"), "no/b cannot be written"),
        (("seal", "b", "--key", "k.pem", "--previous-key", "k.pem.pub"), "of no use without --previous"),
        (("verify", "nowhere", "--key", "k.pem.pub"), "nowhere cannot be read"),
        (("verify", "gate.jsonl", "--key", "k.pem"), "k.pem is no public key"),
        (("report", "b", "--key", "k.pem.pub", "--previous-key", "k.pem.pub"), "of no use without --previous"),
        (("verify", "gate.jsonl"), "Missing option '--key'"),
    ],
)
def test_a_mistake_gives_one_sentence_and_nothing_is_written(
    place: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2, no traceback, nothing on standard output, no new file."""
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    done = called(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_a_report_never_replaces_its_bundle(place: Path) -> None:
    """Not even when somebody asks for it."""
    assert sealed("bundle.html").exit_code == 0
    before = (place / "bundle.html").read_bytes()
    done = called("report", "bundle.html", "--key", "k.pem.pub")
    assert (done.exit_code, "that is the bundle itself" in done.stderr) == (2, True)
    assert (place / "bundle.html").read_bytes() == before


def test_what_was_redacted_is_told(place: Path) -> None:
    """Whoever seals learns that something was left out."""
    gate = place / "gate.jsonl"
    gate.write_text(gate.read_text().replace('"found": "', '"found": "password=hunter2 ', 1))
    done = sealed()
    assert done.exit_code == 0
    assert done.stderr == "note: secrets that were left out as [redacted]: 1\n"


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt(), 130), (ZeroDivisionError("defect"), 2)])
def test_interrupts_and_defects(place: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int) -> None:
    """Neither is mistaken for a bundle that does not hold, and nothing half-written stays."""

    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(Collection, "take_in", fail)
    before = sorted(place.rglob("*"))
    assert sealed().exit_code == code
    assert sorted(place.rglob("*")) == before
