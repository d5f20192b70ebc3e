"""To whom a statement speaks: everyone, other accounts, AWS services."""

from collections.abc import Collection

from policies.facts.arns import parse_arn
from policies.iam_document.binding import BINDING_KEYS, is_bound
from policies.iam_document.patterns import has_wildcard
from policies.iam_document.statement import Principal, PrincipalKind, Statement

_ACCOUNT_ID_LENGTH = 12


def speaks_to_everyone(statement: Statement) -> bool:
    """Tell whether principals do not bound the statement: `*` of any kind, or a NotPrincipal.

    False for identity policies, which have no principals. A Service or Federated `*` is counted in: services and
    identity providers act for anybody.
    """
    if statement.principals is not None:
        return any("*" in principal.name for principal in statement.principals)
    return statement.not_principals is not None


def is_public(statement: Statement, keys: Collection[str] = BINDING_KEYS) -> bool:
    """Tell whether it allows something to everyone, and no condition binds that to somebody.

    Args:
        statement: A statement of a resource or trust policy.
        keys: Lower-case condition keys that bind; see `binds`.
    """
    return statement.effect == "Allow" and speaks_to_everyone(statement) and not is_bound(statement, keys)


def service_principals(statement: Statement) -> tuple[str, ...]:
    """Return the AWS services among its principals, `lambda.amazonaws.com`."""
    return tuple(each.name for each in statement.principals or () if each.kind is PrincipalKind.SERVICE)


def federated_principals(statement: Statement) -> tuple[str, ...]:
    """Return the identity providers among its principals: ARNs, or names such as `accounts.google.com`."""
    return tuple(each.name for each in statement.principals or () if each.kind is PrincipalKind.FEDERATED)


def account_of(principal: Principal) -> str:
    """Return the account id of an `AWS` principal: of an id or an ARN; empty when it does not tell.

    A unique id (`AIDA…`) stands for somebody who is gone, a canonical user id for an account that is not spelt out.
    """
    if principal.kind is not PrincipalKind.AWS:
        return ""
    if len(principal.name) == _ACCOUNT_ID_LENGTH and principal.name.isdecimal():
        return principal.name
    arn = parse_arn(principal.name)
    return arn.account if arn and not has_wildcard(arn.account) else ""


def foreign_principals(statement: Statement, own_accounts: Collection[str]) -> tuple[str, ...]:
    """Return its `AWS` and `CanonicalUser` principals that are not certainly of one's own accounts, `*` left out.

    Args:
        statement: A statement of a resource or trust policy; a NotPrincipal names nobody here, see
            `speaks_to_everyone`.
        own_accounts: Account ids, 12 digits.
    """
    accounts = (PrincipalKind.AWS, PrincipalKind.CANONICAL_USER)
    return tuple(
        each.name
        for each in statement.principals or ()
        if each.kind in accounts and each.name != "*" and account_of(each) not in own_accounts
    )
