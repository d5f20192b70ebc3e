"""The fact whether a stack gives somebody access to AWS Support."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Value, reveal
from policies.facts.properties import settings_of
from policies.facts.registry import adapter

SUPPORT_POLICY: Final = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/AWSSupportAccess")
"""ARN of the policy that AWS manages for it, in every partition."""

_NAMING: Final[Mapping[str, tuple[str, str]]] = {
    "aws:iam/role:Role": ("managedPolicyArns", ""),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn", ""),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ("policyArns", ""),
    "aws:iam/policyAttachment:PolicyAttachment": ("policyArn", "roles"),
}
"""Type → property that names attached policies, and property that must name a role besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportAccess:
    """Who may work with AWS Support.

    Args:
        roles: How many attachments of AWSSupportAccess to a role are known.
        whole_account: Whether those are all that the account has; a stack shows only its own.
    """

    roles: int = 0
    whole_account: bool = False


@adapter(types=("pulumi:pulumi:Stack",), kinds=(Kind.STACK,), joined=True)
def support_access_from_graph(graph: Graph, _resource: Resource) -> SupportAccess:
    """Count the attachments of AWSSupportAccess that the stack creates; one that is not known yet does not count."""
    created = (each for each in graph.of_type(*_NAMING) if each.kind is not Kind.READ)
    return SupportAccess(roles=sum(_gives_support(each) for each in created))


def _gives_support(resource: Resource) -> bool:
    policies, roles = _NAMING[resource.type]
    settings = settings_of(resource)
    to_a_role = not roles or bool(reveal(settings.get(roles)))
    return to_a_role and any(SUPPORT_POLICY.fullmatch(text) for text in _texts(settings.get(policies)))


def _texts(value: Value) -> Iterator[str]:
    plain = reveal(value)
    yield from (each for each in (plain if isinstance(plain, list) else [plain]) if isinstance(each, str))
