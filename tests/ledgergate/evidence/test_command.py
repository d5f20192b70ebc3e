"""The command line: what it makes, what it says, and with which exit code it ends."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from typer.testing import CliRunner, Result

from ledgergate.evidence.__main__ import app
from ledgergate.evidence.collection import Collection
from tests.ledgergate.evidence import inputs

DRILL: Final = ("--drill", "drill.jsonl")
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
    return called("seal", name, "--key", "k.pem", *given, "--approver", "approvers", *more)


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
    assert all(f"\n    {code} " in done.stdout for code in (0, 1, 2, 3, 130))
    assert imported.isdisjoint({"cryptography", "jinja2", "pydantic", "rich.console", "pulumi"})
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_seal_verify_and_report(place: Path) -> None:
    """The way from inputs to a page: each step says what it did, and what is made is private."""
    done = sealed()
    assert (done.exit_code, done.stderr) == (0, "")
    assert "bundle.jsonl: sealed, 28 entries, generation 1" in done.stdout
    checked = called("verify", "bundle.jsonl", "--key", "k.pem.pub")
    assert checked.exit_code == 0
    assert "bundle.jsonl: holds, 28 entries" in checked.stdout
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


def make_mistaken_files(folder: Path) -> None:
    """Write keys of another kind, a key that is open to others, and an audit whose index is torn."""
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is refused
    pem, spki = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    none = serialization.NoEncryption()
    (folder / "rsa.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none))
    (folder / "rsa.pem").chmod(0o600)
    (folder / "rsa.pub").write_bytes(key.public_key().public_bytes(pem, spki))
    (folder / "open.pem").write_bytes((folder / "k.pem").read_bytes())
    (folder / "open.pem").chmod(0o644)
    (folder / "torn").mkdir()
    (folder / "torn" / "index.json").write_text('{"schema": 1, "targets": [{"name": "sh')


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
        (("seal", "b", "--key", "k.pem", "--audit", "probes.jsonl"), "probes.jsonl: there is no such folder"),
        (("seal", "b", "--key", "k.pem", "--audit", "approvers"), "approvers: index.json is missing"),
        (("seal", "b", "--key", "k.pem", "--audit", "torn"), "torn/index.json: it is not JSON"),
        (("seal", "b", "--key", "open.pem", "--findings", "gate.jsonl"), "open.pem can be read by others"),
        (("seal", "b", "--key", "rsa.pem", "--findings", "gate.jsonl"), "rsa.pem is no Ed25519 key"),
        (("seal", "b", "--key", "k.pem", *DRILL, "--approver", "rsa.pub"), "rsa.pub is no Ed25519 key"),
        (("seal", "b", "--key", "k.pem", *DRILL, "--approver", "k.pem"), "k.pem is no public key"),
        (("seal", "b", "--key", "k.pem", *DRILL, "--approver", "torn"), "torn holds no public key of an approver"),
        (("seal", "b", "--key", "k.pem", *DRILL, "--approver", "nobody.pub"), "nobody.pub cannot be read"),
        (("seal", "b", "--key", "k.pem", *DRILL, *(("--approver", "approvers") * 2)), "anna was named already"),
        (("seal", "b", "--key", "k.pem", "--findings", "gate.jsonl", "--approver", "approvers"), "without --drill"),
        (("verify", "gate.jsonl", "--key", "rsa.pub"), "rsa.pub is no Ed25519 key"),
        (("report", "gate.jsonl", "--key", "k.pem.pub", "--approver", "rsa.pub"), "rsa.pub is no Ed25519 key"),
    ],
)
def test_a_mistake_gives_one_sentence_and_nothing_is_written(
    place: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2, no traceback, nothing on standard output, no new file."""
    make_mistaken_files(place)
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


@pytest.mark.parametrize(
    ("people", "named", "code", "said"),
    [
        (("anna", "ben"), ("anna", "ben"), 0, ""),
        (("anna", "ben"), (), 3, "note: drill.jsonl: approvals not verified: no approver was named"),
        (("anna", "ben"), ("anna", "eve"), 1, "error: drill.jsonl: it was not approved as it says: ben: the signature"),
        (("anna", "eve"), ("anna", "ben"), 1, "eve: the signature is by no approver who was named, or was changed"),
        (("anna", "anna"), ("anna", "ben"), 1, "1 of 2 people have approved the plan"),
        (("anna",), (), 1, "1 of 2 people have approved the plan"),
    ],
)
def test_approvals_are_held_against_the_keys_that_are_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    people: tuple[str, ...],
    named: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    """Whether they are verified, not verified, or bad is told when sealing, when verifying, and with the page."""
    monkeypatch.chdir(tmp_path)
    inputs.journal(tmp_path / "drill.jsonl", inputs.drill_events(inputs.opened(*people)))
    inputs.approvers_folder(tmp_path / "approvers", *named)
    assert called("keygen", "k.pem").exit_code == 0
    keys = ("--approver", "approvers") if named else ()
    done = called("seal", "b.jsonl", "--key", "k.pem", *DRILL, *keys)
    checked = called("verify", "b.jsonl", "--key", "k.pem.pub")
    shown = called("report", "b.jsonl", "--key", "k.pem.pub")
    assert [each.exit_code for each in (done, checked, shown)] == [code] * 3
    assert said in done.stderr
    assert done.stderr == checked.stderr == shown.stderr
    assert (tmp_path / "b.html").exists()


def test_who_verifies_may_name_other_approvers(place: Path) -> None:
    """Whoever does not trust those whom the sealer named holds the drill against their own."""
    assert sealed().exit_code == 0
    inputs.approvers_folder(place / "others", "eve")
    asked = ("bundle.jsonl", "--key", "k.pem.pub", "--approver", "others")
    for command in ("verify", "report"):
        done = called(command, *asked)
        assert (done.exit_code, "it was not approved as it says: anna" in done.stderr) == (1, True)


def test_what_an_audit_did_not_reach_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed and verified, and not taken for all there was to see."""
    monkeypatch.chdir(tmp_path)
    inputs.audit_folder(tmp_path / "audit", unreached=[inputs.FAILED_TARGET, inputs.STOPPED_TARGET])
    assert called("keygen", "k.pem").exit_code == 0
    done = called("seal", "b.jsonl", "--key", "k.pem", "--audit", "audit")
    checked = called("verify", "b.jsonl", "--key", "k.pem.pub")
    assert (done.exit_code, checked.exit_code) == (3, 3)
    assert (
        done.stderr
        == checked.stderr
        == ("note: shop/dev: not scanned: the program raised: no such zone\nnote: shop/test: stopped before its end\n")
    )
