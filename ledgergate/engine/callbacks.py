"""Where the program's own functions raised, inside `Output.apply`.

asyncio takes an exception's traceback away when its result is awaited a second time, and the SDK awaits some results
several times; the line of the program that failed would be lost.
Runs inside the program's interpreter: standard library and pulumi only.
"""

import functools
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

import pulumi

_KEPT: Final = 16

_raised: list[tuple[BaseException, TracebackType | None]] = []


def remember_raised() -> None:
    """Let `Output.apply` note what the functions given to it raise, for the rest of the process."""
    plain = pulumi.Output.apply

    @functools.wraps(plain)
    def apply(self: Any, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return plain(self, _noting(func), *args, **kwargs)

    pulumi.Output.apply = apply  # type: ignore[method-assign]  # same signature, passed on as it is


def traceback_of(error: BaseException) -> TracebackType | None:
    """Return the traceback that an exception had when it left the program's function, if it left one."""
    return next((trace for raised, trace in _raised if raised is error), None)


def _noting(func: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return func(*args, **kwargs)
        except BaseException as error:
            if len(_raised) < _KEPT:
                _raised.append((error, error.__traceback__))
            raise

    return called
