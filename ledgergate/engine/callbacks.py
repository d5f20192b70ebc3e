"""What becomes of the program's own functions, inside `Output.apply`: not run, run, run on an unknown, or raised.

A function whose input is known only after deployment is not run, and what it would have registered is not in the
graph. One that asks to be run all the same, or that awaits the value itself, decides on what it will not be.

asyncio takes an exception's traceback away when its result is awaited a second time, and the SDK awaits some results
several times; the line of the program that failed would be lost.
Runs inside the program's interpreter: standard library and pulumi only.
"""

import asyncio
import functools
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

import pulumi
from pulumi.output import contains_unknowns
from pulumi.runtime._callbacks import _CallbackServicer

from ledgergate.engine.sources import is_program_file, program_place

Tell = Callable[[Any], None]

_KEPT: Final = 16
_OWN: Final = ("pulumi", "ledgergate")
"""Packages whose own functions are as good as looked at."""

_by_transforms: list[BaseException] = []
_raised: list[tuple[BaseException, TracebackType | None, bool]] = []
_waiting: "set[_Applied]" = set()
_awaited: list[tuple[Any, tuple[str, int, str]]] = []


def watch(tell: Tell) -> None:
    """Follow every function that is given to `Output.apply`, for the rest of the process.

    Args:
        tell: Takes what a function makes of a secret.
    """
    plain = pulumi.Output.apply

    @functools.wraps(plain)
    def apply(self: Any, func: Callable[..., Any], run_with_unknowns: bool = False) -> Any:  # noqa: FBT001, FBT002 - the SDK's signature
        if (getattr(func, "__module__", None) or "").partition(".")[0] in _OWN:
            return plain(self, func, run_with_unknowns)
        applied = _Applied(self, func, tell, blind=run_with_unknowns)
        _waiting.add(applied)
        return plain(self, applied, run_with_unknowns)

    pulumi.Output.apply = apply  # type: ignore[method-assign]  # same signature, passed on as it is
    pulumi.Output.future = _noting(pulumi.Output.future)  # type: ignore[method-assign]  # as above
    pulumi.Output.is_known = _noting(pulumi.Output.is_known)  # type: ignore[method-assign]  # as above
    worded = getattr(_CallbackServicer, "pretty_error", None)
    if worded is not None:  # older SDKs have none

        def pretty_error(self: Any, error: BaseException) -> str:
            _by_transforms.append(error)
            return str(worded(self, error))

        _CallbackServicer.pretty_error = pretty_error  # type: ignore[method-assign,assignment]  # as before


def not_run() -> list[tuple[str, int, str, bool]]:
    """Return (file, line, name, whether it was run on an unknown) of what the program does with values unknown so far.

    That is each function that may register resources and was never run, or only on an unknown, and whatever awaited a
    value that nobody knows. It is to be asked when the program is through: then a function that still waits has an
    input that nobody knows.
    """
    able = {(*place, True) for output, place in _awaited if not _is_known(output)}
    if _waiting:
        from ledgergate.engine.reach import can_register

        for applied in _waiting:
            place = (*applied.place(), applied.blind)
            if place not in able and can_register(applied.func, applied.output):
                able.add(place)
    return sorted(able)


def raised_by_transform() -> BaseException | None:
    """Return what a transform raised last, or None where the SDK does not tell."""
    return _by_transforms.pop() if _by_transforms else None


def traceback_of(error: BaseException) -> TracebackType | None:
    """Return the traceback that an exception had when it left the program's function, if it left one."""
    return next((trace for raised, trace, _ in _raised if raised is error), None)


def quotes_secret(error: BaseException) -> bool:
    """Tell whether an exception left a function that was given a secret: its text may quote what was made of it."""
    return any(raised is error and secret for raised, _, secret in _raised)


class _Applied:
    """A function of the program, given to one output."""

    __slots__ = ("_site", "_tell", "blind", "func", "output")

    def __init__(self, output: Any, func: Callable[..., Any], tell: Tell, *, blind: bool) -> None:
        self._tell = tell
        self.blind = blind
        self.func = func
        self.output = output
        # Only a function without lines of its own in the program needs the place where it was given.
        self._site = None if _has_lines(func) else program_place(sys._getframe(2))  # noqa: SLF001 - nobody else knows who calls

    def __call__(self, value: Any) -> Any:
        if not (self.blind and contains_unknowns(value)):
            _waiting.discard(self)
        try:
            found = self.func(value)
        except BaseException as error:
            if len(_raised) < _KEPT:
                _raised.append((error, error.__traceback__, _is_secret(self.output)))
            raise
        return _telling(found, self._tell) if _is_secret(self.output) else found

    def place(self) -> tuple[str, int, str]:
        """Return file, line and name, to show."""
        file, line = self._site or (self.func.__code__.co_filename, self.func.__code__.co_firstlineno)
        return file, line, getattr(self.func, "__qualname__", type(self.func).__name__)


def _noting(plain: Callable[..., Any]) -> Callable[..., Any]:
    """Note which code of the program awaits an output outside of `apply`, where an unknown one looks like a value."""

    @functools.wraps(plain)
    def awaited(self: Any, *args: Any, **kwargs: Any) -> Any:
        frame = sys._getframe(1)  # noqa: SLF001 - nobody else knows who calls
        if str(frame.f_globals.get("__name__")).partition(".")[0] not in _OWN:
            _awaited.append((self, (*program_place(frame), frame.f_code.co_qualname)))
        return plain(self, *args, **kwargs)

    return awaited


def _telling(found: Any, tell: Tell) -> Any:
    """Tell what a function made of a secret, before anybody else can use it."""
    if isinstance(found, pulumi.Output):
        data = found.__dict__.get("_data")
        if isinstance(data, asyncio.Future):
            data.add_done_callback(functools.partial(_tell_result, tell))
        return found
    if asyncio.iscoroutine(found) or asyncio.isfuture(found):
        return _told_later(found, tell)
    tell(found)
    return found


def _tell_result(tell: Tell, data: "asyncio.Future[Any]") -> None:
    if not data.cancelled() and data.exception() is None:
        tell(data.result().value)


async def _told_later(found: Any, tell: Tell) -> Any:
    value = await found
    tell(value)
    return value


def _is_secret(output: Any) -> bool:
    """Tell whether an output that has its value is secret."""
    return _says(output, "is_secret")


def _is_known(output: Any) -> bool:
    """Tell whether an output has a value that is known."""
    return _says(output, "is_known")


def _says(output: Any, what: str) -> bool:
    """Return what an output says of its value, False where it has none; older SDKs keep each answer by itself."""
    data = output.__dict__.get("_data") or output.__dict__.get(f"_{what}")
    if not (isinstance(data, asyncio.Future) and data.done()) or data.cancelled() or data.exception() is not None:
        return False
    found = data.result()
    return bool(getattr(found, what, found))


def _has_lines(func: Callable[..., Any]) -> bool:
    code = getattr(func, "__code__", None)
    return code is not None and is_program_file(code.co_filename)
