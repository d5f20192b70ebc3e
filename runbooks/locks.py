"""One runner at a time: in a folder of journals, and on a cluster of an account, whatever folder it is run from."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from runbooks.errors import JournalError
from runbooks.plan import Place

LOCK_FILE: Final = "runner.lock"
"""Beside the journals: whoever runs a drill holds it, and the system frees it when that process ends."""


@contextlib.contextmanager
def one_runner(folder: Path, place: Place) -> Iterator[None]:
    """Let no other process of this user run a drill from this folder, or on the same cluster of an account.

    Raises:
        JournalError: Another process does.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(held_lock(folder, LOCK_FILE, f"from {folder}"))
        if not place.rehearsal:
            name = f"{place.account}-{place.region}-{place.cluster}"
            held.enter_context(held_lock(state_folder(), f"{name}.lock", f"on {name}"))
        yield


def state_folder() -> Path:
    """Return where the locks of accounts lie, the same for every folder that this user works in."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")  # noqa: PTH111 - a home may be missing
    return Path(home if Path(home).is_absolute() else tempfile.gettempdir(), "ledgergate", "drills")


@contextlib.contextmanager
def held_lock(folder: Path, name: str, where: str) -> Iterator[None]:
    """Hold a lock as long as the block runs, and at most as long as this process lives.

    Args:
        folder: Where its file lies; it is made.
        name: Name of the file.
        where: What nobody else may work on meanwhile, for people.

    Raises:
        JournalError: Another process holds it, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise JournalError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise JournalError(
                f"another drill is being run {where}, by process {holder}", "Wait for it, or stop it by Ctrl-C."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
