"""Answers made fit to be kept: plain JSON data, without what must not be shown."""

import datetime as dt
import json
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

_TAGS: Final = frozenset({"tags", "userpooltags"})
"""Members whose keys, where they are maps, somebody has chosen."""


_FREE: Final[Mapping[str, frozenset[str]]] = {
    # Conditions, headers and parameters of load balancers.
    "httpheaderconfig": frozenset({"httpheadername"}),
    "querystringconfig": frozenset({"key"}),
    "authenticationrequestextraparams": frozenset(),
    "messagebody": frozenset(),
    # Volumes of containers.
    "driveropts": frozenset(),
    "labels": frozenset(),
    # Variables of the stages of APIs.
    "variables": frozenset(),
    "stagevariableoverrides": frozenset(),
    # What targets of events and schedules are sent.
    "input": frozenset(),
    "inputtemplate": frozenset(),
    "httpparameters": frozenset(),
    "pipelineparameterlist": frozenset({"name"}),
    "sql": frozenset(),
    "sqls": frozenset(),
    # Rules of firewalls.
    "regexstring": frozenset(),
    "insertheaders": frozenset({"name"}),
    "responseheaders": frozenset({"name"}),
    "content": frozenset(),
    # Configurations of clusters of EMR, and of proxies of containers.
    "properties": frozenset({"name"}),
    # What roles are assumed with.
    "externalid": frozenset(),
}
"""Member that holds text of somebody's own → members in it that are kept. Of the rest every text is hidden, while names
of maps and lengths of lists stay. Source: output shapes in botocore 1.44 of what a scan asks, read 2026-11-30."""

_BROUGHT: Final = ("aws:referer", "aws:useragent", "sts:externalid")
"""Keys of conditions whose values whoever asks must know, and which so are passwords in effect."""

_NO_SECRETS: Final = frozenset({"true", "false"})
"""Values under the operator `Null`, which asks whether a key is there."""

_WILD: Final = ("*", "?", "${")
"""What makes a value a pattern, which binds less than a value does."""

_PAIRS: Final = (("ParameterName", "ParameterValue"), ("Name", "Value"), ("name", "value"))
"""Members that name something and hold what it is set to."""


def fit_to_keep(answer: Mapping[str, Any], shape: "Shape | None") -> dict[str, Any]:
    """Return an answer as JSON data, with `[redacted]` for what is sensitive by its type.

    Args:
        answer: What botocore made of the response.
        shape: Shape of the answer in the service's model; None when it has none.
    """
    members = _members(shape)
    return {name: _kept(name, value, members.get(name)) for name, value in answer.items() if name != "ResponseMetadata"}


def _kept(name: str, value: Any, shape: "Shape | None") -> Any:
    called = name.casefold()
    if called in _HOLDERS:
        return _variables(value)
    if called in _FREE or called in _BROUGHT:
        return _veiled(value, _FREE[called]) if called in _FREE else _condition(value)
    sensitive = shape is not None and shape.metadata.get("sensitive")
    if ((sensitive and name not in _NAMES) or _holds_secret(name, value)) and value not in (None, "", [], {}):
        return REDACTED
    if isinstance(value, Mapping):
        return _kept_members(called, value, shape)
    if isinstance(value, list):
        return [_kept(name, item, getattr(shape, "member", None)) for item in value]
    return _scalar(value)


def _kept_members(called: str, value: Mapping[str, Any], shape: "Shape | None") -> dict[str, Any]:
    if called == _OPTIONS and getattr(shape, "type_name", "") == "map":
        value = {key: item if key.startswith(_KEPT_OPTIONS) else REDACTED for key, item in value.items()}
    members = _members(shape)
    inner = getattr(shape, "value", None)
    # Whoever calls a tag `Environment` means no member of that name.
    own = called not in _TAGS
    named = _without_secret_of_pair(value).items()
    return {str(key): _kept(str(key) if own else "", item, members.get(key, inner)) for key, item in named}


def _scalar(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value)
    return value if value is None or isinstance(value, bool | int | float) else REDACTED


def _holds_secret(name: str, value: Any) -> bool:
    # A flag such as ManageMasterUserPassword says whether there is one, and a control asks for it.
    return not isinstance(value, bool) and (is_secret_name(name) or name.casefold() in _WORDS)


def _veiled(value: Any, kept: frozenset[str]) -> Any:
    """Return something with every text in it hidden, but for those of members whose names are among `kept`."""
    if isinstance(value, Mapping):
        return {
            str(key): item if str(key).casefold() in kept and isinstance(item, str) else _veiled(item, kept)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_veiled(item, kept) for item in value]
    if isinstance(value, str):
        return hidden(value) if value else value
    return value if value is None or isinstance(value, bool) else REDACTED


def _condition(value: Any) -> Any:
    """Return the values of a condition, hidden; whether one is empty or a pattern stays, since then it binds nobody."""
    if isinstance(value, list):
        return [_condition(item) for item in value]
    text = value if isinstance(value, str) else ""
    if not text.strip() or text.casefold() in _NO_SECRETS:
        return value if isinstance(value, str | bool) else REDACTED
    return "*" if text == "*" else hidden(text) + (" *" if any(each in text for each in _WILD) else "")


def _text(text: str) -> str:
    """Return a text; where it is a policy, without the values that whoever asks must know."""
    if not text.lstrip().startswith("{") or not any(each in text.casefold() for each in _BROUGHT):
        return text
    try:
        return json.dumps(_kept("", json.loads(text), None), separators=(",", ":"))
    except ValueError:
        return REDACTED


def _without_secret_of_pair(value: Mapping[str, Any]) -> Mapping[str, Any]:
    for name, content in _PAIRS:
        named, text = value.get(name), value.get(content)
        if isinstance(named, str) and isinstance(text, str) and text and is_secret_name(named):
            return {**value, content: hidden(text)}
    return value


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
