"""Secret configuration that nobody here can decrypt: unknown, as what only AWS knows is.

A stand-in text would decide what the program does with it. Whoever asks for the secret as an output gets an unknown
one; whoever reads it as plain text gets the stand-in, and what came of that is undecided.

Runs inside the program's interpreter: standard library and pulumi only.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, Final

from pulumi import Config

from ledgergate.engine.symbolic.unknowns import UnansweredError, unknown_output

_AS_TEXT: Final = ("get", "get_object", "require", "require_object")
_KINDS: Final = ("", "_bool", "_float", "_int", "_object")
_REASON: Final = (
    "configuration `{key}` cannot be decrypted here, and the program reads it as plain text; give the passphrase "
    "(PULUMI_CONFIG_PASSPHRASE) or the value (--config {key}=VALUE)"
)


def watch(keys: Collection[str]) -> Callable[[], list[str]]:
    """Follow what the program asks of secret configuration, for the rest of the process.

    Args:
        keys: Full keys that hold a stand-in.

    Returns:
        What gives a sentence for each key that was read as plain text.
    """
    read: dict[str, None] = {}

    def note(key: str) -> None:
        read[_REASON.format(key=key)] = None

    for way in ("get", "require") if keys else ():
        for kind in _KINDS:
            _replace(f"{way}_secret{kind}", keys, lambda _: unknown_output(secret=True))
            plain = f"{way}{kind}"
            _replace(plain, keys, note if plain in _AS_TEXT else _refuse)
    return lambda: list(read)


def _replace(name: str, keys: Collection[str], stand_in: Callable[[str], Any]) -> None:
    """Let a getter of the SDK give something else for these keys, unless that is nothing."""
    plain = getattr(Config, name)

    @wraps(plain)
    def get(self: Config, key: str, *args: Any, **kwargs: Any) -> Any:
        full = self.full_key(key)
        found = stand_in(full) if full in keys else None
        return plain(self, key, *args, **kwargs) if found is None else found

    setattr(Config, name, get)


def _refuse(key: str) -> Any:
    raise UnansweredError(_REASON.format(key=key))
