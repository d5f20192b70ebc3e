"""Runs one program on one stack in a process of its own and returns what it registered."""

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from ledgergate.engine.channel import Channel, ChannelClosedError
from ledgergate.engine.decode import decode_graph
from ledgergate.engine.output import Tail
from ledgergate.engine.program_errors import ProgramError, explain
from ledgergate.engine.project import Project, StackConfig
from ledgergate.graph import Graph

_BOOTSTRAP: Final = Path(__file__).with_name("bootstrap.py")
_PASSED_ON: Final = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "SSL_CERT_FILE")
_WITHOUT_CREDENTIALS: Final = {
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class Level(StrEnum):
    """How much of what only AWS knows the program is told."""

    SYMBOLIC = "symbolic"
    IDENTITIES = "identities"
    UNKNOWNS = "unknowns"


class Host(Protocol):
    """What a run may ask of the gate's process: a provider, packs, other stacks' outputs."""

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer one question; `{"error": text}` stops the run with that text."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """One program on one stack.

    Args:
        project: The project.
        config: Its configuration for the stack.
        account: AWS account id of the profile.
        partition: AWS partition.
        region: Region used where neither resource nor provider names one.
        organization: Pulumi organization.
        answers: Real answers to invokes, `{token, args, result}` each.
        environment: Names of environment variables that the program may see.
        allow_writes: Whether it may write its own folder.
        time_limit_s: Seconds until it is stopped, > 0.
        preview: Whether the program is told that this is a preview.
        fast: Whether SDK internals may be replaced by faster ones.
        own_provider: Whether `host` is the provider instead of the symbolic one.
        packs: Whether `host` judges during the run.
        parallel: Registrations that the SDK sends at once.
        namespace: Whether to try a network namespace.
    """

    project: Project
    config: StackConfig
    account: str = "123456789012"
    partition: str = "aws"
    region: str = "us-east-1"
    organization: str = "organization"
    answers: Sequence[Mapping[str, Any]] = ()
    environment: tuple[str, ...] = ()
    allow_writes: bool = False
    time_limit_s: float = 300.0
    preview: bool = True
    fast: bool = True
    own_provider: bool = False
    packs: bool = False
    parallel: int = 8
    namespace: bool = True
    level: Level = Level.SYMBOLIC

    def job(self) -> dict[str, Any]:
        """Return the message that tells the child what to run."""
        return {
            "project": self.project.name,
            "stack": self.config.stack,
            "organization": self.organization,
            "config": dict(self.config.values),
            "secret_keys": list(self.config.secret_keys),
            "root": str(self.project.folder),
            "pwd": str(self.project.entry_folder),
            "entry": self.project.entry,
            "provider": "host" if self.own_provider else "symbolic",
            "packs": self.packs,
            "preview": self.preview,
            "level": self.level.value,
            "account": self.account,
            "partition": self.partition,
            "region": self.region,
            "answers": list(self.answers),
            "allow_writes": self.allow_writes,
            "fast": self.fast,
            "parallel": self.parallel,
            "namespace": self.namespace,
        }

    def secrets(self) -> tuple[str, ...]:
        """Return the secret configuration values, longest first, to keep them out of every text."""
        found = {self.config.values[key] for key in self.config.secret_keys}
        return tuple(sorted((text for text in found if text), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one run gave.

    Args:
        run: What was run, with the level that was reached.
        graph: Every resource.
        registered: URNs in the order they were taken.
        outputs: Stack outputs as wire values.
        assumed: Invoke token → how often its answer was made up.
        messages: What the program logged, `{severity, text, urn}` each.
        output: End of what it printed.
        notes: What a reader of the result must know.
        sdk: Version of the Pulumi SDK in the program's interpreter.
        seconds: Wall time of the runs, all levels together.
        violated: Whether a mandatory policy of the host's packs was violated.
        failure: What stopped the run, as `failures.describe` gives it; only with `collect_failure`.
    """

    run: Run
    graph: Graph
    registered: tuple[str, ...]
    outputs: Mapping[str, Any]
    assumed: Mapping[str, int] = field(default_factory=dict)
    messages: tuple[Mapping[str, str], ...] = ()
    output: str = ""
    notes: tuple[str, ...] = ()
    sdk: str = ""
    patches: tuple[str, ...] = ()
    seconds: float = 0.0
    violated: bool = False
    failure: Mapping[str, Any] | None = None


class _NoHost:
    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Know no other stack."""
        return {"outputs": None} if question["kind"] == "stack_outputs" else {"error": "nobody answers here"}


_live: set[int] = set()
_live_lock = threading.Lock()


def stop_all() -> None:
    """Kill every program that is still running, with everything it started."""
    with _live_lock:
        for group in _live:
            _kill(group)


def evaluate(run: Run, host: Host | None = None) -> Evaluation:
    """Run a program, telling it less at each attempt if it cannot stand made-up values.

    Raises:
        ProgramError: The program failed in a way that a real preview would have as well.
    """
    started = time.monotonic()
    for level in Level:
        found = launch(replace(run, level=level), host)
        if found.failure is None or not _worth_another(found, level):
            break
    if found.failure is not None:
        raise explain(found.failure, run, found.assumed, found.output)
    return replace(found, seconds=time.monotonic() - started)


def _worth_another(found: Evaluation, level: Level) -> bool:
    told = any(resource.kind in ("custom", "read") for resource in found.graph) or bool(found.assumed)
    raised = found.failure is not None and found.failure["kind"] in ("exception", "refusal")
    return raised and told and level is not Level.UNKNOWNS


def launch(run: Run, host: Host | None = None) -> Evaluation:
    """Run a program once, at one level.

    Returns:
        The evaluation; its `failure` says whether the program failed.

    Raises:
        ProgramError: It hung, died without a word, or its interpreter cannot run the engine.
    """
    started = time.monotonic()
    ours, theirs = socket.socketpair()
    with tempfile.TemporaryDirectory(prefix="ledgergate-") as scratch, contextlib.closing(ours):
        with contextlib.closing(theirs):
            process = subprocess.Popen(  # noqa: S603 - the interpreter is the user's own
                [str(run.project.interpreter), "-u", str(_BOOTSTRAP), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=_environment(run, scratch),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        with _live_lock:
            _live.add(process.pid)
        tail = Tail(process.stdout, run.secrets())
        try:
            result = _converse(run, host or _NoHost(), Channel(ours), ours, process)
        finally:
            _kill(process.pid)
            process.wait()
            with _live_lock:
                _live.discard(process.pid)
            tail.finish()
    if isinstance(result, str):
        raise ProgramError(result, run, output=tail.text())
    return _evaluation(run, result, tail.text(), time.monotonic() - started)


def _converse(
    run: Run, host: Host, channel: Channel, connection: socket.socket, process: subprocess.Popen[bytes]
) -> dict[str, Any] | str:
    """Give the job, answer questions, return the result, or a sentence that says why there is none."""
    deadline = time.monotonic() + run.time_limit_s
    watcher = threading.Thread(target=_close_when_dead, args=(process, connection), daemon=True)
    watcher.start()
    try:
        channel.send(run.job())
        while True:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            message = channel.receive()
            if message["kind"] == "result":
                return message
            connection.settimeout(None)
            asked = time.monotonic()
            channel.send(host.answer(message))
            deadline += time.monotonic() - asked
    except ChannelClosedError:
        if time.monotonic() >= deadline:
            return f"the program did not end within {run.time_limit_s:g} seconds"
        code = process.wait()
        return f"the program's process ended by itself (exit code {code}) before the program was through"


def _close_when_dead(process: subprocess.Popen[bytes], connection: socket.socket) -> None:
    process.wait()
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def _environment(run: Run, scratch: str) -> dict[str, str]:
    names = (*_PASSED_ON, *run.environment)
    passed = {name: os.environ[name] for name in names if name in os.environ}
    return {**_WITHOUT_CREDENTIALS, **passed, "TMPDIR": scratch, "PYTHONIOENCODING": "utf-8"}


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _evaluation(run: Run, result: Mapping[str, Any], output: str, seconds: float) -> Evaluation:
    records = result["resources"]
    stack = next((record for record in records if record["kind"] == "stack"), {"outputs": {}})
    return Evaluation(
        run=run,
        graph=decode_graph(run.project.name, run.config.stack, records),
        registered=tuple(result["registered"]),
        outputs=stack["outputs"],
        assumed=result["assumed"],
        messages=tuple(result["messages"]),
        output=output,
        notes=(*run.project.notes, *run.config.notes),
        sdk=result["sdk"],
        patches=tuple(result["patches"]),
        seconds=seconds,
        violated=result["violated"],
        failure=result["failure"],
    )
