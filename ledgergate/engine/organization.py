"""The name of the Pulumi organization, which nobody knows offline and a program may decide on.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

from pulumi.runtime import settings

_ASSUMED: Final = "the program asks for its organization; it was told `{}`, which is assumed"


def watch() -> Callable[[], list[str]]:
    """Follow whether the program asks for its organization, for the rest of the process; the SDK itself does not.

    Returns:
        What gives a sentence about it, if it has asked.
    """
    asked: dict[str, None] = {}
    plain = getattr(settings, "get_organization", None)
    if plain is None:
        return list  # older SDKs do not tell it

    @wraps(plain)
    def get_organization() -> str:
        told = str(plain())
        asked[_ASSUMED.format(told)] = None
        return told

    settings.get_organization = get_organization
    return lambda: list(asked)
