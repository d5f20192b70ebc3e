"""The story from the gate to a report: its commands, what stops it, and the code that it ends with."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from runbooks import evidence
from runbooks.evidence import Story, app, told


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Sequence[str]]:
    """Return the commands that are run, in an empty folder, none of them for real."""
    monkeypatch.chdir(tmp_path)
    commands: list[Sequence[str]] = []
    codes(monkeypatch, commands, {})
    return commands


def codes(monkeypatch: pytest.MonkeyPatch, commands: list[Sequence[str]], ends: Mapping[str, int]) -> None:
    """Let commands of a module, or of its first argument, end with some code."""

    def run(command: Sequence[str], **_: object) -> SimpleNamespace:
        commands.append(command[2:])
        return SimpleNamespace(returncode=ends.get(command[2], ends.get(command[3], 0)))

    monkeypatch.setattr(subprocess, "run", run)


def story(folder: Path, previous: Path | None = None) -> Story:
    """Return a story in a folder."""
    return Story(program=Path("infra/shop"), drill="flood", folder=folder, key=folder / "k.pem", previous=previous)


def test_the_story_is_told_in_order(ran: list[Sequence[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Key, gate, audit, probes, drill, then seal, verify and report; each is shown as a user would type it."""
    assert told(story(Path("run"))) == 0
    assert [" ".join(command[:2]) for command in ran] == [
        "ledgergate.evidence keygen",
        "policies.gate infra/shop",
        "integration.audit infra/shop",
        "pytest -c",
        "runbooks run",
        "ledgergate.evidence seal",
        "ledgergate.evidence verify",
        "ledgergate.evidence report",
    ]
    said = capsys.readouterr().out
    assert "$ python -m policies.gate infra/shop --format json --output run/gate.jsonl\n" in said
    assert said.endswith("bundle  run/bundle.jsonl\nreport  run/report.html\n")


@pytest.mark.parametrize(
    ("ends", "code", "last"),
    [
        ({"policies.gate": 1}, 1, "report"),
        ({"policies.gate": 3}, 3, "report"),
        ({"policies.gate": 3, "runbooks": 1}, 1, "report"),
        ({"pytest": 1}, 1, "report"),
        ({"policies.gate": 2}, 2, "infra/shop"),
        ({"pytest": 5}, 2, "-c"),
        ({"runbooks": 130}, 130, "run"),
        ({"seal": 2}, 2, "seal"),
        ({"seal": 1}, 2, "seal"),
        ({"seal": 3, "verify": 3}, 3, "report"),
        ({"verify": 1}, 2, "verify"),
    ],
)
def test_failures_are_sealed_and_mistakes_are_not(
    ran: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, ends: Mapping[str, int], code: int, last: str
) -> None:
    """What failed or is undecided is evidence; a step that did not come to its end stops the story."""
    codes(monkeypatch, ran, ends)
    assert (told(story(Path("run"))), ran[-1][1]) == (code, last)


def test_a_run_follows_on_the_last_one(ran: list[Sequence[str]]) -> None:
    """The bundle of the latest run that was sealed is named, and its key is used again."""
    for name, sealed in (("20261101T000000Z", True), ("20261102T000000Z", True), ("20261103T000000Z", False)):
        (evidence.FOLDER / name).mkdir(parents=True)
        if sealed:
            (evidence.FOLDER / name / evidence.BUNDLE).touch()
    (evidence.FOLDER / "sandbox.pem").touch()
    assert CliRunner().invoke(app, []).exit_code == 0
    before = str(evidence.FOLDER / "20261102T000000Z" / evidence.BUNDLE)
    assert [before in command for command in ran[-3:]] == [True, True, True]
    assert ran[0][0] == "policies.gate"


def test_a_key_of_yours_starts_a_line_of_yours(ran: list[Sequence[str]]) -> None:
    """Bundles that another key signed are not followed on."""
    (evidence.FOLDER / "20261101T000000Z").mkdir(parents=True)
    (evidence.FOLDER / "20261101T000000Z" / evidence.BUNDLE).touch()
    Path("mine.pem").touch()
    assert CliRunner().invoke(app, ["--key", "mine.pem"]).exit_code == 0
    assert "mine.pem" in ran[-3]
    assert "--previous" not in ran[-3]
