"""The part of a fact that is a policy: its statements, or why it has none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledgergate.values import Value
from policies.facts.properties import UNKNOWN
from policies.iam_document import MalformedPolicyError, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """A policy of any kind.

    Args:
        property: Where it stands, `policy`, `inlinePolicies[0].policy`.
        statements: Its statements; empty when it is malformed.
        malformed: Why IAM would refuse it; empty when it would not.
    """

    property: str = "policy"
    statements: tuple[Statement, ...] = ()
    malformed: str = ""


def policy_document(value: Value, property_: str, parse: Callable[[Value], Any]) -> PolicyDocument:
    """Return a policy as a fact holds it. One that a required property leaves out is unknown.

    Args:
        value: JSON text or an object.
        property_: Where it stands.
        parse: `parse_identity_policy`, `parse_resource_policy` or `parse_trust_policy`.
    """
    try:
        statements = UNKNOWN if value is None else parse(value)
    except MalformedPolicyError as error:
        return PolicyDocument(property=property_, malformed=str(error))
    return PolicyDocument(property=property_, statements=statements)
