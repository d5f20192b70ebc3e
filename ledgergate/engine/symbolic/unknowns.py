"""Lets the result of a function call hold values that nobody knows.

The SDK turns the unknown sentinel inside a result into a `pulumi.output.Unknown`, which unwraps again into an
unknown input when the program passes it on. Generated result classes refuse it at the top level, though, because
their constructors check the type of every value that is true. So `Unknown` is made false for those constructors, and
an error everywhere else where a program would take it for a real value: as a condition, in a comparison, in
arithmetic, in text, as a key, by a method that it should have. `json.dumps` refuses it already. Where the result
should be a map, such as `tags`, every key of it is unknown, and how many keys it has as well.

What Python asks nobody about stays a guess: `is True`, `isinstance`, and what a program makes of an identity that was
made up, or of how many of them a list holds. Of these only the count of assumed answers tells.

Runs inside the program's interpreter: standard library and pulumi only.
Source: `deserialize_property` in pulumi/runtime/rpc.py, SDK 3.272.0, read 2026-11-21.
"""

import asyncio
import sys
from types import FrameType
from typing import Any, Final

from ledgergate.engine.sources import program_place

_BY_CALL: Final = (
    "this value comes from a function call (get_…) that only AWS can answer; give the real answer with --answers FILE"
)

_raised: Final[dict[str, None]] = {}


class UnansweredError(Exception):
    """The program uses a value that nobody can know offline for a decision, or as text.

    Args:
        reason: Whose value it is, and how to give the real one.
    """

    def __init__(self, reason: str = _BY_CALL) -> None:
        super().__init__(reason)
        file, line = program_place(sys._getframe(1))  # noqa: SLF001 - it may be swallowed, and the place with it
        _raised[f"{file}:{line}: {reason}" if file else reason] = None


def swallowed() -> list[str]:
    """Return, in a sentence each, what was refused; it is to be asked of a program that went on all the same."""
    return list(_raised)


def unknown_because(reason: str) -> Any:
    """Return an unknown that says by itself whose value it is, and how to give the real one."""
    from pulumi.output import Unknown

    carry_unknowns()
    unknown = Unknown()  # type: ignore[no-untyped-call]  # the SDK's
    vars(unknown)["reason"] = reason
    return unknown


def unknown_output(*, secret: bool = False) -> Any:
    """Return an output whose value nobody knows."""
    from pulumi import Output

    return Output(_settled(set()), _settled(None), _settled(False), _settled(secret))  # noqa: FBT003 - a value, not a switch


def _settled(value: Any) -> "asyncio.Future[Any]":
    future: asyncio.Future[Any] = asyncio.Future()
    future.set_result(value)
    return future


def carry_unknowns() -> None:
    """Make the SDK's unknown value fit for results of calls; safe to call again."""
    from pulumi.output import Unknown

    if Unknown.__dict__.get("__bool__") is _truth:
        return
    for name, method in TAUGHT.items():
        setattr(Unknown, name, method)


def _truth(unknown: Any) -> bool:
    frame = sys._getframe(1)  # noqa: SLF001 - the caller alone tells a type check from a decision
    code = frame.f_code
    if code.co_name == "__init__" and code.co_varnames[:1] == ("__self__",):
        return False
    if _is_sdk(frame):
        return True
    raise _unanswered(unknown)


def _refuse(unknown: Any) -> str:
    if _is_sdk(sys._getframe(1)):  # noqa: SLF001 - as above
        return object.__repr__(unknown)
    raise _unanswered(unknown)


def _equal(unknown: Any, other: Any) -> Any:
    if other is unknown:
        return True
    if _is_sdk(sys._getframe(1)):  # noqa: SLF001 - as above
        return NotImplemented
    raise _unanswered(unknown)


def _hash(unknown: Any) -> int:
    if _is_sdk(sys._getframe(1)):  # noqa: SLF001 - as above
        return object.__hash__(unknown)
    raise _unanswered(unknown)


def _attribute(unknown: Any, name: str) -> Any:
    """Refuse what a real value might have; what Python itself asks for by such names is not there."""
    if name.startswith("__") or _is_sdk(sys._getframe(1)):  # noqa: SLF001 - as above
        message = f"{type(unknown).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)
    raise _unanswered(unknown)


def _entry(unknown: Any, _key: Any, _default: Any = None) -> Any:
    """Return what a map holds under a key: as unknown as the map, whatever the program would take by default."""
    return unknown


def _stop(unknown: Any, *_others: Any) -> Any:
    raise _unanswered(unknown)


def _unanswered(unknown: Any) -> UnansweredError:
    return UnansweredError(vars(unknown).get("reason", _BY_CALL))


def _is_sdk(frame: FrameType) -> bool:
    """Tell whether the SDK asks, or the engine in its stead: both know an unknown when they meet one."""
    return str(frame.f_globals.get("__name__")).partition(".")[0] in ("pulumi", "ledgergate")


_ARITHMETIC: Final = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and")

TAUGHT: Final[dict[str, Any]] = {
    "__bool__": _truth,
    "__str__": _refuse,
    "__eq__": _equal,
    "__hash__": _hash,
    "__getattr__": _attribute,
    "get": _entry,
    "__getitem__": _entry,
    **dict.fromkeys(("__iter__", "__len__", "__contains__", "__or__", "__ror__"), _stop),
    **dict.fromkeys(("keys", "values", "items", "copy"), _stop),
    **dict.fromkeys(("__int__", "__float__", "__index__", "__lt__", "__le__", "__gt__", "__ge__", "__neg__"), _stop),
    **dict.fromkeys((f"__{side}{name}__" for side in ("", "r") for name in _ARITHMETIC), _stop),
}
"""What `Unknown` is taught."""
