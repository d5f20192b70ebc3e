"""Runs one program on one stack in a process of its own and returns what it registered."""

import contextlib
import socket
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from ledgergate.engine import wire
from ledgergate.engine.channel import Channel, ChannelClosedError
from ledgergate.engine.decode import decode_graph
from ledgergate.engine.output import Tail, redact, spellings
from ledgergate.engine.process import (
    credential_files,
    describe_end,
    environment,
    hidden_variables,
    running,
    stop_all,
    temporary_folders,
)
from ledgergate.engine.program_errors import ProgramError, worded
from ledgergate.engine.project import Project, StackConfig
from ledgergate.graph import Graph
from ledgergate.values import PLACEHOLDER_ACCOUNT

__all__ = ["Evaluation", "Host", "Level", "NotRun", "Run", "launch", "stop_all"]


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
        as_deployed: Whether it is told in a preview that it is deployed, when it asks by itself.
        fast: Whether SDK internals may be replaced by faster ones.
        own_provider: Whether `host` is the provider instead of the symbolic one.
        packs: Whether `host` judges during the run.
        parallel: Registrations that the SDK sends at once.
        namespace: Whether to try a network namespace.
    """

    project: Project
    config: StackConfig
    account: str = PLACEHOLDER_ACCOUNT
    partition: str = "aws"
    region: str = "us-east-1"
    organization: str = "organization"
    answers: Sequence[Mapping[str, Any]] = ()
    environment: tuple[str, ...] = ()
    allow_writes: bool = False
    time_limit_s: float = 300.0
    preview: bool = True
    as_deployed: bool = False
    fast: bool = True
    own_provider: bool = False
    packs: bool = False
    parallel: int = 8
    namespace: bool = True
    level: Level = Level.SYMBOLIC

    def job(self, scratch: str) -> dict[str, Any]:
        """Return the message that tells the child what to run.

        Args:
            scratch: Temporary folder of the run.
        """
        return {
            "project": self.project.name,
            "stack": self.config.stack,
            "organization": self.organization,
            "config": dict(self.config.values),
            "environments": list(self.config.environments),
            "secret_keys": list(self.config.secret_keys),
            "undecryptable": list(self.config.undecryptable),
            "root": str(self.project.folder),
            "pwd": str(self.project.entry_folder),
            "entry": self.project.entry,
            "provider": "host" if self.own_provider else "symbolic",
            "packs": self.packs,
            "preview": self.preview,
            "as_deployed": self.as_deployed,
            "level": self.level.value,
            "account": self.account,
            "partition": self.partition,
            "region": self.region,
            "answers": list(self.answers),
            "allow_writes": self.allow_writes,
            "scratch": scratch,
            "temporary": temporary_folders(),
            "hidden": credential_files(self.environment),
            "hidden_variables": hidden_variables(self.environment),
            "fast": self.fast,
            "parallel": self.parallel,
            "namespace": self.namespace,
        }

    def secrets(self) -> tuple[str, ...]:
        """Return the secret configuration values, longest first, to keep them out of every text."""
        found = {*self.config.secret_texts, *(self.config.values[key] for key in self.config.secret_keys)}
        return tuple(sorted((text for text in found if text), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class NotRun:
    """Code of the program that may register resources and was not run as it will be: its input is not known yet.

    Args:
        file: Path as the program sees it; empty when the program has no line about it.
        line: Line number, from 1.
        name: Its qualified name.
        number: How many of the same file and name come before it: tells them apart whatever line they move to.
        blind: Whether it was run all the same, on an unknown in place of a value.
    """

    file: str
    line: int
    name: str
    number: int = 0
    blind: bool = False


@dataclass(slots=True)
class _Marked:
    """What the program marked as secret, and what it made of secrets."""

    given: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)

    def take(self, message: Mapping[str, Any]) -> None:
        (self.derived if message["derived"] else self.given).extend(message["texts"])

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.given, *self.derived)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one run gave.

    Args:
        run: What was run, with the level that was reached.
        graph: Every resource.
        registered: URNs in the order they were taken.
        outputs: Stack outputs as wire values, secrets still marked.
        assumed: Invoke token → how often its answer was made up.
        messages: What the program logged, `{severity, text, urn}` each.
        output: End of what it printed.
        notes: What a reader of the result must know.
        sdk: Version of the Pulumi SDK in the program's interpreter.
        seconds: Wall time of the runs, all levels together.
        refused: What the program was refused, in a sentence each, and went on without.
        not_run: Functions of the program that may register resources and were not run as they will be.
        secrets: Texts that no report may show, whatever they are part of: configured, or marked by the program.
        isolated: Whether the program had a network of its own: then compiled code and subprocesses reached nobody.
        violated: Whether a mandatory policy of the host's packs was violated.
        asked_phase: Whether the program asked if this is a preview.
        failure: What stopped the run, as `program_errors.worded` gives it; only from `launch`.
    """

    run: Run
    graph: Graph
    registered: tuple[str, ...]
    outputs: Mapping[str, Any] = field(repr=False)
    assumed: Mapping[str, int] = field(default_factory=dict)
    messages: tuple[Mapping[str, str], ...] = ()
    output: str = ""
    notes: tuple[str, ...] = ()
    sdk: str = ""
    patches: tuple[str, ...] = ()
    seconds: float = 0.0
    refused: tuple[str, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    isolated: bool = False
    violated: bool = False
    asked_phase: bool = False
    failure: Mapping[str, Any] | None = None


class _NoHost:
    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Know no other stack."""
        return {"outputs": None} if question["kind"] == "stack_outputs" else {"error": "nobody answers here"}


def launch(run: Run, host: Host | None = None) -> Evaluation:
    """Run a program once, at one level.

    Returns:
        The evaluation; its `failure` says whether the program failed.

    Raises:
        ProgramError: It hung, died without a word, or its interpreter cannot run the engine.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ledgergate-", ignore_cleanup_errors=True) as scratch:
        result, tail, marked = _run_process(run, host or _NoHost(), scratch)
    if isinstance(result, str):
        raise ProgramError(result, run, output=tail.text(_spelled((*run.secrets(), *marked.texts))) if tail else "")
    hidden = _spelled(_with_program_secrets((*run.secrets(), *marked.texts), result["resources"]))
    found = _evaluation(run, result, tail.text(hidden) if tail else "", hidden)
    secrets = _longest_first((*run.secrets(), *marked.given))
    return replace(found, secrets=secrets, seconds=time.monotonic() - started)


def _run_process(run: Run, host: Host, scratch: str) -> tuple[dict[str, Any] | str, Tail | None, _Marked]:
    """Return the result, or a sentence that says why there is none, what was printed, and what was marked secret."""
    marked = _Marked()
    ours, theirs = socket.socketpair()
    with ours, contextlib.ExitStack() as stack:
        with theirs:
            variables = environment(scratch, run.environment)
            try:
                process = stack.enter_context(running(run.project.interpreter, theirs.fileno(), variables))
            except OSError as error:
                return f"{run.project.interpreter} cannot be started: {error.strerror}", None, marked
        tail = Tail(process.stdout, run.secrets())
        result = _converse(run, run.job(scratch), host, ours, process, marked)
    tail.finish()
    return result, tail, marked


def _converse(
    run: Run,
    job: Mapping[str, Any],
    host: Host,
    connection: socket.socket,
    process: subprocess.Popen[bytes],
    marked: _Marked,
) -> dict[str, Any] | str:
    """Give the job, answer questions, return the result, or a sentence that says why there is none.

    What the program marks as secret meanwhile is added to `marked`.
    """
    deadline = time.monotonic() + run.time_limit_s
    channel = Channel(connection)
    threading.Thread(target=_close_when_dead, args=(process, connection), daemon=True).start()
    try:
        connection.settimeout(run.time_limit_s)
        channel.send(job)
        while True:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            message = channel.receive()
            if message["kind"] == "result":
                return message
            if message["kind"] == "secret":
                marked.take(message)
                continue
            if message["kind"] == "refusal":
                return f"{run.project.interpreter} cannot run the program: {message['message']}"
            asked = time.monotonic()
            answer = host.answer(message)
            deadline += time.monotonic() - asked
            channel.send(answer)
    except ChannelClosedError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(max(deadline - time.monotonic(), 0.0))
            return f"the program ended its process before it was through ({describe_end(code)})"
        return f"the program did not end within {run.time_limit_s:g} seconds"


def _close_when_dead(process: subprocess.Popen[bytes], connection: socket.socket) -> None:
    """Wake the gate when the process is gone though a copy of it still holds the other end."""
    process.wait()
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)


def _evaluation(run: Run, result: Mapping[str, Any], output: str, secrets: Sequence[str]) -> Evaluation:
    records, failure = result["resources"], result["failure"]
    stack: Mapping[str, Any] = next((record for record in records if record["kind"] == "stack"), {"outputs": {}})
    refused = tuple(redact(text, secrets) for text in result["refused"] if failure is None)
    return Evaluation(
        run=run,
        graph=decode_graph(run.project.name, run.config.stack, records, result["look_ups"]),
        registered=tuple(result["registered"]),
        outputs=stack["outputs"],
        assumed=result["assumed"],
        messages=tuple(_redacted(line, secrets) for line in result["messages"]),
        output=output,
        notes=(*run.project.notes, *run.config.notes, *(redact(text, secrets) for text in result["notes"])),
        refused=refused,
        not_run=tuple(_numbered(result["not_run"])),
        sdk=result["sdk"],
        patches=tuple(result["patches"]),
        isolated=result["isolated"],
        violated=result["violated"],
        asked_phase=result["asked_phase"],
        failure=None if failure is None else worded(_redacted(failure, secrets)),
    )


def _redacted(texts: Mapping[str, Any], secrets: Sequence[str]) -> dict[str, Any]:
    return {key: _without(text, secrets) for key, text in texts.items()}


def _without(value: Any, secrets: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    return redact(value, secrets) if isinstance(value, str) else value


def _numbered(functions: Iterable[tuple[str, int, str, bool]]) -> Iterator[NotRun]:
    before: Counter[tuple[str, str]] = Counter()
    for file, line, name, blind in functions:
        yield NotRun(file, line, name, before[file, name], blind)
        before[file, name] += 1


def _with_program_secrets(secrets: Iterable[str], records: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Add the values that the program itself marked as secret: an error message may quote them."""
    made = (text for record in records for part in ("inputs", "outputs") for text in wire.secret_texts(record[part]))
    return _longest_first((*secrets, *made))


def _spelled(secrets: Iterable[str]) -> tuple[str, ...]:
    return _longest_first(form for text in secrets for form in spellings(text))


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts), key=len, reverse=True))
