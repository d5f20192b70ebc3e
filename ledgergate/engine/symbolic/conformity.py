"""Whether inputs have the names and types that a resource's class states, as far as the real provider insists on them.

The SDK sends what it is given. The provider takes a number for a text and a text of digits for a number; it refuses a
text where a map or a list belongs, a list for a single value, and a word for a number or a flag. A property that the
class does not have is refused here at any depth: whatever the provider makes of it, no control reads it.

Runs inside the program's interpreter: standard library and pulumi only.
Source: type checks of the Pulumi Terraform bridge, read 2026-11-21.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Any, Final, get_args, get_origin

from ledgergate.engine import wire
from ledgergate.engine.symbolic.introspect import getters, resource_class, unwrap

_NUMBER: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\Z")
_FLAGS: Final = ("true", "false")


def mismatches(type_: str, inputs: Mapping[str, wire.Wire]) -> Iterator[tuple[str, str]]:
    """Yield (property, reason) for each input that its class does not have, or has with another type.

    Args:
        type_: Type token; a type without an imported class has nothing to compare with.
        inputs: camelCase property → wire value.
    """
    class_ = _class_of(type_)
    if class_ is None:
        return
    for path, reason in _of_object(inputs, class_, ""):
        name = path.partition(".")[0].partition("[")[0]
        yield name, reason if path == name or path in reason else f"{reason} at {path}"


def _of_object(values: Mapping[str, wire.Wire], class_: type, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield (path, reason)."""
    stated = _stated(class_)
    for name, value in values.items():
        if name not in stated:
            if not name.startswith("__"):
                yield f"{prefix}{name}", _unstated(f"{prefix}{name}", name, stated)
            continue
        annotation, fit = stated[name]
        if type(value) not in fit:
            yield from _of_value(value, annotation, class_, f"{prefix}{name}")


def _unstated(path: str, name: str, stated: Iterable[str]) -> str:
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in stated}
    near = get_close_matches(name.replace("_", "").casefold(), folded, 1)
    return f"there is no property {path}" + (f"; did you mean {folded[near[0]]}?" if near else "")


def _of_value(value: wire.Wire, annotation: Any, class_: type, path: str) -> Iterator[tuple[str, str]]:
    if value is None or value == wire.UNKNOWN or wire.signature_of(value):
        return
    origin = get_origin(annotation)
    if origin in (list, Sequence):
        yield from _of_list(value, annotation, class_, path)
    elif origin in (dict, Mapping):
        yield from _of_map(value, annotation, class_, path)
    elif hasattr(annotation, "_pulumi_output_type"):
        if isinstance(value, Mapping):
            yield from _of_object(value, annotation, f"{path}.")
        else:
            yield path, f"expected an object, got {_noun(value)}"
    elif not _fits(value, annotation):
        yield path, f"expected {_NOUNS[annotation]}, got {_noun(value)}"


def _of_list(value: wire.Wire, annotation: Any, class_: type, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, f"expected a list, got {_noun(value)}"
        return
    item, _ = unwrap(get_args(annotation)[0], class_)
    fit = _always_fit(item)
    for position, entry in enumerate(value):
        if type(entry) not in fit:
            yield from _of_value(entry, item, class_, f"{path}[{position}]")


def _of_map(value: wire.Wire, annotation: Any, class_: type, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, f"expected a map, got {_noun(value)}"
        return
    item, _ = unwrap(get_args(annotation)[1], class_)
    fit = _always_fit(item)
    for key, entry in value.items():
        if type(entry) not in fit:
            yield from _of_value(entry, item, class_, f"{path}.{key}")


_NOUNS: Final[Mapping[Any, str]] = {bool: "a flag", float: "a number", int: "a number", str: "a text"}
_SCALARS: Final[frozenset[type]] = frozenset((bool, float, int))
_FIT: Final[Mapping[Any, frozenset[type]]] = {
    bool: _SCALARS,
    float: _SCALARS,
    int: _SCALARS,
    str: _SCALARS | {str},
}
"""What a property is stated to hold → types of values that always fit, which is all there is to say of most."""

_EVERY_TYPE: Final[frozenset[type]] = frozenset((bool, dict, float, int, list, str, NoneType))


def _fits(value: wire.Wire, annotation: Any) -> bool:
    if annotation not in _NOUNS or type(value) in _FIT[annotation]:
        return True
    if not isinstance(value, str):
        return False
    return value in _FLAGS if annotation is bool else _NUMBER.match(value) is not None


def _noun(value: wire.Wire) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return _NOUNS[type(value)]


@cache
def _class_of(type_: str) -> type | None:
    return resource_class(type_)


@cache
def _stated(class_: type) -> Mapping[str, tuple[Any, frozenset[type]]]:
    """Return camelCase property → what it holds, without `Output` and `Optional`, and which types always fit."""
    bare = {name: unwrap(annotation, class_)[0] for _, name, annotation in getters(class_)}
    return {name: (annotation, _always_fit(annotation)) for name, annotation in bare.items()}


def _always_fit(annotation: Any) -> frozenset[type]:
    looked_into = get_origin(annotation) is not None or hasattr(annotation, "_pulumi_output_type")
    return frozenset() if looked_into else _FIT.get(annotation, _EVERY_TYPE)
