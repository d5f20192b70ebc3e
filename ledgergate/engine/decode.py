"""From wire values and records to the graph that controls judge."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledgergate.engine import wire
from ledgergate.graph import Frame, Graph, Kind, LookUp, Options, Resource
from ledgergate.values import UNKNOWN, Asset, Secret, Value

_ORIGINS: Final = ("path", "text", "uri", "assets")


def decode(value: wire.Wire) -> Value:
    """Return a wire value as a property value."""
    if isinstance(value, str):
        return UNKNOWN if value == wire.UNKNOWN else value
    if isinstance(value, dict):
        signature = value.get(wire.SIGNATURE)
        if signature is None:
            return {key: decode(item) for key, item in value.items()}
        return _decode_form(signature, value)
    if isinstance(value, list):
        return [decode(item) for item in value]
    return value


def _decode_form(signature: object, value: Mapping[str, wire.Wire]) -> Value:
    if signature == wire.SECRET:
        return Secret(decode(value.get("value")))
    if signature == wire.OUTPUT:
        inner = decode(value["value"]) if "value" in value else UNKNOWN
        return Secret(inner) if value.get("secret") else inner
    if signature == wire.RESOURCE:
        return decode(wire.flatten_references(value))
    if signature in (wire.ASSET, wire.ARCHIVE):
        origin = next((name for name in _ORIGINS if name in value), "")
        shown = str(value[origin]) if origin in ("path", "uri") else ""
        digest = str(value.get("hash") or "")
        kind = "asset" if signature == wire.ASSET else "archive"
        return Asset(kind, "" if digest == wire.UNKNOWN else digest, origin, shown)
    return UNKNOWN


def decode_properties(properties: Mapping[str, wire.Wire]) -> dict[str, Value]:
    """Return the properties of a resource; the engine's own bookkeeping (`__…`) is left out."""
    return {key: decode(value) for key, value in properties.items() if not key.startswith("__")}


def decode_options(options: Mapping[str, Any]) -> Options:
    """Return protojson options."""
    defined = options.get("deleteBeforeReplaceDefined", False)
    return Options(
        protect=bool(options.get("protect", False)),
        ignore_changes=tuple(options.get("ignoreChanges", ())),
        delete_before_replace=bool(options.get("deleteBeforeReplace", False)) if defined else None,
        additional_secret_outputs=tuple(options.get("additionalSecretOutputs", ())),
        aliases=tuple(options.get("aliases", ())),
        custom_timeouts=options.get("customTimeouts", {}),
        retain_on_delete=bool(options.get("retainOnDelete", False)),
    )


def decode_record(record: Mapping[str, Any]) -> Resource:
    """Return one record of the engine as a resource."""
    inputs = decode_properties(record["inputs"])
    outputs = record["outputs"]
    return Resource(
        urn=record["urn"],
        type=record["type"],
        name=record["name"],
        kind=Kind(record["kind"]),
        inputs=inputs,
        outputs=decode_properties(outputs),
        id="" if record["id"] == wire.UNKNOWN else record["id"],
        parent=record["parent"],
        provider=record["provider"],
        dependencies=tuple(record["dependencies"]),
        property_dependencies={key: tuple(urns) for key, urns in record["property_dependencies"].items()},
        options=decode_options(record["options"]),
        source=tuple(Frame(file, line) for file, line in record["source"]),
        auto_named=tuple(record["auto_named"]),
    )


def decode_graph(
    program: str, stack: str, records: Iterable[Mapping[str, Any]], look_ups: Iterable[Mapping[str, Any]] = ()
) -> Graph:
    """Return the records of a run, and the function calls it made, as a graph."""
    return Graph(program, stack, map(decode_record, records), map(_decode_look_up, look_ups))


def _decode_look_up(call: Mapping[str, Any]) -> LookUp:
    return LookUp(call["token"], decode(dict(call["args"])), decode(dict(call["result"])), call["given"])
