"""Plans: whether what they back up is restored on trial."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, reveal
from policies.facts.backup.plans import PLAN
from policies.facts.backup.selections import STORES, chosen_by, created, kind_of_store, names
from policies.facts.declared import known_first
from policies.facts.properties import UNKNOWN, literal, region_of, settings_of
from policies.facts.registry import adapter

_TRIAL = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
_TRIED = "aws:backup/restoreTestingSelection:RestoreTestingSelection"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTest:
    """A selection of a restore testing plan in the Region of a backup plan.

    Args:
        kind: `protectedResourceType`, `Aurora`.
        schedule: `scheduleExpression` of its plan.
    """

    kind: str
    schedule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedPlan:
    """A backup plan, and the trials of what it backs up.

    Args:
        kinds: Kinds of the stores of the stack that it chooses, or may choose, each once.
        tests: Restore tests of its Region.
    """

    kinds: tuple[str, ...] = ()
    tests: tuple[RestoreTest, ...] = ()


@adapter(types=PLAN, joined=True)
def tried_plan_from_graph(graph: Graph, resource: Resource) -> TriedPlan:
    """Build a backup plan with the trials of what it backs up."""
    stores = [each for each in created(graph, *STORES) if chosen_by(graph, resource, each) is not False]
    kinds = dict.fromkeys(map(kind_of_store, stores))
    return TriedPlan(kinds=known_first(kinds), tests=known_first(_tests(graph, resource)))


def _tests(graph: Graph, plan: Resource) -> Iterator[Any]:
    for selection in created(graph, _TRIED):
        for trial in created(graph, _TRIAL):
            answer = names(graph, selection, "restoreTestingPlanName", trial)
            place = [reveal(region_of(graph, each)) for each in (plan, trial, selection)]
            if answer is False or (not _is_open(place) and len(set(place)) > 1):
                continue
            if answer is True and not _is_open(place):
                yield RestoreTest(
                    kind=_wording(selection, "protectedResourceType"), schedule=_wording(trial, "scheduleExpression")
                )
            else:
                yield UNKNOWN


def _is_open(values: list[Any]) -> bool:
    return any(isinstance(each, Unknown) for each in values)


def _wording(resource: Resource, name: str) -> Any:
    found = literal(settings_of(resource), name)
    return UNKNOWN if found is None else found
