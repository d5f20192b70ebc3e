"""Configuration that the program asks for and that nothing at hand sets.

Where a stack imports environments of Pulumi ESC, which are not read here, such a key may well be set: a program that
goes on with a default of its own is then not the one that is deployed.

Runs inside the program's interpreter: standard library and pulumi only.
Source: https://www.pulumi.com/docs/esc/, read 2026-11-21.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from pulumi import Config


def watch(environments: Sequence[str]) -> Callable[[], list[str]]:
    """Follow what the program asks of its configuration, for the rest of the process.

    Args:
        environments: Names of the environments that the stack imports; nothing is followed where there are none.

    Returns:
        What gives a sentence for each key that was asked for and is not set.
    """
    missing: dict[str, None] = {}
    if environments:
        plain = Config._get  # noqa: SLF001 - every getter goes through it

        @wraps(plain)
        def get(self: Config, key: str, *args: Any, **kwargs: Any) -> Any:
            found = plain(self, key, *args, **kwargs)
            if found is None:
                missing[self.full_key(key)] = None
            return found

        Config._get = get  # type: ignore[method-assign]  # noqa: SLF001 - the same, and remembered
    names = ", ".join(environments)
    return lambda: [
        f"configuration `{key}` may be set by an ESC environment ({names}), which is not read; "
        f"give it with --config {key}=VALUE"
        for key in missing
    ]
