"""Which fact is built from which resources, and by whom."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ledgergate.graph import Graph, Kind, Resource

Build = Callable[[Graph, Resource], Any]
BuildT = TypeVar("BuildT", bound=Build)

ANY_TYPE: Final = "*"
"""Stands for every type token."""

_MANAGED: Final = frozenset({Kind.CUSTOM})


@dataclass(frozen=True, slots=True)
class Adapter:
    """How one fact is built from the graph.

    Args:
        fact: Frozen dataclass that `build` returns.
        types: Type tokens of the resources it is built from; `*` for every one, `aws:*` for every one of a package.
        joined: Whether it needs the whole graph; else the resource and its provider are enough.
        kinds: Kinds of resource it is built from.
        build: Pure function of a graph and a resource of it.
    """

    fact: type
    types: tuple[str, ...]
    joined: bool
    kinds: frozenset[Kind]
    build: Build

    def serves(self, kind: Kind, type_: str) -> bool:
        """Tell whether the fact is built from resources of this kind and type token."""
        package = type_.partition(":")[0] + ":*"
        return kind in self.kinds and any(each in (type_, package, ANY_TYPE) for each in self.types)


_ADAPTERS: Final[dict[type, tuple[Adapter, ...]]] = {}


def adapter(
    *, types: Iterable[str], joined: bool = False, kinds: Iterable[Kind] = _MANAGED
) -> Callable[[BuildT], BuildT]:
    """Register a function `<what>_from_graph(graph, resource) -> Fact` as the way to build that fact.

    A fact may have several adapters, one for each form in which a program writes the same thing.

    Args:
        types: Type tokens it builds from; `*` for all, `aws:*` for all of a package.
        joined: Whether the fact is joined from several resources, and so judged over the stack.
        kinds: Kinds of resource it builds from. Reads are never judged.

    Raises:
        TypeError: The return annotation is no frozen slotted dataclass, or adapters of one fact differ in `joined`.
    """

    def register(build: BuildT) -> BuildT:
        fact = inspect.get_annotations(build, eval_str=True).get("return")
        if not (isinstance(fact, type) and is_frozen_fact(fact)):
            raise TypeError(f"{build.__qualname__} must be annotated to return a frozen slotted dataclass")
        earlier = _ADAPTERS.get(fact, ())
        if any(each.joined is not joined for each in earlier):
            raise TypeError(f"{fact.__qualname__} is judged per resource or over the stack, not both")
        if Kind.READ in kinds:
            raise TypeError(f"{build.__qualname__}: reads are never judged")
        _ADAPTERS[fact] = (*earlier, Adapter(fact, tuple(types), joined, frozenset(kinds), build))
        return build

    return register


def is_frozen_fact(fact: type) -> bool:
    """Tell whether a class is a frozen dataclass with slots, as every fact and every part of one must be."""
    return is_dataclass(fact) and fact.__dataclass_params__.frozen and "__slots__" in vars(fact)  # type: ignore[attr-defined]  # typeshed hides the params


def adapters() -> Mapping[type, tuple[Adapter, ...]]:
    """Return every fact that has an adapter."""
    return MappingProxyType(_ADAPTERS)


def adapters_of(fact: type) -> tuple[Adapter, ...]:
    """Return the adapters of a fact, in the order they were registered; empty when it has none."""
    return _ADAPTERS.get(fact, ())
