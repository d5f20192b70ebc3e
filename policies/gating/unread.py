"""Which resources nobody looks into: no control knows their type, so that their silence is no verdict."""

from collections.abc import Iterable, Iterator
from typing import Final

from ledgergate.graph import Graph, Kind
from policies.model import Control

_OUTSIDE: Final = frozenset({"naming", "tagging"})
"""Families that look at what every resource has, and not at what one does."""
_ELSEWHERE: Final = ("aws-native:", "command:")
"""Providers through which a program reaches AWS, or any machine, past the types that controls know."""


def elsewhere_note(graph: Graph) -> Iterator[str]:
    """Yield a sentence with the types that reach AWS by another provider, whichever controls were asked for."""
    there = sorted({each.type for each in graph if each.kind is Kind.CUSTOM and each.type.startswith(_ELSEWHERE)})
    if there:
        yield f"no control looks into {', '.join(there)}, which may do in AWS whatever a resource of `aws:` does"


def unread_note(graph: Graph, controls: Iterable[Control]) -> Iterator[str]:
    """Yield a sentence with the types of AWS in a stack whose settings no control read; nothing if there is none.

    Args:
        graph: What was judged; it knows which types were asked for beside the judged ones.
        controls: All that there are.
    """
    looked = set(_judged(controls)) | graph.asked
    there = {each.type for each in graph if each.kind is Kind.CUSTOM and each.type.startswith("aws:")}
    left = sorted(map(_short, there - looked))
    if left:
        yield f"no control looks into {', '.join(left)}: of these only names, tags and Regions were judged"


def _judged(controls: Iterable[Control]) -> Iterator[str]:
    for control in controls:
        if _OUTSIDE.isdisjoint(control.families):
            yield from (type_ for adapter in control.adapters for type_ in adapter.types if not type_.endswith("*"))


def _short(type_: str) -> str:
    _, module, name = type_.split(":")
    return f"{module.partition('/')[0]}.{name}"
