"""Whether a stack gives somebody access to AWS Support."""

from typing import Any, Final

import pytest

from ledgergate.finding import Status
from ledgergate.graph import Kind, Resource
from policies.controls.iam.support import support_role_present
from policies.facts.properties import UNKNOWN
from policies.facts.support_access import SupportAccess, support_access_from_graph
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import ROLE, graph, resource

STACK: Final = resource("pulumi:pulumi:Stack", "bank-dev", kind=Kind.STACK, provider="")
ARN: Final = "arn:aws:iam::aws:policy/AWSSupportAccess"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def access(*others: Resource) -> SupportAccess:
    """Return the fact of a stack with these resources."""
    return support_access_from_graph(graph(STACK, *others), STACK)


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (ROLE, {"managedPolicyArns": [ARN]}),
        (ATTACHMENT, {"policyArn": ARN}),
        (ATTACHMENT, {"policyArn": ARN.replace("aws", "aws-cn", 1)}),
        ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {"policyArns": ["a", ARN]}),
        ("aws:iam/policyAttachment:PolicyAttachment", {"policyArn": ARN, "roles": ["support"]}),
    ],
)
def test_every_way_of_attaching_counts(type_: str, inputs: dict[str, Any]) -> None:
    """A role may get the policy in several ways; outputs say the same as inputs."""
    assert access(resource(type_, "support", inputs)) == SupportAccess(roles=1)
    assert access(resource(type_, "support", outputs=inputs)) == SupportAccess(roles=1)


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (ATTACHMENT, {"policyArn": UNKNOWN}),
        (ATTACHMENT, {"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        ("aws:iam/policyAttachment:PolicyAttachment", {"policyArn": ARN, "users": ["ann"]}),
        ("aws:iam/userPolicyAttachment:UserPolicyAttachment", {"policyArn": ARN, "user": "ann"}),
        (ROLE, {}),
    ],
)
def test_what_is_no_role_with_the_policy_does_not_count(type_: str, inputs: dict[str, Any]) -> None:
    """Users, other policies and what is not known yet leave the question to the audit."""
    found = access(resource(type_, "support", inputs))
    (_, verdict), *_ = Judge([support_role_present], Settings()).fact(found)

    assert (found, verdict.status) == (SupportAccess(), Status.DEFERRED)


def test_role_that_is_looked_up_does_not_count() -> None:
    """What the stack does not create shows in the account alone."""
    assert access(resource(ROLE, "support", outputs={"managedPolicyArns": [ARN]}, kind=Kind.READ)) == SupportAccess()
