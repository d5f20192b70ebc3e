"""What stopped a program, as data that the gate can word for its user.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import os
import re
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import grpc
import pulumi
from google.protobuf import struct_pb2
from pulumi import config as pulumi_config

from ledgergate.engine.callbacks import quotes_secret, traceback_of
from ledgergate.engine.deployment import StepError
from ledgergate.engine.exceptions import chain, program_frames_of, said_by, text_of
from ledgergate.engine.guard import GuardError
from ledgergate.engine.references import MissingOutputError
from ledgergate.engine.sources import is_engine_file, program_positions
from ledgergate.engine.symbolic.unknowns import UnansweredError

_SHOWN_FRAMES: Final = 20
_HIDDEN: Final = ", whose text is hidden: it left a function that was given a secret"
_WRAPPER: Final = "While processing "
_PROCESSING: Final = re.compile(r"While processing (input|resource): '([^']*)'")


def describe(error: BaseException | None, step: StepError | None) -> dict[str, Any] | None:
    """Return the failure of a run as JSON data, or None for a good run.

    Args:
        error: What the program raised, if anything.
        step: The resource that stopped the run, if any: the program's exception then only follows from it.

    Returns:
        `kind` (one that `program_errors` has words for, interrupt or exception), `message`, `quoted` (what an
        exception said, whole: `program_errors.worded` cuts it), `places` in the SDK's words, `traceback` cut to the
        program's own frames, and `urn`, `module`, `key` or `code` where they apply.
    """
    if step is not None:
        frames = "".join(f'  File "{file}", line {line}\n' for file, line in step.source)
        message = step.message.removesuffix(step.quoted)
        return {"kind": "step", "message": message, "quoted": step.quoted, "urn": step.urn, "traceback": frames}
    if error is None:
        return None
    cause, wrapped = _root(error)
    said = f"{type(cause).__name__}{_HIDDEN}" if quotes_secret(cause) else _said(cause)
    places = [f"{kind} '{name}'" for each in (*wrapped, cause) for kind, name in _PROCESSING.findall(text_of(each))]
    frames = _program_traceback(cause) or _registration(*wrapped, cause)
    specifics = _specifics(cause)
    if "message" not in specifics:
        named = [*dict.fromkeys(reversed(places)), *_odd_key(cause)]
        specifics |= {"message": "", "quoted": said, "places": named}
    return {"kind": "exception", "traceback": frames, **specifics}


def _said(cause: BaseException) -> str:
    """Return what an exception says; of one that the SDK could not tell from its cause, what that said."""
    inner = text_of(cause).rpartition(" has risen: ")
    if not text_of(cause).startswith(_WRAPPER) or not inner[1]:
        return said_by(cause)
    return f"{inner[0].splitlines()[-1]}: {inner[2]}"


def _specifics(cause: BaseException) -> dict[str, Any]:
    """Return what is particular to an exception that needs words of its own."""
    refused = next((earlier for earlier in chain(cause) if isinstance(earlier, GuardError)), None)
    if refused is not None:
        return {"kind": "guard", "message": text_of(refused)}
    for class_, particular in _PARTICULAR:
        if isinstance(cause, class_):
            return particular(cause)
    if isinstance(cause, KeyError) and _is_environment(cause):
        return {"kind": "environment", "key": str(cause.args[0])}
    if any(isinstance(earlier, ConnectionRefusedError) for earlier in chain(cause)):
        return {"kind": "offline"}
    return {"kind": "defect"} if _is_ours(cause) else {}


def _import(cause: ModuleNotFoundError) -> dict[str, Any]:
    module = cause.name or ""
    top = module.partition(".")[0]
    return {"kind": "import", "module": module, "installed": top != module and top in sys.modules}


def _exit(cause: SystemExit) -> dict[str, Any]:
    code = 0 if cause.code is None else cause.code if isinstance(cause.code, int) else 1
    return {"kind": "exit", "code": code, "message": "", "quoted": cause.code if isinstance(cause.code, str) else ""}


def _output(cause: MissingOutputError) -> dict[str, Any]:
    named = {"stack": cause.stack, "output": cause.output, "outputs": list(cause.outputs)}
    return {"kind": "output", "message": f"KeyError: {cause.output!r}", **named}


_PARTICULAR: Final[tuple[tuple[type[BaseException], Callable[[Any], dict[str, Any]]], ...]] = (
    (ModuleNotFoundError, _import),
    (pulumi_config.ConfigMissingError, lambda cause: {"kind": "config", "key": cause.key, "traceback": ""}),
    (pulumi.RunError, lambda cause: {"kind": "refusal", "message": text_of(cause), "traceback": ""}),
    (SystemExit, _exit),
    (KeyboardInterrupt, lambda _: {"kind": "interrupt"}),
    (MissingOutputError, _output),
)


def _root(error: BaseException) -> tuple[BaseException, list[BaseException]]:
    """Return the exception that the program raised, and those that the SDK raised from it, outermost first."""
    wrapped: list[BaseException] = []
    while (inner := _inner(error)) is not None and inner is not error and inner not in wrapped:
        wrapped.append(error)
        error = inner
    return error, wrapped


def _inner(error: BaseException) -> BaseException | None:
    """Return what an exception only wraps: of a group its first."""
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    wrapper = type(error) is Exception or text_of(error).startswith(_WRAPPER)
    return error.__cause__ if wrapper else None


def _registration(*errors: BaseException) -> str:
    """Return where the resource was made that the SDK could not register: it keeps that beside the registration."""
    for error in errors:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            frames = getattr(frame.f_locals.get("stack_trace"), "frames", None)
            if frames is not None:
                places = program_positions(each.pc for each in frames)
                return "".join(f'  File "{file}", line {line}\n' for file, line in places)
    return ""


def _odd_key(error: BaseException) -> list[str]:
    """Return which property has a key that is no text: protobuf only says that an argument is of a bad type."""
    if not isinstance(error, TypeError):
        return []
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    keys = [frame.f_locals["key"] for frame in frames if _is_struct(frame) and "key" in frame.f_locals]
    if not keys or isinstance(keys[-1], str):
        return []
    *path, key = keys
    inside = f" of property {'.'.join(map(str, path))}" if path else ""
    return [f"the key {key!r}{inside} is no text"]


def _is_struct(frame: FrameType) -> bool:
    return frame.f_code.co_filename == struct_pb2.Struct.update.__code__.co_filename


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


def _program_traceback(error: BaseException) -> str:
    """Return the program's own frames; of a deep recursion its beginning and its end."""
    if isinstance(error, SyntaxError):
        return f"    {error.text.strip()}\n" if error.text else ""
    own = next(filter(None, map(_own_frames, chain(error))), [])
    if len(own) > _SHOWN_FRAMES:
        half = _SHOWN_FRAMES // 2
        begin, end = (traceback.format_list(part) for part in (own[:half], own[-half:]))
        return "".join([*begin, f"  … {len(own) - _SHOWN_FRAMES} frames …\n", *end])
    return "".join(traceback.format_list(own))


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    return program_frames_of(error.__traceback__, traceback_of(error))
