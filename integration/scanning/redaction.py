"""Answers made fit to be kept: plain JSON data, without what must not be shown."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ledgergate.evidence.redaction import REDACTED, is_secret_name
from policies.facts.variables import hidden

if TYPE_CHECKING:
    from botocore.model import Shape

_HOLDERS: Final = frozenset({"environment"})
"""Members that hold secrets without a name that says so: the variables of functions and containers."""

_WORDS: Final = frozenset({"command", "dockerlabels", "entrypoint"})
"""Members of a container in which people write secrets down, and of which no control asks anything."""

_OPTIONS: Final = "options"
"""Member that holds what a log driver is given, tokens of other logs' services among it."""

_KEPT_OPTIONS: Final = "awslogs-"
"""How the options begin that are no secrets: those of CloudWatch Logs."""

_NAMES: Final = frozenset({"KMSMasterKeyID"})
"""Members that a model calls sensitive although they are a name: S3 tells the ARN of a bucket's key, which every other
service shows, and a control asks whose key it is."""

_TAGS: Final = "tags"
"""Member whose keys, where it is a map, somebody has chosen."""


def fit_to_keep(answer: Mapping[str, Any], shape: "Shape | None") -> dict[str, Any]:
    """Return an answer as JSON data, with `[redacted]` for what is sensitive by its type.

    Args:
        answer: What botocore made of the response.
        shape: Shape of the answer in the service's model; None when it has none.
    """
    members = _members(shape)
    return {name: _kept(name, value, members.get(name)) for name, value in answer.items() if name != "ResponseMetadata"}


def _kept(name: str, value: Any, shape: "Shape | None") -> Any:
    if name.casefold() in _HOLDERS:
        return _variables(value)
    sensitive = shape is not None and shape.metadata.get("sensitive")
    if ((sensitive and name not in _NAMES) or _holds_secret(name, value)) and value not in (None, "", [], {}):
        return REDACTED
    if isinstance(value, Mapping):
        if name.casefold() == _OPTIONS and getattr(shape, "type_name", "") == "map":
            value = {key: item if key.startswith(_KEPT_OPTIONS) else REDACTED for key, item in value.items()}
        members = _members(shape)
        inner = getattr(shape, "value", None)
        # Whoever calls a tag `Environment` means no member of that name.
        own = name.casefold() != _TAGS
        return {str(key): _kept(str(key) if own else "", item, members.get(key, inner)) for key, item in value.items()}
    if isinstance(value, list):
        return [_kept(name, item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else REDACTED


def _holds_secret(name: str, value: Any) -> bool:
    # A flag such as ManageMasterUserPassword says whether there is one, and a control asks for it.
    return not isinstance(value, bool) and (is_secret_name(name) or name.casefold() in _WORDS)


def _variables(value: Any) -> Any:
    """Return the variables of a function or a container: their names, and what kind of text each value is."""
    if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        return [{"name": each.get("name", ""), "value": hidden(str(each.get("value", "")))} for each in value]
    if isinstance(value, Mapping):
        named = value.get("Variables")
        told = {"Variables": {key: hidden(text) for key, text in named.items()}} if isinstance(named, Mapping) else {}
        # Whoever may not decrypt them is told so in their place.
        refused = value.get("Error") or {}
        return {**told, **({"Error": {"ErrorCode": refused.get("ErrorCode", "")}} if refused else {})}
    return REDACTED if value else value


def _members(shape: "Shape | None") -> Mapping[str, "Shape"]:
    return getattr(shape, "members", {})
