"""What a program declares of one setting of a resource: in companions, in the resource itself, or in a look-up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value
from policies.facts.joins import companions
from policies.facts.properties import UNKNOWN


@dataclass(frozen=True, slots=True)
class Declared:
    """One setting of one resource.

    Args:
        certain: What is declared for it, in companions and in the resource itself; they overwrite each other, so each
            of them has to be right. What is known in full comes first, so that what is surely wrong is found first.
        possible: What may be declared for it: the resource that a companion names is not known.
        looked_up: A companion of it is only looked up (`.get`), so that its content shows in the account alone.
    """

    certain: tuple[Any, ...]
    possible: tuple[Any, ...]
    looked_up: bool


@dataclass(frozen=True, slots=True)
class Carriers:
    """The companions that carry a setting.

    Args:
        types: Their types.
        property: Their property that names the owner.
        owners: Types of the owner.
    """

    types: tuple[str, ...]
    property: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inline:
    """Where an owner carries a setting itself.

    Args:
        property: camelCase property.
        build: Makes the setting of the owner and the property's value; None where nobody reads its form.
    """

    property: str
    build: Callable[[Graph, Resource, Value], Any] | None


Build = Callable[[Graph, Resource], Any]


def declared(graph: Graph, owner: Resource, carriers: Carriers, build: Build, *inline: Inline) -> Declared:
    """Return what a program declares of one setting of a resource.

    Args:
        graph: The stack.
        owner: The resource.
        carriers: The companions.
        build: Makes the setting of a companion.
        inline: Where the owner may carry it itself.
    """
    found = companions(graph, owner, carriers.types, carriers.property, carriers.owners)
    created = [each for each in found.certain if each.kind is not Kind.READ]
    possible = [each for each in found.possible if each.kind is not Kind.READ]
    certain = [build(graph, each) for each in created]
    certain += _inline(graph, owner, inline, alone=not created and not possible)
    loose = [build(graph, each) for each in possible]
    if not certain and len(possible) < len(found.possible):
        # Whose settings that look-up shows is not known, so neither is whether there are any.
        loose.append(UNKNOWN)
    return Declared(
        certain=known_first(certain),
        possible=known_first(loose),
        looked_up=len(created) < len(found.certain),
    )


def _inline(graph: Graph, owner: Resource, inline: tuple[Inline, ...], *, alone: bool) -> list[Any]:
    # Outputs hold what companions have set, and what the service sets by itself; inputs are the program's.
    settings: Mapping[str, Value] = owner.inputs or (owner.outputs if alone else {})
    given = [each for each in inline if _is_given(settings.get(each.property))]
    return [UNKNOWN if each.build is None else each.build(graph, owner, settings[each.property]) for each in given]


def _is_given(value: Value) -> bool:
    return value is not None and value not in ([], "")


def known_first(items: Iterable[Any]) -> tuple[Any, ...]:
    """Return parts of a fact in an order in which what is surely wrong is met before what nobody knows."""
    return tuple(sorted(items, key=is_open))


def is_open(value: Any) -> bool:
    """Tell whether a fact holds an unknown at any depth."""
    if isinstance(value, Secret):
        return is_open(value.value)
    if isinstance(value, tuple):
        return any(map(is_open, value))
    if is_dataclass(value) and not isinstance(value, Unknown):
        return any(is_open(getattr(value, each.name)) for each in fields(value))
    return isinstance(value, Unknown)
