"""Tells the gate what the program marks as secret, so that no text that comes out of it shows such a value.

Runs inside the program's interpreter: standard library and pulumi only.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pulumi import Output

from ledgergate.engine.channel import Channel, ChannelClosedError


def install(channel: Channel) -> Callable[[Any], None]:
    """Report every value that is passed to `Output.secret`, secret configuration included, as it is marked.

    Returns:
        What reports a value that the program made of a secret. Such a value hides only what the program says: a name
        of a Region beside a password is as secret as that to the SDK, and no finding could be read without it.
    """
    told: set[str] = set()

    def send(texts: Iterable[str], *, derived: bool) -> None:
        new = sorted(set(texts) - told)
        told.update(new)
        if new:
            with contextlib.suppress(ChannelClosedError):  # a forked copy has nothing to tell
                channel.send({"kind": "secret", "texts": new, "derived": derived})

    watched = staticmethod(_watched(Output.secret, lambda value: send(_texts(value), derived=False)))
    Output.secret = watched  # type: ignore[method-assign,assignment]  # the same but for the report
    return lambda value: send(_texts(value, numbers=False), derived=True)


def _watched(original: Callable[[Any], "Output[Any]"], tell: Callable[[Any], None]) -> Callable[[Any], "Output[Any]"]:
    def secret(val: Any) -> "Output[Any]":
        """Mark a value as secret."""

        def told(value: Any) -> Any:
            tell(value)
            return value

        # An output tells before anything that follows from it can print it, or end the process.
        return original(val.apply(told) if isinstance(val, Output) else told(val))

    return secret


def _texts(value: Any, *, numbers: bool = True) -> Iterator[str]:
    """Yield the texts inside a value; an output inside it is found where it is registered."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from (str(value),) if numbers else ()
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item, numbers=numbers)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, numbers=numbers)
