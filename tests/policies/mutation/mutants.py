"""Spoils a captured graph value by value, and sees whether any control notices."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from ledgergate.finding import Status
from ledgergate.graph import Graph, Kind, Resource
from policies.facts.registry import Adapter
from policies.model import Control
from policies.runner import Judge
from policies.view import Reads, view_of
from tests.policies.captured import Captured
from tests.policies.differing import unequal
from tests.policies.mutation.operators import ABSENT, Spot, Way, replaced, spots, ways
from tests.policies.mutation.watching import ANY_PROPERTY, watched

DERIVED: Final = {"tags": "tagsAll"}
"""Property → the one that the provider makes of it, which follows every change."""

BLOCKING: Final = frozenset({Status.FAIL, Status.UNKNOWN})

Key = tuple[str, str, str]
"""Type token, path, operator."""

Pair = tuple[Adapter, str]
"""How a fact is built, and the URN of what it is built from."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of one fact.

    Args:
        fact: The fact, or the text of the error that its adapter raised.
        blocking: Controls that fail or cannot decide, with what they say: every waiver of the system names what it
            accepts, so that whoever says something else blocks.
    """

    fact: Any
    blocking: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Bench:
    """A captured stack on which mutants are tried.

    Args:
        stack: The stack, and the controls.
    """

    stack: Captured
    stumbles: set[str] = field(default_factory=set, init=False)
    """What a control or an adapter raised that is no refusal of a value."""
    before: dict[Pair, Judged] = field(default_factory=dict, init=False)

    @cached_property
    def controls(self) -> Mapping[Adapter, tuple[Control, ...]]:
        """Adapter → controls that judge what it builds."""
        found: dict[Adapter, list[Control]] = defaultdict(list)
        for control in self.stack.controls:
            for adapter in control.adapters:
                found[adapter].append(control)
        return {adapter: tuple(controls) for adapter, controls in found.items()}

    @cached_property
    def judge(self) -> Judge:
        """What judges one fact."""
        return Judge(self.stack.controls, self.stack.settings)

    @cached_property
    def dependents(self) -> Mapping[tuple[str, str], tuple[Pair, ...]]:
        """(URN, property) → facts whose adapters read it."""
        found: dict[tuple[str, str], list[Pair]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        resources = [watched(each, seen) for each in self.stack.graph]
        for adapter, urn in self._pairs():
            seen.clear()
            # A graph of its own, so that no index of an earlier fact hides what this one depends on.
            graph = Graph(self.stack.graph.program, self.stack.graph.stack, resources, self.stack.graph.look_ups)
            _built(adapter, graph, urn)
            for place in seen:
                found[place].append((adapter, urn))
        return {place: tuple(pairs) for place, pairs in found.items()}

    def _pairs(self) -> Iterator[Pair]:
        for adapter in self.controls:
            for each in self.stack.graph:
                if adapter.serves(each.kind, each.type):
                    yield adapter, each.urn

    def _of(self, urn: str, name: str) -> Iterable[Pair]:
        names = (ANY_PROPERTY, name, *([DERIVED[name]] if name in DERIVED else []))
        return dict.fromkeys(pair for each in names for pair in self.dependents.get((urn, each), ()))

    def mutants(self) -> Mapping[Key, bool]:
        """Return every mutant that changes what some control reads → whether a control notices it."""
        noticed: dict[Key, bool] = {}
        for resource, name, spot, way in self._changes():
            key = (resource.type, spot.path, way[0])
            if not noticed.get(key):
                outcomes = {self._outcome(resource, name, spot, value) for value in way[1]} - {None}
                noticed |= {key: True in outcomes} if outcomes else {}
        return dict(sorted(noticed.items()))

    def _outcome(self, resource: Resource, name: str, spot: Spot, value: Any) -> bool | None:
        """Return whether a control notices one mutant; None where no control reads what it changes."""
        graph, outcome = self._with(resource, name, spot, value), None
        for adapter, urn in self._of(resource.urn, name):
            before, fact = self._before(adapter, urn), _built(adapter, graph, urn)
            if fact == before.fact:
                continue
            after = self._judged(adapter, fact)
            if after.blocking != before.blocking:
                return True
            if outcome is None and self._is_read(adapter, before.fact, fact):
                outcome = False
        return outcome

    def _before(self, adapter: Adapter, urn: str) -> Judged:
        pair = (adapter, urn)
        if pair not in self.before:
            self.before[pair] = self._judged(adapter, _built(adapter, self.stack.graph, urn))
        return self.before[pair]

    def _judged(self, adapter: Adapter, fact: Any) -> Judged:
        controls = self.controls[adapter]
        if isinstance(fact, str):  # what cannot be built cannot be decided
            self._note(f"the fact {adapter.fact.__name__} could not be decided: {fact}")
            return Judged(fact, frozenset((each.id, fact) for each in controls))
        verdicts = {each.id: self.judge.verdict(each, fact) for each in controls}
        for verdict in verdicts.values():
            self._note(verdict.message)
        blocking = {id_: each for id_, each in verdicts.items() if each.status in BLOCKING}
        return Judged(fact, frozenset((id_, each.found or each.message) for id_, each in blocking.items()))

    def _note(self, message: str) -> None:
        if "could not be decided: " in message and "could not be decided: ValueError" not in message:
            self.stumbles.add(message)

    def _is_read(self, adapter: Adapter, before: Any, after: Any) -> bool:
        """Tell whether some control reads a field in which two facts differ."""
        if isinstance(before, str) or isinstance(after, str):
            return True
        read = self._read(adapter, before) | self._read(adapter, after)
        return any(
            path in read or any(each.startswith((f"{path}.", f"{path}[")) for each in read)
            for path in unequal(before, after)
        )

    def _read(self, adapter: Adapter, fact: Any) -> frozenset[str]:
        """Return the fields of a fact that some control reads, `rules[].port`."""
        reads = Reads()
        for control in self.controls[adapter]:
            with suppress(Exception):  # what was read until then counts
                control.judge(view_of(fact, reads), self.stack.settings)
        return frozenset(re.sub(r"\[\d+\]", "[]", path) for path in reads.paths)

    @cached_property
    def values(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(Type token, path) → texts that resources of the type have there."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for resource in self.stack.graph:
            for name, value in resource.inputs.items():
                for spot in spots(name, value):
                    if isinstance(spot.value, str):
                        found[resource.type, spot.path][spot.value] = None
        return {place: tuple(texts) for place, texts in found.items()}

    def _changes(self) -> Iterator[tuple[Resource, str, Spot, Way]]:
        for resource in self.stack.graph:
            if resource.kind is not Kind.CUSTOM:
                continue
            for name, value in resource.inputs.items():
                if name not in DERIVED.values() and any(self._of(resource.urn, name)):
                    for spot in spots(name, value):
                        for way in ways(spot, self.values.get((resource.type, spot.path), ())):
                            yield resource, name, spot, way

    def _with(self, resource: Resource, name: str, spot: Spot, value: Any) -> Graph:
        changed = replace(
            resource,
            inputs=_spoilt(resource.inputs, name, spot, value),
            outputs=_spoilt(resource.outputs, name, spot, value) if name in resource.outputs else resource.outputs,
        )
        resources = (changed if each.urn == resource.urn else each for each in self.stack.graph)
        return Graph(self.stack.graph.program, self.stack.graph.stack, resources, self.stack.graph.look_ups)


def _built(adapter: Adapter, graph: Graph, urn: str) -> Any:
    try:
        return adapter.build(graph, graph[urn])
    except Exception as error:  # noqa: BLE001 - as the runner takes whatever an adapter raises
        return f"{type(error).__name__}: {error}"


def _spoilt(values: Mapping[str, Any], name: str, spot: Spot, value: Any) -> Mapping[str, Any]:
    changed = dict(values)
    for each in {name, DERIVED.get(name, name)} & changed.keys():
        changed[each] = replaced(changed[each], spot.steps, value)
        if changed[each] is ABSENT:
            del changed[each]
    return changed
