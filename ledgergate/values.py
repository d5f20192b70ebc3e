"""Property values of a resource: plain data, plus what cannot be known or must not be shown.

A property is `None`, `bool`, `float`, `str`, `list`, `dict`, or one of the classes below. Numbers are
doubles, as on the engine's wire.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
"""`None | bool | float | str | list[Value] | dict[str, Value] | Unknown | Secret | Asset`."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that nobody can know before deployment."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that no message, log or report may show."""

    value: Value

    def __repr__(self) -> str:
        return "[secret]"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, text or archive handed to a resource.

    Args:
        kind: `asset` or `archive`.
        sha256: Hash the engine computes over the content, hex; empty when it cannot be read.
        origin: `path`, `text`, `uri` or `assets`.
        value: Path or URI as written; empty for text and for archives of assets.
    """

    kind: str
    sha256: str
    origin: str
    value: str = ""


SYMBOL_MARK: Final = "1ed6e7a7"
"""Eight hex digits that every minted id carries; see `ledgergate/engine/symbolic`."""

PLACEHOLDER_ACCOUNT: Final = "123456789012"
"""Stands for the account of a stack whose profile names none; AWS's own documentation uses it."""

_SYMBOL: Final = re.compile(SYMBOL_MARK, re.IGNORECASE)


def is_symbolic(value: Value) -> bool:
    """Tell whether a string holds a value that the symbolic provider minted.

    Such a string is as good as the real one as an identity (this bucket, that key), and says nothing as
    a CIDR, a number or a policy text.
    """
    return isinstance(value, str) and _SYMBOL.search(value) is not None


def reveal(value: Value) -> Value:
    """Return `value` without its `Secret` wrappers, for judging; never for showing."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, list):
        return [reveal(item) for item in value]
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    return value


def has_unknown(value: Value) -> bool:
    """Tell whether `value` is unknown or holds an unknown at any depth."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    return False


def strings_in(value: Value) -> Iterator[str]:
    """Yield every string inside `value`, secrets left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from strings_in(item)
