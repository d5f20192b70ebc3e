"""Commands that the program starts, and that fail here though they may not in a deployment.

They run without a network where there is a namespace for that, and a tool that a deployment has may not be installed.

Runs inside the program's interpreter: standard library only.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any, Final

from ledgergate.engine.sources import program_place

_FAILED: Final = "{place}the command `{name}` {what}, which it may not in a deployment{why}"
_APART: Final = ": here it has no network; give what it would fetch with --answers or --config"

_STARTING: Final = frozenset({"asyncio", "os", "subprocess"})
"""Modules that start commands for others."""


def watch(*, isolated: bool) -> Callable[[], list[str]]:
    """Follow the commands that the program starts, for the rest of the process.

    Args:
        isolated: Whether they have no network.

    Returns:
        What gives a sentence for each that could not be started, or failed without a network.
    """
    started: list[tuple[subprocess.Popen[Any], str, str]] = []
    failed: dict[str, None] = {}
    plain, system = subprocess.Popen.__init__, os.system

    @wraps(plain)
    def init(self: Any, args: Any, *others: Any, **options: Any) -> None:
        if _is_by_library(sys._getframe(1)):  # noqa: SLF001 - nobody else knows who calls
            plain(self, args, *others, **options)
            return
        place = _place()
        try:
            plain(self, args, *others, **options)
        except OSError as error:
            what = f"cannot be started ({error.strerror})"
            failed[_FAILED.format(place=place, name=_name_of(args), what=what, why="")] = None
            raise
        started.append((self, place, _name_of(args)))

    def run(command: Any) -> int:
        code = system(command)
        if code and isolated:
            failed[_ended(_place(), _name_of(command), os.waitstatus_to_exitcode(code))] = None
        return code

    subprocess.Popen.__init__ = init  # type: ignore[method-assign]  # the same, and remembered
    os.system = run

    def said() -> list[str]:
        codes = ((place, name, process.poll()) for process, place, name in started)
        return [*failed, *(_ended(place, name, code) for place, name, code in codes if code and isolated)]

    return said


def _ended(place: str, name: str, code: int) -> str:
    return _FAILED.format(place=place, name=name, what=f"failed ({code})", why=_APART)


def _is_by_library(frame: FrameType | None) -> bool:
    """Tell whether the standard library starts a command for itself, and can do without."""
    while frame is not None and _top(frame) in _STARTING:
        frame = frame.f_back
    return frame is not None and _top(frame) in sys.stdlib_module_names


def _top(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]


def _place() -> str:
    file, line = program_place(sys._getframe(2))  # noqa: SLF001 - nobody else knows who calls
    return f"{file}:{line}: " if file else ""


def _name_of(args: Any) -> str:
    """Return the command without its arguments, which may hold anything."""
    first = args if isinstance(args, str | bytes | os.PathLike) else next(iter(args), "")
    return os.fsdecode(first).split(" ")[0] if isinstance(first, str | bytes | os.PathLike) else ""
