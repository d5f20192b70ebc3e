"""The journal of a drill: hash-chained JSON lines, on disk before anything happens, written by one runner at a time."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from ledgergate.evidence import GENESIS, ChainError, read_links, seal
from runbooks.errors import JournalError
from runbooks.events import Event, event_from_json, event_to_json
from runbooks.progress import Progress, progress_of

LOCK_FILE: Final = "runner.lock"
"""Beside the journals: whoever runs a drill holds it, and the system frees it when that process ends."""


class Journal:
    """An open journal; `create_journal` and `open_journal` give one.

    Args:
        path: The file, for messages.
        descriptor: The file, open at its end.
        events: What it holds.
        head: Hash of its last line.
        torn_bytes: How much of a torn last line was dropped when it was opened.
    """

    def __init__(self, path: Path, descriptor: int, events: tuple[Event, ...], head: str, torn_bytes: int = 0) -> None:
        self.path = path
        self.torn_bytes = torn_bytes
        self.progress: Progress = progress_of(events)
        self._descriptor = descriptor
        self._head = head
        self._count = len(events)
        self._size = os.fstat(descriptor).st_size

    def append(self, event: Event) -> None:
        """Write an event; when this returns it is on disk.

        Raises:
            JournalError: It could not be written. What was written of it is cut off again.
        """
        line, head = seal(self._count + 1, self._head, event_to_json(event))
        try:
            _write(self._descriptor, line)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._size)
            raise JournalError(
                f"{self.path} cannot be written: {error.strerror}", "Make room, then `resume` or `undo` this journal."
            ) from None
        self._head, self._count, self._size = head, self._count + 1, self._size + len(line)
        self.progress = self.progress.after(event)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create_journal(path: Path) -> Journal:
    """Begin a journal; its folder entry is on disk too.

    Raises:
        JournalError: The file exists or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        folder = os.open(path.parent, os.O_RDONLY)
    except FileExistsError:
        raise JournalError(f"{path} exists already", "Go on with it by `resume`, or name another file.") from None
    except OSError as error:
        raise JournalError(f"{path} cannot be written: {error.strerror}") from None
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return Journal(path, descriptor, (), GENESIS)


def open_journal(path: Path) -> Journal:
    """Open a journal to go on with it; a torn last line, as a crash leaves it, is dropped.

    Raises:
        JournalError: It cannot be read, or a line of it was changed.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    except OSError as error:
        raise JournalError(f"{path} cannot be opened: {error.strerror}") from None
    try:
        events, head, size, torn_bytes = _verified(path)
        if torn_bytes:
            os.ftruncate(descriptor, size)
            os.fsync(descriptor)
        return Journal(path, descriptor, events, head, torn_bytes)
    except BaseException:
        os.close(descriptor)
        raise


def read_journal(path: Path) -> tuple[Event, ...]:
    """Return the events of a journal without changing it; a torn last line is left out.

    Raises:
        JournalError: It cannot be read, or a line of it was changed.
    """
    return _verified(path)[0]


@contextlib.contextmanager
def one_runner(folder: Path) -> Iterator[None]:
    """Let no other process run a drill whose journal lies in this folder.

    Raises:
        JournalError: Another process does.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise JournalError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise JournalError(
                f"another drill is being run from {folder}, by process {holder}", "Wait for it, or stop it by Ctrl-C."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _verified(path: Path) -> tuple[tuple[Event, ...], str, int, int]:
    """Return events, head, the bytes that are whole, and those of a torn last line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}") from None
    events: list[Event] = []
    head = GENESIS
    torn = False
    try:
        for link in read_links(content):
            events.append(event_from_json(link.record))
            head = link.digest
    except ChainError as error:
        if not error.torn:
            hint = "A journal that was changed proves nothing: look at the account by hand."
            raise JournalError(f"{path}, {error}", hint) from None
        torn = True
    whole = content.rfind(b"\n") + 1
    return tuple(events), head, whole, len(content) - whole if torn else 0


def _write(descriptor: int, line: bytes) -> None:
    written = 0
    while written < len(line):
        written += os.write(descriptor, line[written:])
    os.fsync(descriptor)
