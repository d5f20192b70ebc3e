"""What differs between what the sandbox holds and what the program wants."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from integration.sandbox.paths import Path, parse_path, same_at, with_old

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


_TAGS: Final = {"tags": "tagsAll"}
"""Property of a program → what the provider makes of it: who lets the one be lets the other be."""


def with_ignored(before: Mapping[str, Wire], wanted: Mapping[str, Wire], paths: Iterable[str]) -> dict[str, Wire]:
    """Return the wanted inputs with the old values at paths whose changes do not count."""
    merged: Wire = dict(wanted)
    for path in _all(paths):
        merged = with_old(before, merged, path)
    return dict(merged)


def touched(before: Mapping[str, Wire], wanted: Mapping[str, Wire], paths: Iterable[str]) -> bool:
    """Tell whether something differs at one of these paths."""
    return any(not same_at(before, wanted, path) for path in _all(paths))


def _all(paths: Iterable[str]) -> Iterator[Path]:
    for path in map(parse_path, paths):
        yield path
        if path and path[0] in _TAGS:
            yield (_TAGS[str(path[0])], *path[1:])
