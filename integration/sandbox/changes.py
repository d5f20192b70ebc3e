"""What differs between what the sandbox holds and what the program wants."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

Wire = Any


def changed_properties(before: Mapping[str, Wire], wanted: Mapping[str, Wire]) -> frozenset[str]:
    """Return the properties whose values differ; two texts of one JSON document do not."""
    names = before.keys() | wanted.keys()
    return frozenset(name for name in names if not same(before.get(name), wanted.get(name)))


def same(one: Wire, other: Wire) -> bool:
    """Tell whether two wire values mean the same."""
    if one == other:
        return True
    if not (isinstance(one, str) and isinstance(other, str) and one[:1] == other[:1] and one[:1] in "{["):
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except json.JSONDecodeError:
        return False


def with_ignored(before: Mapping[str, Wire], wanted: Mapping[str, Wire], paths: Iterable[str]) -> dict[str, Wire]:
    """Return the wanted inputs with the old values at paths (`tags.Owner`) whose changes do not count."""
    merged = dict(wanted)
    for path in paths:
        name, _, rest = path.partition(".")
        if rest and isinstance(merged.get(name), Mapping) and isinstance(before.get(name), Mapping):
            merged[name] = with_ignored(before[name], merged[name], [rest])
        elif name in before:
            merged[name] = before[name]
        else:
            merged.pop(name, None)
    return merged
