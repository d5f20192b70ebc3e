"""What the sandbox has created for a stack, as Pulumi's state file would tell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final

from ledgergate.engine.provider import Handling
from ledgergate.engine.symbolic.place import Place

_ORDER: Final = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One resource that exists.

    Args:
        urn: Pulumi URN.
        type: Type token.
        name: Logical name.
        id: Physical id.
        inputs: Inputs that were applied: camelCase property → wire value.
        outputs: What the service said afterwards, over the inputs.
        place: Where it is.
        handling: How the program wants it handled.
        generation: How many resources this URN had before.
        named_as: URN that its automatic names are made from: the first that it had.
        order: Grows with each registration: what depends on another comes after it.
    """

    urn: str
    type: str
    name: str
    id: str
    inputs: Mapping[str, Any] = field(repr=False)
    outputs: Mapping[str, Any] = field(repr=False)
    place: Place
    handling: Handling
    generation: int = 0
    named_as: str = ""
    order: int = field(default_factory=_ORDER.__next__)


class StackState:
    """The resources of one stack."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
        self.replaced: list[Held] = []
        """Resources whose successors exist; they go when the run is over."""

    def __iter__(self) -> Iterator[Held]:
        return iter(self.held.values())

    def leftovers(self, wanted: set[str]) -> list[Held]:
        """Return what exists and is not wanted, what depends on others first.

        Args:
            wanted: URNs that the program registered.
        """
        gone = [each for each in self if each.urn not in wanted]
        return sorted([*gone, *self.replaced], key=lambda each: each.order, reverse=True)

    def find(self, urn: str, aliases: Iterable[str]) -> Held | None:
        """Return what a URN, or else an alias of it, stands for; from then on it goes by that URN."""
        found = self.held.get(urn)
        for alias in aliases if found is None else ():
            if alias in self.held:
                known = self.held.pop(alias)
                found = self.held[urn] = replace(known, urn=urn, named_as=known.named_as or alias)
                break
        return found

    def forget(self, held: Held) -> None:
        """Take a resource out."""
        if self.held.get(held.urn) is held:
            del self.held[held.urn]
        self.replaced = [each for each in self.replaced if each is not held]
