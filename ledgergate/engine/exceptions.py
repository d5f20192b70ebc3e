"""Exceptions as text, and the lines of the program that they came from; whatever an exception is, nothing raises.

Runs inside the program's interpreter: standard library only.
"""

import traceback
from collections.abc import Iterator
from types import TracebackType

from ledgergate.engine.sources import is_program_file


def text_of(error: BaseException) -> str:
    """Return what an exception says; one of the program's own classes may fail at that."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - whatever is raised, there is no text
        return f"<{type(error).__name__} that has no text>"


def said_by(error: BaseException) -> str:
    """Return type and text of an exception; a syntax error also says where, a plain `Exception` only its text.

    The text is whole, of many lines perhaps: a secret that was cut could not be found in it any more.
    """
    if type(error) is Exception:
        return text_of(error).strip() or "Exception"
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} ({error.filename}, line {error.lineno})"
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and those it followed from, latest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def program_frames_of(*traces: TracebackType | None) -> list[traceback.FrameSummary]:
    """Return the program's own frames, outermost first, of the first traceback that has any."""
    found = ([frame for frame in traceback.extract_tb(trace) if is_program_file(frame.filename)] for trace in traces)
    return next(filter(None, found), [])


def program_source(error: BaseException) -> tuple[tuple[str, int], ...]:
    """Return (file, line) of the program's frames that an exception came through, innermost first."""
    frames = program_frames_of(error.__traceback__)
    return tuple((frame.filename, frame.lineno or 0) for frame in reversed(frames))
