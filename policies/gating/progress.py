"""What a waiting user sees: on a terminal only, on standard error, and nothing that stays."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from threading import Timer
from typing import Final

_PATIENCE_S: Final = 2.0


@contextlib.contextmanager
def progress(stacks: int, *, quiet: bool, what: str = "") -> Iterator[Callable[[str], None]]:
    """Show how many stacks are through, and yield a function that counts one more.

    Args:
        stacks: How many there are.
        quiet: Whether to show nothing.
        what: What is judged where it is not what the user named, ready to show.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
    elif os.environ.get("TERM", "dumb") == "dumb":
        yield from _plain(stacks, what)
    else:
        yield from _moving(stacks, what)


def _plain(stacks: int, what: str) -> Iterator[Callable[[str], None]]:
    timer = Timer(_PATIENCE_S, lambda: print(_line(what, 0, stacks), file=sys.stderr))  # noqa: T201 - the terminal is where it belongs
    timer.daemon = True
    timer.start()
    try:
        yield lambda _: None
    finally:
        timer.cancel()


def _moving(stacks: int, what: str) -> Iterator[Callable[[str], None]]:
    from rich.console import Console

    done = 0
    with Console(stderr=True, highlight=False, markup=False).status(_line(what, 0, stacks)) as status:

        def step(name: str) -> None:
            nonlocal done
            done += 1
            status.update(_line(what, done, stacks, name))

        yield step


def _line(what: str, done: int, stacks: int, last: str = "") -> str:
    doing = f"judging {what}" if what else "judging"
    text = f"{doing}: {done} of {stacks} stacks through"
    return f"{text}, last {last}" if last else text
