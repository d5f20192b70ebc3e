"""What a policy document holds, in one normal form for all of its spellings."""

from dataclasses import dataclass
from enum import StrEnum


class PrincipalKind(StrEnum):
    """As what a principal is named."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who a statement speaks about.

    Args:
        kind: As what; the bare `"Principal": "*"` means `AWS`, as IAM takes it.
        name: `*`, an account id, an ARN, a unique id (`AIDA…`), `lambda.amazonaws.com`, an identity provider.

    Source: the Principal element, IAM user guide, read 2026-11-20.
    """

    kind: PrincipalKind = PrincipalKind.AWS
    name: str


class Qualifier(StrEnum):
    """How a condition looks at a key that has several values in a request."""

    NONE = ""
    ALL = "ForAllValues"
    """True as well when the request has no value at all."""
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One key under one operator. All conditions of a statement must hold; of the values of one, any.

    Args:
        operator: `StringEquals`, `ArnLike`, … as the IAM user guide spells it, without what stands before and behind.
        key: Lower case, `aws:sourcearn`: IAM does not tell cases of keys apart.
        values: As texts, `true` and `7` included.
        qualifier: What stands before the operator, `ForAllValues:`.
        if_exists: Whether `IfExists` stands behind it: it holds as well when the request lacks the key.
    """

    operator: str = "StringEquals"
    key: str
    values: tuple[str, ...]
    qualifier: Qualifier = Qualifier.NONE
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. At most one of each pair is not None, as far as the kind of policy has the pair.

    Args:
        sid: Its `Sid`, or empty.
        effect: `Allow` or `Deny`.
        principals: `Principal`; None in identity policies.
        not_principals: `NotPrincipal`.
        actions: `Action` patterns.
        not_actions: `NotAction` patterns.
        resources: `Resource` patterns; with `not_resources` None where the policy speaks about what it is attached to
            alone (trust policies, repository policies).
        not_resources: `NotResource` patterns.
        conditions: `Condition`, one for each operator and key; empty without.
    """

    sid: str = ""
    effect: str = "Allow"
    principals: tuple[Principal, ...] | None = None
    not_principals: tuple[Principal, ...] | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[Condition, ...] = ()
