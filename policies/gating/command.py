"""Runs one request: report to its destination, errors to standard error, and the exit code."""

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ledgergate.errors import LedgergateError
from ledgergate.report import ExitCode, Report
from ledgergate.report.printable import printable_lines
from policies.gating.destination import Destination, open_destination
from policies.gating.request import Request, demand_known_format
from policies.gating.session import Session


@dataclass(frozen=True, slots=True)
class Presentation:
    """How a command shows what it found.

    Args:
        format: `text` or `json`.
        output: File for the report; None for standard output.
        quiet: Whether only what blocks is shown.
        name: What the command calls itself.
    """

    format: str
    output: Path | None
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
    return run_reporting(lambda: Session(request), presentation)


def run_reporting(prepare: Callable[[], Reporting], presentation: Presentation) -> int:
    """Run what ends in a report, show it, and return the exit code; nothing is raised.

    Args:
        prepare: Reads the request; what is wrong with it shows before the report's destination is opened.
        presentation: How the report is shown.
    """
    try:
        demand_known_format(presentation.format)
        session = prepare()
        destination = open_destination(presentation.output)
        try:
            report = session.report()
            _show_errors(report)
            _write(report, presentation, destination)
        finally:
            destination.discard()
    except LedgergateError as error:
        _complain(str(error))
        return ExitCode.ERROR
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - 1 would say that a control failed; a defect of the command is an error of its own
        traceback.print_exc()
        _complain(f"{presentation.name} itself failed; this is a defect of {presentation.name}")
        return ExitCode.ERROR
    return report.exit_code


def _write(report: Report, presentation: Presentation, destination: Destination) -> None:
    if presentation.format == "json":
        from ledgergate.report import jsonl

        destination.write("".join(f"{line}\n" for line in jsonl.lines(report)), encoding="utf-8")
    else:
        from ledgergate.report.text import rendered

        destination.write(rendered(report, destination.stream, brief=presentation.quiet))
    if presentation.output is not None:
        from ledgergate.report.closing import closing_line

        open_destination(None).write(closing_line(report)[0] + "\n")


def _show_errors(report: Report) -> None:
    for stack in report.stacks:
        if stack.error:
            _complain(stack.error)
    for error in report.errors:
        _complain(error)


def _complain(text: str) -> None:
    print(f"error: {printable_lines(text)}", file=sys.stderr)  # noqa: T201 - where errors belong
