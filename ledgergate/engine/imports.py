"""Packages that the program asks for, that are not installed here, and that its deployment will have.

A program that catches the error and goes on registers less here than there.

Runs inside the program's interpreter: standard library only.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, wraps
from importlib import metadata
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Final

from ledgergate.engine.sources import is_program_file

_NAME: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_OTHERWISE: Final = "{} is not installed here, and the program asks for it; install it in {}"


def watch(folder: Path) -> Callable[[], list[str]]:
    """Follow which imports of the program's own files find nothing, for the rest of the process.

    Args:
        folder: Folder of the project, where its requirements lie.

    Returns:
        What gives a sentence for each package of Pulumi, and each that the requirements name, that was missed.
    """
    finder = _Missed(folder)
    sys.meta_path.append(finder)
    _watch_metadata(finder)
    return lambda: [_OTHERWISE.format(name, sys.executable) for name in finder.names]


def _watch_metadata(finder: "_Missed") -> None:
    """Follow whose version the program asks for, which is no import."""
    class_: Any = metadata.Distribution
    plain = class_.from_name.__func__

    @wraps(plain)
    def from_name(cls: Any, name: str) -> Any:
        try:
            return plain(cls, name)
        except metadata.PackageNotFoundError:
            finder.note(_plain(name), name, sys._getframe(1))  # noqa: SLF001 - nobody else knows who asks
            raise

    class_.from_name = classmethod(from_name)


class _Missed:
    """Is asked last, for what nobody has found."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, None] = {}
        self._folder = folder

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None) -> None:
        """Find nothing, and note what a deployment would find."""
        self.note(name.partition(".")[0], name, sys._getframe(1))  # noqa: SLF001 - nobody else knows who imports

    def note(self, top: str, name: str, frame: FrameType | None) -> None:
        """Note what a frame asks for and does not find, if a deployment would find it."""
        if _by_program(frame) and (top.startswith("pulumi_") or _plain(top) in _required(self._folder)):
            self.names[name] = None


def _by_program(frame: FrameType | None) -> bool:
    while frame is not None and str(frame.f_globals.get("__name__")).startswith("importlib"):
        frame = frame.f_back
    return frame is not None and is_program_file(frame.f_code.co_filename)


@cache
def _required(folder: Path) -> frozenset[str]:
    """Return the packages that a program's requirements name without a condition."""
    return frozenset(map(_plain, (*_of_lines(folder / "requirements.txt"), *_of_project(folder / "pyproject.toml"))))


def _of_lines(path: Path) -> Iterator[str]:
    if path.is_file():
        yield from _named(path.read_text(encoding="utf-8", errors="replace").splitlines())


def _of_project(path: Path) -> Iterator[str]:
    try:
        written: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    yield from _named(written.get("project", {}).get("dependencies", ()))
    yield from written.get("tool", {}).get("poetry", {}).get("dependencies", {})


def _named(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        found = _NAME.match(line)
        if found is not None and ";" not in line:
            yield found[1]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()
