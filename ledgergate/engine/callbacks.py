"""What becomes of the program's own functions, inside `Output.apply`: not run, run, or raised.

A function whose input is known only after deployment is not run, and what it would have registered is not in the
graph. asyncio takes an exception's traceback away when its result is awaited a second time, and the SDK awaits some
results several times; the line of the program that failed would be lost.
Runs inside the program's interpreter: standard library and pulumi only.
"""

import asyncio
import functools
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

import pulumi
from pulumi.runtime._callbacks import _CallbackServicer

from ledgergate.engine.sources import is_program_file, program_place

Tell = Callable[[Any], None]

_KEPT: Final = 16
_OWN: Final = ("pulumi", "ledgergate")
"""Packages whose own functions are as good as looked at."""

_by_transforms: list[BaseException] = []
_raised: list[tuple[BaseException, TracebackType | None, bool]] = []
_waiting: "set[_Applied]" = set()


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
        applied = _Applied(self, func, tell)
        if not run_with_unknowns:
            _waiting.add(applied)
        return plain(self, applied, run_with_unknowns)

    pulumi.Output.apply = apply  # type: ignore[method-assign]  # same signature, passed on as it is
    worded = getattr(_CallbackServicer, "pretty_error", None)
    if worded is not None:  # older SDKs have none

        def pretty_error(self: Any, error: BaseException) -> str:
            _by_transforms.append(error)
            return str(worded(self, error))

        _CallbackServicer.pretty_error = pretty_error  # type: ignore[method-assign,assignment]  # as before


def not_run() -> list[tuple[str, int, str]]:
    """Return (file, line, name) of each function that was never run and may register resources.

    It is to be asked when the program is through: then a function that still waits has an input that nobody knows.
    """
    if not _waiting:
        return []
    from ledgergate.engine.reach import can_register

    able: set[tuple[str, int, str]] = set()
    for applied in _waiting:
        place = applied.place()
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

    __slots__ = ("_site", "_tell", "func", "output")

    def __init__(self, output: Any, func: Callable[..., Any], tell: Tell) -> None:
        self._tell = tell
        self.func = func
        self.output = output
        # Only a function without lines of its own in the program needs the place where it was given.
        self._site = None if _has_lines(func) else program_place(sys._getframe(2))  # noqa: SLF001 - nobody else knows who calls

    def __call__(self, value: Any) -> Any:
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
    """Tell whether an output that has its value is secret; older SDKs keep the answer apart from the value."""
    data = output.__dict__.get("_data") or output.__dict__.get("_is_secret")
    if not (isinstance(data, asyncio.Future) and data.done()) or data.cancelled() or data.exception() is not None:
        return False
    found = data.result()
    return bool(getattr(found, "is_secret", found))


def _has_lines(func: Callable[..., Any]) -> bool:
    code = getattr(func, "__code__", None)
    return code is not None and is_program_file(code.co_filename)
