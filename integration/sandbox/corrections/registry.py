"""How a correction is written: a method of moto's, wrapped or added."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Correction:
    """One method of moto that is replaced, or added, while a sandbox runs.

    Args:
        owner: Class of moto.
        name: Name of its method.
        fact: What AWS does, and moto does not.
        source: Where that is written.
        replacement: The method instead.
    """

    owner: type
    name: str
    fact: str
    source: str
    replacement: Callable[..., Any]


_CORRECTIONS: Final[list[Correction]] = []

Wrapper = Callable[..., Any]


def corrects(owner: type, name: str, *, fact: str, source: str) -> Callable[[Wrapper], Wrapper]:
    """Register a function `(original, self, …)` as the replacement of a method.

    Args:
        owner: Class of moto.
        name: Name of its method.
        fact: What AWS does, and moto does not.
        source: Where that is written, and when it was read.
    """
    original = getattr(owner, name)

    def register(wrapper: Wrapper) -> Wrapper:
        @functools.wraps(original)
        def replacement(*args: Any, **kwargs: Any) -> Any:
            return wrapper(original, *args, **kwargs)

        _CORRECTIONS.append(Correction(owner, name, fact, source, replacement))
        return wrapper

    return register


def provides(owner: type, name: str, *, fact: str, source: str) -> Callable[[Wrapper], Wrapper]:
    """Register a method that moto does not have.

    Args:
        owner: Class of moto.
        name: Name of the method.
        fact: What AWS does, and moto does not.
        source: Where that is written.

    Raises:
        TypeError: Moto has it now, so that nobody needs this any more.
    """
    if hasattr(owner, name):
        raise TypeError(f"moto's {owner.__name__}.{name} exists: delete its substitute")

    def register(method: Wrapper) -> Wrapper:
        _CORRECTIONS.append(Correction(owner, name, fact, source, method))
        return method

    return register


def corrections() -> tuple[Correction, ...]:
    """Return every correction."""
    return tuple(_CORRECTIONS)
