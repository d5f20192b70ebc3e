"""The command line as a process: help, streams, exit codes."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from integration.audit import app

ROOT: Final = Path(__file__).resolve().parents[2]


def called(*arguments: str, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Call the audit as a user would."""
    return subprocess.run(
        [sys.executable, *python, "-m", "integration.audit", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
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
    assert "python -m integration.audit infra/payments --stack dev" in done.stdout
    assert all(f"\n    {code} " in done.stdout for code in (0, 1, 2, 3, 130))
    assert imported.isdisjoint({"boto3", "botocore", "moto", "pydantic", "rich.console", "pulumi"})
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_sandbox_and_account_exclude_each_other() -> None:
    """A contradiction is a usage error, and nothing is deployed or called."""
    done = called("--sandbox", "--account", "111122223333")
    assert (done.returncode, done.stdout) == (2, "")
    assert "exclude each other" in done.stderr


def test_lists_may_be_separated_by_commas() -> None:
    """Accounts and Regions can be repeated or separated by commas; each is checked."""
    done = called("--account", "111122223333,12", "--regions", "eu-west-1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: --account 12: an account id has 12 digits")


_LISTS: Final = ("--account", "--regions", "--select", "--stack")
_PATHS: Final = ("--evidence", "--replay", "--output", "--waivers")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *((option, value) for option in (*_LISTS, *_PATHS) for value in ("", " ")),
        *((option, "a,") for option in _LISTS),
    ],
)
def test_what_is_given_and_empty_is_a_mistake(option: str, value: str) -> None:
    """An empty option asks for nothing; it is not as if it were not there."""
    found = CliRunner().invoke(app, [option, value])
    assert found.exit_code == 2
    assert "empty" in found.output


def test_permissions_are_explained() -> None:
    """The policy is all that is written to standard output."""
    done = called("--explain-permissions", "--select", "S3.8,LG-NET-02")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('{\n  "Version"')
