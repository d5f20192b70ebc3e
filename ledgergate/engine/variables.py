"""Environment variables that the program asks for and does not get, though its deployment may.

Most variables of the gate are hidden from the program. One that goes on with a default of its own is then not the one
that is deployed.

Runs inside the program's interpreter: standard library only.
"""

import os
import sys
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from types import FrameType
from typing import Any, Final

from ledgergate.engine.sources import is_program_file

_BETWEEN: Final = frozenset({"os", "collections.abc"})
"""Modules through which Python itself asks."""

_OWN: Final = ("ledgergate", "pulumi")
_IMPORTING: Final = "importlib._bootstrap"
_OF_THE_MACHINE: Final = frozenset(
    {
        *("COLUMNS", "FORCE_COLOR", "LANG", "LANGUAGE", "LINES", "NO_COLOR", "TERM", "TERMINFO"),
        *("PATH", "PATHEXT", "TEMP", "TMP", "TMPDIR", "TZ", "TZDIR"),
        *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE", "SSLKEYLOGFILE"),
    }
)
_OF_THE_MACHINE_TOO: Final = ("LC_", "PYTHON")
"""Variables that libraries look at by themselves, and that say how a machine is set up, not what is deployed."""

_CONFIG: Final = "PULUMI_CONFIG"


def watch(hidden: Collection[str], environments: Sequence[str]) -> Callable[[], list[str]]:
    """Follow which environment variables the program asks for, itself or through a library, until the process ends.

    Args:
        hidden: Names of variables that the gate has and the program does not.
        environments: Names of the ESC environments that the stack imports, which may set any variable.

    Returns:
        What gives a sentence for each variable that was asked for and may well be set in a deployment.
    """
    asked: dict[str, None] = {}
    sources = ", ".join(environments)
    class_: Any = type(os.environ)
    plain = class_.__getitem__

    def note(name: str, *, found: bool) -> None:
        if not found and name in hidden:
            asked[f"environment variable {name} is set and hidden from the program; name it with --env {name}"] = None
        elif environments and (not found or name == _CONFIG):
            missed = "configuration, read by hand," if found else f"environment variable {name}"
            asked[f"{missed} may be set by an ESC environment ({sources}), which is not read; {_way(name)}"] = None

    @wraps(plain)
    def getitem(self: Any, key: Any) -> Any:
        try:
            value = plain(self, key)
        except KeyError:
            if _by_program(os.fsdecode(key), sys._getframe(1)):  # noqa: SLF001 - nobody else knows who asks
                note(os.fsdecode(key), found=False)
            raise KeyError(key) from None
        if key == _CONFIG and _by_program(key, sys._getframe(1)):  # noqa: SLF001 - as above
            note(key, found=True)
        return value

    class_.__getitem__ = getitem
    return lambda: list(asked)


def _way(name: str) -> str:
    return "give it with --config KEY=VALUE" if name == _CONFIG else f"set it and name it with --env {name}"


def _by_program(name: str, frame: FrameType | None) -> bool:
    """Tell whether the program asks, by itself or through a library that is not being imported."""
    through = False
    while frame is not None and not is_program_file(frame.f_code.co_filename):
        module = str(frame.f_globals.get("__name__"))
        if module == _IMPORTING or module.partition(".")[0].split("_")[0] in _OWN:
            return False
        through |= module not in _BETWEEN
        frame = frame.f_back
    about_machine = name in _OF_THE_MACHINE or name.startswith(_OF_THE_MACHINE_TOO)
    return frame is not None and not (through and about_machine)
