"""Judges what the programs registered, under each program's own profile and waivers."""

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ledgergate.engine.launcher import Evaluation, Level
from ledgergate.engine.project import Project
from ledgergate.finding import Finding, Stage
from ledgergate.report import StackReport
from ledgergate.report.rule import Acceptance
from policies.catalogue import load_catalogue
from policies.gating.secrets import tree_without_secrets, without_secrets
from policies.gating.unread import elsewhere_note, unread_note
from policies.gating.unseen import NAMES, unseen
from policies.model import Control
from policies.runner import judge
from policies.settings import PROFILE_FILE, Settings, load_profile
from policies.waivers import WAIVER_FILE, Waiver, apply_waivers, bound_to, load_waivers


@dataclass(frozen=True, slots=True)
class Rules:
    """What one program is judged by.

    Args:
        project: The program.
        controls: Controls to apply.
        names: Every id and slug there is, applied or not.
        settings: Stack → parameters of the controls.
        waivers: The program's own; empty when a file for all programs was named.
    """

    project: Project
    controls: tuple[Control, ...]
    names: frozenset[str]
    settings: Mapping[str, Settings]
    waivers: tuple[Waiver, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all controls there are apply."""
        return self.names - NAMES == {name for each in self.controls for name in (each.id, each.slug)}


def load_rules(project: Project, stacks: Iterable[str], select: Sequence[str], *, own_waivers: bool) -> Rules:
    """Read a program's profile and waivers, and choose its controls.

    Args:
        project: The program.
        stacks: Its stacks that are judged.
        select: Families, control ids and slugs; empty for all.
        own_waivers: Whether `waivers.toml` beside the program counts.

    Raises:
        LedgergateError: A file is malformed, or `select` names nothing.
    """
    path = project.folder / PROFILE_FILE
    profiles = {stack: load_profile(path, stack, project.stacks) for stack in stacks} if path.exists() else {}
    folders = next((profile.control_folders for profile in profiles.values()), ())
    catalogue = load_catalogue(folders)
    names = catalogue.names | NAMES
    waiver_file = project.folder / WAIVER_FILE
    waivers = load_waivers(waiver_file, names) if own_waivers and waiver_file.exists() else []
    settings = {stack: profiles[stack].settings if profiles else Settings() for stack in stacks}
    return Rules(project, catalogue.select(select), names, settings, tuple(waivers))


def waivers_for_all(path: Path, rules: Iterable[Rules]) -> tuple[Waiver, ...]:
    """Read a waiver file that counts for every program.

    Raises:
        LedgergateError: It is malformed, or names a control that none of the programs knows.
    """
    return tuple(load_waivers(path, frozenset().union(*(each.names for each in rules))))


def judged_stack(evaluation: Evaluation, rules: Rules, observed_at: str, root: Path) -> StackReport:
    """Return the report on one stack, waivers not yet applied.

    Args:
        evaluation: What the program registered.
        rules: What it is judged by.
        observed_at: RFC 3339 time in UTC.
        root: Folder to which paths in the program are made relative.
    """
    started = time.monotonic()
    stack = evaluation.run.config.stack
    findings = judge(
        evaluation.graph,
        rules.controls,
        rules.settings[stack],
        stage=Stage.DESIGN,
        observed_at=observed_at,
        root=root,
    )
    findings += unseen(evaluation, observed_at, root)
    return StackReport(
        program=evaluation.run.project.name,
        stack=stack,
        findings=without_secrets(findings, evaluation.graph, evaluation.secrets),
        resources=len(evaluation.graph),
        level=evaluation.run.level.value,
        assumed=evaluation.assumed,
        seconds=evaluation.seconds + time.monotonic() - started,
        notes=(
            *_notes(evaluation),
            *elsewhere_note(evaluation.graph),
            *(unread_note(evaluation.graph, rules.controls) if rules.complete else ()),
        ),
        tree=tree_without_secrets(evaluation.graph, evaluation.secrets),
    )


def _notes(evaluation: Evaluation) -> Iterator[str]:
    yield from evaluation.notes
    if evaluation.assumed:
        names = ", ".join(f"{token} ({count})" for token, count in sorted(evaluation.assumed.items()))
        yield f"answers were made up for {names}; give real ones with --answers FILE"
    if evaluation.run.level is not Level.SYMBOLIC:
        yield (
            f"the program cannot work with made-up values, so it was run again at level {evaluation.run.level.value}:"
            " more is undecided"
        )


def waived(
    stacks: Sequence[StackReport], rules: Sequence[Rules], for_all: Sequence[Waiver], today: dt.date
) -> tuple[tuple[StackReport, ...], tuple[str, ...]]:
    """Return the reports with their waivers, and a sentence for each waiver that is expired or of no use.

    Args:
        stacks: Reports on stacks.
        rules: What each program is judged by.
        for_all: Waivers of the file that was named for all programs.
        today: Date in UTC.
    """
    problems: list[str] = []
    done = {report.name: report for report in stacks}
    groups = [(each.waivers, [each.project]) for each in rules]
    groups.append((tuple(for_all), [each.project for each in rules]))
    for waivers, projects in groups:
        if not waivers:
            continue
        names = {project.name for project in projects}
        own = [report for report in done.values() if report.program in names and report.judged]
        existing = sorted({stack for project in projects for stack in project.stacks})
        outcome = apply_waivers(
            (finding for report in own for finding in report.findings),
            bound_to(existing, waivers),
            today,
            sorted({report.stack for report in own}),
            Stage.DESIGN,
        )
        problems += outcome.problems
        done |= {report.name: report for report in _dealt_out(own, iter(outcome.findings))}
    return tuple(done[report.name] for report in stacks), tuple(problems)


def accepted(waivers: Iterable[Waiver], stacks: Iterable[StackReport], today: dt.date) -> tuple[Acceptance, ...]:
    """Return the waivers that cover something, those that end first first.

    Args:
        waivers: All that were read.
        stacks: Reports in which they were applied.
        today: Date in UTC.
    """
    used = {finding.waiver for stack in stacks for finding in stack.findings}
    covering = {waiver.id: waiver for waiver in waivers if waiver.id in used}
    return tuple(
        Acceptance(
            waiver=each.id,
            control=each.control,
            reason=each.reason,
            requirement=each.requirement,
            owner=each.owner,
            approver=each.approver,
            expires=each.expires.isoformat(),
            days_left=(each.expires - today).days,
        )
        for each in sorted(covering.values(), key=lambda each: (each.expires, each.id))
    )


def _dealt_out(reports: Iterable[StackReport], findings: Iterator[Finding]) -> Iterator[StackReport]:
    for report in reports:
        yield replace(report, findings=tuple(next(findings) for _ in report.findings))
