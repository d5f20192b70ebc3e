"""`--explain-permissions`: what a scan must be allowed to do, and nothing more."""

import json
import sys

from integration.auditing.request import Request
from integration.readers import READINGS
from integration.scanning.permissions import least_policy
from ledgergate.errors import LedgergateError
from ledgergate.report import ExitCode
from policies.catalogue import load_catalogue
from policies.model import Control


def explain(request: Request) -> int:
    """Print the least IAM policy for the selected controls, and return the exit code."""
    try:
        controls = load_catalogue().select(request.select)
    except LedgergateError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - where errors belong
        return ExitCode.ERROR
    print(json.dumps(least_policy(operations_for(controls)), indent=2))  # noqa: T201 - what was asked for
    return ExitCode.PASSED


def operations_for(controls: tuple[Control, ...]) -> set[str]:
    """Return `service:Operation` for every call that a scan makes for some controls."""
    facts = {control.fact for control in controls}
    return {
        operation
        for reading in READINGS
        for fact, operations in reading.gives.items()
        if fact in facts
        for operation in operations
    }
