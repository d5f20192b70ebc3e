"""Shows the command line as a process: help, streams, exit codes, interrupts."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.policies.gating.workspace import BUCKET, program

ROOT: Final = Path(__file__).resolve().parents[2]


def command(*arguments: object, python: tuple[str, ...] = ()) -> list[str]:
    """Return the command line of the gate."""
    return [sys.executable, *python, "-m", "policies.gate", *map(str, arguments)]


def called(
    *arguments: object, python: tuple[str, ...] = (), stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Call the gate as a user would and wait for its end."""
    return subprocess.run(
        command(*arguments, python=python),
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_teaches_and_is_light() -> None:
    """`--help` shows examples and every exit code, and imports nothing that only a run needs."""
    done = called("--help", python=("-X", "importtime"))
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "python -m policies.gate infra/payments --stack prod" in done.stdout
    assert all(f"\n    {code} " in done.stdout for code in (0, 1, 2, 3, 130))
    assert imported.isdisjoint({"pydantic", "yaml", "rich.console", "pulumi", "ledgergate.engine.launcher"})
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_run_needs_no_pulumi_in_the_gates_process(tmp_path: Path) -> None:
    """The gate itself imports neither the SDK nor protobuf: they belong to the program's process."""
    done = called(program(tmp_path / "shop", BUCKET), "--select", "S3.8", python=("-X", "importtime"))
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 1
    assert imported.isdisjoint({"pulumi", "pulumi_aws", "google.protobuf", "grpc"})


def test_a_misspelt_option_is_a_usage_error() -> None:
    """An option that does not exist gives exit code 2 and nothing on standard output."""
    done = called("--selekt", "S3.8")
    assert (done.returncode, done.stdout, "No such option: --selekt" in done.stderr) == (2, "", True)


def test_a_folder_without_a_program(tmp_path: Path) -> None:
    """A mistake is one message without traceback, and exit code 2."""
    done = called(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == f"error: {tmp_path}: no Pulumi.yaml in this folder"


def test_a_reader_that_leaves_early(tmp_path: Path) -> None:
    """A closed pipe changes neither the verdict nor the peace: no traceback, the exit code of the findings."""
    reading, writing = os.pipe()
    os.close(reading)
    done = called(program(tmp_path / "shop", BUCKET), "--format", "json", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


INTERRUPTED_WHILE_IT_LOADS: Final = """\
import os, runpy, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
runpy.run_module(sys.argv[1], run_name="__main__")
"""


@pytest.mark.parametrize("module", ["policies.gate", "integration.audit", "integration.sandbox"])
def test_an_interrupt_at_once(module: str) -> None:
    """Who interrupts before anything has begun sees no traceback."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_IT_LOADS, module],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_was_found(tmp_path: Path, sent: signal.Signals) -> None:
    """Ctrl-C, or a termination, kills the programs and reports the judged stacks, marked incomplete, with 130."""
    body = f"""{BUCKET}
import os, threading
if pulumi.get_stack() == "prod":
    with open("started", "w") as started: started.write(str(os.getpid()))
    threading.Event().wait()
"""
    shop = program(tmp_path / "shop", body, {"dev": "", "prod": "", "qa": ""})
    os.mkfifo(shop / "started")
    options = ("--jobs", "1", "--allow-writes", "--select", "S3.8", "--format", "json")
    with subprocess.Popen(
        command(shop, *options), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        child = int((shop / "started").read_text())
        process.send_signal(sent)
        output, errors = process.communicate(timeout=60)
    lines = [json.loads(line) for line in output.splitlines()]
    assert (process.returncode, errors) == (130, "")
    assert [(line["stack"], line["verdict"], line["evidence"]) for line in lines] == [
        ("dev", "fail", {}),
        ("prod", "unknown", {"incomplete": "interrupted"}),
        ("qa", "unknown", {"incomplete": "interrupted"}),
    ]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
