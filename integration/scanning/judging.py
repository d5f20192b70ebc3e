"""Judges what a scan found: the controls of the gate, at the stage that nobody may defer to another one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from integration.scanning.calls import Call, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Unread
from ledgergate.finding import Finding, Stage, Status
from policies.facts.engine import Component, PhysicalName
from policies.model import Control, Verdict
from policies.runner import Judge

if TYPE_CHECKING:
    from policies.settings import Settings

OF_PROGRAMS: Final = frozenset({Component, PhysicalName})
"""Facts about how a program is written; of what is deployed there is nothing to say."""

_GRAVITY: Final = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Audit:
    """Who judges, and when.

    Args:
        controls: Controls to apply.
        settings: Their parameters.
        account: Account that is judged.
        observed_at: RFC 3339 time in UTC.
        stage: Moment of the judgement.
        program: Project that was deployed; empty when nobody knows.
        stack: Its stack; empty when nobody knows.
        urns: ARN → URN of the resource of the program that it is.
    """

    controls: tuple[Control, ...]
    settings: "Settings"
    account: Place
    observed_at: str
    stage: Stage = Stage.RUN
    program: str = ""
    stack: str = ""
    urns: Mapping[str, str] = field(default_factory=dict)

    def facts(self) -> frozenset[type]:
        """Return the classes of facts that the controls judge."""
        return frozenset(control.fact for control in self.controls)

    def not_read(self, readings: Sequence[Reading]) -> tuple[str, ...]:
        """Return the ids of the controls that say why no audit reads for them, and for which none does."""
        given = {fact for reading in readings for fact in reading.gives}
        return tuple(each.id for each in self.controls if each.not_read and each.fact not in given)

    def left_out(self, readings: Sequence[Reading]) -> tuple[str, ...]:
        """Return a sentence for each reason for which a reader leaves out types of resources that controls speak about.

        The types of one reason stand together, grouped by service where there are many.
        """
        reasons = {key: reason for reading in readings for key, reason in reading.leaves_out.items()}
        controls = {
            key: ", ".join(control.id for control in self.controls if control.fact is key[0]) for key in reasons
        }
        types: dict[tuple[str, str], list[str]] = {}
        for key, ids in controls.items():
            if ids:
                types.setdefault((ids, reasons[key]), []).append(key[1])
        return tuple(f"{ids} on {_shown(tokens)}: {reason}" for (ids, reason), tokens in types.items())

    def findings(self, found: Iterable[Observed | Unread], readings: Sequence[Reading]) -> list[Finding]:
        """Return one finding for each judgement, and one for each control that found nothing to judge.

        The order depends on what was found alone, not on the order in which it came in.

        Args:
            found: What a scan yielded.
            readings: Readers that took part; a fact that none of them gives is undecided.
        """
        judge = Judge(self.controls, self.settings, stage=self.stage)
        judged: dict[tuple[str, str], Finding] = {}
        for each in found:
            for finding in self._of(judge, each):
                key = (finding.control, finding.arn)
                # What several Regions tell of one global resource is one finding, the gravest.
                if key not in judged or _gravity(finding) < _gravity(judged[key]):
                    judged[key] = finding
        idle = {control for control, _ in judged}
        given = {fact for reading in readings for fact in reading.gives}
        rest = [self._idle(each, given) for each in self.controls if each.id not in idle]
        return [*sorted(judged.values(), key=lambda each: (each.region, each.arn, each.control)), *rest]

    def _of(self, judge: Judge, found: Observed | Unread) -> Iterator[Finding]:
        if isinstance(found, Unread):
            evidence = _evidence(found.calls, (found.failure,))
            for control in self.controls:
                if control.fact in found.facts:
                    yield self._finding(control, Verdict(Status.UNKNOWN, str(found.failure)), found.subject, evidence)
            return
        for control, verdict in judge.fact(found.fact):
            undecided = verdict.status is Status.UNKNOWN
            failures = found.failures if undecided else ()
            said = Verdict(
                verdict.status,
                "; ".join((verdict.message, *map(str, failures))),
                verdict.found,
                verdict.wanted,
            )
            yield self._finding(control, said, found.subject, _evidence(found.calls, failures))

    def _idle(self, control: Control, given: set[type]) -> Finding:
        verdict = Verdict(Status.NOT_APPLICABLE, "there is nothing in the account that it speaks about")
        if control.fact in OF_PROGRAMS:
            verdict = Verdict(Status.NOT_APPLICABLE, "it speaks about programs, not about what is deployed")
        elif control.not_read and control.fact not in given:
            verdict = Verdict(Status.NOT_APPLICABLE, f"no audit reads it: {control.not_read}")
        elif control.fact not in given:
            verdict = Verdict(Status.UNKNOWN, f"nothing here reads {control.fact.__name__} from an account")
        everything = Subject(self.account.arn("iam", "root"), "", self.account)
        return self._finding(control, verdict, everything, {})

    def _finding(self, control: Control, verdict: Verdict, subject: Subject, evidence: dict[str, Any]) -> Finding:
        return Finding(
            control=control.id,
            slug=control.slug,
            status=verdict.status,
            severity=control.severity,
            requirements=control.requirements,
            message=verdict.message,
            resource=self.urns.get(subject.arn, ""),
            arn=subject.arn,
            type=subject.type,
            account=subject.place.account,
            region=subject.place.region,
            program=self.program,
            stack=self.stack,
            stage=self.stage,
            found=verdict.found,
            wanted=verdict.wanted,
            evidence=evidence,
            observed_at=self.observed_at,
        )


_FEW: Final = 6


def _shown(tokens: Sequence[str]) -> str:
    """Return type tokens as text: all of a few, else their number and how many each service has."""
    if len(tokens) <= _FEW:
        return ", ".join(tokens)
    services = Counter(token.split(":")[1].partition("/")[0] for token in tokens)
    listed = ", ".join(f"{name} {count}" for name, count in sorted(services.items()))
    return f"{len(tokens)} types of {len(services)} services ({listed})"


def _gravity(finding: Finding) -> int:
    return _GRAVITY.index(finding.status)


def _evidence(calls: Iterable[Call], failures: Iterable[Failure]) -> dict[str, Any]:
    failed = [failure.to_json() for failure in failures]
    return {"calls": list(map(str, calls)), **({"failed": failed} if failed else {})}
