"""One call of the gate, from the request to the report.

The programs are started before anything heavy is imported: pydantic, the catalogue and rich come while they run.
"""

import datetime as dt
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ledgergate.engine.estate import Estate, StackName
from ledgergate.engine.launcher import Evaluation, Run
from ledgergate.engine.project import Project, load_stack
from ledgergate.errors import LedgergateError
from ledgergate.report import Report, StackReport
from ledgergate.report.rule import Acceptance
from policies.gating.evaluations import Evaluations
from policies.gating.place import PROFILE_FILE, read_place, strictest
from policies.gating.programs import select_programs
from policies.gating.progress import progress
from policies.gating.request import Request, load_answers, parse_stack_outputs

if TYPE_CHECKING:
    from policies.gating.baseline import Baseline
    from policies.gating.judging import Rules
    from policies.waivers import Waiver


class Session:
    """Runs and judges the stacks of one request.

    Args:
        request: What the user asked for.
        what: What is judged where it is not what the user named, as `progress` shows it.

    Raises:
        LedgergateError: The request, or a project that it names, is wrong.
    """

    def __init__(self, request: Request, what: str = "") -> None:
        self._request = request
        self._what = what
        self._now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self._answers = load_answers(request.answers)
        self._selection = select_programs(request.programs, request.stacks)
        given = parse_stack_outputs(request.stack_outputs)
        self._estate = Estate(self._selection.projects, self._run_of, given)
        self._evaluations = Evaluations(self._estate, self._selection.stacks, request.jobs)
        self._ended: dict[StackName, Evaluation | LedgergateError] = {}
        self._reports: dict[StackName, StackReport] = {}
        self._rules: dict[str, Rules] = {}
        self._for_all: tuple[Waiver, ...] = ()
        self._written: list[str] = []

    @property
    def folders(self) -> tuple[Path, ...]:
        """Return the folders of the programs."""
        return tuple(project.folder for project in self._selection.projects)

    def report(self) -> Report:
        """Run and judge every stack; after an interrupt, return what was found so far.

        Raises:
            LedgergateError: A profile, a waiver file or a selection is wrong.
        """
        try:
            self._evaluations.start()
            self._load_rules()
            if self._request.format == "text":
                import ledgergate.report.text  # noqa: F401 - while the programs run it costs no time
            with progress(len(self._selection.stacks), quiet=self._request.quiet, what=self._what) as step:
                for name, ended in self._evaluations:
                    self._ended[name] = ended
                    self._reports[name] = self._judged(name, ended)
                    step(str(name))
        except KeyboardInterrupt:
            # Whoever interrupts again does not want to wait for a report.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        finally:
            self._evaluations.stop()
        self._judge_the_rest()
        found = self._summary()
        if self._request.baseline is None or found.interrupted or found.errors:
            return found
        self._write_baseline(found, self._request.baseline)
        return self._summary()

    def _write_baseline(self, found: Report, baseline: "Baseline") -> None:
        """Write waivers for what blocks, and read them again as anybody will."""
        from ledgergate.report.complaint import complain
        from policies.gating.baseline import append_waivers, waivers_for
        from policies.waivers import WAIVER_FILE

        today = self._now.date()
        for project in self._selection.projects:
            own = [finding for stack in found.stacks if stack.program == project.name for finding in stack.findings]
            written = waivers_for(own, baseline, today)
            path = self._request.waivers or project.folder / WAIVER_FILE
            if written:
                append_waivers(path, written)
                self._written.append(f"waivers written to {_from_here(path)}: {len(written)}")
                if self._request.quiet:
                    # No note shows then, but a file that changed is not to be found out by chance.
                    complain(self._written[-1], kind="note")
        self._load_rules()

    def _judge_the_rest(self) -> None:
        """Judge what had been evaluated when an interrupt came."""
        self._ended.update(self._evaluations.ended())
        if any(name.project not in self._rules for name in self._ended):
            self._load_rules()
        for name, ended in self._ended.items():
            if name not in self._reports:
                self._reports[name] = self._judged(name, ended)

    def _run_of(self, project: Project, stack: str) -> Run:
        place = read_place(project.folder, stack)
        return Run(
            project,
            load_stack(project, stack, self._request.config),
            account=place.account,
            partition=place.partition,
            region=place.region,
            as_deployed=True,
            answers=self._answers,
            environment=self._request.environment,
            allow_writes=self._request.allow_writes,
            time_limit_s=self._request.time_limit_s,
        )

    def _load_rules(self) -> None:
        from policies.gating import judging

        request = self._request
        for project in self._selection.projects:
            stacks = [name.stack for name in self._selection.stacks if name.project == project.name]
            own = request.waivers is None
            self._rules[project.name] = judging.load_rules(project, stacks, request.select, own_waivers=own)
        if request.waivers is not None:
            self._for_all = judging.waivers_for_all(request.waivers, self._rules.values())

    def _judged(self, name: StackName, ended: Evaluation | LedgergateError) -> StackReport:
        from policies.gating.judging import judged_stack

        if isinstance(ended, LedgergateError):
            return StackReport(name.project, name.stack, error=str(ended))
        try:
            return judged_stack(ended, self._rules[name.project], self._observed_at(), Path.cwd())
        except Exception as error:  # noqa: BLE001 - a defect in judging one stack must not lose the others
            said = f"{name}: it could not be judged, which is a defect of the gate: {type(error).__name__}"
            return StackReport(name.project, name.stack, error=said)

    def _summary(self) -> Report:
        from policies.rules import rules_of

        stacks = tuple(
            self._reports.get(name, StackReport(name.project, name.stack, stopped=True))
            for name in self._selection.stacks
        )
        errors: tuple[str, ...] = ()
        if any(stack.judged for stack in stacks):
            from policies.gating.judging import waived

            stacks, errors = waived(stacks, tuple(self._rules.values()), self._for_all, self._now.date())
        rules = {control.id: control for rules in self._rules.values() for control in rules.controls}
        return Report(
            stacks,
            rules_of(rules.values()),
            errors,
            self._notes(),
            self._observed_at(),
            waivers=self._accepted(stacks),
            fail_on=self._request.fail_on,
        )

    def _accepted(self, stacks: Iterable[StackReport]) -> tuple[Acceptance, ...]:
        if not self._rules:
            return ()
        from policies.gating.judging import accepted

        read = [*self._for_all, *(waiver for rules in self._rules.values() for waiver in rules.waivers)]
        return accepted(read, stacks, self._now.date())

    def _observed_at(self) -> str:
        return self._now.isoformat().replace("+00:00", "Z")

    def _notes(self) -> tuple[str, ...]:
        helpers = [str(name) for name in self._estate.begun() if name not in self._selection.stacks]
        notes = [*self._without_profile(), *self._selection.notes, *self._written]
        if helpers:
            notes.append(f"run for their outputs only, not judged: {', '.join(helpers)}")
        missing = [name for name in self._request.environment if name not in os.environ]
        if missing:
            notes.append(f"not set in this environment: {', '.join(missing)}")
        return tuple(notes)

    def _without_profile(self) -> Iterator[str]:
        judged = {name.project for name, report in self._reports.items() if report.judged}
        for project in self._selection.projects:
            if project.name in judged and not (project.folder / PROFILE_FILE).exists():
                yield strictest(project.name)


def _from_here(path: Path) -> Path:
    """Return a path relative to the working folder where it lies in there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
