"""Policy documents that a program writes as objects: the provider makes their text before it checks anything.

Runs inside the program's interpreter: standard library and pulumi only.
Source: `TransformJSONDocument` in the provider's overlay of policy properties, pulumi-aws 7.51.1, read 2026-11-30.
"""

import json
from collections.abc import Mapping

from ledgergate.engine import wire
from ledgergate.engine.symbolic.introspect import document_inputs


def with_document_texts(type_: str, inputs: Mapping[str, wire.Wire]) -> Mapping[str, wire.Wire]:
    """Return inputs in which every policy document is text; one with an unknown in it is wholly unknown.

    Args:
        type_: Type token.
        inputs: camelCase property → wire value.
    """
    written = {name: _text(inputs[name]) for name in document_inputs(type_) if _is_object(inputs.get(name))}
    return {**inputs, **written} if written else inputs


def _is_object(value: wire.Wire) -> bool:
    return isinstance(value.get("value") if wire.is_secret(value) else value, Mapping) and not wire.is_unknown(value)


def _text(value: wire.Wire) -> wire.Wire:
    if wire.has_unknown(value):
        text = wire.UNKNOWN
    else:
        text = json.dumps(wire.plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return wire.secret(text) if wire.has_secret(value) else text
