"""The survivors: a list for each stack, and the reasons for all of them.

`python -m tests.policies.mutation.listing` writes the lists anew; what no reason covers then fails its test.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.policies.captured import STACKS, captured
from tests.policies.mutation.mutants import Bench, Key

EVERY: Final = "every"
"""Stands as operator for all mutants of a property: none of them is noticed."""

_FOLDER: Final = Path(__file__).parent
_REASONS: Final = _FOLDER / "survivors.toml"


@dataclass(frozen=True, slots=True)
class Group:
    """Survivors with one reason.

    Args:
        reason: Why nobody notices them.
        counts: Whether there is something to notice; else they say nothing about the controls.
        patterns: `type path operator`, with `*` for any text.
    """

    reason: str
    counts: bool
    patterns: tuple[str, ...]

    def explaining(self, key: Key) -> str:
        """Return the pattern that a survivor fits; empty for none."""
        return next((each for each in self.patterns if _fits(each, " ".join(key))), "")


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups in the order in which they explain."""
    found = tomllib.loads(_REASONS.read_text(encoding="utf-8"))["group"]
    return tuple(Group(each["reason"], each["counts"], tuple(each["patterns"])) for each in found)


def group_of(key: Key) -> Group | None:
    """Return the first group that explains a survivor."""
    return next((each for each in groups() if each.explaining(key)), None)


def listed(stack: str) -> set[Key]:
    """Return the survivors that the stack's list holds."""
    lines = _list_of(stack).read_text(encoding="utf-8").splitlines()
    return {(parts[0], " ".join(parts[1:-1]), parts[-1]) for parts in (line.split(" ") for line in lines)}


def survivors(mutants: Mapping[Key, bool]) -> set[Key]:
    """Return the mutants that nobody notices, and with operator `every` the properties of which nobody notices any."""
    properties = {(type_, _property_of(path), EVERY) for type_, path, _ in mutants}
    noticed = {(type_, _property_of(path), EVERY) for (type_, path, _), killed in mutants.items() if killed}
    return {key for key, killed in mutants.items() if not killed} | (properties - noticed)


def rate(mutants: Mapping[Key, bool]) -> float:
    """Return the share of the mutants that are noticed, among those with something to notice."""
    killed = sum(mutants.values())
    counted = sum(is_counted(key) for key, noticed in mutants.items() if not noticed)
    return killed / (killed + counted)


def is_counted(key: Key) -> bool:
    """Tell whether a survivor lowers the rate; one without a reason does."""
    group = group_of(key)
    return group is None or group.counts


def _property_of(path: str) -> str:
    return re.split(r"[.\[{]", path, maxsplit=1)[0]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))


def _fits(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


def _list_of(stack: str) -> Path:
    return _FOLDER / f"survivors.{stack}.txt"


def _write(stack: str, keys: Iterable[Key]) -> None:
    _list_of(stack).write_text("".join(f"{' '.join(key)}\n" for key in sorted(keys)), encoding="utf-8")


if __name__ == "__main__":
    for each in STACKS:
        _write(each, survivors(Bench(captured(each)).mutants()))
