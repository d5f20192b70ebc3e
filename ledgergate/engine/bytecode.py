"""Leaves the program's folder as it is: what Python compiles of the program's own files is not kept beside them.

Runs inside the program's interpreter: standard library only.
"""

from importlib.machinery import SourceFileLoader
from typing import Any

from ledgergate.engine.sources import is_program_file


def forget() -> None:
    """Keep compiled code of installed packages alone, for the rest of the process."""
    keep = SourceFileLoader.set_data

    def set_data(self: SourceFileLoader, path: str, data: Any, **options: Any) -> None:
        if not is_program_file(path):
            keep(self, path, data, **options)

    SourceFileLoader.set_data = set_data  # type: ignore[method-assign]  # Python knows no switch for some files only
