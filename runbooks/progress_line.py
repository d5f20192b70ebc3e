"""What a waiting user sees: a moving line on a terminal, one line a step elsewhere, all of it on standard error."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress_line(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done.

    Args:
        quiet: Whether to show nothing.
    """
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        from rich.console import Console

        with Console(stderr=True, highlight=False, markup=False).status("starting") as status:
            yield status.update
    else:
        yield lambda text: print(text, file=sys.stderr, flush=True)  # noqa: T201 - where it belongs
