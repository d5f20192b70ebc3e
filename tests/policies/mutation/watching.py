"""Resources that remember which of their properties were read."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ledgergate.graph import Resource

ANY_PROPERTY: Final = "*"
"""Stands for all properties of a resource: somebody looked at each of them."""

Seen = set[tuple[str, str]]
"""(URN, property) of what was read."""


class _Watched(Mapping[str, Any]):
    def __init__(self, urn: str, values: Mapping[str, Any], seen: Seen) -> None:
        self._urn = urn
        self._values = values
        self._seen = seen

    def __getitem__(self, key: str) -> Any:
        self._seen.add((self._urn, key))
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        self._seen.add((self._urn, ANY_PROPERTY))
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def watched(resource: Resource, seen: Seen) -> Resource:
    """Return the resource with properties that add to `seen` whenever somebody reads one."""
    inputs = _Watched(resource.urn, resource.inputs, seen)
    return replace(resource, inputs=inputs, outputs=_Watched(resource.urn, resource.outputs, seen))
