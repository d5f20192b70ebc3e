"""Facts about what IAM resources grant and attach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, is_symbolic, reveal
from policies.facts.joins import named
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import UNKNOWN, identities, identity, lift, settings_of
from policies.facts.registry import adapter
from policies.iam_document import parse_identity_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """What an IAM or Identity Center resource grants to an identity.

    Args:
        documents: Policies that it carries itself.
        attached_arns: ARNs of the managed policies that it attaches; a minted one names a policy of this stack.
    """

    documents: tuple[PolicyDocument, ...] = ()
    attached_arns: tuple[str, ...] = ()


_DOCUMENT: Final = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/userPolicy:UserPolicy": "policy",
    "aws:iam/groupPolicy:GroupPolicy": "policy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
}

_ATTACHED: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment": "managedPolicyArn",
    "aws:quicksight/iamPolicyAssignment:IamPolicyAssignment": "policyArn",
}

_ATTACHED_LIST: Final = {
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive": "managedPolicyArns",
}

_OWN_POLICY: Final = "aws:iam/policy:Policy"


@adapter(types=_DOCUMENT)
def policy_from_graph(_graph: Graph, resource: Resource) -> Grants:
    """Build the grants of a policy."""
    name = _DOCUMENT[resource.type]
    return Grants(documents=(policy_document(settings_of(resource).get(name), name, parse_identity_policy),))


@adapter(types=_ATTACHED)
def attachment_from_graph(graph: Graph, resource: Resource) -> Grants:
    """Build the grants of one attached policy."""
    name = _ATTACHED[resource.type]
    arn = identity(settings_of(resource), name)
    return Grants(attached_arns=(UNKNOWN if arn is None else _resolved(graph, resource, name, arn),))


@adapter(types=_ATTACHED_LIST)
def attachments_from_graph(graph: Graph, resource: Resource) -> Grants:
    """Build the grants of a list of attached policies."""
    return Grants(attached_arns=_arns(graph, resource, _ATTACHED_LIST[resource.type]))


@adapter(types=("aws:budgets/budgetAction:BudgetAction",))
def budget_action_from_graph(graph: Graph, resource: Resource) -> Grants:
    """Build the grants of the policy that a budget's action attaches once the budget is spent."""

    def attached(action: Mapping[str, Value]) -> Any:
        arn = identity(action, "policyArn")
        return (UNKNOWN if arn is None else _resolved(graph, resource, "definition", arn),)

    def defined(definition: Mapping[str, Value] | None) -> Any:
        action = (definition or {}).get("iamActionDefinition")
        return () if action is None else lift(action, attached)

    return Grants(attached_arns=lift(settings_of(resource).get("definition"), defined))


@adapter(types=("aws:iam/role:Role",))
def role_from_graph(graph: Graph, resource: Resource) -> Grants:
    """Build the grants that a role carries inline and attaches."""
    inline = settings_of(resource).get("inlinePolicies")
    return Grants(
        documents=lift(inline, lambda items: tuple(_inline_documents(items))),
        attached_arns=_arns(graph, resource, "managedPolicyArns"),
    )


def _inline_documents(items: Value) -> Iterator[Any]:
    for index, item in enumerate(items or ()):
        # An element without a policy takes the inline policies away, so it grants nothing.
        name = f"inlinePolicies[{index}].policy"
        if isinstance(reveal(item), Unknown):
            yield UNKNOWN
        elif (policy := lift(item, lambda each: each.get("policy"))) is not None:
            yield policy_document(policy, name, parse_identity_policy)


def _arns(graph: Graph, resource: Resource, name: str) -> Any:
    def resolved(arns: tuple[Any, ...]) -> tuple[Any, ...]:
        hidden = sum(isinstance(arn, Unknown) for arn in arns)
        return tuple(_resolved(graph, resource, name, arn, hidden) for arn in arns)

    return lift(identities(settings_of(resource), name), resolved)


def _resolved(graph: Graph, resource: Resource, name: str, arn: Any, hidden: int = 1) -> Any:
    """Return the ARN, or a stand-in where it can only be that of a policy created here.

    Args:
        graph: Where that policy would be.
        resource: What attaches it.
        name: Property that names it.
        arn: Its value.
        hidden: How many values of the property are unknown; more than it depends on could be anybody's.
    """
    if isinstance(arn, Unknown):
        found = [graph.get(urn) for urn in resource.property_dependencies.get(name, ())]
        own = len(found) >= hidden and all(each and _created_here(each) for each in found)
        return resource.urn if own else UNKNOWN
    if is_symbolic(reveal(arn)):
        own = any(map(_created_here, named(graph, reveal(arn), (_OWN_POLICY,))))
        return arn if own else UNKNOWN
    return arn


def _created_here(resource: Resource) -> bool:
    return resource.type == _OWN_POLICY and resource.kind is not Kind.READ
