"""The process of one policy pack: started as the Pulumi language host starts it, asked over gRPC.

Runs in the gate's process; the pack runs in an interpreter of its own.
Source: behaviour of the engine 3.260.0 and its language host as recorded; `pulumi/analyzer.proto`, read 2026-11-21.
"""

import contextlib
import io
import os
import signal
import subprocess
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self, cast

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, engine_pb2_grpc

from ledgergate.engine import wire
from ledgergate.engine.monitor import EngineLog
from ledgergate.engine.output import Tail, redact
from ledgergate.engine.packs.config import settings_of
from ledgergate.engine.packs.manifest import interpreter_of, read_manifest
from ledgergate.engine.packs.policy import (
    Diagnostic,
    PackError,
    PackInfo,
    PolicyError,
    Remediation,
    diagnostic,
    pack_info,
)
from ledgergate.engine.packs.stack import StackInfo

_CHANNEL: Final = (
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)
_STOP_GRACE_S: Final = 2.0


class PackProcess:
    """One running policy pack; a context manager.

    Args:
        folder: Folder of `PulumiPolicy.yaml`.
        stack: The stack to judge.
        interpreter: Python that runs the pack; by default the virtualenv that `PulumiPolicy.yaml` names, else this one.
        environment: Variables besides those of the stack; by default all of this process, as under the CLI.
        time_limit_s: Seconds for the start and for each answer, > 0.
    """

    def __init__(
        self,
        folder: Path,
        stack: StackInfo,
        *,
        interpreter: Path | None = None,
        environment: Mapping[str, str] | None = None,
        time_limit_s: float = 60.0,
    ) -> None:
        self.folder = folder.resolve()
        self._stack = stack
        self._manifest = read_manifest(self.folder)
        self._interpreter = interpreter or interpreter_of(self.folder, self._manifest)
        self._environment = dict(os.environ if environment is None else environment)
        self._time_limit_s = time_limit_s
        self._open = contextlib.ExitStack()
        self._tails: list[Tail] = []
        self._log = EngineLog()
        self.info = PackInfo(self.folder.name, "", ())

    def __enter__(self) -> Self:
        """Start the pack and ask who it is.

        Raises:
            PackError: It raised while loading, printed before it was ready, or hung.
        """
        with contextlib.ExitStack() as opening:
            self._open = opening
            engine = self._serve_engine()
            port = self._start(engine)
            channel = opening.enter_context(grpc.insecure_channel(f"127.0.0.1:{port}", options=_CHANNEL))
            self._stub = analyzer_pb2_grpc.AnalyzerStub(channel)
            self._introduce(engine)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the pack."""
        self._open.close()

    @property
    def messages(self) -> tuple[Mapping[str, str], ...]:
        """Return what the pack logged through the engine, `{severity, text, urn}` each."""
        return tuple(self._log.messages)

    def configure(self, given: Mapping[str, Any] | None = None) -> None:
        """Set level and properties of every policy.

        Args:
            given: As `load_pack_config` reads it; nothing = what the pack's code states.

        Raises:
            PackError: `given` asks for what the pack does not allow.
        """
        settings = settings_of(self.info, given or {})
        policies = {
            name: analyzer_pb2.PolicyConfig(
                enforcementLevel=chosen.level.to_wire(),
                properties=wire.to_struct(chosen.properties),
            )
            for name, chosen in settings.items()
        }
        self._ask("Configure", analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=policies))

    def remediate(self, request: Mapping[str, Any]) -> list[Remediation]:
        """Let the pack change the properties of one resource.

        Args:
            request: `AnalyzeRequest` as protojson.

        Raises:
            PolicyError: A policy raised.
            PackError: The pack is gone or hangs.
        """
        answer = self._ask(
            "Remediate", json_format.ParseDict(dict(request), analyzer_pb2.AnalyzeRequest()), optional=True
        )
        return [_remediation(item) for item in answer.remediations] if answer else []

    def analyze(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """Let the pack judge one resource; see `remediate`."""
        answer = self._ask("Analyze", json_format.ParseDict(dict(request), analyzer_pb2.AnalyzeRequest()))
        return self._diagnostics(answer)

    def analyze_stack(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """Let the pack judge the whole stack; `request` is an `AnalyzeStackRequest`, see `remediate`."""
        message = json_format.ParseDict(dict(request), analyzer_pb2.AnalyzeStackRequest())
        answer = self._ask("AnalyzeStack", message, optional=True)
        return self._diagnostics(answer) if answer else []

    def _diagnostics(self, answer: Any) -> list[Diagnostic]:
        secrets = self._stack.secrets()
        found = [diagnostic(message) for message in answer.diagnostics]
        return [
            Diagnostic(
                item.policy, item.level, redact(item.message, secrets), item.description, item.urn, item.severity
            )
            for item in found
        ]

    def _serve_engine(self) -> str:
        """Serve the engine's log for the pack; return its address."""
        server = grpc.server(ThreadPoolExecutor(2, thread_name_prefix="engine"), options=_CHANNEL)
        engine_pb2_grpc.add_EngineServicer_to_server(_LogService(self._log), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        self._open.callback(lambda: server.stop(None).wait())
        return f"127.0.0.1:{port}"

    def _start(self, engine: str) -> int:
        """Start the process and return the port that it prints."""
        process = subprocess.Popen(
            [str(self._interpreter), "-u", "-m", "pulumi.policy", engine, str(self.folder)],
            cwd=self.folder,
            env={**_without_stack(self._environment), **self._stack.environment()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._open.callback(self._stop, process)
        announced = _Announced(process.stdout)
        secrets = self._stack.secrets()
        self._tails = [Tail(process.stderr, secrets), Tail(cast("IO[bytes]", announced), secrets)]
        first = announced.first_line(self._time_limit_s)
        if first is not None and first.strip().isdigit():
            return int(first)
        self._stop(process)
        raise self._not_started(first, process.returncode)

    def _not_started(self, first: bytes | None, code: int) -> PackError:
        name = f"policy pack {self.folder.name}"
        if first is None:
            return PackError(f"{name} was not ready within {self._time_limit_s:g} seconds", output=self.output())
        if first:
            printed = redact(first.decode("utf-8", "replace").strip(), self._stack.secrets())
            message = f"{name} printed {printed!r} before it was ready"
            hint = "A pack must print nothing to standard output while it loads; use sys.stderr."
            return PackError(message, hint, self.output())
        return PackError(f"{name} ended while it was loaded (exit code {code})", output=self.output())

    def output(self) -> str:
        """Return the end of what the pack printed so far, errors first."""
        return "".join(tail.text() for tail in self._tails)

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for tail in self._tails:
            tail.finish(_STOP_GRACE_S)

    def _introduce(self, engine: str) -> None:
        stack = self._stack
        self._ask(
            "Handshake",
            analyzer_pb2.AnalyzerHandshakeRequest(
                engine_address=engine, root_directory=str(self.folder), program_directory=str(self.folder)
            ),
            optional=True,
        )
        self._ask(
            "ConfigureStack",
            analyzer_pb2.AnalyzerStackConfigureRequest(
                stack=stack.stack,
                project=stack.project,
                organization=stack.organization,
                dry_run=stack.preview,
                config=stack.config,
                config_secret_keys=stack.secret_keys,
                tags=stack.tags,
            ),
            optional=True,
        )
        self._ask("GetPluginInfo", empty_pb2.Empty(), optional=True)
        self.info = pack_info(self._ask("GetAnalyzerInfo", empty_pb2.Empty()), str(self._manifest.get("version") or ""))

    def _ask(self, what: str, request: Any, *, optional: bool = False) -> Any:
        """Call the pack; None when it does not know an optional call."""
        try:
            return getattr(self._stub, what)(request, timeout=self._time_limit_s)
        except grpc.RpcError as error:
            status, said = error.code(), redact(error.details() or "", self._stack.secrets())
        if status is grpc.StatusCode.UNIMPLEMENTED and optional:
            return None
        raise self._unanswered(what, status, said)

    def _unanswered(self, what: str, status: grpc.StatusCode, said: str) -> PackError:
        name = f"policy pack {self.info.name}"
        if status is grpc.StatusCode.UNKNOWN:
            return PolicyError(said)
        if status is grpc.StatusCode.INVALID_ARGUMENT:
            return PackError(f"{name} refused {what}: {said}")
        if status is grpc.StatusCode.DEADLINE_EXCEEDED:
            message = f"{name} did not answer {what} within {self._time_limit_s:g} seconds"
            return PackError(message, output=self.output())
        return PackError(f"{name} cannot be reached ({status.name.lower()})", output=self.output())


class _LogService(engine_pb2_grpc.EngineServicer):
    """The part of the engine that a pack may call."""

    def __init__(self, log: EngineLog) -> None:
        self._log = log

    def Log(self, request: Any, _context: grpc.ServicerContext) -> Any:  # noqa: N802 - the RPC's name
        """Keep one line."""
        return self._log.Log(request)


class _Announced:
    """A stream whose first line is taken off before the rest is read, in the thread that reads the rest."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream or io.BytesIO()
        self._first: Future[bytes] = Future()

    def __enter__(self) -> Self:
        self._stream.__enter__()
        self._first.set_result(self._stream.readline())
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def read(self, size: int) -> bytes:
        """Return what follows the first line."""
        return self._stream.read(size)

    def first_line(self, time_limit_s: float) -> bytes | None:
        """Return the first line, empty at the stream's end, None when the time is over."""
        try:
            return self._first.result(time_limit_s)
        except TimeoutError:
            return None


def _without_stack(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out what would tell the pack about another stack."""
    names = ("PULUMI_PROJECT", "PULUMI_STACK", "PULUMI_ORGANIZATION", "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS")
    return {name: text for name, text in environment.items() if name not in names}


def _remediation(message: Any) -> Remediation:
    properties = wire.from_struct(message.properties) if message.HasField("properties") else None
    return Remediation(message.policyName, None if message.diagnostic else properties, message.diagnostic)
