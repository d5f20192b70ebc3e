"""Runs Pulumi programs against the SDK's mocks and prints what they registered; a process of its own.

One JSON request a line on standard input, one JSON answer a line on standard output.
"""

import asyncio
import contextvars
import gc
import json
import logging
import os
import runpy
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws  # noqa: F401 - two seconds, paid once for all requests
import yaml
from pulumi.runtime import config as pulumi_config
from pulumi.runtime import mocks, rpc
from pulumi.runtime.settings import set_root_resource
from pulumi.runtime.stack import run_in_stack
from pulumi.runtime.sync_await import _sync_await

from ledgergate.engine import fastpath

ACCOUNT = "123456789012"

_STACK = "pulumi:pulumi:Stack"

_MINTED = (
    "arn",
    "arnSuffix",
    "allocationId",
    "bucketRegionalDomainName",
    "certPem",
    "dnsName",
    "domainName",
    "endpoint",
    "keyId",
    "prefixListId",
    "privateKeyPem",
    "readerEndpoint",
    "result",
)
"""Outputs that every resource has, whether its type knows them or not."""

_INVOKES: Mapping[str, Mapping[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT, "arn": "", "id": ACCOUNT, "userId": "me"},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws"},
    "aws:guardduty/getDetector:getDetector": {"id": "detector-of-the-account"},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-cloudfront"},
}


class _Answers(mocks.Mocks):
    """Ids and outputs that tell in plain words what they belong to."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return {**args.args, **_INVOKES[args.token]}, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        given = args.inputs.get("bucket") if kind == "Bucket" else None
        minted = {output: f"{output}/{kind}/{args.name}" for output in _MINTED}
        state = {**minted, "clusterResourceId": f"cluster-{args.name}", **args.inputs}
        return given or f"{kind}/{args.name}", state


class _Recorder(mocks.MockMonitor):
    """A monitor that keeps every registration in the order of arrival."""

    def __init__(self) -> None:
        super().__init__(_Answers())
        self.registered: list[dict[str, Any]] = []
        self.outputs: dict[str, Any] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call] # the SDK has no types here
        if request.type != _STACK:
            self.registered.append(
                {
                    "urn": answer.urn,
                    "id": answer.id,
                    "type": request.type,
                    "name": request.name,
                    "parent": request.parent,
                    "custom": request.custom,
                    "inputs": rpc.deserialize_properties(request.object),
                    "dependencies": sorted(request.dependencies),
                    "protect": request.protect,
                    "retain_on_delete": request.retainOnDelete,
                    "delete_before_replace": request.deleteBeforeReplace,
                }
            )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        if request.urn.split("::")[2] == _STACK:
            self.outputs = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call] # as above


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def _stack_config(program: Path, stack: str, changes: Mapping[str, Any]) -> dict[str, str]:
    """Read the stack's file as the CLI does: JSON for what is structured; a change to None removes a key."""
    path = program / f"Pulumi.{stack}.yaml"
    found: dict[str, Any] = {**yaml.safe_load(path.read_text())["config"], **changes}
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in found.items() if value is not None
    }


@contextmanager
def _inside(program: Path, environ: Mapping[str, str]) -> Iterator[None]:
    before = (dict(os.environ), list(sys.path), Path.cwd())
    for variable in ("AWS_REGION", "ENVIRONMENT_SUFFIX"):
        os.environ.pop(variable, None)
    os.environ.update(environ)
    os.chdir(program)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        sys.path[:] = before[1]
        os.chdir(before[2])
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(str(program)):
                del sys.modules[name]


def _run_program(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


def _run(request: Mapping[str, Any]) -> dict[str, Any]:
    program = Path(request["program"])
    project = yaml.safe_load((program / "Pulumi.yaml").read_text())["name"]
    recorder, warnings, error = _Recorder(), _Warnings(), ""
    logger = logging.getLogger("engine")
    logger.handlers, logger.propagate = [warnings], False
    asyncio.set_event_loop(asyncio.new_event_loop())
    mocks.set_mocks(recorder.mocks, project, request["stack"], logger=logger, monitor=recorder)
    # The mocks made a stack; the program's own brings its transformations.
    set_root_resource(None)  # type: ignore[arg-type] # nothing else can take it away
    pulumi_config.set_all_config(_stack_config(program, request["stack"], request["config"]))
    with _inside(program, request["environ"]):
        try:
            _sync_await(run_in_stack(lambda: _run_program(program)))
        except pulumi.RunError as wrong:
            error = str(wrong)
        except Exception:  # noqa: BLE001 - the boundary: a test reads what the program raised
            error = traceback.format_exc()
    return {
        "project": project,
        "stack": request["stack"],
        "resources": recorder.registered,
        "outputs": recorder.outputs,
        "error": error,
        "warnings": warnings.texts,
    }


def _contents(value: Any) -> Any:
    """Return what is in an asset or an archive."""
    return value.assets if isinstance(value, pulumi.AssetArchive) else value.text


def main() -> None:
    """Answer requests until standard input ends; each in a context that knows nothing of the last."""
    fastpath.install(version("pulumi"))  # half of a run; what a program registers is the same, as recordings show
    for line in sys.stdin:
        answer = contextvars.Context().run(_run, json.loads(line))
        sys.__stdout__.write(json.dumps(answer, default=_contents) + "\n")  # type: ignore[union-attr] # a pipe is there
        sys.__stdout__.flush()  # type: ignore[union-attr] # as above
        gc.collect()
        gc.freeze()  # what is left is the SDK, and to look through it in every run takes a fifth of the time


if __name__ == "__main__":
    main()
