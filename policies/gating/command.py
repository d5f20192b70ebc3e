"""Runs one request: report to its destination, errors to standard error, and the exit code."""

import sys
import traceback

from ledgergate.errors import LedgergateError
from ledgergate.report import ExitCode, Report
from ledgergate.report.printable import printable_lines
from policies.gating.destination import Destination, open_destination
from policies.gating.request import Request, demand_known_format
from policies.gating.session import Session


def run_gate(request: Request) -> int:
    """Run a request to its end; nothing is raised, and no mistake of a user gives a traceback."""
    try:
        demand_known_format(request.format)
        session = Session(request)
        destination = open_destination(request.output)
        try:
            report = session.report()
            _show_errors(report)
            _write(report, request, destination)
        finally:
            destination.discard()
    except LedgergateError as error:
        _complain(str(error))
        return ExitCode.ERROR
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - 1 would say that a control failed; a defect of the gate is an error of its own
        traceback.print_exc()
        _complain("the gate itself failed; this is a defect of the gate")
        return ExitCode.ERROR
    return report.exit_code


def _write(report: Report, request: Request, destination: Destination) -> None:
    if request.format == "json":
        from ledgergate.report import jsonl

        destination.write("".join(f"{line}\n" for line in jsonl.lines(report)), encoding="utf-8")
    else:
        from ledgergate.report.text import rendered

        destination.write(rendered(report, destination.stream, brief=request.quiet))
    if request.output is not None:
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
