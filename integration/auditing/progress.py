"""What a waiting user sees: on a terminal only, on standard error, and nothing that stays."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def status(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is being done now.

    Args:
        quiet: Whether to show nothing.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False, markup=False).status("starting") as shown:
        yield shown.update
