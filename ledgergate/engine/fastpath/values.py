"""Plain values on their way in and out: most properties are one string, flag or number, and need no questions asked."""

from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.output import Unknown
from pulumi.runtime import rpc, settings

_SCALARS: Final = frozenset((str, bool, int, float, type(None)))

_WITH_PROTOBUF_VALUE: Final = 8
"""Arguments after the value when `return_protobuf_value`, the last of them, is given by position."""

_sdk_contains_unknowns = rpc.contains_unknowns
_sdk_deserialize_properties = rpc.deserialize_properties
_sdk_serialize_property = rpc.serialize_property
_sdk_translate_output_properties = rpc.translate_output_properties


def contains_unknowns(val: Any) -> bool:
    """Stand in for `rpc.contains_unknowns`."""
    return type(val) not in _SCALARS and _sdk_contains_unknowns(val)


async def serialize_property(value: Any, *args: Any, **kwargs: Any) -> Any:
    """Stand in for `rpc.serialize_property`: a scalar is its own form on the wire."""
    if type(value) in _SCALARS and not kwargs.get("return_protobuf_value") and len(args) < _WITH_PROTOBUF_VALUE:
        return value
    return await _sdk_serialize_property(value, *args, **kwargs)


def translate_output_properties(
    output: Any, output_transformer: Any, typ: Any = None, *args: Any, **kwargs: Any
) -> Any:
    """Stand in for `rpc.translate_output_properties`: a string that should be one stays as it is."""
    kind = type(output)
    if (kind is str or kind is bool) and (typ is kind or typ is None):
        return output
    return _sdk_translate_output_properties(output, output_transformer, typ, *args, **kwargs)


def deserialize_properties(
    props_struct: struct_pb2.Struct, keep_unknowns: bool | None = None, keep_internal: bool | None = True
) -> Any:
    """Stand in for `rpc.deserialize_properties`: reads each value once; special forms go to the SDK."""
    fields = props_struct.fields
    if rpc._special_sig_key in fields:
        return _sdk_deserialize_properties(props_struct, keep_unknowns, keep_internal)
    output = {}
    for key, value in fields.items():
        if keep_internal is False and key.startswith("__") and key != "__provider":
            continue
        found = _deserialize(value, keep_unknowns, keep_internal)
        if found is not None:
            output[key] = found
    return output


def _deserialize(value: struct_pb2.Value, keep_unknowns: bool | None, keep_internal: bool | None) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return text if text != rpc.UNKNOWN else _unknown(keep_unknowns)
    if kind == "struct_value":
        found = deserialize_properties(value.struct_value, keep_unknowns, keep_internal)
        if isinstance(found, dict) and any(map(rpc.is_rpc_secret, found.values())):
            return rpc.wrap_rpc_secret({key: rpc.unwrap_rpc_secret(item) for key, item in found.items()})
        return found
    if kind == "list_value":
        items = [_deserialize(item, keep_unknowns, keep_internal) for item in value.list_value.values]
        if any(map(rpc.is_rpc_secret, items)):
            return rpc.wrap_rpc_secret([rpc.unwrap_rpc_secret(item) for item in items])
        return items
    if kind is None:
        raise ValueError("Value not set")
    return None if kind == "null_value" else getattr(value, kind)


def _unknown(keep_unknowns: bool | None) -> Unknown | None:
    return Unknown() if settings.is_dry_run() or keep_unknowns else None  # type: ignore[no-untyped-call]  # the SDK's
