"""A run has a process of its own, of which nothing is left afterwards."""

import os
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Run, launch, stop_all
from ledgergate.engine.program_errors import ProgramError
from ledgergate.engine.project import load_stack
from ledgergate.engine.provider import Created, Invoked
from tests.ledgergate.engine.running import lay_out, named, run_program, run_project, run_text, source_of


def is_running(pid: int) -> bool:
    """Tell whether a process still runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def descriptors() -> set[str]:
    """Return the open files of this process, as `number → target`."""
    folder = Path("/proc/self/fd")
    return {f"{path.name} {path.readlink()}" for path in folder.iterdir() if path.exists() or path.is_symlink()}


@pytest.mark.parametrize("abrupt", [False, True])
def test_nothing_outlives_the_run(tmp_path: Path, *, abrupt: bool) -> None:
    """Copies, daemons, subprocesses and threads neither keep the gate waiting nor survive it."""
    folder = tmp_path / "processes"
    folder.mkdir()
    config = [f"folder={folder}", f"abrupt={str(abrupt).lower()}"]
    if abrupt:
        with pytest.raises(ProgramError, match=r"ended its process before it was through \(exit code 7\)"):
            run_program(tmp_path, "leaves_processes", config=config)
    else:
        found = run_program(tmp_path, "leaves_processes", config=config)
        assert found.outputs == {"done": True}
        assert [text for text in found.refused if "still ran 2 s after the program had ended" in text]
    started = dict(path.name.split("-") for path in folder.iterdir())
    assert set(started) == {"copy", "daemon", "subprocess"}
    assert not [kind for kind, pid in started.items() if is_running(int(pid))]


def children() -> set[str]:
    """Return the processes that this one has started, ended ones that nobody has waited for included."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


def test_nothing_is_left_in_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good, bad and hanging runs leave no open file, no thread, no child and no temporary folder."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    run_text(tmp_path / "first", "")
    before, threads, processes = descriptors(), threading.active_count(), children()
    run_text(tmp_path / "good", "import tempfile\ntempfile.mkdtemp()\n")
    for name, text in {
        "bad": "raise ValueError",
        "abrupt": "import os\nos._exit(1)",
        "endless": "while True: pass",
    }.items():
        with pytest.raises(ProgramError):
            run_text(tmp_path / name, text, time_limit_s=2.5)
    assert descriptors() == before
    assert threading.active_count() == threads
    assert list(scratch.iterdir()) == []
    assert children() == processes


def test_untidy_program(tmp_path: Path) -> None:
    """A program may change or close what it shares with the engine; its graph comes home all the same."""
    found = run_program(tmp_path, "untidy", allow_writes=True)
    assert named(found, "thing").type == "acme:a:Thing"
    assert len(found.outputs["big"]) == 20_000_000
    assert not (tmp_path / "program").exists()


def test_interpreter_that_does_not_start(tmp_path: Path) -> None:
    """An interpreter that cannot be started is named, with the reason."""
    project = lay_out(tmp_path / "program", {"__main__.py": ""})
    (tmp_path / "python").write_text("no program")
    with pytest.raises(ProgramError, match=r"python cannot be started: Permission denied"):
        run_project(replace(project, interpreter=tmp_path / "python"))


def test_interpreter_without_pulumi(tmp_path: Path) -> None:
    """An interpreter without the SDK is named, and so is what is missing."""
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nexec {os.path.realpath("/proc/self/exe")} -S "$@"\n')
    wrapper.chmod(0o755)
    project = lay_out(tmp_path / "program", {"__main__.py": ""})
    said = r"cannot run the program: `pulumi` is not installed there\n  Install it, e\.g\. `.* pip install pulumi`"
    with pytest.raises(ProgramError, match=said):
        run_project(replace(project, interpreter=wrapper))


def test_interpreter_that_is_something_else(tmp_path: Path) -> None:
    """What only looks like an interpreter gives an error, with what it said."""
    wrapper = tmp_path / "python"
    wrapper.write_text("#!/bin/sh\necho I am no Python\nexit 3\n")
    wrapper.chmod(0o755)
    project = lay_out(tmp_path / "program", {"__main__.py": ""})
    with pytest.raises(ProgramError, match=r"before it was through \(exit code 3\)\n(.|\n)*I am no Python"):
        run_project(replace(project, interpreter=wrapper))


class Stopping:
    """A gate that is interrupted while it answers."""

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Host`."""
        stop_all()
        return {"outputs": {}}


def test_stopping_everything(tmp_path: Path) -> None:
    """Every running program can be ended from outside, also while it waits for an answer."""
    with pytest.raises(ProgramError, match="ended its process before it was through"):
        run_text(tmp_path, "import pulumi\npulumi.StackReference('a/b/c')\n", host=Stopping())


class Failing:
    """A gate whose provider breaks."""

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Host`."""
        raise ConnectionError


def test_host_that_raises(tmp_path: Path) -> None:
    """An exception of the gate's side comes out as it is, and the program is ended."""
    before = descriptors()
    with pytest.raises(ConnectionError):
        run_text(tmp_path, "import pulumi\npulumi.StackReference('a/b/c')\n", host=Failing())
    assert descriptors() == before


class Provider:
    """A gate that creates resources and answers calls from several threads of the program."""

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Host`."""
        if question["call"] == "invoke":
            return asdict(Invoked({"n": question["args"]["n"] * 2}))
        inputs = question["request"]["inputs"]
        if question["call"] == "check":
            return {"inputs": inputs, "failures": [], "auto_named": []}
        return asdict(Created("id-" + question["request"]["name"], inputs))


def test_provider_of_the_gate_asked_from_threads(tmp_path: Path) -> None:
    """A provider behind the pipe may be asked from any of the program's threads."""
    text = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "import pulumi\n"
        "thing = pulumi.CustomResource('acme:a:Thing', 'thing', {'size': 1})\n"
        "monitor = pulumi.runtime.settings.get_monitor()\n"
        "from pulumi.runtime.proto import resource_pb2\n"
        "from google.protobuf import struct_pb2\n"
        "def ask(n):\n"
        "    args = struct_pb2.Struct()\n"
        "    args['n'] = n\n"
        "    found = monitor.Invoke(resource_pb2.ResourceInvokeRequest(tok='acme:a:double', args=args))\n"
        "    return getattr(found, 'return')['n']\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    pulumi.export('answers', list(pool.map(ask, range(100))))\n"
        "pulumi.export('id', thing.id)\n"
    )
    found = run_text(tmp_path, text, host=Provider(), own_provider=True)
    assert found.outputs == {"answers": [2.0 * n for n in range(100)], "id": "id-thing"}


def test_runs_side_by_side(tmp_path: Path) -> None:
    """Runs in several threads do not disturb each other."""
    project = lay_out(
        tmp_path / "program", {"__main__.py": "import pulumi\npulumi.export('stack', pulumi.get_stack())\n"}
    )
    found: dict[str, object] = {}

    def run(stack: str) -> None:
        found[stack] = evaluate(Run(project, load_stack(project, stack))).outputs["stack"]

    threads = [threading.Thread(target=run, args=(stack,)) for stack in ("dev", "test", "prod")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"dev": "dev", "test": "test", "prod": "prod"}


def test_what_the_result_says(tmp_path: Path) -> None:
    """The result names the SDK, the time it took and whether the program had a network of its own."""
    project = lay_out(tmp_path / "program", {"__main__.py": source_of("components")})
    run = Run(project, load_stack(project, "dev"), namespace=False, fast=False)
    found = launch(run)
    assert found.sdk.startswith("3.")
    assert not found.isolated
    assert found.patches == ()
    assert 0 < found.seconds < 60
    assert found.registered[0].endswith("::program-dev")
