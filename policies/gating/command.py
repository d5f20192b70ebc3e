"""Runs one request: report to its destination, errors to standard error, and the exit code."""

import contextlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ledgergate.errors import LedgergateError
from ledgergate.report import ExitCode, Report, StackReport
from ledgergate.report.complaint import complain
from ledgergate.report.forms import FORMS
from policies.gating.destination import Destination, open_destination
from policies.gating.outputs import Output, outputs_of
from policies.gating.request import Request
from policies.gating.session import Session


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a command shows what it found.

    Args:
        format: Value of `--format`.
        output: Values of `--output`.
        quiet: Whether only what blocks is shown.
        name: What the command calls itself.
    """

    format: str
    output: tuple[str, ...]
    quiet: bool
    name: str


class Reporting(Protocol):
    """Something that ends in a report."""

    def report(self) -> Report:
        """Do the work and return what was found."""
        ...


def run_gate(request: Request) -> int:
    """Run a request to its end; nothing is raised, and no mistake of a user gives a traceback."""
    presentation = Presentation(request.format, request.output, quiet=request.quiet, name="the gate")
    return run_reporting(lambda: _session(request), presentation)


def _session(request: Request) -> Reporting:
    if request.state is None:
        return Session(request) if not request.since else _Comparing(request)
    from policies.gating.states import StateSession

    return StateSession(request, request.state)


class _Comparing:
    """Judges the programs twice: as they are, and as they were where the branch began.

    Args:
        request: What the user asked for.

    Raises:
        LedgergateError: The request, a project or the git ref is wrong.
    """

    def __init__(self, request: Request) -> None:
        from policies.gating.since import beginning_of

        self._request = request
        self._now = Session(request)
        self._beginning = beginning_of(request.since, self._now.folders[0])

    def report(self) -> Report:
        """See `Reporting.report`."""
        from policies.gating.since import laid_out, marked

        report = self._now.report()
        if report.interrupted:
            return report
        with laid_out(self._beginning) as folder:
            return marked(report, self._before(folder), self._beginning)

    def _before(self, folder: Path) -> Report:
        """Judge the programs that were there; one that was not has nothing that could be known."""
        top = self._beginning.top
        inside = [each.resolve().relative_to(top) for each in self._now.folders if each.resolve().is_relative_to(top)]
        there = tuple(folder / each for each in inside if (folder / each).is_dir())
        request = replace(self._request, programs=there, stacks=(), baseline=None, waivers=None)
        try:
            what = f"where the branch began, {self._beginning}"
            return Session(request, what).report() if there else Report(())
        except LedgergateError as error:
            # What could not be judged then cannot excuse what is found now.
            return Report((StackReport("everything", "", error=str(error)),))


def run_reporting(prepare: Callable[[], Reporting], presentation: Presentation) -> int:
    """Run what ends in a report, show it, and return the exit code; nothing is raised.

    Args:
        prepare: Reads the request; what is wrong with it shows before the report's destination is opened.
        presentation: How the report is shown.
    """
    try:
        outputs = outputs_of(presentation.format, presentation.output)
        session = prepare()
        with contextlib.ExitStack() as stack:
            # Whatever cannot be written is found out before anything is judged.
            places = [(each, stack.enter_context(_opened(each))) for each in outputs]
            report = session.report()
            _show_errors(report)
            for output, destination in places:
                _write(report, output, destination, brief=presentation.quiet)
            if all(output.path for output in outputs):
                from ledgergate.report.closing import closing_line

                open_destination(None).write(closing_line(report)[0] + "\n")
    except LedgergateError as error:
        complain(str(error))
        return ExitCode.ERROR
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - 1 would say that a control failed; a defect of the command is an error of its own
        traceback.print_exc()
        complain(f"{presentation.name} itself failed; this is a defect of {presentation.name}")
        return ExitCode.ERROR
    return report.exit_code


@contextlib.contextmanager
def _opened(output: Output) -> Iterator[Destination]:
    destination = open_destination(output.path)
    try:
        yield destination
    finally:
        destination.discard()


def _write(report: Report, output: Output, destination: Destination, *, brief: bool) -> None:
    form = FORMS[output.form]
    destination.write(form.render(report, destination.stream, brief), encoding=form.encoding)


def _show_errors(report: Report) -> None:
    for stack in report.stacks:
        if stack.error:
            complain(stack.error)
    for error in report.errors:
        complain(error)
