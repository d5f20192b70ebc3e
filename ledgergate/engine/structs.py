"""Protobuf structs straight to property values: one pass, for a pack that decodes every resource."""

from typing import Final

from google.protobuf import struct_pb2

from ledgergate.engine import wire
from ledgergate.engine.decode import decode
from ledgergate.values import UNKNOWN, Value

_SENTINEL: Final = wire.UNKNOWN
_SIGNATURE: Final = wire.SIGNATURE
_AS_THEY_ARE: Final = ("bool_value", "number_value")


def decode_struct(struct: struct_pb2.Struct) -> dict[str, Value]:
    """Return the properties of a request; the engine's own bookkeeping (`__…`) is left out."""
    return {key: _decode(value) for key, value in struct.fields.items() if not key.startswith("__")}


def _decode(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text == _SENTINEL else text
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_fields(value)
    return getattr(value, kind) if kind in _AS_THEY_ARE else None


def _decode_fields(value: struct_pb2.Value) -> Value:
    fields = value.struct_value.fields
    if _SIGNATURE in fields:
        return decode(wire.from_value(value))
    return {key: _decode(item) for key, item in fields.items()}
