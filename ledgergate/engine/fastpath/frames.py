"""The stack trace of a registration, without reading the source lines that nobody sends."""

import sys
from functools import cache
from pathlib import Path
from types import FrameType

from pulumi.runtime.proto import source_pb2

_CONSTRUCTORS = 3
"""`Resource.__init__`, then the custom or component class's, then the concrete class's."""


def stack_trace() -> source_pb2.StackTrace:
    """Return what the SDK's `_get_stack_trace` returns: the frames outside the constructors, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    seen = 0
    while frame is not None:
        if frame.f_code.co_name == "__init__":
            seen += 1
            if seen == _CONSTRUCTORS:
                break
        frame = frame.f_back
    return source_pb2.StackTrace(frames=_frames_outside(frame))


def _frames_outside(frame: FrameType | None) -> list[source_pb2.StackFrame]:
    found = []
    frame = frame.f_back if frame is not None else None
    while frame is not None:
        found.append(_frame_at(frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return found


@cache
def _frame_at(filename: str, line: int | None) -> source_pb2.StackFrame:
    uri = _file_uri(filename)
    if uri is None or line is None:
        return source_pb2.StackFrame()
    return source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri=uri, line=line))


@cache
def _file_uri(filename: str) -> str | None:
    try:
        return Path(filename).as_uri()
    except ValueError:
        return None
