"""Facts about IAM roles: who may assume them, and what workloads may do with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.iam import role_from_graph
from policies.facts.joins import Companions, companions, follow, named
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import UNKNOWN, attribute, identities, identity, known_text, lift, settings_of
from policies.facts.registry import adapter
from policies.facts.tagging import Tag, tagged_from_graph
from policies.iam_document import parse_identity_policy, parse_trust_policy

ROLE_TYPES: Final = ("aws:iam/role:Role",)
_POLICY: Final = ("aws:iam/policy:Policy",)
_INLINE: Final = ("aws:iam/rolePolicy:RolePolicy",)
_ATTACHMENT: Final = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment",)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedRole:
    """A role and who may assume it.

    Args:
        name: `name`; empty when the service is to choose it.
        tags: Its own tags.
        account: Account it belongs to, 12 digits, as its ARN says.
        trust: `assumeRolePolicy`, which is required.
    """

    name: str = ""
    tags: tuple[Tag, ...] = ()
    account: str
    trust: PolicyDocument


@adapter(types=ROLE_TYPES)
def trusted_role_from_graph(graph: Graph, resource: Resource) -> TrustedRole:
    """Build a role with its trust policy."""
    settings = settings_of(resource)
    name = identity(settings, "name", default="")
    if name == "":
        name = identity(settings, "namePrefix", default="")
    arn = parse_arn(known_text(attribute(resource, "arn")))
    return TrustedRole(
        name=name,
        tags=tagged_from_graph(graph, resource).tags,
        account=arn.account if arn else UNKNOWN,
        trust=policy_document(settings.get("assumeRolePolicy"), "assumeRolePolicy", parse_trust_policy),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadRole:
    """A role with every policy that it carries or attaches in its stack.

    Args:
        trust: `assumeRolePolicy`.
        documents: Its inline policies, those of `RolePolicy` resources for it, and attached policies of the stack.
        unseen_arns: Attached policies whose content is not in the stack.
    """

    trust: PolicyDocument
    documents: tuple[PolicyDocument, ...] = ()
    unseen_arns: tuple[str, ...] = ()


@adapter(types=ROLE_TYPES, joined=True)
def workload_role_from_graph(graph: Graph, resource: Resource) -> WorkloadRole:
    """Build a role with its policies."""
    own = role_from_graph(graph, resource).documents
    beside = [_carried(each) for each in _all_of(companions(graph, resource, _INLINE, "role", ROLE_TYPES))]
    attached = list(_attached(graph, resource))
    trust = settings_of(resource).get("assumeRolePolicy")
    return WorkloadRole(
        trust=policy_document(trust, "assumeRolePolicy", parse_trust_policy),
        documents=lift(own, lambda documents: (*documents, *beside, *(each for each, _ in attached if each))),
        unseen_arns=tuple(arn for each, arn in attached if each is None),
    )


def _all_of(found: Companions) -> Sequence[Resource]:
    return (*found.certain, *found.possible)


def _carried(policy: Resource) -> Any:
    if policy.kind is Kind.READ:
        return UNKNOWN
    return policy_document(settings_of(policy).get("policy"), f"policy of {policy.name}", parse_identity_policy)


def _attached(graph: Graph, role: Resource) -> Iterator[tuple[Any, Any]]:
    """Yield each attached policy: its document and nothing, or None and the ARN of one that the stack does not hold."""
    for each in _all_of(companions(graph, role, _ATTACHMENT, "role", ROLE_TYPES)):
        found = follow(graph, each, "policyArn", _POLICY).resources
        yield from _seen(found, identity(settings_of(each), "policyArn"))
    arns = reveal(identities(settings_of(role), "managedPolicyArns"))
    for arn in (UNKNOWN,) if isinstance(arns, Unknown) else arns:
        yield from _seen(() if isinstance(arn, Unknown) else named(graph, arn, _POLICY), arn)


def _seen(found: Sequence[Resource], arn: Any) -> Iterator[tuple[Any, Any]]:
    if found:
        yield from ((_carried(each), None) for each in found)
    else:
        yield None, UNKNOWN if arn is None or is_symbolic(reveal(arn)) else arn
