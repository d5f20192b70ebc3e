"""Whether an answer has the types that the service's model says, so that `"false"` is taken for no boolean."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, cast

from botocore.model import Shape

from ledgergate.evidence.redaction import REDACTED

_DECODED: Final = "policyDocumentType"
"""Shape of texts that botocore turns into the policy that they are: those of IAM. Source: `json_decode_policies` in
`botocore.handlers`, read 2026-11-30."""


def misfit(value: Any, shape: Shape | None) -> str:
    """Return which member of an answer is of another type than its shape says, and of which; empty where none is.

    Members that the model does not know are left aside, like those of documents, which have no types.

    Args:
        value: An answer as it is kept, or a part of it.
        shape: Its shape in the service's model; None when it has none.
    """
    if shape is None or getattr(shape, "is_document_type", False) or (value == REDACTED and _may_be_hidden(shape)):
        return ""
    model = cast("Any", shape)
    match shape.type_name:
        case "structure" if isinstance(value, Mapping):
            members = model.members
            return _first((f".{name}", item, members[name]) for name, item in value.items() if name in members)
        case "list" if isinstance(value, list):
            return _first(("[]", item, model.member) for item in value)
        case "map" if isinstance(value, Mapping):
            return _first(("{}", item, model.value) for item in value.values())
        case name if name not in _CONTAINERS and _is_scalar(value, shape):
            return ""
    return f" is no {shape.type_name}"


_CONTAINERS: Final = frozenset({"structure", "list", "map"})


def _first(parts: Any) -> str:
    for name, item, shape in parts:
        found = misfit(item, shape)
        if found:
            return f"{name}{found}"
    return ""


def _may_be_hidden(shape: Shape) -> bool:
    # Flags are never hidden, and whoever takes a text for one takes it for true.
    return shape.type_name != "boolean"


def _is_scalar(value: Any, shape: Shape) -> bool:
    match shape.type_name:
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "timestamp":
            return isinstance(value, str) and _is_time(value)
    # botocore answers None for the location of a bucket in us-east-1, which has no name there.
    return value is None or isinstance(value, str) or (shape.name == _DECODED and isinstance(value, Mapping))


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
