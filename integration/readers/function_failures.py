"""Asks what becomes of failed invocations of a function, and who invokes it without waiting."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from integration.readers.function_access import POLICY_CALLS, statements_of
from integration.readers.rules import list_buses, list_rules, list_targets
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Subject
from policies.facts.lambda_failures import (
    EventMapping,
    FunctionFailures,
    invokes_without_waiting,
    reports_items,
    service_of_source,
)
from policies.iam_document import service_principals

_CONFIGS: Final = Paging("Marker", ("FunctionEventInvokeConfigs",), answered="NextMarker")
_MAPPINGS: Final = Paging("Marker", ("EventSourceMappings",), answered="NextMarker")
_SCHEDULES: Final = Paging("NextToken", ("Schedules",))

Answer = Mapping[str, Any]


def read_failures(subject: Subject, item: Answer, desk: Desk) -> Iterator[Observed]:
    """Yield what becomes of failed invocations of a function."""
    fact = FunctionFailures(
        kept=_is_kept(item, desk),
        invoked_by=tuple(_invokers(desk, subject.arn, item["FunctionName"])),
        mappings=tuple(_mappings(desk, subject.arn)),
    )
    yield Observed(subject, fact)


def _is_kept(item: Answer, desk: Desk) -> bool:
    if item.get("DeadLetterConfig", {}).get("TargetArn"):
        return True
    listed = desk.aws.lambda_.list_function_event_invoke_configs
    pages = desk.every(_CONFIGS, listed, FunctionName=item["FunctionName"])
    configs = [each for page in pages for each in page["FunctionEventInvokeConfigs"]]
    return any(_on_failure(each.get("DestinationConfig") or {}) for each in configs)


def _on_failure(destinations: Answer) -> bool:
    return bool((destinations.get("OnFailure") or {}).get("Destination"))


def _invokers(desk: Desk, arn: str, name: str) -> Iterator[str]:
    for bus in list_buses(desk):
        for rule in list_rules(desk, bus["Name"]):
            targets = list_targets(desk, bus["Name"], rule["Name"])
            yield from (rule["Name"] for each in targets if _is_of(arn, each["Arn"]))
    for page in desk.every(_SCHEDULES, desk.aws.scheduler.list_schedules):
        yield from (each["Name"] for each in page["Schedules"] if _is_of(arn, each["Target"]["Arn"]))
    for statement in statements_of(desk, name):
        if statement.effect == "Allow" and any(map(invokes_without_waiting, service_principals(statement))):
            yield statement.sid


def _mappings(desk: Desk, arn: str) -> Iterator[EventMapping]:
    # Asked for a function by its name, Lambda leaves out what feeds a version or an alias of it.
    pages: Iterable[Any] = desk.every(_MAPPINGS, desk.aws.lambda_.list_event_source_mappings)
    for each in (mapping for page in pages for mapping in page["EventSourceMappings"]):
        if _is_of(arn, each["FunctionArn"]):
            yield EventMapping(
                name=each["UUID"],
                source=service_of_source(each.get("EventSourceArn", "")),
                bisects=each.get("BisectBatchOnFunctionError") is True,
                reports_items=reports_items(tuple(each.get("FunctionResponseTypes", ()))),
            )


def _is_of(arn: str, named: str) -> bool:
    """Tell whether an ARN is that of a function, or of a version or an alias of it."""
    return named == arn or named.startswith(f"{arn}:")


FAILURE_CALLS: Final = (
    *POLICY_CALLS,
    "events:ListEventBuses",
    "events:ListRules",
    "events:ListTargetsByRule",
    "lambda:ListEventSourceMappings",
    "lambda:ListFunctionEventInvokeConfigs",
    "scheduler:ListSchedules",
)
"""Every call that it may take for one function, besides the list of functions."""
