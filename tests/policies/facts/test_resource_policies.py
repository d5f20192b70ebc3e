"""Policies of buckets, queues, topics, buses, repositories and secrets, and permissions as policies."""

import json
from typing import Any, Final

import pytest

from ledgergate.finding import Status
from ledgergate.graph import Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.controls.lambda_.access import policy_not_public
from policies.facts.policy_documents import PolicyDocument
from policies.facts.properties import UNKNOWN
from policies.facts.registry import adapters_of
from policies.facts.resource_policies import FunctionAccess, ResourcePolicy
from policies.iam_document import Condition, Principal, PrincipalKind, Statement
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import graph, resource

POLICY: Final = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}}
DOCUMENT: Final = PolicyDocument(
    statements=(Statement(principals=(Principal(name="*"),), actions=("sqs:*",), resources=("*",)),)
)
PERMISSION: Final = "aws:lambda/permission:Permission"
BUS_PERMISSION: Final = "aws:cloudwatch/eventPermission:EventPermission"
URL: Final = "aws:lambda/functionUrl:FunctionUrl"
OPTIONAL: Final = [
    "aws:sqs/queue:Queue",
    "aws:sns/topic:Topic",
    "aws:secretsmanager/secret:Secret",
    "aws:s3/bucket:Bucket",
]
REQUIRED: Final = [
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:s3/bucketPolicy:BucketPolicy",
]


def built(fact: type, subject: Resource) -> Any:
    """Return the fact of a resource."""
    (found,) = (each for each in adapters_of(fact) if each.serves(subject.kind, subject.type))
    return found.build(graph(subject), subject)


@pytest.mark.parametrize("type_", [*OPTIONAL, *REQUIRED])
def test_policy_is_read_from_inputs_and_outputs(type_: str) -> None:
    """Text and object are one, wherever the policy stands."""
    expected = ResourcePolicy(policy=DOCUMENT)

    assert built(ResourcePolicy, resource(type_, "r", {"policy": json.dumps(POLICY)})) == expected
    assert built(ResourcePolicy, resource(type_, "r", outputs={"policy": POLICY})) == expected


@pytest.mark.parametrize("type_", [*OPTIONAL, *REQUIRED])
def test_policy_that_is_unknown_secret_or_malformed(type_: str) -> None:
    """Nobody knows, nobody may show, and the service would refuse."""
    assert built(ResourcePolicy, resource(type_, "r", {"policy": UNKNOWN})).policy.statements == UNKNOWN
    assert isinstance(
        built(ResourcePolicy, resource(type_, "r", {"policy": Secret(json.dumps(POLICY))})).policy.statements, Secret
    )
    assert built(ResourcePolicy, resource(type_, "r", {"policy": "{"})).policy.malformed == "it is not JSON"


def test_absent_policy() -> None:
    """A queue may go without; a queue policy may not."""
    assert built(ResourcePolicy, resource(OPTIONAL[0], "r", {"name": "q"})) == ResourcePolicy()
    assert built(ResourcePolicy, resource(REQUIRED[0], "r", {"queueUrl": "q"})).policy.statements == UNKNOWN


def permission(**inputs: Any) -> Statement:
    """Return the statement that Lambda makes of a permission."""
    subject = resource(PERMISSION, "p", {"action": "lambda:InvokeFunction", "function": "f", **inputs})
    (statement,) = built(FunctionAccess, subject).statements
    assert built(ResourcePolicy, subject).policy.statements == (statement,)
    return statement  # type: ignore[no-any-return]  # facts may hold unknowns


def test_permission_becomes_a_statement() -> None:
    """Each property that limits it is a condition, as Lambda writes it."""
    found = permission(
        statementId="from-s3",
        principal="s3.amazonaws.com",
        sourceArn="arn:aws:s3:::ledger",
        sourceAccount="111122223333",
        principalOrgId="o-1",
    )

    assert found == Statement(
        sid="from-s3",
        principals=(Principal(kind=PrincipalKind.SERVICE, name="s3.amazonaws.com"),),
        actions=("lambda:InvokeFunction",),
        resources=("*",),
        conditions=(
            Condition(key="aws:principalorgid", values=("o-1",)),
            Condition(key="aws:sourceaccount", values=("111122223333",)),
            Condition(operator="ArnLike", key="aws:sourcearn", values=("arn:aws:s3:::ledger",)),
        ),
    )


@pytest.mark.parametrize("principal", ["*", "111122223333", "arn:aws:iam::111122223333:root"])
def test_principal_of_a_permission_may_be_an_account(principal: str) -> None:
    """Everything but a service is an AWS principal."""
    assert permission(principal=principal).principals == (Principal(name=principal),)


@pytest.mark.parametrize("principal", [UNKNOWN, None, f"made-{SYMBOL_MARK}"])
def test_principal_that_nobody_knows(principal: object) -> None:
    """It is required, so an absent one is not known either."""
    assert permission(principal=principal).principals == (UNKNOWN,)


def test_unknown_and_secret_limits() -> None:
    """A limit that comes later may be none; a secret one hides the whole statement."""
    assert permission(principal="*", sourceArn=UNKNOWN).conditions == (UNKNOWN,)
    assert isinstance(permission(principal="*", eventSourceToken=Secret("hush")), Secret)


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        (URL, {"authorizationType": "NONE"}, Status.FAIL),
        (URL, {"authorizationType": "AWS_IAM"}, Status.PASS),
        (URL, {"authorizationType": UNKNOWN}, Status.UNKNOWN),
        (URL, {}, Status.UNKNOWN),
        (PERMISSION, {"principal": "*", "functionUrlAuthType": "NONE"}, Status.FAIL),
        (PERMISSION, {"principal": "*", "sourceAccount": Secret("111122223333")}, Status.PASS),
        (PERMISSION, {"principal": "s3.amazonaws.com", "sourceArn": f"arn:aws:s3:::b-{SYMBOL_MARK}"}, Status.FAIL),
    ],
)
def test_functions_that_anybody_may_invoke(type_: str, inputs: dict[str, Any], expected: Status) -> None:
    """From what a program writes to the verdict of Lambda.1."""
    subject = resource(type_, "x", {"function": "f", "action": "lambda:InvokeFunction", **inputs})
    (said,) = Judge([policy_not_public], Settings()).resource(subject, graph(subject))

    assert said.verdict.status is expected


def bus_permission(**inputs: Any) -> Any:
    """Return the statement that EventBridge makes of a permission."""
    found = built(ResourcePolicy, resource(BUS_PERMISSION, "p", {"statementId": "other", **inputs}))
    (statement,) = found.policy.statements
    return statement


def test_permission_of_a_bus_becomes_a_statement() -> None:
    """It lets an account, or everyone under one condition, send events; what is not known stays so."""
    account = (Principal(name="444455556666"),)
    expected = Statement(sid="other", principals=account, actions=("events:PutEvents",), resources=("*",))
    assert bus_permission(principal="444455556666") == expected

    organisation = {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-a1b2c3d4e5"}
    bound = Condition(operator="StringEquals", key="aws:principalorgid", values=("o-a1b2c3d4e5",))
    assert bus_permission(principal="*", condition=organisation).conditions == (bound,)
    assert bus_permission(principal="*", condition={**organisation, "value": UNKNOWN}).conditions == (UNKNOWN,)
    assert bus_permission(principal="*", condition=UNKNOWN).conditions == (UNKNOWN,)
    assert bus_permission(principal=UNKNOWN).principals == (UNKNOWN,)
    assert isinstance(bus_permission(principal=Secret("444455556666")), Secret)
