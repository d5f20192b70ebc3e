"""`--explain-permissions`: what a scan must be allowed to do, and nothing more."""

import json

from integration.auditing.request import Request
from integration.readers import operations_for
from integration.scanning.permissions import least_policy
from ledgergate.errors import LedgergateError
from ledgergate.report import ExitCode
from ledgergate.report.complaint import complain
from policies.catalogue import load_catalogue


def explain(request: Request) -> int:
    """Print the least IAM policy for the selected controls, and return the exit code."""
    try:
        controls = load_catalogue().select(request.select)
    except LedgergateError as error:
        complain(str(error))
        return ExitCode.ERROR
    print(json.dumps(least_policy(operations_for(control.fact for control in controls)), indent=2))  # noqa: T201 - what was asked for
    return ExitCode.PASSED
