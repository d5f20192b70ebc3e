"""The three packs that are compared: ours, the stock SDK's, and one that does nothing."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import make_dataclass
from typing import Any, Final

import grpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from bench.demands import Demand, analyze_requests, demands, stack_request
from policies.announcement import PACK_NAME, PACK_VERSION

MESSAGE: Final = "the flag is off"


def own() -> Any:
    """Return our analyzer with a control for each demand."""
    from policies.analyzer import Analyzer
    from policies.pack import Pack
    from policies.settings import Settings

    return Analyzer(Pack(tuple(_controls()), Settings(), (), "estate", "bench", preview=False))


def _controls() -> Iterable[Any]:
    facts: dict[tuple[str, bool], type] = {}
    flags: dict[tuple[str, bool], dict[str, None]] = {}
    for demand in demands():
        flags.setdefault((demand.type, demand.joined), {})[demand.property] = None
    for number, ((type_, joined), names) in enumerate(flags.items()):
        facts[type_, joined] = _fact(number, type_, tuple(names), joined=joined)
    return [_control(demand, facts[demand.type, demand.joined], number) for number, demand in enumerate(demands())]


def _fact(number: int, type_: str, names: tuple[str, ...], *, joined: bool) -> type:
    from policies.facts.properties import flag, settings_of
    from policies.facts.registry import adapter

    fact = make_dataclass(f"Fact{number}", [(name, bool) for name in names], frozen=True, slots=True)

    def build(_graph: Any, resource: Any) -> Any:
        settings = settings_of(resource)
        return fact(*(flag(settings, name, default=False) for name in names))

    build.__annotations__["return"] = fact
    adapter(types=[type_], joined=joined)(build)
    return fact


def _control(demand: Demand, fact: type, number: int) -> Any:
    from ledgergate.finding import Severity
    from policies.model import Control, require

    def judge(seen: Any, _settings: Any) -> Any:
        return require(getattr(seen, demand.property), MESSAGE)

    return Control(
        id=f"BENCH.{number}",
        slug=demand.name,
        title=demand.title,
        condition=demand.title,
        severity=Severity.HIGH,
        requirements=(),
        families=(),
        source="",
        rationale="",
        remediation="",
        fact=fact,
        judge=judge,
        passes=(),
        fails=(),
        unknowns=(),
    )


def stock() -> Any:
    """Return the stock SDK's analyzer with a policy for each demand, written as its users write them."""
    from pulumi_policy import EnforcementLevel
    from pulumi_policy.policy import _PolicyAnalyzerServicer

    made = [_stock_policy(demand) for demand in demands()]
    return _PolicyAnalyzerServicer(PACK_NAME, PACK_VERSION, made, EnforcementLevel.MANDATORY)


def _stock_policy(demand: Demand) -> Any:
    from pulumi_policy import ResourceValidationPolicy, Severity, StackValidationPolicy

    def of_resource(args: Any, report: Callable[..., None]) -> None:
        if args.resource_type == demand.type and not args.props.get(demand.property):
            report(MESSAGE)

    def of_stack(args: Any, report: Callable[..., None]) -> None:
        for resource in args.resources:
            if resource.resource_type == demand.type and not resource.props.get(demand.property):
                report(MESSAGE, resource.urn)

    if demand.joined:
        return StackValidationPolicy(demand.name, demand.title, of_stack, severity=Severity.HIGH)
    return ResourceValidationPolicy(demand.name, demand.title, of_resource, severity=Severity.HIGH)


class Nothing(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers every question at once, with nothing."""

    def Analyze(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Find nothing."""
        return analyzer_pb2.AnalyzeResponse()

    def AnalyzeStack(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Find nothing."""
        return analyzer_pb2.AnalyzeResponse()

    def Remediate(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the RPC's name
        """Change nothing."""
        return analyzer_pb2.RemediateResponse()


PACKS: Final[Mapping[str, Callable[[], Any]]] = {"ours": own, "stock": stock, "none": Nothing}


def handle(name: str) -> dict[str, Any]:
    """Call a pack's handlers in this process as the engine does for one preview; return CPU seconds and diagnostics."""
    pack = PACKS[name]()
    requests, over_stack = analyze_requests(), stack_request()
    started = time.process_time()
    responses = []
    for request in requests:
        pack.Remediate(request, None)
        responses.append((request.urn, pack.Analyze(request, None)))
    resources_s = time.process_time() - started
    responses.append(("", pack.AnalyzeStack(over_stack, None)))
    total_s = time.process_time() - started
    found = sorted(shown(urn, diagnostic) for urn, response in responses for diagnostic in response.diagnostics)
    return {"resources_s": resources_s, "stack_s": total_s - resources_s, "total_s": total_s, "diagnostics": found}


def shown(urn: str, diagnostic: Any) -> list[Any]:
    """Return what the engine shows of a diagnostic: a resource's is always shown on that resource."""
    return [
        diagnostic.policyName,
        diagnostic.policyPackName,
        diagnostic.policyPackVersion,
        urn or diagnostic.urn,
        diagnostic.description,
        diagnostic.message,
        diagnostic.enforcementLevel,
        diagnostic.severity,
    ]


def serve(name: str) -> None:
    """Serve a pack until the process is ended; the port is the first line on stdout."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(PACKS[name](), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        json.dump(handle(sys.argv[2]), sys.stdout)
