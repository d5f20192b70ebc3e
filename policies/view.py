"""What a control gets to see of a fact: reading what is unknown stops it, and every read is recorded."""

import enum
from collections.abc import Callable, Iterator, Sequence
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


Path = tuple[Any, str | int] | None
"""Where a value stands: the path of what holds it, and a field's name or an index. None is the fact itself."""


def rendered(path: Path) -> str:
    """Return a path as people write it, `rules[0].from_port`."""
    if path is None:
        return ""
    holder, step = rendered(path[0]), path[1]
    if isinstance(step, int):
        return f"{holder}[{step}]"
    return f"{holder}.{step}" if holder else step


_GATHERED: Final = {
    "certain": "what is declared for it",
    "possible": "what may be declared for it",
    "unsure": "a rule",
}
"""Fields in which facts gather what they found → what that is; nobody who reads a program or an account knows them."""

_ONE_OF: Final = {"copies": "copy", "environment": "variable", "others": "other one"}
"""Names of lists whose items are not called as the list is, without its last letter."""

_THINGS: Final = {"labels": "its tags", "rule": "a rule"}
"""Fields that hold a thing of its own and no property → what that is."""


def worded(path: Path) -> str:
    """Return a path as a reader understands it who knows properties and no facts: `fromPort of a rule`."""
    (name, item), *holders = _steps(path)
    said = _GATHERED.get(name) or (f"one of {_property(name)}" if item else _property(name))
    for holder, listed in holders:
        if holder not in _GATHERED:
            return f"{said} of {_one_of(holder) if listed else _THINGS.get(holder) or _property(holder)}"
    return said


def _steps(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the fields of a path, the innermost first, and of each whether it is an item of it."""
    while path is not None:
        path, step = path
        item = isinstance(step, int)
        while isinstance(step, int) and path is not None:
            path, step = path
        yield str(step), item


def _property(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _one_of(names: str) -> str:
    one = _ONE_OF.get(names, names.removesuffix("s")).replace("_", " ")
    return f"{'an' if one[0] in 'aeiou' else 'a'} {one}"


@dataclass(frozen=True, slots=True)
class Reads:
    """What one judgement read. Paths are put into words only when somebody asks: most judgements pass.

    Args:
        seen: Fields read, in order.
        hidden: Fields and items read that were secret.
        unknown: Fields and items that stopped the control.
    """

    seen: list[Path] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)

    @property
    def paths(self) -> frozenset[str]:
        """Fields read, `name`, `rules[0].from_port`."""
        return frozenset(map(rendered, self.seen))


class View:
    """A fact, or a dataclass inside one, as a control sees it.

    Each class of facts has a class of views, with a property for each field. Properties and methods of the fact's
    class see the view too, so what they read counts. `view_of` makes one.
    """

    __slots__ = ("_fact", "_note", "_path", "_reads")

    def __init__(self, fact: object, reads: Reads, path: Path) -> None:
        self._fact = fact
        self._reads = reads
        self._note = reads.seen.append
        self._path = path

    def __getattr__(self, name: str) -> Any:
        """Return what the fact's class computes from its fields."""
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

    def __init__(self, items: tuple[Any, ...], reads: Reads, path: Path) -> None:
        self._items = items
        self._reads = reads
        self._path = path

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return tuple(self[position] for position in range(len(self))[index])
        return see(self._items[index], self._reads, (self._path, range(len(self))[index]))

    def __iter__(self) -> Iterator[Any]:
        for index, item in enumerate(self._items):
            yield see(item, self._reads, (self._path, index))

    def __add__(self, other: Sequence[Any]) -> tuple[Any, ...]:
        return (*self, *other)

    def __radd__(self, other: Sequence[Any]) -> tuple[Any, ...]:
        return (*other, *self)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, SequenceView) else other)

    __hash__ = None  # type: ignore[assignment]  # its items are looked at only when asked for


def view_of(fact: object, reads: Reads) -> Any:
    """Return a fact as a control may see it.

    Raises:
        TypeError: It is no frozen slotted dataclass.
    """
    return see(fact, reads, None)


def see(value: Any, reads: Reads, path: Path) -> Any:
    """Return a value of a fact as a control may see it.

    Raises:
        UnknownReadError: It is unknown.
        TypeError: A fact holds something that is not frozen, or not data.
    """
    type_ = type(value)
    if type_ in _PLAIN:
        return value
    make = _makers.get(type_) or _made(type_)
    if make is None:
        where = rendered(path) or "a fact"
        raise TypeError(f"{where} is a {type_.__name__}; facts hold plain values, tuples and frozen dataclasses")
    return make(value, reads, path)


Maker = Callable[[Any, Reads, Path], Any]


def _stop(_value: Unknown, reads: Reads, path: Path) -> NoReturn:
    reads.unknown.append(path)
    raise UnknownReadError(rendered(path))


def _reveal(value: Secret, reads: Reads, path: Path) -> Any:
    reads.hidden.append(path)
    return see(value.value, reads, path)


def _sequence(value: tuple[Any, ...], reads: Reads, path: Path) -> Any:
    return value if _PLAIN.issuperset(map(type, value)) else SequenceView(value, reads, path)


def _set(value: frozenset[Any], reads: Reads, path: Path) -> Any:
    return frozenset([see(item, reads, path) for item in value])


def _as_it_is(value: Any, _reads: Reads, _path: Path) -> Any:
    return value


_makers: Final[dict[type, Maker]] = {Unknown: _stop, Secret: _reveal, tuple: _sequence, frozenset: _set}


def _made(type_: type) -> Maker | None:
    """Return what makes a view of a type that is met for the first time, and keep it; None when it is no fact's."""
    if is_frozen_fact(type_):
        members = {each.name: property(_reader(type_, each.name)) for each in fields(type_)}
        _makers[type_] = type(f"{type_.__name__}View", (View,), {"__slots__": (), **members})
    elif issubclass(type_, (enum.Enum, date)):
        _makers[type_] = _as_it_is
    return _makers.get(type_)


def _reader(fact: type, name: str) -> Callable[[View], Any]:
    value_in = getattr(fact, name).__get__

    def read(view: View) -> Any:
        path = (view._path, name)  # noqa: SLF001 - part of the view's class
        view._note(path)  # noqa: SLF001 - part of the view's class
        value = value_in(view._fact)  # noqa: SLF001 - part of the view's class
        return value if type(value) in _PLAIN else see(value, view._reads, path)  # noqa: SLF001 - part of the view's class

    return read
