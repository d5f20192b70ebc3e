"""Asks EventBridge for buses, for the rules of a bus, and for the targets of a rule."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging

_BUSES: Final = Paging("NextToken", ("EventBuses",))
_RULES: Final = Paging("NextToken", ("Rules",))
_TARGETS: Final = Paging("NextToken", ("Targets",))

Answer = Mapping[str, Any]


def list_buses(desk: Desk) -> Iterator[Answer]:
    """Yield the event buses of a Region, the default one among them."""
    for page in desk.every(_BUSES, desk.aws.events.list_event_buses):
        yield from page["EventBuses"]


def list_rules(desk: Desk, bus: str) -> Iterator[Answer]:
    """Yield the rules of a bus."""
    for page in desk.every(_RULES, desk.aws.events.list_rules, EventBusName=bus):
        yield from page["Rules"]


def list_targets(desk: Desk, bus: str, rule: str) -> Iterator[Answer]:
    """Yield the targets of a rule."""
    for page in desk.every(_TARGETS, desk.aws.events.list_targets_by_rule, Rule=rule, EventBusName=bus):
        yield from page["Targets"]
