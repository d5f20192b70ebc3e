"""How an adapter takes one property out of a resource: unknowns stay unknown, secrets stay wrapped.

Every function returns the value, `UNKNOWN`, or a `Secret` around the value, and raises `ValueError` for a value
that has no place there.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from ledgergate import values
from ledgergate.graph import Graph, Resource
from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal

UNKNOWN: Final[Any] = values.UNKNOWN
"""`ledgergate.values.UNKNOWN`, typed so that it may stand in any field of a fact."""


def settings_of(resource: Resource) -> Mapping[str, Value]:
    """Return what was asked for: the inputs, or the outputs where a stage knows nothing else."""
    return resource.inputs or resource.outputs


def attribute(resource: Resource, name: str) -> Value:
    """Return what a resource turned out to be: its output, or its input where the output is not known."""
    value = resource.outputs.get(name)
    if value is None or isinstance(value, Unknown):
        return resource.inputs.get(name, value)
    return value


def lift(value: Value, function: Callable[[Any], Any]) -> Any:
    """Apply `function` to a known value; an unknown stays unknown and a secret stays wrapped."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Secret):
        inner = lift(value.value, function)
        return inner if isinstance(inner, Unknown) else Secret(inner)
    return function(value)


def flag(settings: Mapping[str, Value], name: str, *, default: bool | None) -> Any:
    """Return a flag; `default` when it is absent."""

    def known(value: Value) -> Any:
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        return _minted_or_refused(value, name, "a flag")

    return lift(settings.get(name), known)


def whole(settings: Mapping[str, Value], name: str, *, default: int | None) -> Any:
    """Return a whole number; `default` when it is absent."""

    def known(value: Value) -> Any:
        if value is None:
            return default
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value):
            return int(value)
        if isinstance(value, str) and value.lstrip("-").isdecimal():
            return int(value)
        return _minted_or_refused(value, name, "a whole number")

    return lift(settings.get(name), known)


def identity(settings: Mapping[str, Value], name: str, *, default: str | None = None) -> Any:
    """Return text that names something; a minted one is as good as the real one. `default` when it is absent."""
    return lift(settings.get(name), lambda value: default if value is None else _text(value, name))


def literal(settings: Mapping[str, Value], name: str, *, default: str | None = None) -> Any:
    """Return text whose wording matters (a CIDR, a protocol); a minted one is unknown. `default` when it is absent."""
    return lift(settings.get(name), lambda value: default if value is None else _wording(_text(value, name)))


def identities(settings: Mapping[str, Value], name: str) -> Any:
    """Return a list of texts that name something, as a tuple; empty when it is absent."""
    return _texts(settings, name, lambda value: _text(value, name))


def literals(settings: Mapping[str, Value], name: str) -> Any:
    """Return a list of texts whose wording matters, as a tuple; empty when it is absent."""
    return _texts(settings, name, lambda value: _wording(_text(value, name)))


def records(settings: Mapping[str, Value], name: str, build: Callable[[Mapping[str, Value]], Any]) -> Any:
    """Return a list of nested objects as a tuple of what `build` makes of each; empty when it is absent."""

    def built(item: Value) -> Any:
        if isinstance(item, Mapping):
            return build(item)
        return _minted_or_refused(item, name, "an object")

    return lift(settings.get(name), lambda value: tuple(lift(item, built) for item in _items(value, name)))


def record(settings: Mapping[str, Value], name: str, build: Callable[[Mapping[str, Value]], Any]) -> Any:
    """Return a nested object as what `build` makes of it; None when it is absent. A list of one is that one."""

    def built(value: Value) -> Any:
        if value is None or value == []:
            return None
        if isinstance(value, list) and len(value) == 1:
            return lift(value[0], built)
        if isinstance(value, Mapping):
            return build(value)
        return _minted_or_refused(value, name, "an object")

    return lift(settings.get(name), built)


def region_of(graph: Graph, resource: Resource) -> Any:
    """Return the Region a resource is in: its own, else its provider's; unknown when neither says."""
    own = attribute(resource, "region")
    if own is None:
        provider = graph.provider_of(resource)
        own = settings_of(provider).get("region") if provider else None
    return UNKNOWN if own is None else lift(own, lambda value: _wording(_text(value, "region")))


def known_text(value: Value) -> str:
    """Return a text for joining, without its secret wrapper; empty when it is unknown, absent or no text."""
    plain = reveal(value)
    return plain if isinstance(plain, str) else ""


def has_secret(value: Value) -> bool:
    """Tell whether `value` is secret or holds a secret at any depth."""
    if isinstance(value, Mapping):
        return any(map(has_secret, value.values()))
    return isinstance(value, Secret) or (isinstance(value, list) and any(map(has_secret, value)))


def _texts(settings: Mapping[str, Value], name: str, item: Callable[[Value], Any]) -> Any:
    return lift(settings.get(name), lambda value: tuple(lift(each, item) for each in _items(value, name)))


def _items(value: Value, name: str) -> Iterable[Value]:
    if value is None:
        return ()
    if isinstance(value, list):
        return value
    raise ValueError(f"{name} is no list")


def _text(value: Value, name: str) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"{name} is no text")


def _wording(value: str) -> Any:
    return UNKNOWN if is_symbolic(value) else value


def _minted_or_refused(value: Value, name: str, wanted: str) -> Any:
    if is_symbolic(value):
        return UNKNOWN
    raise ValueError(f"{name} is not {wanted}")
