"""Roles: whom they trust, and what workloads may do with them."""

import json
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.iam_roles import TrustedRole, WorkloadRole, trusted_role_from_graph, workload_role_from_graph
from policies.facts.policy_documents import PolicyDocument
from policies.facts.properties import UNKNOWN
from policies.facts.tagging import Tag
from policies.iam_document import Principal, PrincipalKind, Statement
from tests.policies.graphs import POLICY, ROLE, graph, resource

TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
}
READ: Final = {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ledger/*"}}
LAMBDA: Final = Statement(
    principals=(Principal(kind=PrincipalKind.SERVICE, name="lambda.amazonaws.com"),), actions=("sts:AssumeRole",)
)
READING: Final = (Statement(actions=("s3:GetObject",), resources=("arn:aws:s3:::ledger/*",)),)
ARN: Final = "arn:aws:iam::111122223333:role/task"
INLINE: Final = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def trusted(**fields: Any) -> TrustedRole:
    """Return the fact of a role."""
    role = resource(ROLE, "task", **fields)
    return trusted_role_from_graph(graph(role), role)


def working(role: Resource, *others: Resource) -> WorkloadRole:
    """Return the fact of a role beside other resources."""
    return workload_role_from_graph(graph(role, *others), role)


def role_of(**inputs: Any) -> Resource:
    """Return a role called task."""
    outputs = {"arn": ARN, "name": "task"}
    return resource(ROLE, "task", {"assumeRolePolicy": json.dumps(TRUST), **inputs}, outputs=outputs, id="task")


@pytest.mark.parametrize("trust", [TRUST, json.dumps(TRUST)])
def test_trust_is_read_from_inputs_and_from_outputs(trust: object) -> None:
    """Text and object, Analyze and AnalyzeStack, are one."""
    settings = {"name": "task", "assumeRolePolicy": trust, "tags": {"Role": "operator"}}
    document = PolicyDocument(property="assumeRolePolicy", statements=(LAMBDA,))
    expected = TrustedRole(
        name="task", tags=(Tag(key="Role", value="operator"),), account="111122223333", trust=document
    )

    assert trusted(inputs=settings, outputs={"arn": ARN}) == expected
    assert trusted(outputs={**settings, "arn": ARN}) == expected


def test_what_is_not_known_of_a_role_is_unknown() -> None:
    """Its account before it exists, a trust policy that is left out or comes later, a name that comes later."""
    assert trusted(inputs={"assumeRolePolicy": UNKNOWN}).trust.statements == UNKNOWN
    assert trusted(inputs={}).trust.statements == UNKNOWN
    assert trusted(inputs={}).account == UNKNOWN
    assert trusted(inputs={"name": UNKNOWN}).name == UNKNOWN
    assert trusted(inputs={"namePrefix": "operator-"}).name == "operator-"


def test_secret_and_malformed_trust() -> None:
    """A secret stays one, and what IAM would refuse is said."""
    assert isinstance(trusted(inputs={"assumeRolePolicy": Secret(json.dumps(TRUST))}).trust.statements, Secret)
    assert trusted(inputs={"assumeRolePolicy": "{"}).trust.malformed == "it is not JSON"


def test_workload_has_every_policy_of_its_stack() -> None:
    """Inline policies, policies beside it and attached ones of the stack are its own; others are named."""
    policy = resource(POLICY, "own", {"policy": json.dumps(READ)}, outputs={"arn": "arn:aws:iam::1:policy/own"})
    others = (
        policy,
        resource(INLINE, "beside", {"role": "task", "policy": json.dumps(READ)}),
        resource(INLINE, "of-another", {"role": "other", "policy": "{"}),
        resource(ATTACHMENT, "own", {"role": "task", "policyArn": "arn:aws:iam::1:policy/own"}),
        resource(ATTACHMENT, "foreign", {"role": ARN, "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    )
    role = role_of(
        inlinePolicies=[{"name": "a", "policy": json.dumps(READ)}],
        managedPolicyArns=["arn:aws:iam::1:policy/own", "arn:aws:iam::aws:policy/SecurityAudit"],
    )
    found = working(role, *others)

    assert [each.property for each in found.documents] == [
        "inlinePolicies[0].policy",
        "policy of beside",
        "policy of own",
        "policy of own",
    ]
    assert all(each.statements == READING for each in found.documents)
    assert found.unseen_arns == ("arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/SecurityAudit")


def test_policy_that_may_be_the_workloads_counts() -> None:
    """A policy for a role that nobody knows may be for this one; a looked-up policy says nothing of its content."""
    looked_up = resource(POLICY, "read", outputs={"arn": "arn:aws:iam::1:policy/read"}, kind=Kind.READ)
    attached = resource(ATTACHMENT, "read", {"role": "task", "policyArn": "arn:aws:iam::1:policy/read"})
    loose = resource(INLINE, "loose", {"role": UNKNOWN, "policy": json.dumps(READ)})
    found = working(role_of(), looked_up, attached, loose)

    assert found.documents == (PolicyDocument(property="policy of loose", statements=READING), UNKNOWN)


def test_unknown_attachments_of_a_workload() -> None:
    """An attached policy that comes later may be anybody's; one that a look-up made up too."""
    minted = f"arn:aws:iam::aws:policy/{SYMBOL_MARK}"

    assert working(role_of(managedPolicyArns=UNKNOWN)).unseen_arns == (UNKNOWN,)
    assert working(role_of(managedPolicyArns=[UNKNOWN, minted])).unseen_arns == (UNKNOWN, UNKNOWN)
