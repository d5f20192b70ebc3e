"""IAM's policy language: documents parsed into statements, and the questions that controls ask of them.

Parsing is for adapters and readers: `parse_identity_policy`, `parse_resource_policy` and `parse_trust_policy` take JSON
text or the same as an object, and give a tuple of `Statement` in one normal form, with `UNKNOWN` where the document
leaves something open and a `Secret` around it all when a part is secret. What IAM would refuse raises
`MalformedPolicyError`. `policies.facts.policy_documents` makes the part of a fact of it.

Questions are for controls, and are asked of what a control sees of a statement. There an unknown part stops the control
the moment it is read, so every answer is a plain truth and nobody has to think of a third one. Do not ask them in an
adapter: there an unknown would be taken for a value. They read the effect first, then what is cheap to know.

- Patterns: `covers(pattern, other)`, `overlaps(pattern, other)`, `matches(pattern, text)`, `covers_every_action`,
  `covers_every_resource`, `has_wildcard`.
- What a statement speaks about: `touches_action`, `touches_resource` (at most, for an Allow) and `covers_action`,
  `covers_resource` (for certain, for a Deny); `speaks_of_every_action`, `speaks_of_every_resource`;
  `letting(statements, action, resource)` yields the Allow statements that let something happen.
- To whom: `speaks_to_everyone`, `is_public` (everyone, and no condition binds), `foreign_principals`, `account_of`,
  `service_principals`, `federated_principals`.
- Conditions: `binds(condition, keys)`, `is_bound(statement, keys)` with `BINDING_KEYS` or `SOURCE_KEYS`.
- Denials: `denied_without_tls`, `exempt_from_denial`, `is_denied_to_everyone`.
- Messages: `label(statement, number)`.

Conditions and Deny statements never make an Allow smaller here, unless a question says so: each statement is judged by
itself, which is how the catalogue words its demands.
"""

from policies.iam_document.binding import BINDING_KEYS, SOURCE_KEYS, binds, is_bound
from policies.iam_document.denials import denied_without_tls, exempt_from_denial, is_denied_to_everyone
from policies.iam_document.errors import MalformedPolicyError
from policies.iam_document.parsing import parse_identity_policy, parse_resource_policy, parse_trust_policy
from policies.iam_document.parties import (
    account_of,
    federated_principals,
    foreign_principals,
    is_public,
    service_principals,
    speaks_to_everyone,
)
from policies.iam_document.patterns import (
    covers,
    covers_every_action,
    covers_every_resource,
    has_variable,
    has_wildcard,
    matches,
    overlaps,
)
from policies.iam_document.scope import (
    covers_action,
    covers_resource,
    label,
    letting,
    speaks_of_every_action,
    speaks_of_every_resource,
    touches_action,
    touches_resource,
)
from policies.iam_document.statement import Condition, Principal, PrincipalKind, Qualifier, Statement

__all__ = [
    "BINDING_KEYS",
    "SOURCE_KEYS",
    "Condition",
    "MalformedPolicyError",
    "Principal",
    "PrincipalKind",
    "Qualifier",
    "Statement",
    "account_of",
    "binds",
    "covers",
    "covers_action",
    "covers_every_action",
    "covers_every_resource",
    "covers_resource",
    "denied_without_tls",
    "exempt_from_denial",
    "federated_principals",
    "foreign_principals",
    "has_variable",
    "has_wildcard",
    "is_bound",
    "is_denied_to_everyone",
    "is_public",
    "label",
    "letting",
    "matches",
    "overlaps",
    "parse_identity_policy",
    "parse_resource_policy",
    "parse_trust_policy",
    "service_principals",
    "speaks_of_every_action",
    "speaks_of_every_resource",
    "speaks_to_everyone",
    "touches_action",
    "touches_resource",
]
