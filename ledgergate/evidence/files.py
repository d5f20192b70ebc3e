"""Files that are there whole or not at all, and that their owner alone can read."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ledgergate.evidence.errors import EvidenceError


def read_file(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        EvidenceError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read: {error.strerror}") from None


@contextlib.contextmanager
def growing_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes its place when the block ends, on disk with its folder entry; not if it raises.

    Raises:
        EvidenceError: It cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        growing = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            growing.replace(path)
            sync_folder(path.parent)
        finally:
            with contextlib.suppress(OSError):
                growing.unlink(missing_ok=True)
    except OSError as error:
        raise EvidenceError(f"{path} cannot be written: {error.strerror}") from None


def sync_folder(folder: Path) -> None:
    """Bring the entries of a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
