"""What the program leaves unfinished when it ends, and what might still have registered a resource.

The process ends with the program, here as in a deployment, but how far a task gets until then depends on how long the
engine takes: nothing can be said of what it would have done.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import asyncio
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from ledgergate.engine.sources import is_program_file, program_place

_LEFT: Final = "{place}{name} had not ended when the program did, and may register resources: await what it does"


def unfinished(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Return a sentence for each task, timer and thread of the program that still runs and may register resources.

    Args:
        loop: The program's loop, which has stopped.
    """
    left = dict.fromkeys((*_tasks(loop), *_timers(loop), *_threads()))
    return [_LEFT.format(place=f"{file}:{line}: " if file else "", name=name) for file, line, name in left]


def _tasks(loop: asyncio.AbstractEventLoop) -> Iterator[tuple[str, int, str]]:
    for task in asyncio.all_tasks(loop):
        frames = [frame for each in _awaited(task.get_coro()) if (frame := getattr(each, "cr_frame", None)) is not None]
        others = [frame for frame in frames if not _is_own(frame.f_globals.get("__name__"))]
        if others and _may_register(task):
            yield (*program_place(others[0]), f"the task {others[0].f_code.co_qualname}")


def _awaited(found: Any) -> Iterator[Any]:
    """Yield a coroutine and what it waits for, outermost first."""
    while found is not None:
        yield found
        found = getattr(found, "cr_await", None)


def _timers(loop: asyncio.AbstractEventLoop) -> Iterator[tuple[str, int, str]]:
    """Yield what the loop was told to call; asyncio has no other way to ask for it."""
    for handle in (*getattr(loop, "_scheduled", ()), *getattr(loop, "_ready", ())):
        func, args = getattr(handle, "_callback", None), getattr(handle, "_args", None) or ()
        if func is None or handle.cancelled() or _is_own(getattr(func, "__module__", None)):
            continue
        if _may_register(func, *args):
            yield (*_begin(func), f"the timer for {getattr(func, '__qualname__', type(func).__name__)}")


def _begin(func: Any) -> tuple[str, int]:
    code = getattr(func, "__code__", None)
    if code is None or not is_program_file(code.co_filename):
        return "", 0
    return code.co_filename, code.co_firstlineno


def _threads() -> Iterator[tuple[str, int, str]]:
    running = sys._current_frames()  # noqa: SLF001 - nothing else tells where a thread is
    for thread in threading.enumerate():
        file, line = program_place(running.get(thread.ident or 0))
        if thread is not threading.current_thread() and file and _may_register(thread):
            yield file, line, f"the thread {thread.name}"


def _may_register(*objects: Any) -> bool:
    from ledgergate.engine.reach import can_register

    return can_register(*objects)


def _is_own(module: str | None) -> bool:
    """Tell whether a module is the SDK's, the engine's or asyncio's, which all wait for what the program does."""
    return str(module).partition(".")[0] in ("pulumi", "ledgergate", "asyncio", "_asyncio")
