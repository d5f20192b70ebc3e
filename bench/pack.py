"""Our pack against the stock SDK's: time in the handlers, and time over gRPC."""

import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from bench.demands import RESOURCE_DEMANDS, RESOURCES, STACK_DEMANDS, analyze_requests, stack_request
from bench.figures import Figure
from bench.packs import shown
from bench.timing import plain_environment, progress

ROOT: Final = Path(__file__).resolve().parent.parent
WHAT: Final = f"{RESOURCE_DEMANDS} resource and {STACK_DEMANDS} stack policies on {RESOURCES} resources"
_LARGEST_MESSAGE: Final = [("grpc.max_send_message_length", 400 << 20), ("grpc.max_receive_message_length", 400 << 20)]


def figures(rounds: int) -> list[Figure]:
    """Measure both, with the same policies on the same resources.

    Raises:
        RuntimeError: The packs find different things.
    """
    return [_handlers(rounds), _over_grpc(rounds)]


def _handlers(rounds: int) -> Figure:
    ours, stock = [], []
    for number in range(rounds):
        ours.append(_handled("ours"))
        stock.append(_handled("stock"))
        progress(f"handlers {number + 1}/{rounds}: {ours[-1]['total_s']:.3f} s, stock {stock[-1]['total_s']:.2f} s CPU")
        _assert_same(ours[-1]["diagnostics"], stock[-1]["diagnostics"])
    ratios = [theirs["total_s"] / own["total_s"] for own, theirs in zip(ours, stock, strict=True)]
    own_s, stock_s = (statistics.median(run["total_s"] for run in runs) for runs in (ours, stock))
    return Figure(
        name=f"Pack, {WHAT}: CPU time in the stock handlers against ours",
        value=statistics.median(ratios),
        bound=50.0,
        at_least=True,
        measured=f"{stock_s:.2f} s / {own_s:.3f} s",
        floor=f"handlers that do nothing {_handled('none')['total_s']:.4f} s",
        details={
            "runs": rounds,
            "diagnostics": len(ours[0]["diagnostics"]),
            "ours": {key: statistics.median(run[key] for run in ours) for key in ("resources_s", "stack_s")},
            "stock": {key: statistics.median(run[key] for run in stock) for key in ("resources_s", "stack_s")},
        },
    )


def _handled(name: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.packs", "handle", name],
        cwd=ROOT,
        env=plain_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _over_grpc(rounds: int) -> Figure:
    walls: dict[str, list[float]] = {"ours": [], "stock": [], "none": []}
    found: dict[str, list[Any]] = {}
    with contextlib.ExitStack() as running:
        stubs = {name: running.enter_context(_served(name)) for name in walls}
        for number in range(rounds):
            for name, stub in stubs.items():
                wall_s, found[name] = _preview(stub)
                walls[name].append(wall_s)
                progress(f"{name} over gRPC {number + 1}/{rounds}: {wall_s:.2f} s")
    _assert_same(found["ours"], found["stock"])
    medians = {name: statistics.median(each) for name, each in walls.items()}
    return Figure(
        name=f"Pack, {WHAT}: wall time of the stock pack over gRPC against ours",
        value=statistics.median(a / b for a, b in zip(walls["stock"], walls["ours"], strict=True)),
        bound=10.0,
        at_least=True,
        measured=f"{medians['stock']:.2f} s / {medians['ours']:.2f} s",
        floor=f"server that does nothing {medians['none']:.2f} s",
        details={"runs": rounds, "medians_s": medians},
    )


@contextlib.contextmanager
def _served(name: str) -> Iterator[Any]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.packs", "serve", name],
        cwd=ROOT,
        env=plain_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=_LARGEST_MESSAGE) as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
    finally:
        process.kill()
        process.communicate()


def _preview(stub: Any) -> tuple[float, list[Any]]:
    requests, over_stack = analyze_requests(), stack_request()
    started = time.perf_counter()
    responses = []
    for request in requests:
        stub.Remediate(request, wait_for_ready=True)
        responses.append((request.urn, stub.Analyze(request)))
    responses.append(("", stub.AnalyzeStack(over_stack)))
    wall_s = time.perf_counter() - started
    return wall_s, sorted(shown(urn, each) for urn, response in responses for each in response.diagnostics)


def _assert_same(ours: list[Any], stock: list[Any]) -> None:
    if ours != stock:
        differing = [each for each in ours if each not in stock] + [each for each in stock if each not in ours]
        raise RuntimeError(f"the packs find different things, first {differing[:1]}")
