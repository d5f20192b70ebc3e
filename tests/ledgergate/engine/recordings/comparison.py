"""Compares requests: as maps by URN, lists whose order the engine does not keep sorted."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_UNORDERED: Final = ("aliases", "dependencies", "dependsOn", "urns")

Place = tuple[str, str, str]
"""Phase, URN, path in the request."""


def sorted_lists(value: Any) -> Any:
    """Return a request with the lists sorted that the engine holds as sets."""
    if isinstance(value, Mapping):
        found = {key: sorted_lists(item) for key, item in value.items()}
        return {key: sorted(item) if key in _UNORDERED and _is_urns(item) else item for key, item in found.items()}
    if isinstance(value, list | tuple):
        return [sorted_lists(item) for item in value]
    return value


def _is_urns(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def differences(phase: str, recorded: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[Place, str]:
    """Return every place where two maps URN → request are not the same, with both values."""
    found: dict[Place, str] = {}
    for urn in sorted({*recorded, *ours}):
        if urn not in ours or urn not in recorded:
            found[phase, urn, ""] = "never asked" if urn not in ours else "not in the recording"
        else:
            for path, text in _walk(recorded[urn], sorted_lists(ours[urn]), ""):
                found[phase, urn, path] = text
    return found


def _walk(recorded: Any, ours: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(recorded, Mapping) and isinstance(ours, Mapping):
        for key in sorted({*recorded, *ours}):
            inner = f"{path}.{key}" if path else key
            if key not in recorded or key not in ours:
                yield inner, f"recorded {_show(recorded, key)}, ours {_show(ours, key)}"
            else:
                yield from _walk(recorded[key], ours[key], inner)
    elif isinstance(recorded, list) and isinstance(ours, list) and len(recorded) == len(ours):
        for index, (one, other) in enumerate(zip(recorded, ours, strict=True)):
            yield from _walk(one, other, f"{path}.{index}")
    elif isinstance(recorded, bool) != isinstance(ours, bool) or recorded != ours:
        yield path, f"recorded {recorded!r}, ours {ours!r}"


def _show(values: Mapping[str, Any], key: str) -> str:
    return repr(values[key]) if key in values else "nothing"
