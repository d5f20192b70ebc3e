"""Which conditions bind a request to an account, an organisation, a source or a network that somebody named."""

import contextlib
import ipaddress
import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from policies.facts.arns import parse_arn
from policies.iam_document.patterns import has_wildcard
from policies.iam_document.statement import Condition, Qualifier, Statement

_POSITIVE: Final = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})
_BY_COMPONENT: Final = frozenset({"ArnEquals", "ArnLike"})
"""They compare an ARN part by part; a wildcard under the others runs over colons and so into the next part.

Source: condition operators, IAM user guide, read 2026-11-20."""

_ACCOUNT: Final = re.compile(r"\d{12}")
_WIDEST: Final = {4: 8, 6: 32}
"""IP version → shortest prefix that names a network. Source: the meaning of public, S3 user guide, read 2026-11-20."""

Specific = Callable[[str, str], bool]
"""Tells whether a value names somebody: (operator, value)."""


def _is_exact(_operator: str, value: str) -> bool:
    return bool(value.strip()) and not has_wildcard(value)


def _is_account(_operator: str, value: str) -> bool:
    return _ACCOUNT.fullmatch(value) is not None


def _is_path_of_one_organisation(_operator: str, value: str) -> bool:
    organisation, _, path = value.partition("/")
    return bool(organisation and path) and not has_wildcard(organisation)


def _is_session_of_one_role(_operator: str, value: str) -> bool:
    return _is_exact(_operator, value.partition(":")[0])


def _is_arn_of_somebody(operator: str, value: str) -> bool:
    """Tell whether an ARN pattern names an account, or a bucket, whose ARN has none."""
    arn = parse_arn(value)
    if arn is None:
        return False
    before = (arn.partition, arn.service, arn.region)
    if operator not in _BY_COMPONENT and any(map(has_wildcard, before)):
        return False
    if arn.account:
        return not has_wildcard(arn.account)
    first = arn.resource.partition("/")[0]
    return _is_exact(operator, first if arn.service == "s3" else arn.resource)


_ENCRYPTION_CONTEXT: Final = "kms:encryptioncontext:"


def _is_context(_operator: str, value: str) -> bool:
    """Tell whether an encryption context names something whole, or things of one account.

    Services fill it with ARNs of their own, in which no customer can put colons, so every operator is as good.
    """
    return _is_exact(_operator, value) or _is_arn_of_somebody("ArnLike", value)


_KEYS: Final[Mapping[str, Specific]] = {
    "aws:sourceaccount": _is_account,
    "aws:sourceowner": _is_account,
    "aws:principalaccount": _is_account,
    "aws:vpceaccount": _is_account,
    "kms:calleraccount": _is_account,
    "s3:dataaccesspointaccount": _is_account,
    "aws:principalorgid": _is_exact,
    "aws:sourceorgid": _is_exact,
    "aws:vpceorgid": _is_exact,
    "aws:principalorgpaths": _is_path_of_one_organisation,
    "aws:sourceorgpaths": _is_path_of_one_organisation,
    "aws:vpceorgpaths": _is_path_of_one_organisation,
    "aws:sourcearn": _is_arn_of_somebody,
    "aws:principalarn": _is_arn_of_somebody,
    "aws:sourcevpcarn": _is_arn_of_somebody,
    "s3:dataaccesspointarn": _is_arn_of_somebody,
    "aws:sourcevpc": _is_exact,
    "aws:sourcevpce": _is_exact,
    "aws:userid": _is_session_of_one_role,
}

BINDING_KEYS: Final[frozenset[str]] = frozenset({*_KEYS, "aws:sourceip"})
"""Keys, in lower case, of which a condition binds a request to somebody.

Source: global condition keys, IAM user guide; the meaning of public, S3 user guide; read 2026-11-20. Left out, since
everybody can bring them along: tags of the principal, the referer, `aws:VpcSourceIp`, `aws:PrincipalIsAWSService`,
`kms:ViaService` (the service may act for any account)."""

SOURCE_KEYS: Final = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})
"""Keys that say for whose resource an AWS service acts; against the confused deputy."""


def binds(condition: Condition, keys: Collection[str] = BINDING_KEYS) -> bool:
    """Tell whether a condition holds only for requests of somebody whom it names.

    A positive operator on one of `keys`, each value of which names one account, organisation, source or network. Not
    under `IfExists` or `ForAllValues:`, which hold as well for a request without the key, and not with a wildcard
    where the account or the name would stand: `ArnLike arn:aws:sns:*:111122223333:*` binds, `arn:aws:s3:::*` does not.
    A policy variable is a wildcard.

    Args:
        condition: The condition.
        keys: Lower-case keys that count; one outside `BINDING_KEYS` counts with values without a wildcard, and a
            `kms:encryptioncontext:…` also with an ARN that names an account.
    """
    if condition.key not in keys or condition.if_exists or condition.qualifier is Qualifier.ALL:
        return False
    if condition.key == "aws:sourceip":
        return condition.operator == "IpAddress" and _each(condition, _is_network)
    return condition.operator in _POSITIVE and _each(condition, _specific(condition.key))


def is_bound(statement: Statement, keys: Collection[str] = BINDING_KEYS) -> bool:
    """Tell whether some condition of the statement binds; all of them must hold, so one is enough."""
    return any(binds(condition, keys) for condition in statement.conditions)


def _specific(key: str) -> Specific:
    return _is_context if key.startswith(_ENCRYPTION_CONTEXT) else _KEYS.get(key, _is_exact)


def _each(condition: Condition, specific: Specific) -> bool:
    values = tuple(condition.values)
    return bool(values) and all(specific(condition.operator, value) for value in values)


def _is_network(_operator: str, value: str) -> bool:
    with contextlib.suppress(ValueError):
        network = ipaddress.ip_network(value, strict=False)
        return network.prefixlen >= _WIDEST[network.version]
    return False
