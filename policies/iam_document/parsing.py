"""From the text of a policy to its statements."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.properties import UNKNOWN, has_secret
from policies.iam_document.conditions import parse_conditions
from policies.iam_document.errors import MalformedPolicyError
from policies.iam_document.statement import Principal, PrincipalKind, Statement

_Pair = tuple[str, str]
_PRINCIPAL: Final[_Pair] = ("Principal", "NotPrincipal")
_ACTION: Final[_Pair] = ("Action", "NotAction")
_RESOURCE: Final[_Pair] = ("Resource", "NotResource")


@dataclass(frozen=True, slots=True)
class _Grammar:
    """What statements of one kind of policy have: one key of each pair in `one_of`, no more of each in `at_most`."""

    kind: str
    one_of: tuple[_Pair, ...]
    at_most: tuple[_Pair, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        pairs = (*self.one_of, *self.at_most)
        return frozenset({"Sid", "Effect", "Condition", *(key for pair in pairs for key in pair)})


_IDENTITY: Final = _Grammar("an identity policy", (_ACTION, _RESOURCE))
_RESOURCE_POLICY: Final = _Grammar("a resource policy", (_PRINCIPAL, _ACTION), (_RESOURCE,))
_TRUST: Final = _Grammar("a trust policy", (_PRINCIPAL, _ACTION))

_DOCUMENT_KEYS: Final = frozenset({"Version", "Id", "Statement"})
_VERSIONS: Final = frozenset({"2012-10-17", "2008-10-17"})
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
    return _parsed(value, _IDENTITY)


def parse_resource_policy(value: Value) -> Any:
    """Return the statements of the policy of a bucket, key, queue, repository, …; as `parse_identity_policy`.

    Each has a Principal or a NotPrincipal. Resource and NotResource may both be missing, as in repository policies.
    """
    return _parsed(value, _RESOURCE_POLICY)


def parse_trust_policy(value: Value) -> Any:
    """Return the statements of the trust policy of a role, which has no Resource; as `parse_identity_policy`."""
    return _parsed(value, _TRUST)


def _parsed(value: Value, grammar: _Grammar) -> Any:
    plain = reveal(value)
    if isinstance(plain, Unknown):
        return UNKNOWN
    document = _loaded(plain) if isinstance(plain, str) else plain
    if isinstance(document, Unknown):
        return UNKNOWN
    statements = _statements(document, grammar)
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


def _statements(document: Any, grammar: _Grammar) -> Any:
    if not isinstance(document, Mapping) or not document.keys() <= _DOCUMENT_KEYS:
        raise MalformedPolicyError("it is not an object of Version, Id and Statement")
    version: Any = document.get("Version", "2008-10-17")
    if not isinstance(version, Unknown) and version not in _VERSIONS:
        raise MalformedPolicyError("its Version is neither 2012-10-17 nor 2008-10-17")
    statements = document.get("Statement")
    if isinstance(statements, Unknown):
        return UNKNOWN
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise MalformedPolicyError("it has no Statement")
    return tuple(item if isinstance(item, Unknown) else _statement(item, grammar) for item in statements)


def _statement(item: Any, grammar: _Grammar) -> Statement:
    if not isinstance(item, Mapping) or not item.keys() <= grammar.keys:
        raise MalformedPolicyError(f"a statement is not an object of the keys that {grammar.kind} has")
    for one, other in grammar.one_of:
        if (one in item) is (other in item):
            raise MalformedPolicyError(f"a statement must have one of {one} and {other}")
    for one, other in grammar.at_most:
        if one in item and other in item:
            raise MalformedPolicyError(f"a statement has both {one} and {other}")
    effect: Any = item.get("Effect")
    sid = item.get("Sid", "")
    if not isinstance(effect, Unknown) and effect not in _EFFECTS:
        raise MalformedPolicyError("the Effect of a statement is neither Allow nor Deny")
    return Statement(
        sid=sid if isinstance(sid, str) else "",
        effect=effect,
        principals=_principals(item, "Principal"),
        not_principals=_principals(item, "NotPrincipal"),
        actions=_patterns(item, "Action", minted_is_known=False),
        not_actions=_patterns(item, "NotAction", minted_is_known=False),
        resources=_patterns(item, "Resource", minted_is_known=True),
        not_resources=_patterns(item, "NotResource", minted_is_known=True),
        conditions=parse_conditions(item.get("Condition", {})),
    )


def _patterns(item: Mapping[str, Any], key: str, *, minted_is_known: bool) -> Any:
    if key not in item:
        return None
    if isinstance(item[key], Unknown):
        return UNKNOWN
    return tuple(UNKNOWN if _says_nothing(each, arns=minted_is_known) else each for each in _texts(item[key], key))


def _says_nothing(text: Any, *, arns: bool) -> bool:
    """Tell whether a text was made up and its wording would matter; where `arns` stand, a made-up ARN is known."""
    return is_symbolic(text) and not (arns and parse_arn(text) is not None)


def _texts(value: Any, key: str) -> Sequence[Any]:
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(each, (str, Unknown)) for each in texts):
        raise MalformedPolicyError(f"{key} is neither a text nor a list of texts")
    return texts


def _principals(item: Mapping[str, Any], key: str) -> Any:
    if key not in item:
        return None
    value = item[key]
    if isinstance(value, Unknown):
        return UNKNOWN
    if value == "*":
        return (Principal(name="*"),)
    if not isinstance(value, Mapping) or not value or not value.keys() <= set(PrincipalKind):
        raise MalformedPolicyError(f"{key} is neither * nor an object of AWS, Service, Federated and CanonicalUser")
    return tuple(each for kind, names in value.items() for each in _of_kind(PrincipalKind(kind), names, key))


def _of_kind(kind: PrincipalKind, names: Any, key: str) -> Sequence[Any]:
    if isinstance(names, Unknown):
        return (UNKNOWN,)
    return [Principal(kind=kind, name=_principal_name(kind, each)) for each in _texts(names, key)]


def _principal_name(kind: PrincipalKind, name: Any) -> Any:
    return UNKNOWN if _says_nothing(name, arns=kind is not PrincipalKind.SERVICE) else name
