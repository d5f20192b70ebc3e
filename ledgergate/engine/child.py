"""The process that holds one program and its engine: reads a job, runs the program, sends the graph.

Runs inside the program's interpreter: standard library and pulumi only.
Source: the language host's exec script, SDK 3.272.0, read 2026-11-20.
"""

import asyncio
import contextlib
import json
import logging
import os
import runpy
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pulumi
import pulumi.runtime
from pulumi.runtime import config as runtime_config
from pulumi.runtime.proto import resource_pb2_grpc
from pulumi.runtime.settings import Settings, configure

from ledgergate.engine import (
    bytecode,
    callbacks,
    commands,
    fastpath,
    hooks,
    imports,
    organization,
    phase,
    references,
    secrecy,
    settings_asked,
    undecrypted,
    variables,
)
from ledgergate.engine.channel import Channel, ChannelClosedError
from ledgergate.engine.copies import Copies
from ledgergate.engine.deployment import Deployment, StepError
from ledgergate.engine.failures import describe
from ledgergate.engine.guard import Guard, Rules
from ledgergate.engine.monitor import EngineLog, Monitor
from ledgergate.engine.pending import unfinished
from ledgergate.engine.piped import PipedPacks, PipedProvider, piped_stack_outputs
from ledgergate.engine.provider import Provider
from ledgergate.engine.symbolic.unknowns import swallowed

# Older SDKs serve callbacks only to a monitor of the class that gRPC generated.
_ProgramMonitor: Final[type[Monitor]] = type("ProgramMonitor", (Monitor, resource_pb2_grpc.ResourceMonitorStub), {})


def main(job: Mapping[str, Any], channel: Channel, *, isolated: bool) -> None:
    """Do one job and end the process.

    Args:
        job: As `launcher.Run.job` gives it.
        channel: The way back to the gate.
        isolated: Whether the process has a network of its own.
    """
    owner = os.getpid()
    result = _run(job, channel, isolated=isolated)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # the program may have closed or replaced it
            stream.flush()
    if os.getpid() == owner:
        with contextlib.suppress(ChannelClosedError):  # the program may have closed it; the gate sees that
            channel.send({**result, "isolated": isolated})
    os._exit(0)  # threads that the program left behind must not keep the gate waiting


def _run(job: Mapping[str, Any], channel: Channel, *, isolated: bool) -> dict[str, Any]:
    deployment = Deployment(
        job["project"],
        job["stack"],
        job["config"],
        _provider(job, channel),
        packs=PipedPacks(channel) if job["packs"] else None,
        preview=job["preview"],
        root=Path(job["pwd"]),
    )
    sdk = version("pulumi")
    patches = fastpath.install(sdk) if job["fast"] else ()
    references.install()
    callbacks.watch(secrecy.install(channel))
    hooks.watch()
    going_without = (
        commands.watch(isolated=isolated),
        imports.watch(Path(job["root"])),
        settings_asked.watch(job["environments"]),
        variables.watch(job["hidden_variables"], job["environments"]),
        undecrypted.watch(job["undecryptable"] if job["provider"] == "symbolic" else ()),
    )
    asked_organization = organization.watch()
    asked_phase = phase.watch(as_deployed=job["as_deployed"])
    monitor = _ProgramMonitor(
        deployment,
        job["organization"],
        job["config"],
        job["secret_keys"],
        piped_stack_outputs(channel, job["level"]),
        use_threads=fastpath.use_threads,
    )
    log, guard = EngineLog(), Guard()
    _configure(job, monitor, log)
    bytecode.forget()
    guard.install(_rules(job))
    copies = Copies()
    loop = asyncio.new_event_loop()
    failure = _run_program(job, deployment, loop)
    of_copies, going_on = copies.end()
    failure = failure or of_copies
    hooks_able, hooks_told = hooks.not_run()
    return {
        "kind": "result",
        "failure": failure,
        "resources": [record.to_json() for record in deployment.records.values()],
        "registered": deployment.registered,
        "violated": deployment.violated,
        "assumed": dict(monitor.assumed),
        "look_ups": monitor.look_ups,
        "messages": log.messages,
        "refused": [
            *guard.refused,
            *swallowed(),
            *monitor.unanswered,
            *references.denied(),
            *(sentence for told in going_without for sentence in told()),
            *going_on,
            *(unfinished(loop) if failure is None else ()),
            *(hooks_able if failure is None else ()),
        ],
        "notes": [
            *references.asked_and_not_given(),
            *asked_organization(),
            *(asked_phase() if job["as_deployed"] else ()),
            *hooks_told,
        ],
        "not_run": callbacks.not_run() if failure is None else [],
        "asked_phase": bool(asked_phase()),
        "sdk": sdk,
        "patches": list(patches),
    }


def _provider(job: Mapping[str, Any], channel: Channel) -> Provider:
    if job["provider"] != "symbolic":
        return PipedProvider(channel)
    from ledgergate.engine.symbolic import Level, SymbolicProvider

    return SymbolicProvider(
        account=job["account"],
        partition=job["partition"],
        region=job["region"],
        level=Level(job["level"]),
        answers=job["answers"],
    )


def _rules(job: Mapping[str, Any]) -> Rules:
    return Rules(
        scratch=Path(job["scratch"]),
        own=(Path(job["root"]), Path(job["pwd"])),
        own_writable=job["allow_writes"],
        temporary=tuple(map(Path, job["temporary"])),
        hidden=tuple(map(Path, job["hidden"])),
    )


def _run_program(
    job: Mapping[str, Any], deployment: Deployment, loop: asyncio.AbstractEventLoop
) -> dict[str, Any] | None:
    """Run the program and the stack policies; return what went wrong, or None."""
    try:
        _execute(job, loop)
    except BaseException as error:  # noqa: BLE001 - whatever the program raised is the result to report
        return describe(error, deployment.failure)
    if deployment.failure is None:
        try:
            deployment.judge_stack()
        except StepError as error:
            deployment.failure = error
    return describe(None, deployment.failure)


def _configure(job: Mapping[str, Any], monitor: Monitor, log: EngineLog) -> None:
    os.environ["PULUMI_CONFIG"] = json.dumps(job["config"])
    os.environ["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(job["secret_keys"])
    runtime_config.set_all_config(job["config"], job["secret_keys"])
    settings: dict[str, Any] = {
        "project": job["project"],
        "stack": job["stack"],
        "monitor": monitor,
        "engine": log,
        "parallel": job["parallel"],
        "dry_run": job["preview"],
        "organization": job["organization"],
        "root_directory": job["root"],
    }
    known = Settings.__init__.__code__.co_varnames
    configure(Settings(**{key: value for key, value in settings.items() if key in known}))


def _execute(job: Mapping[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    entry = job["entry"]
    os.chdir(job["pwd"])
    sys.argv = [entry]
    if entry != ".":
        # The language host adds nothing for a file; last in the path, its folder shadows nothing.
        sys.path.append(job["pwd"])
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    asyncio.set_event_loop(loop)
    loop.set_default_executor(fastpath.executor(job["parallel"] * 4))
    loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _run_path(entry, job["pwd"])))


def _run_path(entry: str, folder: str) -> None:
    """Run the program as `runpy` does; a file under its whole path, since the SDK gives no place in a relative one."""
    if not entry.endswith(".py"):
        runpy.run_path(entry, run_name="__main__")
        return
    path = Path(folder, entry)
    own, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    names = vars(sys.modules["__main__"])
    names |= {"__file__": entry, "__cached__": None, "__package__": ""}
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), names)  # noqa: S102 - the program
    finally:
        sys.modules["__main__"] = own
