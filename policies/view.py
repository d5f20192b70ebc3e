"""What a control gets to see of a fact: reading what is unknown stops it, and every read is recorded."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from types import FunctionType, MethodType
from typing import Any, Final, NoReturn

from ledgergate.values import Secret, Unknown
from policies.facts.registry import is_frozen_fact

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


class UnknownReadError(Exception):
    """A control read a field whose value nobody knows.

    Args:
        path: Path of the field in the fact, `rules[0].from_port`.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(slots=True)
class Reads:
    """What one judgement read.

    Args:
        paths: Fields read, `name`, `rules[0].from_port`.
        secret: Fields read that were secret.
        unknown: Path of the first field read that was unknown; None when there was none.
    """

    paths: set[str] = field(default_factory=set)
    secret: set[str] = field(default_factory=set)
    unknown: str | None = None


class View:
    """A fact, or a dataclass inside one, as a control sees it.

    Properties and methods of the fact's class see the view too, so what they read counts.
    """

    __slots__ = ("_fact", "_path", "_reads")

    def __init__(self, fact: object, reads: Reads, path: str = "") -> None:
        self._fact = fact
        self._reads = reads
        self._path = path

    def __getattr__(self, name: str) -> Any:
        """Return a field's value as the control may see it."""
        fact = self._fact
        if name not in _fields_of(type(fact)):
            return self._computed(name)
        path = f"{self._path}.{name}" if self._path else name
        self._reads.paths.add(path)
        value = getattr(fact, name)
        return value if type(value) in _PLAIN else see(value, self._reads, path)

    def _computed(self, name: str) -> Any:
        attribute = getattr(type(self._fact), name)
        if isinstance(attribute, property) and attribute.fget:
            return attribute.fget(self)
        return MethodType(attribute, self) if isinstance(attribute, FunctionType) else attribute

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("compare the fields of facts, not facts: a field that is never read cannot be checked")

    __hash__ = None  # type: ignore[assignment]  # comparing is refused, so hashing must be too


class SequenceView(Sequence[Any]):
    """A tuple of a fact whose items are looked at one by one."""

    __slots__ = ("_items", "_path", "_reads")

    def __init__(self, items: tuple[Any, ...], reads: Reads, path: str) -> None:
        self._items = items
        self._reads = reads
        self._path = path

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return tuple(self[position] for position in range(len(self))[index])
        return see(self._items[index], self._reads, f"{self._path}[{range(len(self))[index]}]")

    def __iter__(self) -> Iterator[Any]:
        for index, item in enumerate(self._items):
            yield see(item, self._reads, f"{self._path}[{index}]")

    def __add__(self, other: Sequence[Any]) -> tuple[Any, ...]:
        return (*self, *other)

    def __radd__(self, other: Sequence[Any]) -> tuple[Any, ...]:
        return (*other, *self)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, SequenceView) else other)

    __hash__ = None  # type: ignore[assignment]  # its items are looked at only when asked for


def see(value: Any, reads: Reads, path: str) -> Any:
    """Return a value of a fact as a control may see it.

    Raises:
        UnknownReadError: It is unknown.
        TypeError: A fact holds something that is not frozen, or not data.
    """
    if isinstance(value, Unknown):
        reads.unknown = reads.unknown or path
        raise UnknownReadError(path)
    if isinstance(value, Secret):
        reads.secret.add(path)
        return see(value.value, reads, path)
    if isinstance(value, tuple):
        return value if all(type(item) in _PLAIN for item in value) else SequenceView(value, reads, path)
    if isinstance(value, frozenset):
        return frozenset([see(item, reads, path) for item in value])
    if type(value) in _PLAIN or isinstance(value, (enum.Enum, date)):
        return value
    if _fields_of(type(value)):
        return View(value, reads, path)
    raise TypeError(f"{path} holds a {type(value).__name__}; a fact holds plain values, tuples and frozen dataclasses")


_FIELDS: Final[dict[type, frozenset[str]]] = {}


def _fields_of(class_: type) -> frozenset[str]:
    """Return the names of a frozen dataclass's fields; empty for every other class."""
    names = _FIELDS.get(class_)
    if names is None:
        names = frozenset(each.name for each in fields(class_)) if is_frozen_fact(class_) else frozenset()
        _FIELDS[class_] = names
    return names
