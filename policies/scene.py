"""From verdicts to findings: what the moment of a judgement adds to it."""

from dataclasses import dataclass, field
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
class _Subject:
    """What every finding about one resource says of it."""

    urn: str = ""
    arn: str = ""
    type: str = ""
    region: str = ""
    source: Source | None = None


_NOBODY: Final = _Subject()


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
    _subjects: dict[str, _Subject] = field(default_factory=dict, init=False, repr=False, compare=False)

    def finding(self, said: Judgement) -> Finding:
        """Return what a control says of a resource as a finding."""
        subject = self._subjects.get(said.resource.urn)
        if subject is None:
            subject = self._subjects[said.resource.urn] = self._described(said.resource)
        return self._finding(said.control, said.verdict, subject)

    def without_subject(self, control: Control) -> Finding:
        """Return that a control found nothing to judge."""
        return self._finding(control, NO_SUBJECT, _NOBODY)

    def _finding(self, control: Control, verdict: Verdict, subject: _Subject) -> Finding:
        return Finding(
            control=control.id,
            slug=control.slug,
            status=verdict.status,
            severity=control.severity,
            requirements=control.requirements,
            message=verdict.message,
            resource=subject.urn,
            arn=subject.arn,
            type=subject.type,
            account=self.settings.account_id,
            region=subject.region,
            program=self.graph.program,
            stack=self.graph.stack,
            stage=self.stage,
            found=verdict.found,
            wanted=verdict.wanted,
            source=subject.source,
            observed_at=self.observed_at,
        )

    def _described(self, resource: Resource) -> _Subject:
        arn = attribute(resource, "arn")
        return _Subject(resource.urn, _physical(arn), resource.type, self._region(resource), self._source(resource))

    def _region(self, resource: Resource) -> str:
        try:
            return _physical(region_of(self.graph, resource))
        except ValueError:  # a component or a resource of another provider calls something else its region
            return ""

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


def _physical(value: object) -> str:
    """Return text that may be shown as a fact about the deployed resource; empty for anything else."""
    return value if isinstance(value, str) and not is_symbolic(value) else ""
