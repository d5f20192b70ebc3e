"""Runs one request of the audit to its end."""

from integration.auditing.request import Request
from integration.auditing.session import Session
from policies.gating.command import Presentation, run_reporting


def run_audit(request: Request) -> int:
    """Run a request; nothing is raised, and no mistake of a user gives a traceback.

    Returns:
        The exit code.
    """
    presentation = Presentation(request.format, request.output, quiet=request.quiet, name="the audit")
    return run_reporting(lambda: Session(request), presentation)
