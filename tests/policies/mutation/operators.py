"""The fixed ways in which one value of a captured resource is spoilt, by the type of the value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.values import Secret, Unknown

ABSENT: Final = object()
"""Stands for a value that is taken away."""

Way = tuple[str, tuple[Any, ...]]
"""Operator, and the values that it tries in place of the one there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place inside a property.

    Args:
        path: `policy{}.Statement[].Effect`: `[]` for any item of a list, `{}` where JSON text is looked into.
        steps: Keys and indexes that lead there; None stands for the JSON text of the value before.
        value: What is there.
    """

    path: str
    steps: tuple[str | int | None, ...]
    value: Any


def spots(name: str, value: Any) -> Iterator[Spot]:
    """Yield every place inside a property, the whole of it first."""
    yield from _spots(name, (), value)


def _spots(path: str, steps: tuple[str | int | None, ...], value: Any) -> Iterator[Spot]:
    yield Spot(path, steps, value)
    plain = value.value if isinstance(value, Secret) else value
    if isinstance(plain, Mapping):
        for key, item in plain.items():
            yield from _spots(f"{path}.{key}", (*steps, key), item)
    elif isinstance(plain, list):
        for index, item in enumerate(plain):
            yield from _spots(f"{path}[]", (*steps, index), item)
    elif (inner := _json(plain)) is not None:
        yield from list(_spots(f"{path}{{}}", (*steps, None), inner))[1:]


def ways(spot: Spot, others: tuple[Any, ...]) -> Iterator[Way]:
    """Yield the operators for a place: drop, negate, one step past a limit, wildcard, another resource's value.

    Args:
        spot: The place.
        others: What other resources of the type have there.
    """
    plain = spot.value.value if isinstance(spot.value, Secret) else spot.value
    if isinstance(plain, Unknown):
        return
    yield "drop", (ABSENT,)
    if isinstance(plain, bool):
        yield "negate", (not plain,)
    elif isinstance(plain, int | float):
        yield "step", (plain - 1, plain + 1, 0, plain * 10)
    elif isinstance(plain, str) and _json(plain) is None:
        yield "wildcard", ("*",)
        yield "other", (*[other for other in others if other != plain][:2], f"{plain}-other")
    elif isinstance(plain, list):
        yield "empty", ([],)


def replaced(value: Any, steps: tuple[str | int | None, ...], new: Any) -> Any:
    """Return a value with another one at the end of the steps, or without it."""
    if not steps:
        return new
    if isinstance(value, Secret):
        return Secret(replaced(value.value, steps, new))
    step, rest = steps[0], steps[1:]
    if step is None:
        return json.dumps(replaced(json.loads(value), rest, new))
    changed = list(value) if isinstance(value, list) else dict(value)
    inner = replaced(changed[step], rest, new)  # type: ignore[index]  # a step fits what it was made of
    if inner is ABSENT:
        del changed[step]  # type: ignore[arg-type]  # as above
    else:
        changed[step] = inner  # type: ignore[index]  # as above
    return changed


def _json(value: Any) -> Any:
    """Return what JSON text holds, if it is an object or a list; else None."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None
