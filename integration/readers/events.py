"""Reads EventBridge: the rules of every bus with their targets, and what buses allow others."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from integration.readers.held_policies import allowed
from integration.readers.rules import list_buses, list_rules, list_targets
from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.event_rules import EventRule, event_rule, target_of
from policies.facts.resource_policies import ResourcePolicy

_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
_BUS: Final = "aws:cloudwatch/eventBus:EventBus"
_POLICIES: Final = (
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:cloudwatch/eventPermission:EventPermission",
)


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in (EventRule, ResourcePolicy) if each in wanted)
    yield Task(Subject(place.arn("events", "event-bus/*"), _BUS, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Observed | Task]:
    for each in list_buses(desk):
        subject = Subject(each["Arn"], _BUS, place)
        if EventRule in facts:
            yield Task(subject, (EventRule,), partial(_list_rules, place, each["Name"]))
        # The list tells of the policy of a bus; one without allows nobody anything, as a program without one does.
        if ResourcePolicy in facts and (policy := each.get("Policy")):
            yield Task(subject, (ResourcePolicy,), partial(_read_policy, subject, policy))


def _read_policy(subject: Subject, policy: str, _desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, allowed(policy))


def _list_rules(place: Place, bus: str, desk: Desk) -> Iterator[Task]:
    for each in list_rules(desk, bus):
        subject = Subject(each["Arn"], _RULE, place)
        yield Task(subject, (EventRule,), partial(_read_rule, subject, bus, {**each}))


def _read_rule(subject: Subject, bus: str, item: dict[str, Any], desk: Desk) -> Iterator[Observed]:
    targets = tuple(target_of(each["Arn"]) for each in list_targets(desk, bus, item["Name"]))
    # A rule on a schedule has no pattern.
    yield Observed(subject, event_rule(subject.place.region, item.get("EventPattern"), targets))


_LISTS: Final = ("events:ListEventBuses", "events:ListRules", "events:ListTargetsByRule")

READING: Final = Reading(
    service="events",
    regional=True,
    gives={EventRule: _LISTS, ResourcePolicy: _LISTS[:1]},
    begin=_begin,
    parts={(ResourcePolicy, token): ("eventBusName",) for token in _POLICIES},
    read_of={ResourcePolicy: (_BUS,)},
)
"""What can be read of buses and rules."""
