"""What the program leaves unfinished when it ends, and what might still have registered a resource.

The process ends with the program, here as in a deployment, but how far a task gets until then depends on how long the
engine takes: nothing can be said of what it would have done.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import asyncio
import concurrent.futures.thread as pools
import gc
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

from ledgergate.engine.sources import is_program_file, program_function, program_place

_LEFT: Final = "{place}{name} had not ended when the program did, and may register resources: await what it does"


def unfinished(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Return a sentence for each task, timer, thread and queued call of the program that may register resources yet.

    Args:
        loop: The program's loop, which has stopped.
    """
    left = dict.fromkeys((*_tasks(loop), *_timers(loop), *_threads(), *_queued()))
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
            file, line, name = program_function(func)
            yield file, line, f"the timer for {name}"


def _threads() -> Iterator[tuple[str, int, str]]:
    running = sys._current_frames()  # noqa: SLF001 - nothing else tells where a thread is
    for thread in threading.enumerate():
        frame = running.get(thread.ident or 0)
        if thread is not threading.current_thread() and _thread_registers(thread, frame):
            yield (*program_place(frame), f"the thread {thread.name}")


def _thread_registers(thread: threading.Thread, frame: FrameType | None) -> bool:
    if any(_goes_on_to_register(each) for each in _own_frames(frame)):
        return True
    if thread in _queues():  # it refers to what waits for it, not to what it runs
        return any(_registers_in_pool(item) for item in _items_of(frame))
    target = getattr(thread, "_target", None)
    return not _is_own(getattr(target, "__module__", None), "grpc") and _may_register(thread)


def _own_frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        if is_program_file(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def _items_of(frame: FrameType | None) -> Iterator[Any]:
    """Yield what a thread of a pool runs."""
    while frame is not None:
        if frame.f_code.co_filename == pools.__file__ and frame.f_code.co_name == "run":
            yield frame.f_locals.get("self")
        frame = frame.f_back


def _queued() -> Iterator[tuple[str, int, str]]:
    """Yield what a pool of threads has yet to call."""
    for queue in {id(each): each for each in _queues().values()}.values():
        for referred in gc.get_referents(queue):  # compiled code, which has no other way to ask for it
            for item in referred if isinstance(referred, list) else (referred,):
                if _registers_in_pool(item):
                    file, line, name = program_function(_called_by(item))
                    yield file, line, f"the queued call of {name}"


def _queues() -> dict[Any, Any]:
    return dict(getattr(pools, "_threads_queues", {}))  # asked for nowhere else


def _called_by(item: Any) -> Any:
    """Return the function of a work item; Python 3.14 keeps it with its arguments."""
    return getattr(item, "fn", None) or next(iter(getattr(item, "task", None) or ()), None)


def _registers_in_pool(item: Any) -> bool:
    func = _called_by(item)
    return func is not None and not _is_own(getattr(func, "__module__", None)) and _may_register(item)


def _may_register(*objects: Any) -> bool:
    from ledgergate.engine.reach import can_register

    return can_register(*objects)


def _goes_on_to_register(frame: FrameType) -> bool:
    from ledgergate.engine.reach import goes_on_to_register

    return goes_on_to_register(frame)


def _is_own(module: str | None, *others: str) -> bool:
    """Tell whether a module is the SDK's, the engine's or asyncio's, which all wait for what the program does."""
    return str(module).partition(".")[0] in ("pulumi", "ledgergate", "asyncio", "_asyncio", *others)
