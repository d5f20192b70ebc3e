"""How a correction is written: a method of moto's, wrapped or added."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Correction:
    """One method of moto, or table of paths, that is replaced or added while a sandbox runs.

    Args:
        owner: Class of moto, or module.
        name: Name of its method, or of its table.
        fact: What AWS does, and moto does not.
        source: Where that is written.
        replacement: The method or the table instead.
    """

    owner: type | ModuleType
    name: str
    fact: str
    source: str
    replacement: Any


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


def add_routes(urls: ModuleType, paths: Mapping[str, Any]) -> None:
    """Register more paths under which a service answers.

    Args:
        urls: The service's module of paths.
        paths: Pattern → who answers.

    Raises:
        TypeError: Moto has one of them now.
    """
    known: dict[str, Any] = urls.url_paths
    if not known.keys().isdisjoint(paths):
        raise TypeError(f"{urls.__name__} has these paths now: delete their substitutes")
    fact = "The service answers under paths that moto does not know"
    source = "The service's model in botocore, requestUri"
    _CORRECTIONS.append(Correction(urls, "url_paths", fact, source, {**known, **paths}))


def sets(owner: ModuleType, name: str, value: Any, *, fact: str, source: str) -> None:
    """Register another value of a module's constant; arguments as for `corrects`."""
    _CORRECTIONS.append(Correction(owner, name, fact, source, value))


def corrections() -> tuple[Correction, ...]:
    """Return every correction."""
    return tuple(_CORRECTIONS)
