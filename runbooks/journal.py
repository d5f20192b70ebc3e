"""The journal of a drill: hash-chained JSON lines, on disk before anything happens, and a head that seals their end."""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol, Self

from ledgergate.evidence import ChainError, EvidenceError, read_links, seal
from ledgergate.evidence.heads import NO_LINES, Head, head_file, missing_end, parse_head
from runbooks.errors import JournalError
from runbooks.events import Event, event_from_json, event_to_json
from runbooks.progress import Progress, progress_of

CHANGED: Final = "A journal that was changed proves nothing: look at the account by hand."


class Record(Protocol):
    """What a drill is written down in."""

    @property
    def progress(self) -> Progress:
        """Where the drill stands."""
        ...

    def append(self, event: Event) -> None:
        """Write an event."""
        ...


class Unwritten:
    """Stands in for a journal that cannot be written any more, so that what was done can still be taken back.

    Args:
        progress: Where the drill stands.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def append(self, event: Event) -> None:
        """Keep an event for as long as this process lives."""
        self.progress = self.progress.after(event)


class Journal:
    """An open journal; `create_journal` and `open_journal` give one.

    Args:
        path: The file, for messages.
        descriptors: The file, open at its end, and its head.
        events: What it holds.
        head: Where it ends.
        torn_bytes: How much of a torn last line was dropped when it was opened.
        wall: Returns the time of the wall, seconds since 1970.
    """

    def __init__(
        self,
        path: Path,
        descriptors: tuple[int, int],
        events: tuple[Event, ...] = (),
        head: Head = NO_LINES,
        torn_bytes: int = 0,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self.torn_bytes = torn_bytes
        self.progress: Progress = progress_of(events)
        self.descriptors = descriptors
        self.head = head
        self._size = os.fstat(descriptors[0]).st_size
        self._wall = wall

    def append(self, event: Event) -> None:
        """Write an event; when this returns it is on disk, and so is the head that seals it.

        Raises:
            JournalError: It could not be written. What was written of it is cut off again.
        """
        event = replace(event, wall=round(self._wall(), 3))
        line, digest = seal(self.head.count + 1, self.head.digest, event_to_json(event))
        head = Head(self.head.count + 1, digest)
        try:
            self._write(line, head)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self.descriptors[0], self._size)
            raise JournalError(
                f"{self.path} cannot be written: {error.strerror}", "Make room, then `resume` or `undo` this journal."
            ) from None
        self.head, self._size = head, self._size + len(line)
        self.progress = self.progress.after(event)

    def _write(self, line: bytes, head: Head) -> None:
        written = 0
        while written < len(line):
            written += os.write(self.descriptors[0], line[written:])
        os.fsync(self.descriptors[0])
        self.write_head(head)

    def write_head(self, head: Head) -> None:
        """Seal the end."""
        os.pwrite(self.descriptors[1], head.render(), 0)
        os.fsync(self.descriptors[1])

    def close(self) -> None:
        """Close the files."""
        for descriptor in self.descriptors:
            os.close(descriptor)

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
        sealing = os.open(head_file(path), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        journal = Journal(path, (descriptor, sealing))
        journal.write_head(journal.head)
        folder = os.open(path.parent, os.O_RDONLY)
    except FileExistsError:
        raise JournalError(f"{path} exists already", "Go on with it by `resume`, or name another file.") from None
    except OSError as error:
        raise JournalError(f"{path} cannot be written: {error.strerror}") from None
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return journal


def open_journal(path: Path) -> Journal:
    """Open a journal to go on with it; a torn last line, as a crash leaves it, is dropped.

    Raises:
        JournalError: It cannot be read, or a line of it was changed or is missing.
    """
    events, head, whole, torn_bytes = _verified(path)
    with contextlib.ExitStack() as opened:
        descriptors = []
        try:
            for file, flags in ((path, os.O_APPEND), (head_file(path), 0)):
                descriptors.append(os.open(file, os.O_RDWR | flags))
                opened.callback(os.close, descriptors[-1])
            if torn_bytes:
                os.ftruncate(descriptors[0], whole)
                os.fsync(descriptors[0])
            journal = Journal(path, (descriptors[0], descriptors[1]), events, head, torn_bytes)
            # A process that died between a line and its head has left the head behind.
            journal.write_head(head)
        except OSError as error:
            raise JournalError(f"{path} cannot be opened: {error.strerror}") from None
        opened.pop_all()
    return journal


def read_journal(path: Path) -> tuple[Event, ...]:
    """Return the events of a journal without changing it; a torn last line is left out.

    Raises:
        JournalError: It cannot be read, or a line of it was changed or is missing.
    """
    return _verified(path)[0]


def _verified(path: Path) -> tuple[tuple[Event, ...], Head, int, int]:
    """Return events, head, the bytes that are whole, and those of a torn last line."""
    content, sealed = _read(path)
    events: list[Event] = []
    digests: list[str] = []
    torn = False
    try:
        for link in read_links(content):
            events.append(event_from_json(link.record))
            digests.append(link.digest)
    except ChainError as error:
        if not error.torn:
            raise JournalError(f"{path}, {error}", CHANGED) from None
        torn = True
    if digests or sealed:
        _demand_end(path, sealed, digests)
    whole = content.rfind(b"\n") + 1
    head = Head(len(digests), digests[-1]) if digests else NO_LINES
    return tuple(events), head, whole, len(content) - whole if torn else 0


def _read(path: Path) -> tuple[bytes, bytes | None]:
    """Return journal and head as they were at one moment: somebody may write them meanwhile."""
    while True:
        before = _head_of(path)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise JournalError(f"{path} cannot be read: {error.strerror}") from None
        if before == _head_of(path):
            return content, before


def _head_of(path: Path) -> bytes | None:
    try:
        return head_file(path).read_bytes()
    except OSError:
        return None


def _demand_end(path: Path, sealed: bytes | None, digests: list[str]) -> None:
    try:
        missing = missing_end(parse_head(path, sealed), digests)
    except EvidenceError as error:
        raise JournalError(error.message, CHANGED) from None
    if missing:
        raise JournalError(f"{path}: {missing}", CHANGED)
