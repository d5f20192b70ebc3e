"""From verdicts to findings: what the moment of a judgement adds to it."""

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Finding, Source, Stage, Status
from ledgergate.graph import Frame, Graph, Kind, Resource
from ledgergate.values import is_symbolic
from policies.facts.properties import attribute, region_of
from policies.model import Control, Judgement, Verdict

if TYPE_CHECKING:
    from policies.settings import Settings

NO_SUBJECT: Final = Verdict(Status.NOT_APPLICABLE, "there is nothing in the stack that it speaks about")


@dataclass(frozen=True, slots=True)
class Scene:
    """When and where a graph is judged.

    Args:
        graph: Resources of one stack.
        settings: What the system is.
        stage: Moment of the judgement.
        observed_at: RFC 3339 time in UTC.
        root: Folder to which source paths below it are made relative; None to leave them.
    """

    graph: Graph
    settings: "Settings"
    stage: Stage
    observed_at: str
    root: Path | None = None

    def finding(self, said: Judgement) -> Finding:
        """Return what a control says of a resource as a finding."""
        return self._finding(said.control, said.verdict, said.resource)

    def without_subject(self, control: Control) -> Finding:
        """Return that a control found nothing to judge."""
        return self._finding(control, NO_SUBJECT)

    def _finding(self, control: Control, verdict: Verdict, resource: Resource | None = None) -> Finding:
        return Finding(
            control=control.id,
            slug=control.slug,
            status=verdict.status,
            severity=control.severity,
            requirements=control.requirements,
            message=verdict.message,
            resource=resource.urn if resource else "",
            arn=_shown_text(attribute(resource, "arn")) if resource else "",
            type=resource.type if resource else "",
            account=self.settings.account_id,
            region=_shown_text(region_of(self.graph, resource)) if resource else "",
            program=self.graph.program,
            stack=self.graph.stack,
            stage=self.stage,
            found=verdict.found,
            wanted=verdict.wanted,
            source=self._source(resource) if resource else None,
            observed_at=self.observed_at,
        )

    def _source(self, resource: Resource) -> Source | None:
        if not resource.source:
            return None
        place, *callers = resource.source
        parent = self.graph.get(resource.parent)
        if parent is None or parent.kind is not Kind.COMPONENT or not callers:
            return Source(self._relative(place), place.line)
        maker = next((frame for frame in callers if frame.file != place.file), callers[-1])
        return Source(self._relative(place), place.line, self._relative(maker), maker.line)

    def _relative(self, frame: Frame) -> str:
        path = PurePath(frame.file)
        return str(path.relative_to(self.root) if self.root is not None and path.is_relative_to(self.root) else path)


def _shown_text(value: object) -> str:
    """Return text that may be shown as a fact about the deployed resource; empty for anything else."""
    return value if isinstance(value, str) and not is_symbolic(value) else ""
