"""Which lines of the program led to a registration.

Runs inside the program's interpreter: standard library only.
"""

import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import unquote, urlparse

_HARNESS = str(Path(__file__).resolve().parent)


def _library_folders() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    named = {paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    named.update(site.getsitepackages())
    named.add(site.getusersitepackages())
    named.add(str(Path(sys.base_prefix) / "lib"))
    return tuple(f"{Path(folder)}/" for folder in (*named, _HARNESS))


_LIBRARIES: Final = _library_folders()
"""Found before the program runs: it may change the path that `sysconfig` imports from."""


@cache
def is_program_file(path: str) -> bool:
    """Tell whether a source file is the program's own, not a library's or the engine's."""
    return bool(path) and "<" not in path and not path.startswith(_LIBRARIES) and "/site-packages/" not in path


def is_engine_file(path: str) -> bool:
    """Tell whether a source file is the engine's own; the fast path speaks for the SDK."""
    return path.startswith(f"{_HARNESS}/") and not path.startswith(f"{_HARNESS}/fastpath/")


def program_place(frame: FrameType | None) -> tuple[str, int]:
    """Return (file, line) of the innermost frame of the program's own; an empty file when there is none."""
    while frame is not None and not is_program_file(frame.f_code.co_filename):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def program_function(func: Any) -> tuple[str, int, str]:
    """Return (file, line, name) of a function; an empty file when it is not one of the program's own."""
    code = getattr(func, "__code__", None)
    name = getattr(func, "__qualname__", type(func).__name__)
    if code is None or not is_program_file(code.co_filename):
        return "", 0, name
    return code.co_filename, code.co_firstlineno, name


@cache
def _program_path(uri: str) -> str:
    path = unquote(urlparse(uri).path)
    return path if is_program_file(path) else ""


def program_frames(request: Any) -> tuple[tuple[str, int], ...]:
    """Return the program's own frames of a registration as (file, line), innermost first.

    Older SDKs send one position or none.
    """
    trace = request.stackTrace.frames if "stackTrace" in request.DESCRIPTOR.fields_by_name else ()
    positions = [frame.pc for frame in trace]
    if not positions and "sourcePosition" in request.DESCRIPTOR.fields_by_name:
        positions = [request.sourcePosition]
    return tuple(program_positions(positions))


def program_positions(positions: Iterable[Any]) -> Iterator[tuple[str, int]]:
    """Yield (file, line) of those positions that lie in the program's own files."""
    for position in positions:
        path = _program_path(position.uri)
        if path:
            yield path, position.line
