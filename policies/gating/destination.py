"""Where a report goes: a file that appears whole or not at all, or standard output."""

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, Protocol

from ledgergate.errors import LedgergateError


class Destination(Protocol):
    """Takes one report."""

    @property
    def stream(self) -> IO[str]:
        """Something whose width and colours are those of the reader; not to be written to."""
        ...

    def write(self, text: str, *, encoding: str = "") -> None:
        """Write the report.

        Args:
            text: All of it.
            encoding: Encoding that its format asks for; empty for whatever suits the reader.

        Raises:
            LedgergateError: It cannot be written.
        """
        ...

    def discard(self) -> None:
        """Leave nothing behind if nothing was written."""
        ...


def open_destination(path: Path | None) -> Destination:
    """Return the destination that `--output` names, having made sure that it can be written.

    Raises:
        LedgergateError: It cannot.
    """
    if path is None:
        return _StandardOutput()
    if path.exists() and not path.is_file() and not path.is_dir():
        return _Device(path)
    return _File(path)


class _StandardOutput:
    @property
    def stream(self) -> IO[str]:
        """See `Destination.stream`."""
        return sys.stdout or io.StringIO()

    def write(self, text: str, *, encoding: str = "") -> None:
        """See `Destination.write`. A reader that has seen enough is no error."""
        if sys.stdout is None:  # closed by the caller
            raise LedgergateError("standard output cannot be written: it is closed")
        data = text.encode(encoding or sys.stdout.encoding or "utf-8", "backslashreplace")
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            _silence(sys.stdout)
        except OSError as error:
            _silence(sys.stdout)
            raise LedgergateError(f"standard output cannot be written: {error.strerror}") from None

    def discard(self) -> None:
        """See `Destination.discard`."""


class _Device:
    """A pipe or device that somebody named: there is nothing to rename."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.stream: IO[str] = io.StringIO()

    def write(self, text: str, *, encoding: str = "") -> None:
        """See `Destination.write`."""
        try:
            self._path.write_bytes(text.encode(encoding or "utf-8", "backslashreplace"))
        except BrokenPipeError:
            return
        except OSError as error:
            raise LedgergateError(f"--output {self._path}: cannot be written: {error.strerror}") from None

    def discard(self) -> None:
        """See `Destination.discard`."""


class _File:
    """A file beside which a private one grows, to take its place at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.stream: IO[str] = io.StringIO()
        # A link stays a link: what it points to is replaced.
        self._target = Path(os.path.realpath(path))
        try:
            if self._target.is_dir():
                raise IsADirectoryError(0, "it is a folder")
            descriptor, name = tempfile.mkstemp(prefix=f".{self._target.name}.", dir=self._target.parent)
        except OSError as error:
            raise self._refusal(error) from None
        self._growing = Path(name)
        self._grown: IO[bytes] = os.fdopen(descriptor, "wb")

    def write(self, text: str, *, encoding: str = "") -> None:
        """See `Destination.write`."""
        try:
            with self._grown as stream:
                stream.write(text.encode(encoding or "utf-8", "backslashreplace"))
                stream.flush()
                os.fsync(stream.fileno())
            self._growing.replace(self._target)
        except OSError as error:
            self.discard()
            raise self._refusal(error) from None

    def discard(self) -> None:
        """See `Destination.discard`."""
        with contextlib.suppress(OSError):
            self._grown.close()
        with contextlib.suppress(OSError):
            self._growing.unlink(missing_ok=True)

    def _refusal(self, error: OSError) -> LedgergateError:
        return LedgergateError(f"--output {self._path}: cannot be written: {error.strerror}")


def _silence(stream: IO[str]) -> None:
    """Let the interpreter flush a stream at its end without another error."""
    with contextlib.suppress(OSError, ValueError):
        descriptor = stream.fileno()
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, descriptor)
        os.close(devnull)
