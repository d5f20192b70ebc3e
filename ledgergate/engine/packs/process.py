"""The process of one policy pack: started as the Pulumi language host starts it, asked over gRPC.

Runs in the gate's process; the pack runs in an interpreter of its own.
Source: behaviour of the engine 3.260.0 and its language host as recorded; `pulumi/analyzer.proto`, read 2026-11-21.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Final, Self

import grpc
import yaml
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, engine_pb2_grpc

from ledgergate.engine import wire
from ledgergate.engine.monitor import EngineLog
from ledgergate.engine.output import Tail, redact
from ledgergate.engine.packs.config import settings_of
from ledgergate.engine.packs.policy import (
    Diagnostic,
    PackError,
    PackInfo,
    PolicyError,
    Remediation,
    diagnostic,
    pack_info,
)

if TYPE_CHECKING:
    from ledgergate.engine.launcher import Run

_CHANNEL: Final = (
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)
_STOP_GRACE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class StackInfo:
    """What a pack is told about the stack that it judges.

    Args:
        preview: Whether nothing may be created.
        config: Full key → plain text.
        secret_keys: Keys of `config` that are secret.
        tags: Stack tags.
    """

    project: str
    stack: str
    organization: str = "organization"
    preview: bool = True
    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: "Run") -> Self:
        """Describe the stack of a run."""
        return cls(
            project=run.project.name,
            stack=run.config.stack,
            organization=run.organization,
            preview=run.preview,
            config=run.config.values,
            secret_keys=run.config.secret_keys,
        )

    def secrets(self) -> tuple[str, ...]:
        """Return the secret configuration values, longest first, to keep them out of every text."""
        found = {self.config[key] for key in self.secret_keys if key in self.config}
        return tuple(sorted((text for text in found if text), key=len, reverse=True))

    def environment(self) -> dict[str, str]:
        """Return the variables that the language host adds for a pack; secrets are plain there."""
        variables = {
            "PULUMI_PROJECT": self.project,
            "PULUMI_STACK": self.stack,
            "PULUMI_ORGANIZATION": self.organization,
            "PULUMI_DRY_RUN": str(self.preview).lower(),
            "PULUMI_CONFIG": json.dumps(dict(self.config)) if self.config else "",
        }
        return {name: text for name, text in variables.items() if text}


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
        self._manifest = _manifest(self.folder)
        self._interpreter = interpreter or _interpreter(self.folder, self._manifest)
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
                enforcementLevel=chosen.level.to_wire(),  # type: ignore[arg-type]  # the generated enum is an int
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
        answer = self._ask("Remediate", json_format.ParseDict(request, analyzer_pb2.AnalyzeRequest()), optional=True)
        return [_remediation(item) for item in answer.remediations] if answer else []

    def analyze(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """Let the pack judge one resource; see `remediate`."""
        answer = self._ask("Analyze", json_format.ParseDict(request, analyzer_pb2.AnalyzeRequest()))
        return self._diagnostics(answer)

    def analyze_stack(self, request: Mapping[str, Any]) -> list[Diagnostic]:
        """Let the pack judge the whole stack; `request` is an `AnalyzeStackRequest`, see `remediate`."""
        message = json_format.ParseDict(request, analyzer_pb2.AnalyzeStackRequest())
        answer = self._ask("AnalyzeStack", message, optional=True)
        return self._diagnostics(answer) if answer else []

    def _diagnostics(self, answer: Any) -> list[Diagnostic]:
        secrets = self._stack.secrets()
        found = [diagnostic(message) for message in answer.diagnostics]
        return [
            Diagnostic(item.policy, item.level, redact(item.message, secrets), item.description, item.urn, item.severity)
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
        self._tails = [Tail(process.stderr, self._stack.secrets())]
        first = _first_line(process.stdout, self._time_limit_s)
        self._tails.append(Tail(process.stdout, self._stack.secrets()))
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
        if process.poll() is None and process.stdout is not None:
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
            status, said = error.code(), redact(error.details() or "", self._stack.secrets())  # type: ignore[attr-defined]  # a call in Python is both error and status
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


def _first_line(stream: IO[bytes] | None, time_limit_s: float) -> bytes | None:
    """Return the first line of a stream, empty at its end, None when the time is over."""
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(stream.readline() if stream else b""), daemon=True)
    reader.start()
    reader.join(time_limit_s)
    return found[0] if found else None


def _without_stack(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out what would tell the pack about another stack."""
    names = ("PULUMI_PROJECT", "PULUMI_STACK", "PULUMI_ORGANIZATION", "PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS")
    return {name: text for name, text in environment.items() if name not in names}


def _remediation(message: Any) -> Remediation:
    properties = wire.from_struct(message.properties) if message.HasField("properties") else None
    return Remediation(message.policyName, None if message.diagnostic else properties, message.diagnostic)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "PulumiPolicy.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError:
        message = f"{folder}: no PulumiPolicy.yaml in this folder"
        raise PackError(message) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        message = f"{path}: not valid YAML"
        raise PackError(message) from None
    runtime = content.get("runtime") if isinstance(content, dict) else None
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        message = f"{path}: the runtime is {name or 'not set'}; only Python packs can be run here"
        raise PackError(message)
    return content


def _interpreter(folder: Path, manifest: Mapping[str, Any]) -> Path:
    runtime = manifest["runtime"]
    options = (runtime.get("options") or {}) if isinstance(runtime, dict) else {}
    python = folder / str(options.get("virtualenv") or "-") / "bin" / "python"
    return python if python.is_file() else Path(sys.executable)
