"""Run every program beside this file under a small monitor, with or without the fast path; print what each did.

Usage: `run.py fast|plain`. Output: JSON, program → {registered, failure, logged, outputs}.
"""

import asyncio
import contextvars
import json
import logging
import runpy
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
import pulumi.runtime
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, engine_pb2, resource_pb2
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key
from pulumi.runtime.settings import Settings, configure

from ledgergate.engine import fastpath

HERE = Path(__file__).resolve().parent


class RefusedError(grpc.RpcError):
    """An answer of the engine that is an error."""

    def code(self) -> grpc.StatusCode:
        """Return the gRPC status."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """Return the text."""
        return str(self.args[0])


class Monitor:
    """Echoes inputs, adds an ARN, leaves `size` unknown, calls `secretText` a secret, refuses names with `refused`."""

    def __init__(self) -> None:
        self.registered: dict[str, Any] = {}
        self._transforms: dict[str, list[Any]] = {}

    def GetDeploymentInfo(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Offer everything."""
        return resource_pb2.DeploymentInfo(supportedFeatures=resource_pb2.ResourceMonitorFeature.values())

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Take a resource."""
        urn = f"urn:pulumi:s::p::{request.type}::{request.name}"
        self._transforms[urn] = [*request.transforms, *self._transforms.get(request.parent, ())]
        for callback in (*self._transforms[urn], *self._transforms.get("", ())):
            _transform(callback, request)
        self.registered[urn] = _plain(request)
        if "refused" in request.name:
            raise RefusedError(f"{request.name} was refused")
        answer = resource_pb2.RegisterResourceResponse(urn=urn)
        if request.custom:
            answer.id = f"{request.name}-id"
            answer.object.CopyFrom(_echo(request.name, request.object))
        return answer

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Look a resource up."""
        urn = f"urn:pulumi:s::p::{request.type}::{request.name}"
        self.registered[f"read {urn}"] = _plain(request)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=_echo(request.name, request.properties))

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Keep a transform of every later resource."""
        self._transforms.setdefault("", []).append(request)
        return empty_pb2.Empty()

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Keep the outputs of a component or the stack."""
        self.registered[f"outputs {request.urn}"] = _plain(request)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Answer with the arguments."""
        self.registered[f"invoke {request.tok}"] = _plain(request)
        if "refused" in request.tok:
            raise RefusedError(f"{request.tok} was refused")
        return resource_pb2.ResourceInvokeResponse(**{"return": request.args})

    def SignalAndWaitForShutdown(self, _request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Note that the program ended well."""
        self.registered["end"] = True
        return empty_pb2.Empty()


class Engine:
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.logged: list[str] = []

    def Log(self, request: Any) -> Any:  # noqa: N802 - the RPC's name
        """Keep a line, unless it is for debugging."""
        if request.severity != engine_pb2.DEBUG:
            self.logged.append(request.message)
        return empty_pb2.Empty()


def _transform(callback: Any, request: Any) -> None:
    """Call a function of the program over its own server, and wait; a deadlock ends after some seconds."""
    message = resource_pb2.TransformRequest(
        type=request.type, name=request.name, custom=request.custom, parent=request.parent, properties=request.object
    )
    with grpc.insecure_channel(callback.target) as channel:
        answer = callback_pb2_grpc.CallbacksStub(channel).Invoke(
            callback_pb2.CallbackInvokeRequest(token=callback.token, request=message.SerializeToString()), timeout=10
        )
    request.object.CopyFrom(resource_pb2.TransformResponse.FromString(answer.response).properties)


def _echo(name: str, properties: struct_pb2.Struct) -> struct_pb2.Struct:
    echoed = struct_pb2.Struct()
    echoed.CopyFrom(properties)
    echoed["arn"] = f"arn:{name}"
    echoed["size"] = UNKNOWN
    if "secretText" in echoed or "secret_text" in echoed:
        echoed["secretText"] = {_special_sig_key: _special_secret_sig, "value": "hush"}
    return echoed


def _plain(request: Any) -> Any:
    found = json_format.MessageToDict(request)
    for key in ("dependencies", "dependsOn"):
        if key in found:
            found[key].sort()
    for entry in found.get("propertyDependencies", {}).values():
        entry.get("urns", []).sort()
    trace = found.pop("stackTrace", {}).get("frames", [])
    # Below the program's own frames lies the event loop, which differs.
    # A callback is named by the port and a token of its run.
    found["transforms"] = len(found.get("transforms", ()))
    found["frames"] = [frame["pc"] for frame in trace if str(HERE) in frame.get("pc", {}).get("uri", "")]
    return found


def _describe(error: BaseException | None) -> list[str]:
    chain = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        chain.append(f"{type(error).__name__}: {error}")
        error = error.__cause__
    return chain


def run(program: Path, *, fast: bool) -> dict[str, Any]:
    """Run one program in an event loop and a context of its own."""
    monitor, engine = Monitor(), Engine()
    configure(Settings("p", "s", monitor=monitor, engine=engine, dry_run=True, root_directory=str(HERE)))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pool: ThreadPoolExecutor = fastpath.executor(8) if fast else ThreadPoolExecutor(8)
    loop.set_default_executor(pool)
    failure: BaseException | None = None
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _run_path(program)))
    except BaseException as error:  # noqa: BLE001 - whatever comes out is what is compared
        failure = error
    pool.shutdown()
    return {"registered": monitor.registered, "failure": _describe(failure), "logged": engine.logged}


def _run_path(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


def main(mode: str) -> None:
    """Run all programs in one way."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    sys.path.insert(0, str(HERE / "programs"))
    patches = fastpath.install(version("pulumi")) if mode == "fast" else ()
    programs = sorted((HERE / "programs").glob("*.py"))
    results = {program.stem: contextvars.copy_context().run(run, program, fast=mode == "fast") for program in programs}
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    json.dump({"patches": patches, "programs": results, "threads": threads}, sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main(sys.argv[1])
