"""What stopped a program, as data that the gate can word for its user.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import traceback
from typing import Any

import pulumi
from pulumi import config as pulumi_config

from ledgergate.engine.deployment import StepError
from ledgergate.engine.guard import GuardError
from ledgergate.engine.sources import is_program_file


def describe(error: BaseException | None, step: StepError | None) -> dict[str, Any] | None:
    """Return the failure of a run as JSON data, or None for a good run.

    Args:
        error: What the program raised, if anything.
        step: The resource that stopped the run, if any: the program's exception then only follows from it.

    Returns:
        `kind` (step, guard, import, config, refusal, exit, interrupt, exception), `message`, `traceback` cut to the
        program's own frames, and `urn`, `module`, `key` or `code` where they apply.
    """
    if step is not None:
        return {"kind": "step", "message": step.message, "urn": step.urn, "traceback": ""}
    if error is None:
        return None
    cause = _root(error)
    found: dict[str, Any] = {"kind": "exception", "message": _line(cause), "traceback": _program_traceback(cause)}
    if isinstance(cause, GuardError):
        found |= {"kind": "guard", "message": str(cause)}
    elif isinstance(cause, ModuleNotFoundError):
        found |= {"kind": "import", "module": cause.name or ""}
    elif isinstance(cause, pulumi_config.ConfigMissingError):
        found |= {"kind": "config", "key": cause.key, "traceback": ""}
    elif isinstance(cause, pulumi.RunError):
        found |= {"kind": "refusal", "message": str(cause), "traceback": ""}
    elif isinstance(cause, SystemExit):
        found |= {"kind": "exit", "code": cause.code if isinstance(cause.code, int | None) else 1}
    elif isinstance(cause, KeyboardInterrupt):
        found |= {"kind": "interrupt"}
    return found


def _root(error: BaseException) -> BaseException:
    """Return the exception that the program raised, where the SDK raised another one from it."""
    seen = {id(error)}
    while type(error) is Exception and error.__cause__ is not None and id(error.__cause__) not in seen:
        error = error.__cause__
        seen.add(id(error))
    return error


def _line(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def _program_traceback(error: BaseException) -> str:
    shown = traceback.TracebackException.from_exception(error)
    own = [frame for frame in shown.stack if is_program_file(frame.filename)]
    return "".join(traceback.StackSummary.from_list(own or list(shown.stack)).format())
