"""Wire values: protobuf structs as plain Python data, and the special forms inside them.

Runs inside the program's interpreter: standard library and protobuf only. protobuf itself is imported where a struct
is made, so that the gate's process, which only reads what came through the pipe, starts without it.
Source: `pulumi/sdk/python/lib/pulumi/runtime/rpc.py`, version 3.272.0, read 2026-11-20.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from google.protobuf import struct_pb2

Wire = Any

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a wire signature, not a password
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class NotFiniteError(ValueError):
    """A number is infinite or none at all: JSON has no word for it, and no provider takes it."""


def from_value(value: "struct_pb2.Value") -> Wire:
    """Return one protobuf value as plain data.

    Raises:
        NotFiniteError: It is a number that is not finite, or holds one.
    """
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [from_value(item) for item in value.list_value.values]
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        number = value.number_value
        if not isfinite(number):
            raise NotFiniteError
        return number
    return None


def from_struct(struct: "struct_pb2.Struct") -> dict[str, Wire]:
    """Return a protobuf struct as a dict.

    Raises:
        NotFiniteError: It holds a number that is not finite.
    """
    return {key: from_value(value) for key, value in struct.fields.items()}


def is_finite(value: "struct_pb2.Value") -> bool:
    """Tell whether every number in a protobuf value is finite."""
    try:
        from_value(value)
    except NotFiniteError:
        return False
    return True


def _fill(target: "struct_pb2.Value", value: Wire) -> None:
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, Mapping):
        target.struct_value.SetInParent()
        for key, item in value.items():
            _fill(target.struct_value.fields[key], item)
    elif isinstance(value, (list, tuple)):
        target.list_value.SetInParent()
        for item in value:
            _fill(target.list_value.values.add(), item)
    elif value is None:
        from google.protobuf import struct_pb2

        target.null_value = struct_pb2.NULL_VALUE
    else:
        message = f"a {type(value).__name__} has no form on the wire"
        raise TypeError(message)


def to_struct(values: Mapping[str, Wire]) -> "struct_pb2.Struct":
    """Return a dict as a protobuf struct.

    Raises:
        TypeError: A value is not wire data.
    """
    from google.protobuf import struct_pb2

    struct = struct_pb2.Struct()
    for key, value in values.items():
        _fill(struct.fields[key], value)
    return struct


def signature_of(value: Wire) -> str:
    """Return the special signature of a value, or an empty string."""
    if isinstance(value, Mapping):
        found = value.get(SIGNATURE, "")
        return found if isinstance(found, str) else ""
    return ""


def is_unknown(value: Wire) -> bool:
    """Tell whether this very value is unknown, a secret unknown included."""
    if isinstance(value, str):
        return value == UNKNOWN
    signature = signature_of(value)
    if signature == SECRET:
        return is_unknown(value.get("value"))
    return signature == OUTPUT and "value" not in value


def has_unknown(value: Wire) -> bool:
    """Tell whether a value is unknown or holds an unknown at any depth."""
    if isinstance(value, str):
        return value == UNKNOWN
    if isinstance(value, Mapping):
        return is_unknown(value) or any(has_unknown(item) for item in value.values())
    return isinstance(value, (list, tuple)) and any(has_unknown(item) for item in value)


def is_secret(value: Wire) -> bool:
    """Tell whether this very value is a secret."""
    signature = signature_of(value)
    return signature == SECRET or (signature == OUTPUT and bool(value.get("secret")))


def has_secret(value: Wire) -> bool:
    """Tell whether a value is a secret or holds one at any depth."""
    if isinstance(value, Mapping):
        return is_secret(value) or any(has_secret(item) for item in value.values())
    return isinstance(value, (list, tuple)) and any(has_secret(item) for item in value)


def secret_texts(value: Wire, *, inside: bool = False) -> Iterator[str]:
    """Yield every string inside a secret, at any depth; `inside` tells that `value` already lies in one."""
    if isinstance(value, str):
        if inside and value != UNKNOWN:
            yield value
    elif isinstance(value, Mapping):
        for item in (value.get("value"),) if is_secret(value) else value.values():
            yield from secret_texts(item, inside=inside or is_secret(value))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secret_texts(item, inside=inside)


def secret(value: Wire) -> Wire:
    """Wrap a value as a secret, once."""
    return value if is_secret(value) else {SIGNATURE: SECRET, "value": value}


def plain(value: Wire) -> Wire:
    """Return a value without secret wrappers and output values, at any depth."""
    if isinstance(value, Mapping):
        signature = signature_of(value)
        if signature == SECRET:
            return plain(value.get("value"))
        if signature == OUTPUT:
            return plain(value["value"]) if "value" in value else UNKNOWN
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def without_outputs(value: Wire) -> Wire:
    """Turn output values into what a registration carries: a secret, an unknown or the value itself."""
    if isinstance(value, Mapping):
        if signature_of(value) == OUTPUT:
            inner = without_outputs(value["value"]) if "value" in value else UNKNOWN
            return secret(inner) if value.get("secret") else inner
        return {key: without_outputs(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_outputs(item) for item in value]
    return value


def output_dependencies(value: Wire) -> Iterator[str]:
    """Yield the URNs that the output values inside a value depend on."""
    if isinstance(value, Mapping):
        if signature_of(value) == OUTPUT:
            yield from value.get("dependencies", ())
        for item in value.values():
            yield from output_dependencies(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from output_dependencies(item)


def flatten_references(value: Wire) -> Wire:
    """Replace each resource reference by the id (custom; unknown when empty) or the URN (component)."""
    if isinstance(value, Mapping):
        if signature_of(value) == RESOURCE:
            return (value["id"] or UNKNOWN) if "id" in value else value.get("urn", "")
        return {key: flatten_references(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [flatten_references(item) for item in value]
    return value


def map_signed(value: Wire, signatures: Iterable[str], change: Callable[[Mapping[str, Wire]], Wire]) -> Wire:
    """Apply `change` to every special form with one of these signatures, outermost first."""
    if isinstance(value, Mapping):
        if signature_of(value) in signatures:
            return change(value)
        return {key: map_signed(item, signatures, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [map_signed(item, signatures, change) for item in value]
    return value


def is_plain_data(value: Wire) -> bool:
    """Tell whether a value holds no special form and no unknown, so that every view of it is the same."""
    if isinstance(value, str):
        return value != UNKNOWN
    if isinstance(value, Mapping):
        return SIGNATURE not in value and all(is_plain_data(item) for item in value.values())
    return not isinstance(value, (list, tuple)) or all(is_plain_data(item) for item in value)
