"""Copies of the program's process, made by `os.fork`: what they register reaches nobody.

Workers of `multiprocessing` and `concurrent.futures` are such copies too where the start method is `fork`. They may
compute; a resource that one of them makes would be missing from the graph, so the run must not pass without it.

Runs inside the program's interpreter: standard library and pulumi only.
Source: `os.register_at_fork`, https://docs.python.org/3/library/os.html#os.register_at_fork, read 2026-11-21.
"""

import contextlib
import os
import select
import sys
import time
from typing import Any, Final, NoReturn

import pulumi

from ledgergate.engine.sources import program_place

_PATIENCE_S: Final = 2.0
"""How long a copy may go on after the program has ended, before it counts as one that nobody waited for."""

_LONGEST: Final = 512
"""Bytes of a note; a pipe takes that much in one piece."""

_MARK: Final = "ledgergate"
_PARTS: Final = 5
_DEPENDENCY: Final = 4
"""Position, behind type and name, of the argument that says that only a reference is made."""


class CopyError(RuntimeError):
    """A copy of the program's process tried to register a resource."""


class Copies:
    """Watches from now on whether this process is copied, and what its copies do."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._files = (_identity(self._reading), _identity(self._writing))
        self._any = False
        os.register_at_fork(after_in_parent=self._count, after_in_child=self._become_copy)

    def end(self) -> tuple[dict[str, Any] | None, list[str]]:
        """Wait a moment for the copies to end.

        Returns:
            What a copy tried to register, as the failure of the run, or None; and a sentence if copies go on.
        """
        if not self._any:
            return None, []
        said, ended = self._read() if self._are_ours() else (b"", False)
        notes = (line.split("\x1f") for line in said.decode(errors="replace").splitlines())
        failure = next((_failure(*note[1:]) for note in notes if note[0] == _MARK and len(note) == _PARTS), None)
        going_on = f"a copy of the program's process (os.fork) still ran {_PATIENCE_S:g} s after the program had ended"
        return failure, [] if ended else [going_on]

    def _count(self) -> None:
        self._any = True

    def _become_copy(self) -> None:
        self._any = False  # only the process that was started waits for others
        plain = pulumi.Resource.__init__

        def init(resource: Any, t: str, name: str, *args: Any, **options: Any) -> None:
            if not options.get("dependency", args[_DEPENDENCY : _DEPENDENCY + 1] == (True,)):
                self._refuse(t, name)
            plain(resource, t, name, *args, **options)

        pulumi.Resource.__init__ = init  # type: ignore[method-assign,assignment]  # the same but for what it makes

    def _refuse(self, type_: str, name: str) -> NoReturn:
        file, line = program_place(sys._getframe(1))  # noqa: SLF001 - nobody else knows who calls
        note = "\x1f".join((_MARK, str(type_), str(name), file, str(line))).replace("\n", " ")
        if self._are_ours():
            with contextlib.suppress(OSError):
                os.write(self._writing, f"{note[:_LONGEST]}\n".encode())
        message = f"{type_} {name}: a copy of the program's process cannot register resources"
        raise CopyError(message)

    def _are_ours(self) -> bool:
        """Tell whether the program has left the pipe alone: it may have closed it and opened something else."""
        return (_identity(self._reading), _identity(self._writing)) == self._files

    def _read(self) -> tuple[bytes, bool]:
        """Return what copies noted, and whether all of them have ended: then nobody can write any more."""
        os.close(self._writing)
        until, said = time.monotonic() + _PATIENCE_S, b""
        while (left := until - time.monotonic()) > 0 and select.select([self._reading], [], [], left)[0]:
            part = os.read(self._reading, 1 << 16)
            if not part:
                return said, True
            said += part
        return said, False


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _failure(type_: str, name: str, file: str, line: str) -> dict[str, Any]:
    frames = f'  File "{file}", line {line}\n' if file else ""
    message = f"a copy of the program's process (os.fork) tried to register {type_} '{name}', which reaches nobody"
    return {"kind": "copy", "message": message, "traceback": frames}
