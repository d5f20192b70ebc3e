"""What the program hears when it asks whether this is a preview: what is deployed is judged, not what a preview shows.

The SDK itself goes on as in a preview, where an unknown is no value.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any, Final

import pulumi.runtime
from pulumi.runtime import settings

_AS_DEPLOYED: Final = "the program asks whether this is a preview; it was told that it is deployed, and judged as that"
_INSIDE: Final = ("pulumi.", "ledgergate.")


def watch(*, as_deployed: bool) -> Callable[[], list[str]]:
    """Follow whether the program asks for the phase, for the rest of the process.

    Args:
        as_deployed: Whether it is told that it is deployed, whatever the phase is.

    Returns:
        What gives a sentence about it, if it has asked.
    """
    asked: dict[str, None] = {}
    plain = settings.is_dry_run

    def pretended(caller: FrameType) -> bool:
        """Note that somebody asks, and tell whether they are to hear that it is deployed."""
        if caller.f_globals.get("__name__", "").startswith(_INSIDE):
            return False
        asked[_AS_DEPLOYED] = None
        return as_deployed

    @wraps(plain)
    def is_dry_run() -> bool:
        deployed = pretended(sys._getframe(1))  # noqa: SLF001 - nobody else knows who asks
        return plain() and not deployed

    held: Any = vars(settings.Settings).get("dry_run")

    def dry_run(self: Any) -> bool | None:
        deployed = pretended(sys._getframe(1))  # noqa: SLF001 - as above
        phase: bool | None = held.__get__(self, type(self))
        return phase and not deployed

    if held is not None:  # older SDKs keep it in the settings themselves
        settings.Settings.dry_run = property(dry_run, held.__set__)  # type: ignore[method-assign]  # what it was is inside
    settings.is_dry_run = is_dry_run
    pulumi.runtime.is_dry_run = is_dry_run
    return lambda: list(asked)
