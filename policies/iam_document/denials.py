"""What a policy denies to everyone: without TLS, or but for some whom it names."""

from collections.abc import Iterable, Sequence
from typing import Final

from policies.iam_document.scope import covers_action, covers_resource
from policies.iam_document.statement import Condition, PrincipalKind, Statement

_TRANSPORT: Final = "aws:securetransport"
_TLS_VERSION: Final = "s3:tlsversion"
_EXEMPTING: Final = frozenset(
    {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "ArnNotEquals", "ArnNotLike"}
)
_PRINCIPAL: Final = "aws:principalarn"


def denied_without_tls(statements: Sequence[Statement], action: str, resources: Iterable[str]) -> bool:
    """Tell whether a policy denies `action` on each of `resources` to everyone who does not use TLS.

    For each resource one Deny statement has Principal `*`, covers action and resource, and has no condition but such
    as hold for every request without TLS: `Bool aws:SecureTransport false`, or `NumericLessThanIfExists s3:TlsVersion`.
    Without `IfExists` the latter does not count: a request over plain HTTP has no TLS version to compare.

    Args:
        statements: Statements of a resource policy.
        action: An action or a pattern, `s3:*`.
        resources: ARNs or patterns, for a bucket both `arn:aws:s3:::name` and `arn:aws:s3:::name/*`.
    """
    denials = [each for each in statements if _denies(each, action) and _hold_without_tls(each.conditions)]
    return all(any(covers_resource(each, resource) for each in denials) for resource in resources)


def exempt_from_denial(statement: Statement, action: str, resource: str) -> tuple[str, ...] | None:
    """Return to whom a Deny statement leaves `action` on `resource`: names and ARN patterns, empty when to nobody.

    Exempt are the AWS principals under NotPrincipal and those that a condition such as `ArnNotLike aws:PrincipalArn`
    takes out of Principal `*`.

    Returns:
        None when the statement is no Deny, covers less than action and resource, denies to fewer than all others, or
        has a condition that asks for something else.
    """
    if statement.effect != "Deny" or not covers_action(statement, action) or not covers_resource(statement, resource):
        return None
    spared = _spared_principals(statement)
    if spared is None or any(not _only_exempts(condition) for condition in statement.conditions):
        return None
    # Every condition must hold for the denial, so whoever one of them takes out is spared.
    return (*spared, *(value for condition in statement.conditions for value in condition.values))


def is_denied_to_everyone(statement: Statement, action: str, resource: str) -> bool:
    """Tell whether the statement denies `action` on `resource` to everyone, whatever the request."""
    return exempt_from_denial(statement, action, resource) == ()


def _denies(statement: Statement, action: str) -> bool:
    return statement.effect == "Deny" and _names_everyone(statement) and covers_action(statement, action)


def _names_everyone(statement: Statement) -> bool:
    named = statement.principals or ()
    return any(each.kind is PrincipalKind.AWS and each.name == "*" for each in named)


def _hold_without_tls(conditions: Sequence[Condition]) -> bool:
    return all(map(_holds_without_tls, conditions))


def _holds_without_tls(condition: Condition) -> bool:
    if condition.key == _TRANSPORT:
        return condition.operator == "Bool" and "false" in {value.lower() for value in condition.values}
    below = ("NumericLessThan", "NumericLessThanEquals")
    return condition.key == _TLS_VERSION and condition.operator in below and condition.if_exists


def _spared_principals(statement: Statement) -> tuple[str, ...] | None:
    if statement.not_principals is not None:
        return tuple(each.name for each in statement.not_principals)
    return () if _names_everyone(statement) else None


def _only_exempts(condition: Condition) -> bool:
    return condition.key == _PRINCIPAL and condition.operator in _EXEMPTING
