"""IAM policy documents: parsed into statements, and what their wildcards cover."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal
from policies.facts.properties import UNKNOWN, has_secret


class MalformedPolicyError(ValueError):
    """A text is no IAM policy document; the message says why and shows none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of an identity policy. Exactly one of each pair is not None.

    Args:
        sid: Its `Sid`, or empty.
        effect: `Allow` or `Deny`.
        actions: `Action` patterns.
        not_actions: `NotAction` patterns.
        resources: `Resource` patterns.
        not_resources: `NotResource` patterns.
    """

    sid: str = ""
    effect: str = "Allow"
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None


_DOCUMENT_KEYS: Final = frozenset({"Version", "Id", "Statement"})
_STATEMENT_KEYS: Final = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})
_EFFECTS: Final = frozenset({"Allow", "Deny"})


def parse_identity_policy(value: Value) -> Any:
    """Return the statements of an identity policy as a tuple.

    Args:
        value: JSON text, or the same as an object; unknowns and secrets may stand anywhere inside.

    Returns:
        A tuple of `Statement`; a field of one is `UNKNOWN` where the document leaves it unknown. `UNKNOWN` when the
        whole text is. A `Secret` around it when any part of the document is secret.

    Raises:
        MalformedPolicyError: It is no identity policy that IAM would take.

    Source: grammar of the IAM JSON policy language, IAM user guide, read 2026-11-20.
    """
    plain = reveal(value)
    if isinstance(plain, Unknown):
        return UNKNOWN
    document = _loaded(plain) if isinstance(plain, str) else plain
    if isinstance(document, Unknown):
        return UNKNOWN
    statements = _statements(document)
    return Secret(statements) if has_secret(value) else statements


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except RecursionError:
        raise MalformedPolicyError("it is nested too deeply") from None
    except ValueError as error:
        if is_symbolic(text):
            return UNKNOWN
        if isinstance(error, MalformedPolicyError):
            raise
        raise MalformedPolicyError("it is not JSON") from None


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedPolicyError("a key occurs twice")
    return found


def _statements(document: Any) -> Any:
    if not isinstance(document, Mapping) or not document.keys() <= _DOCUMENT_KEYS:
        raise MalformedPolicyError("it is not an object of Version, Id and Statement")
    statements = document.get("Statement")
    if isinstance(statements, Unknown):
        return UNKNOWN
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicyError("it has no Statement")
    return tuple(item if isinstance(item, Unknown) else _statement(item) for item in statements)


def _statement(item: Any) -> Statement:
    if not isinstance(item, Mapping) or not item.keys() <= _STATEMENT_KEYS:
        raise MalformedPolicyError("a statement is not an object of the keys that an identity policy has")
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        if (one in item) is (other in item):
            raise MalformedPolicyError(f"a statement must have one of {one} and {other}")
    effect: Any = item.get("Effect")
    sid = item.get("Sid", "")
    if not isinstance(effect, Unknown) and effect not in _EFFECTS:
        raise MalformedPolicyError("the Effect of a statement is neither Allow nor Deny")
    return Statement(
        sid=sid if isinstance(sid, str) else "",
        effect=effect,
        actions=_patterns(item, "Action", minted_is_known=False),
        not_actions=_patterns(item, "NotAction", minted_is_known=False),
        resources=_patterns(item, "Resource", minted_is_known=True),
        not_resources=_patterns(item, "NotResource", minted_is_known=True),
    )


def _patterns(item: Mapping[str, Any], key: str, *, minted_is_known: bool) -> Any:
    if key not in item:
        return None
    value = item[key]
    if isinstance(value, Unknown):
        return UNKNOWN
    patterns = value if isinstance(value, list) else [value]
    if not all(isinstance(each, (str, Unknown)) for each in patterns):
        raise MalformedPolicyError(f"{key} is neither a text nor a list of texts")
    return tuple(UNKNOWN if not minted_is_known and is_symbolic(each) else each for each in patterns)


_WILD: Final = re.compile(r"[*?]+")
_EVERY_ACTION: Final = re.compile(r"[*?]*\*[*?]*(:[*?]*\*[*?]*)?")
_EVERY_ARN: Final = re.compile(r"arn:(?=[^:]*\*)[*?:]+|arn:aws(-cn|-us-gov)?:(?=.*\*)[*?:]+", re.IGNORECASE)
_PROBE_ARNS: Final = (
    "arn:{}:s3:::examplebucket",
    "arn:{}:s3:::examplebucket/folder/object",
    "arn:{}:iam::111122223333:role/path/name",
    "arn:{}:sns:eu-west-1:111122223333:topic",
    "arn:{}:logs:eu-west-1:111122223333:log-group:name:log-stream:name",
)


def matches(pattern: str, text: str) -> bool:
    """Tell whether an IAM pattern matches: `*` any characters, `?` any one, letter case aside."""
    wild = "".join(".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch(wild, text, re.IGNORECASE | re.DOTALL) is not None


def covers_every_action(pattern: str) -> bool:
    """Tell whether an action pattern leaves nothing out: `*`, `**`, `*:*`.

    Only wildcards, with a `*` on each side of the colon if it has one; each `?` beside it merely asks for one more
    character of the name, which every action has.
    """
    return _EVERY_ACTION.fullmatch(pattern) is not None


def covers_every_resource(pattern: str) -> bool:
    """Tell whether a resource pattern leaves no ARN of its partition out: `*`, `**`, `arn:aws:*`, `arn:*:*:*:*:*`."""
    if _WILD.fullmatch(pattern):
        return "*" in pattern
    partition = next((name for name in ("aws-cn", "aws-us-gov") if f":{name}:" in pattern.lower()), "aws")
    return _EVERY_ARN.fullmatch(pattern) is not None and all(
        matches(pattern, probe.format(partition)) for probe in _PROBE_ARNS
    )
