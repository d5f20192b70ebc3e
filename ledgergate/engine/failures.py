"""What stopped a program, as data that the gate can word for its user.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import os
import re
import traceback
from collections.abc import Iterator
from typing import Any, Final

import grpc
import pulumi
from pulumi import config as pulumi_config

from ledgergate.engine.callbacks import quotes_secret, traceback_of
from ledgergate.engine.deployment import StepError
from ledgergate.engine.guard import GuardError
from ledgergate.engine.sources import is_engine_file, is_program_file
from ledgergate.engine.symbolic.unknowns import UnansweredError

_SHOWN_FRAMES: Final = 20
_MESSAGE_LENGTH: Final = 500
_HIDDEN: Final = ", whose text is hidden: it left a function that was given a secret"
_PROCESSING: Final = re.compile(r"^While processing (input|resource): '([^']*)'")


def describe(error: BaseException | None, step: StepError | None) -> dict[str, Any] | None:
    """Return the failure of a run as JSON data, or None for a good run.

    Args:
        error: What the program raised, if anything.
        step: The resource that stopped the run, if any: the program's exception then only follows from it.

    Returns:
        `kind` (step, guard, import, config, environment, offline, refusal, exit, interrupt, defect or exception),
        `message` of one line, `traceback` cut to the program's own frames, and `urn`, `module`, `key` or `code` where
        they apply.
    """
    if step is not None:
        frames = "".join(f'  File "{file}", line {line}\n' for file, line in step.source)
        return {"kind": "step", "message": step.message, "urn": step.urn, "traceback": frames}
    if error is None:
        return None
    cause, where = _root(error)
    said = f"{type(cause).__name__}{_HIDDEN}" if quotes_secret(cause) else _line(cause)
    message = f"{said} ({where})" if where else said
    return {"kind": "exception", "message": message, "traceback": _program_traceback(cause), **_specifics(cause)}


def _specifics(cause: BaseException) -> dict[str, Any]:
    """Return what is particular to an exception that needs words of its own."""
    refused = next((earlier for earlier in _chain(cause) if isinstance(earlier, GuardError)), None)
    if refused is not None:
        return {"kind": "guard", "message": str(refused)}
    if isinstance(cause, ModuleNotFoundError):
        return {"kind": "import", "module": cause.name or ""}
    if isinstance(cause, pulumi_config.ConfigMissingError):
        return {"kind": "config", "key": cause.key, "traceback": ""}
    if isinstance(cause, pulumi.RunError):
        return {"kind": "refusal", "message": str(cause), "traceback": ""}
    if isinstance(cause, SystemExit):
        return {"kind": "exit", "code": _exit_code(cause), "message": _exit_text(cause)}
    return _other_specifics(cause)


def _other_specifics(cause: BaseException) -> dict[str, Any]:
    if isinstance(cause, KeyboardInterrupt):
        return {"kind": "interrupt"}
    if isinstance(cause, KeyError) and _is_environment(cause):
        return {"kind": "environment", "key": str(cause.args[0])}
    if any(isinstance(earlier, ConnectionRefusedError) for earlier in _chain(cause)):
        return {"kind": "offline"}
    return {"kind": "defect"} if _is_ours(cause) else {}


def _root(error: BaseException) -> tuple[BaseException, str]:
    """Return the exception that the program raised, where the SDK raised others from it, and what the SDK was at."""
    places: list[str] = []
    seen = {id(error)}
    while (inner := _inner(error)) is not None and id(inner) not in seen:
        places += (f"{kind} '{name}'" for kind, name in _PROCESSING.findall(str(error).partition("\n")[0]))
        error = inner
        seen.add(id(error))
    return error, ", ".join(reversed(places))


def _inner(error: BaseException) -> BaseException | None:
    """Return what an exception only wraps: of a group its first."""
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    wrapper = type(error) is Exception or str(error).startswith("While processing ")
    return error.__cause__ if wrapper else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and those it followed from, latest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _is_environment(error: KeyError) -> bool:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code is type(os.environ).__getitem__.__code__


def _is_ours(error: BaseException) -> bool:
    """Tell whether the engine itself raised it, which it does on purpose only as an answer to the SDK."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = bool(frames) and is_engine_file(frames[-1].filename)
    return ours and not isinstance(error, (grpc.RpcError, UnansweredError))


def _exit_code(error: SystemExit) -> int:
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1


def _exit_text(error: SystemExit) -> str:
    return repr(_short(error.code)) if isinstance(error.code, str) else ""


def _line(error: BaseException) -> str:
    """Return type and first line of an exception; a syntax error also says where, a plain `Exception` only its text."""
    if type(error) is Exception:
        return _short(str(error)) or "Exception"
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} ({error.filename}, line {error.lineno})"
    shown = traceback.format_exception_only(type(error), error)
    return _short("".join(shown))


def _short(text: str) -> str:
    first = next(iter(text.strip().splitlines()), "")
    return first if len(first) <= _MESSAGE_LENGTH else f"{first[:_MESSAGE_LENGTH]}…"


def _program_traceback(error: BaseException) -> str:
    """Return the program's own frames; of a deep recursion its beginning and its end."""
    if isinstance(error, SyntaxError):
        return f"    {error.text.strip()}\n" if error.text else ""
    own = next(filter(None, map(_own_frames, _chain(error))), [])
    if len(own) > _SHOWN_FRAMES:
        half = _SHOWN_FRAMES // 2
        begin, end = (traceback.format_list(part) for part in (own[:half], own[-half:]))
        return "".join([*begin, f"  … {len(own) - _SHOWN_FRAMES} frames …\n", *end])
    return "".join(traceback.format_list(own))


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    traces = (error.__traceback__, traceback_of(error))
    frames = ([frame for frame in traceback.extract_tb(trace) if is_program_file(frame.filename)] for trace in traces)
    return next(filter(None, frames), [])
