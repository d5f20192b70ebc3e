"""Typed reading of stack configuration; a wrong value ends the program with one sentence for its author."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import TypeVar

import pulumi

from components.errors import ComponentError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def refuse(key: str, problem: str) -> pulumi.RunError:
    """Return the error that names a configuration key and what to do about it.

    Args:
        key: Full key, `payments:vpcCidr`.
        problem: A sentence with the fix.
    """
    return pulumi.RunError(f"{key}: {problem}")


def parsed(key: str, parse: Callable[[], T]) -> T:
    """Return what `parse` returns; what it refuses is said under the configuration key."""
    try:
        return parse()
    except ComponentError as error:
        raise refuse(key, str(error)) from error


def read_text(config: pulumi.Config, key: str, *, variable: str, environ: Mapping[str, str]) -> str | None:
    """Return a text that an environment variable may give when the configuration does not.

    Args:
        config: Where to look first.
        key: Key in `config`.
        variable: Name of the environment variable.
        environ: Environment of the process.
    """
    return config.get(key) or environ.get(variable) or None


def read_choice(config: pulumi.Config, key: str, default: E) -> E:
    """Return one member of the enumeration that `default` belongs to."""
    text = config.get(key)
    if text is None:
        return default
    with suppress(ValueError):
        return type(default)(text)
    raise refuse(config.full_key(key), f"{text!r} is not known: use one of {', '.join(type(default))}.")


def read_halves(config: pulumi.Config, key: str, *, default: float, low: float, high: float) -> float:
    """Return a multiple of a half from `low` to `high`, both included."""
    number = config.get_float(key)
    if number is None:
        return default
    if not low <= number <= high or not (2 * number).is_integer():
        raise refuse(config.full_key(key), f"{number:g} does not fit: use {low:g} to {high:g} in halves.")
    return number


def read_share(config: pulumi.Config, key: str, *, default: float) -> float:
    """Return a share from 0 to 1, both included."""
    number = config.get_float(key)
    if number is None:
        return default
    if not 0 <= number <= 1:
        raise refuse(config.full_key(key), f"{number:g} is no share: use 0 to 1.")
    return number


def read_count(config: pulumi.Config, key: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`, both included."""
    number = config.get_int(key)
    if number is None:
        return default
    if not low <= number <= high:
        raise refuse(config.full_key(key), f"{number} is out of range: use {low} to {high}.")
    return number


def read_texts(config: pulumi.Config, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return a list of texts."""
    found = config.get_object(key)
    if found is None:
        return default
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise refuse(config.full_key(key), 'is not a list of texts: write it as ["first", "second"].')
    return tuple(found)
