"""The fact what becomes of invocations of a Lambda function that fail."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, reveal
from policies.facts.arns import parse_arn
from policies.facts.lambda_functions import FUNCTION_TYPES
from policies.facts.properties import UNKNOWN, attribute, flag, identity, known_text, lift, literals, settings_of
from policies.facts.registry import adapter

_INVOKE_CONFIG: Final = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
_MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
_SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
_PERMISSION: Final = "aws:lambda/permission:Permission"
_ALIAS: Final = "aws:lambda/alias:Alias"

_ASYNCHRONOUS: Final = frozenset({"codecommit", "config", "events", "iot", "logs", "s3", "ses", "sns"})
"""Services that invoke a function and do not wait. Source: Lambda developer guide, read 2026-11-20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMapping:
    """A stream or queue that a function is fed from.

    Args:
        name: Logical name of the `EventSourceMapping`.
        source: Service of `eventSourceArn`, `kinesis`, `sqs`; empty when it has none.
        bisects: `bisectBatchOnFunctionError`; false when unset.
        reports_items: Whether `functionResponseTypes` holds `ReportBatchItemFailures`; false when unset.

    Source of the defaults: CreateEventSourceMapping, Lambda API reference, read 2026-11-20.
    """

    name: str = ""
    source: str = ""
    bisects: bool = False
    reports_items: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionFailures:
    """What becomes of failed invocations.

    Args:
        kept: Whether `deadLetterConfig.targetArn` or an on-failure destination of a `FunctionEventInvokeConfig` for it
            is set.
        invoked_by: Logical names of the event targets, schedules and permissions of services through which it is
            invoked asynchronously.
        mappings: The event source mappings that feed it.
    """

    kept: bool = False
    invoked_by: tuple[str, ...] = ()
    mappings: tuple[EventMapping, ...] = ()


@adapter(types=FUNCTION_TYPES, joined=True)
def function_failures_from_graph(graph: Graph, resource: Resource) -> FunctionFailures:
    """Build what becomes of failed invocations of a function, with what invokes it in its stack."""
    return FunctionFailures(
        kept=_kept(graph, resource),
        invoked_by=tuple(_invokers(graph, resource)),
        mappings=tuple(_mappings(graph, resource)),
    )


def _kept(graph: Graph, function: Resource) -> Any:
    found = [_set(_inside(settings_of(function), "deadLetterConfig", "targetArn"))]
    for config, speaks in _about(graph, function, _INVOKE_CONFIG, "functionName"):
        destination = _set(_inside(settings_of(config), "destinationConfig", "onFailure", "destination"))
        found.append(destination if speaks else UNKNOWN)
    if True in found:
        return True
    return UNKNOWN if any(isinstance(each, Unknown) for each in found) else False


def _invokers(graph: Graph, function: Resource) -> Iterator[Any]:
    for holder, speaks in _about(graph, function, _TARGET, "arn"):
        yield holder.name if speaks else UNKNOWN
    for holder, speaks in _about(graph, function, _SCHEDULE, "target", "arn"):
        yield holder.name if speaks else UNKNOWN
    for holder, speaks in _about(graph, function, _PERMISSION, "function"):
        principal = reveal(settings_of(holder).get("principal"))
        if isinstance(principal, Unknown):
            yield UNKNOWN
        elif isinstance(principal, str) and invokes_without_waiting(principal):
            yield holder.name if speaks else UNKNOWN


def invokes_without_waiting(principal: str) -> bool:
    """Tell whether a service invokes a function and does not wait: `s3.amazonaws.com`."""
    return principal.partition(".")[0] in _ASYNCHRONOUS


def _mappings(graph: Graph, function: Resource) -> Iterator[Any]:
    for holder, speaks in _about(graph, function, _MAPPING, "functionName"):
        settings = settings_of(holder)
        if not speaks:
            yield UNKNOWN
            continue
        responses = literals(settings, "functionResponseTypes")
        yield EventMapping(
            name=holder.name,
            source=lift(identity(settings, "eventSourceArn", default=""), service_of_source),
            bisects=flag(settings, "bisectBatchOnFunctionError", default=False),
            reports_items=lift(responses, reports_items),
        )


def reports_items(types: tuple[Any, ...]) -> Any:
    """Tell whether `functionResponseTypes` says that a function reports single items."""
    if "ReportBatchItemFailures" in types:
        return True
    return UNKNOWN if any(isinstance(each, (Unknown, Secret)) for each in types) else False


def service_of_source(arn: str) -> Any:
    """Return the service of a mapping's source, by its ARN; empty for one without."""
    parsed = parse_arn(arn)
    return parsed.service if parsed else UNKNOWN if arn else ""


def _about(graph: Graph, function: Resource, type_: str, *path: str) -> Iterator[tuple[Resource, bool]]:
    """Yield the resources of a type that speak about the function, each with whether that is certain."""
    for each in graph.of_type(type_):
        if each.kind is Kind.READ:
            continue
        speaks = _names(graph, each, path[0], _inside(settings_of(each), *path), function)
        if speaks is not False:
            yield each, speaks is True


def _names(graph: Graph, holder: Resource, property_: str, value: Value, function: Resource) -> bool | None:
    """Tell whether a value names the function, by name or ARN, with a version or an alias or without."""
    plain = reveal(value)
    if isinstance(plain, Unknown):
        among = holder.property_dependencies.get(property_, ())
        through = [each for each in map(graph.get, among) if each is not None and each.type == _ALIAS]
        return True if among == (function.urn,) else None if not among or through or function.urn in among else False
    if not isinstance(plain, str):
        return False
    return any(plain == name or plain.startswith(f"{name}:") for name in _own_names(function))


def _own_names(function: Resource) -> Iterable[str]:
    return filter(None, {function.id, *(known_text(attribute(function, name)) for name in ("arn", "name"))})


def _inside(settings: Value, *path: str) -> Value:
    for name in path:
        settings = reveal(settings) if not isinstance(settings, Unknown) else settings
        if not isinstance(settings, Mapping):
            return settings
        settings = settings.get(name)
    return settings


def _set(value: Value) -> Any:
    plain = reveal(value)
    return UNKNOWN if isinstance(plain, Unknown) else bool(plain)
