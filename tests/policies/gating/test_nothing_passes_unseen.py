"""Shows that what a program hides from the gate, by accident or not, does not pass."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.policies.gating.workspace import gate, program

REFUSED = """\
import socket
try:
    socket.create_connection(("192.0.2.1", 443), timeout=1)
except Exception:
    pass
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for nothing outside the test's folder."""
    monkeypatch.chdir(tmp_path)


def findings(said: str, control: str) -> list[dict[str, Any]]:
    """Return the findings of a control in a report of JSON Lines."""
    return [each for each in map(json.loads, said.splitlines()) if each.get("control") == control]


def test_a_refusal_that_the_program_swallows_is_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody knows what it would have registered with an answer, so the stack does not pass."""
    code = gate(program(tmp_path / "shop", REFUSED), format="json")
    (found,) = findings(capsys.readouterr().out, "LG-RUN-02")
    assert code == 3
    assert found["verdict"] == "unknown"
    assert "192.0.2.1" in found["message"]


def test_resources_of_another_provider_for_aws_are_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bucket of aws-native has properties that no control reads: it must not pass as one that was judged."""
    body = 'pulumi.CustomResource("aws-native:s3:Bucket", "hidden", {})\n'
    code = gate(program(tmp_path / "shop", body), select=(), format="json")
    said = capsys.readouterr().out
    hidden = [each for each in map(json.loads, said.splitlines()) if "hidden" in each.get("resource", "")]
    assert code == 3
    assert "unknown" in {each["verdict"] for each in hidden}


def test_a_stack_without_a_subject_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That no control speaks about anything is said; it does not read like a pass of something."""
    code = gate(program(tmp_path / "shop", ""))
    assert code == 0
    assert "NOTHING TO JUDGE" in capsys.readouterr().out
