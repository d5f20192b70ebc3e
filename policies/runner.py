"""Judging: facts are built once a resource, and controls are found by type."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledgergate.finding import Finding, Stage, Status
from ledgergate.graph import Graph, Kind, Resource
from policies.facts.properties import has_secret
from policies.facts.registry import Adapter
from policies.model import Control, Judgement, Verdict
from policies.scene import Scene
from policies.view import Path as Read
from policies.view import Reads, UnknownReadError, view_of, worded

if TYPE_CHECKING:
    from policies.settings import Settings


@dataclass(frozen=True, slots=True)
class _Group:
    """An adapter, and the controls that judge what it builds."""

    adapter: Adapter
    controls: tuple[Control, ...]


Groups = tuple[_Group, ...]


class Judge:
    """A set of controls under one set of settings, ready to judge resources one by one.

    Args:
        controls: Controls to apply.
        settings: Their parameters.
        stage: Moment of the judgement; it decides who may answer DEFERRED.
    """

    def __init__(self, controls: Iterable[Control], settings: "Settings", *, stage: Stage = Stage.DESIGN) -> None:
        self.controls = tuple(controls)
        self.settings = settings
        self.stage = stage
        by_adapter: dict[Adapter, list[Control]] = {}
        for control in self.controls:
            for adapter in control.adapters:
                by_adapter.setdefault(adapter, []).append(control)
        groups = tuple(_Group(adapter, tuple(found)) for adapter, found in by_adapter.items())
        self._alone = tuple(group for group in groups if not group.adapter.joined)
        self._joined = tuple(group for group in groups if group.adapter.joined)
        self._alone_by_type: dict[tuple[Kind, str], Groups] = {}
        self._joined_by_type: dict[tuple[Kind, str], Groups] = {}

    def resource(self, resource: Resource, graph: Graph) -> Iterator[Judgement]:
        """Yield what the controls say that need this resource and its provider alone.

        Args:
            resource: Resource to judge.
            graph: Graph that holds it; its provider is enough.
        """
        return self._judge(_serving(self._alone, self._alone_by_type, resource), resource, graph)

    def joined(self, resource: Resource, graph: Graph) -> Iterator[Judgement]:
        """Yield what the controls say of a resource that need the whole graph."""
        return self._judge(_serving(self._joined, self._joined_by_type, resource), resource, graph)

    def stack(self, graph: Graph) -> Iterator[Judgement]:
        """Yield what the controls say of every resource that need the whole graph."""
        for resource in graph:
            yield from self.joined(resource, graph)

    def fact(self, fact: object) -> Iterator[tuple[Control, Verdict]]:
        """Yield what each control says that judges facts of this class; for facts that come from no graph."""
        for control in self.controls:
            if control.fact is type(fact):
                yield control, self.verdict(control, fact)

    def verdict(self, control: Control, fact: object) -> Verdict:
        """Return what one control says of a fact. Nothing raises: what cannot be decided is UNKNOWN."""
        reads, verdict = Reads(), None
        try:
            verdict = control.judge(view_of(fact, reads), self.settings)
        except Exception as error:  # noqa: BLE001 - one broken control must not leave the others unjudged
            if not (isinstance(error, UnknownReadError) and reads.unknown):
                return _raised(f"control {control.id}", error, hide=bool(reads.hidden))
        if reads.unknown:
            return _unread(reads.unknown[0])
        if not isinstance(verdict, Verdict):
            return Verdict(Status.UNKNOWN, f"control {control.id} returned no verdict")
        if verdict.status is Status.DEFERRED and self.stage not in control.deferrable:
            verdict = Verdict(Status.UNKNOWN, verdict.message)
        return _without_detail(verdict, control, reads) if reads.hidden and verdict.message else verdict

    def _judge(self, groups: Groups, resource: Resource, graph: Graph) -> Iterator[Judgement]:
        for group in groups:
            try:
                fact = group.adapter.build(graph, resource)
            except Exception as error:  # noqa: BLE001 - a value that no adapter expects must not end the run
                touched = graph if group.adapter.joined else (resource, graph.provider_of(resource))
                verdict = _raised(f"the fact {group.adapter.fact.__name__}", error, hide=_any_secret(touched))
                yield from (Judgement(control, resource, verdict) for control in group.controls)
                continue
            for control in group.controls:
                yield Judgement(control, resource, self.verdict(control, fact))


def _serving(groups: Groups, cache: dict[tuple[Kind, str], Groups], resource: Resource) -> Groups:
    key = (resource.kind, resource.type)
    found = cache.get(key)
    if found is None:
        found = cache[key] = tuple(group for group in groups if group.adapter.serves(*key))
    return found


def _unread(read: Read) -> Verdict:
    name = worded(read)
    return Verdict(Status.UNKNOWN, f"{name} is not known", unread=name)


def _raised(what: str, error: Exception, *, hide: bool) -> Verdict:
    text = "its text is withheld, a secret may be in it" if hide else str(error)
    return Verdict(Status.UNKNOWN, f"{what} could not be decided: {type(error).__name__}: {text}")


def _without_detail(verdict: Verdict, control: Control, reads: Reads) -> Verdict:
    secret = ", ".join(sorted({worded(path) for path in reads.hidden}))
    demand = f"this does not hold: {control.title} " if verdict.status is Status.FAIL else ""
    message = f"{demand}Details are withheld, because {secret} is secret"
    return Verdict(verdict.status, message, found="[secret]", stage=verdict.stage)


def _any_secret(resources: Iterable[Resource | None]) -> bool:
    return any(has_secret(each.inputs) or has_secret(each.outputs) for each in resources if each is not None)


def judge_resource(
    resource: Resource, graph: Graph, controls: Iterable[Control], settings: "Settings", *, stage: Stage = Stage.DESIGN
) -> Iterator[Judgement]:
    """Yield what the controls say that need this resource and its provider alone; `Judge` does it for many."""
    return Judge(controls, settings, stage=stage).resource(resource, graph)


def judge_stack(
    graph: Graph, controls: Iterable[Control], settings: "Settings", *, stage: Stage = Stage.DESIGN
) -> Iterator[Judgement]:
    """Yield what the controls say that need the whole graph."""
    return Judge(controls, settings, stage=stage).stack(graph)


def judge(
    graph: Graph,
    controls: Iterable[Control],
    settings: "Settings",
    *,
    stage: Stage,
    observed_at: str,
    root: Path | None = None,
) -> list[Finding]:
    """Return one finding for every judgement, and one for every control that found no subject.

    Args:
        graph: Resources of one stack.
        controls: Controls to apply.
        settings: Their parameters.
        stage: Moment of the judgement.
        observed_at: RFC 3339 time in UTC.
        root: Folder to which source paths below it are made relative; None to leave them.
    """
    judging = Judge(controls, settings, stage=stage)
    scene = Scene(graph, settings, stage, observed_at, root)
    findings = []
    idle = {control.id: control for control in judging.controls}
    for resource in graph:
        for said in (*judging.resource(resource, graph), *judging.joined(resource, graph)):
            idle.pop(said.control.id, None)
            findings.append(scene.finding(said))
    findings += [scene.without_subject(control) for control in idle.values()]
    return findings


__all__ = ["Judge", "Judgement", "judge", "judge_resource", "judge_stack"]
