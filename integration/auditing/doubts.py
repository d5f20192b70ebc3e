"""What a scan of a sandbox leaves open: what is not there as the program wants it, and what nobody reads.

A sandbox is the one place of which it is known what should be found. Whatever a control speaks about and no reader
tells of is undecided there; in an account nobody can know what a reader has not seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from integration.auditing.doubt import Doubt, Reach
from integration.sandbox import Action, Deployed
from integration.scanning.judging import OF_PROGRAMS
from integration.scanning.observed import Reading
from ledgergate.engine.symbolic.introspect import resource_shape
from ledgergate.finding import Stage, Status
from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import UNKNOWN, has_unknown, strings_in
from policies.facts.properties import attribute, known_text, region_of
from policies.model import PASS, Control, Judgement, Verdict
from policies.runner import Judge
from policies.scene import Scene

if TYPE_CHECKING:
    from policies.settings import Settings


_SILENT: Final = Verdict(Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Doubts:
    """Finds the doubts about one stack.

    Args:
        deployed: The stack in its sandbox.
        controls: Controls that are applied.
        settings: Their parameters.
        observed_at: RFC 3339 time in UTC.
        regions: Regions that are scanned.
        readings: Readers that take part.
    """

    deployed: Deployed
    controls: tuple[Control, ...]
    settings: "Settings"
    observed_at: str
    regions: tuple[str, ...]
    readings: Sequence[Reading]

    def __iter__(self) -> Iterator[Doubt]:
        given = {fact for reading in self.readings for fact in reading.gives}
        read = [each for each in self.controls if each.fact in given and each.fact not in OF_PROGRAMS]
        for resource in self.deployed.graph:
            for control in read if resource.kind is Kind.CUSTOM else ():
                if any(adapter.serves(resource.kind, resource.type) for adapter in control.adapters):
                    yield from self._about(control, resource)

    def _about(self, control: Control, resource: Resource) -> Iterator[Doubt]:
        key = control.id, resource.urn
        if all(each.get(key, _SILENT).status is Status.NOT_APPLICABLE for each in (self._unsure, self._bare)):
            return
        owners = owners_of(resource, control, self.deployed.graph, self.readings)
        if flaw := self._flaw(resource):
            yield self._doubt(control, resource, flaw, Reach.PASSES, owners)
            for owner in owners:
                yield self._doubt(control, owner, f"{resource.name} is a part of it: {flaw}", Reach.PASSES)
        elif self._may_decide(control, resource):
            yield self._doubt(control, resource, "what the sandbox does not hold may decide it", Reach.EVERYTHING)
        else:
            yield self._doubt(control, resource, self._unread(control, resource), Reach.UNLESS_READ, owners)

    def _flaw(self, resource: Resource) -> str:
        """Return why a resource is not in the sandbox as the program wants it; empty where it is."""
        report = self.deployed.report
        if resource.urn in report.not_deployed:
            return f"it is not in the sandbox: {report.not_deployed[resource.urn]}"
        if names := report.not_applied.get(resource.urn):
            return f"the sandbox does not apply {', '.join(names)}"
        return ""

    def _unread(self, control: Control, resource: Resource) -> str:
        region = self._scene.finding(Judgement(control, resource, PASS)).region
        if region and region not in self.regions:
            return f"it is in {region}, which was not scanned"
        reasons = [left for each in self.readings if (left := each.leaves_out.get((control.fact, resource.type)))]
        return ": ".join((f"no audit reads {control.fact.__name__} of {resource.type}", *reasons))

    def _doubt(
        self, control: Control, resource: Resource, reason: str, reach: Reach, owners: Sequence[Resource] = ()
    ) -> Doubt:
        finding = self._scene.finding(Judgement(control, resource, Verdict(Status.UNKNOWN, reason)))
        read_under = owners[0] if len(owners) == 1 else resource
        return Doubt(replace(finding, arn=known_text(attribute(read_under, "arn"))), reach)

    def _may_decide(self, control: Control, resource: Resource) -> bool:
        """Tell whether it makes a difference to a control that something is not there, or how it would be."""
        key = control.id, resource.urn
        return control.joined and self._unsure[key] != self._bare.get(key)

    @cached_property
    def _scene(self) -> Scene:
        return Scene(self.deployed.graph, self.settings, Stage.RUN, self.observed_at)

    @cached_property
    def _unsure(self) -> Mapping[tuple[str, str], Verdict]:
        """What the controls say while nothing is known of what the sandbox does not hold."""
        graph = self.deployed.graph
        named = {name for each in graph for name in _names(each)}
        return self._verdicts(self._with(graph, lambda value: value if known_text(value) in named else UNKNOWN))

    @cached_property
    def _bare(self) -> Mapping[tuple[str, str], Verdict]:
        """What the controls say as if the program did not want what the sandbox does not hold."""
        graph = self.deployed.graph
        left = (each for each in graph if each.urn not in self.deployed.report.not_deployed)
        return self._verdicts(self._with(Graph(graph.program, graph.stack, left, graph.look_ups), lambda _: None))

    def _with(self, graph: Graph, change: Any) -> Graph:
        changed = (self._changed(each, change) for each in graph)
        return Graph(graph.program, graph.stack, changed, graph.look_ups)

    def _changed(self, resource: Resource, change: Any) -> Resource:
        report = self.deployed.report
        if resource.urn in report.not_deployed:
            shape = resource_shape(resource.type)
            # What the program leaves out is open as well: a service may take something else for granted than a fact.
            lost = resource.inputs.keys() | (shape.inputs if shape else frozenset())
        else:
            lost = {*report.not_applied.get(resource.urn, ())}
        if not lost:
            return resource
        new = {name: change(resource.inputs.get(name)) for name in lost}
        return replace(resource, inputs={**resource.inputs, **new}, outputs={**resource.outputs, **new})

    def _verdicts(self, graph: Graph) -> Mapping[tuple[str, str], Verdict]:
        judge = Judge(self.controls, self.settings, stage=Stage.RUN)
        return {
            (said.control.id, said.resource.urn): said.verdict
            for each in graph
            for said in (*judge.resource(each, graph), *judge.joined(each, graph))
        }


def owners_of(resource: Resource, control: Control, graph: Graph, readings: Sequence[Reading]) -> list[Resource]:
    """Return what an audit reads a resource as a part of; several where nobody knows which.

    Args:
        resource: What a program writes by itself.
        control: Whose fact is read.
        graph: The stack as it is deployed.
        readings: Readers that take part; their `parts` say what is read as a part.
    """
    parts = {key: names for reading in readings for key, names in reading.parts.items()}
    if (control.fact, resource.type) not in parts:
        return []
    properties = parts[control.fact, resource.type]
    read_of = {token for reading in readings for token in reading.read_of.get(control.fact, ())}
    whole = [
        each
        for each in graph
        if each.kind in (Kind.CUSTOM, Kind.READ)
        and (control.fact, each.type) not in parts
        and (each.type in read_of or any(adapter.serves(Kind.CUSTOM, each.type) for adapter in control.adapters))
    ]
    values = [attribute(resource, name) for name in properties]
    if has_unknown(values):
        urns = {urn for name in properties for urn in resource.property_dependencies.get(name, ())}
        return [each for each in whole if each.urn in urns] or whole
    named = {*strings_in(values)}
    return [each for each in whole if named & _names(each)]


def _names(resource: Resource) -> set[str]:
    """Return what other resources may call one."""
    texts = (resource.id, *(known_text(attribute(resource, name)) for name in ("arn", "name")))
    return {text for text in texts if text}


def regions_used(deployed: Deployed) -> set[str]:
    """Return the Regions in which a stack has something."""
    actions = deployed.report.actions
    there = (each for each in deployed.graph if actions.get(each.urn, Action.NOT_DEPLOYED) is not Action.NOT_DEPLOYED)
    return {known_text(region_of(deployed.graph, each)) for each in there} - {""}
