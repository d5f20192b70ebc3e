"""Property paths, in every form in which Pulumi takes them: `tags.Owner`, `tags["a.b"]`, `rules[0].id`, `*`."""

import re
from collections.abc import Mapping
from typing import Any, Final

Wire = Any
Path = tuple[str | int, ...]

EVERY: Final = "*"
"""Stands for every key of a map, or every element of a list."""

ABSENT: Final = object()
"""What stands at a path that leads nowhere."""

_STEP: Final = re.compile(r'\.?([^.\[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]')


def parse_path(text: str) -> Path:
    """Return the steps of a path; a text that is none is one key, which leads nowhere.

    Source: property paths, Pulumi documentation of `ignoreChanges`, read 2026-11-30.
    """
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            return (text,)
        key, index, quoted = found.groups()
        if quoted is not None:
            steps.append(re.sub(r"\\(.)", r"\1", quoted))
        else:
            steps.append(int(index) if index is not None and index != EVERY else index or key)
        position = found.end()
    return tuple(steps)


def same_at(before: Wire, wanted: Wire, path: Path) -> bool:
    """Tell whether two values hold the same at a path."""
    return bool(with_old(before, wanted, path) == wanted)


def with_old(before: Wire, wanted: Wire, path: Path) -> Wire:
    """Return the wanted value with what stood at a path before; what was not there before is not there now."""
    if not path:
        return before
    step, rest = path[0], path[1:]
    if before is ABSENT or wanted is ABSENT:
        # Something that came or went as a whole keeps its state, unless only a part of it is meant.
        return wanted if rest else before
    if isinstance(before, Mapping) and isinstance(wanted, Mapping):
        return _in_map(before, wanted, step, rest)
    if isinstance(before, list) and isinstance(wanted, list):
        return _in_list(before, wanted, step, rest)
    return wanted


def _in_map(before: Mapping[str, Wire], wanted: Mapping[str, Wire], step: str | int, rest: Path) -> dict[str, Wire]:
    keys = (*wanted, *(key for key in before if key not in wanted))
    chosen = keys if step == EVERY else (str(step),)
    changed = {key: with_old(before.get(key, ABSENT), wanted.get(key, ABSENT), rest) for key in chosen}
    merged = {**wanted, **changed}
    return {key: value for key, value in merged.items() if value is not ABSENT}


def _in_list(before: list[Wire], wanted: list[Wire], step: str | int, rest: Path) -> list[Wire]:
    if step == EVERY and not rest:
        return before
    chosen = range(len(wanted)) if step == EVERY else (step,)
    both = min(len(before), len(wanted))
    return [
        with_old(before[index], each, rest) if index in chosen and index < both else each
        for index, each in enumerate(wanted)
    ]
