"""In which fields two facts differ."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ledgergate.values import Secret, Unknown


def unequal(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every field in which two facts differ: `rules[].port`, and `cidrs` for a tuple of texts."""
    if isinstance(one, Secret) and isinstance(other, Secret):
        yield from unequal(one.value, other.value, path)
    elif type(one) is not type(other) or isinstance(one, Unknown):
        yield from () if one == other else (path,)
    elif is_dataclass(one):
        for each in fields(one):
            yield from unequal(getattr(one, each.name), getattr(other, each.name), f"{path}.{each.name}".lstrip("."))
    elif isinstance(one, tuple) and len(one) == len(other) and any(map(is_dataclass, one)):
        for left, right in zip(one, other, strict=True):
            yield from unequal(left, right, f"{path}[]")
    elif one != other:
        yield path
