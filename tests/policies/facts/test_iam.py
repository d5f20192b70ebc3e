"""What IAM resources grant, in every form in which a program may write it."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from ledgergate.finding import Status
from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, UNKNOWN, Secret
from policies.controls.iam.policy import admin_statement_absent
from policies.facts.registry import adapters_of
from policies.model import Verdict
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import POLICY, ROLE, graph, resource

ADMIN: Final = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
READER: Final = {"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}
ADMIN_ARN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ARN: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
MINTED_ARN: Final = f"arn:aws:iam::111122223333:policy/{SYMBOL_MARK}"

DOCUMENT_TYPES: Final = [
    (POLICY, "policy"),
    ("aws:iam/rolePolicy:RolePolicy", "policy"),
    ("aws:iam/userPolicy:UserPolicy", "policy"),
    ("aws:iam/groupPolicy:GroupPolicy", "policy"),
    ("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "inlinePolicy"),
]
ATTACHMENT_TYPES: Final = [
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"),
    ("aws:iam/userPolicyAttachment:UserPolicyAttachment", "policyArn"),
    ("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn"),
    ("aws:iam/policyAttachment:PolicyAttachment", "policyArn"),
    ("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managedPolicyArn"),
    ("aws:quicksight/iamPolicyAssignment:IamPolicyAssignment", "policyArn"),
]
LIST_TYPES: Final = [
    (ROLE, "managedPolicyArns"),
    ("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "policyArns"),
    ("aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", "policyArns"),
    ("aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive", "policyArns"),
    ("aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive", "managedPolicyArns"),
]
BUDGET_ACTION: Final = "aws:budgets/budgetAction:BudgetAction"


def judged(subject: Resource, *others: Resource) -> Verdict:
    """Judge one resource by LG-IAM-01."""
    judge = Judge([admin_statement_absent], Settings())
    (said,) = judge.resource(subject, graph(subject, *others))
    return said.verdict


def status(type_: str, inputs: Mapping[str, Any], *others: Resource, **fields: Any) -> Status:
    """Return how a resource with these inputs ends."""
    return judged(resource(type_, "subject", inputs, **fields), *others).status


def test_every_type_is_judged() -> None:
    """The tables of these tests and of the adapters name the same types."""
    tested = {type_ for type_, _ in (*DOCUMENT_TYPES, *ATTACHMENT_TYPES, *LIST_TYPES)} | {BUDGET_ACTION}

    assert tested == {type_ for each in adapters_of(admin_statement_absent.fact) for type_ in each.types}


@pytest.mark.parametrize(("type_", "name"), DOCUMENT_TYPES)
def test_document_is_read_as_text_and_as_object(type_: str, name: str) -> None:
    """JSON text, the provider's own document type, and either as an output are one."""
    assert status(type_, {name: json.dumps(ADMIN)}) is Status.FAIL
    assert status(type_, {name: ADMIN}) is Status.FAIL
    assert status(type_, {name: Secret(json.dumps(ADMIN))}) is Status.FAIL
    assert status(type_, {}, outputs={name: json.dumps(ADMIN)}) is Status.FAIL
    assert status(type_, {name: json.dumps(READER)}) is Status.PASS


@pytest.mark.parametrize(("type_", "name"), DOCUMENT_TYPES)
@pytest.mark.parametrize("value", [UNKNOWN, Secret(UNKNOWN), None, f"rendered-{SYMBOL_MARK}"])
def test_document_that_is_not_known_is_undecided(type_: str, name: str, value: object) -> None:
    """Unknown, absent, or made up by an invoke: nobody can say what the policy allows."""
    assert status(type_, {name: value}) is Status.UNKNOWN


def test_document_with_minted_arns_is_known_text() -> None:
    """An ARN of the stack inside a policy is an identity, so the policy is decided."""
    arn = f"arn:aws:s3:::ledger-{SYMBOL_MARK}/*"
    document = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": [arn]}}

    assert status(POLICY, {"policy": json.dumps(document)}) is Status.PASS


def test_minted_action_is_undecided() -> None:
    """The wording of an action matters, so a made-up one says nothing."""
    document = {"Statement": {"Effect": "Allow", "Action": f"x-{SYMBOL_MARK}", "Resource": "*"}}

    assert status(POLICY, {"policy": json.dumps(document)}) is Status.UNKNOWN


def test_unknown_inside_an_object_is_undecided_where_it_matters() -> None:
    """An unknown resource leaves a named action alone and decides `*`."""
    statement = {"Effect": "Allow", "Resource": UNKNOWN}

    assert status(POLICY, {"policy": {"Statement": [{**statement, "Action": "s3:GetObject"}]}}) is Status.PASS
    assert status(POLICY, {"policy": {"Statement": [{**statement, "Action": "*"}]}}) is Status.UNKNOWN
    assert status(POLICY, {"policy": {"Statement": UNKNOWN}}) is Status.UNKNOWN


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '"*"', "{}", '{"Statement": []}', '{"Statement": [3]}', "[" * 99999]
)
def test_malformed_document_fails(text: str) -> None:
    """What IAM would refuse neither passes nor breaks the run."""
    said = judged(resource(POLICY, "subject", {"policy": text}))

    assert said.status is Status.FAIL
    assert said.message.startswith("policy is no policy that IAM takes: ")


def test_secret_document_is_judged_and_not_quoted() -> None:
    """The verdict on a secret policy says that it fails and nothing of what it holds."""
    document = {"Statement": {"Sid": "Hush", "Effect": "Allow", "Action": "*", "Resource": "*"}}
    said = judged(resource(POLICY, "subject", {"policy": Secret(json.dumps(document))}))

    assert said.status is Status.FAIL
    assert "Hush" not in said.message + said.found
    assert "statements of a document is secret" in said.message


@pytest.mark.parametrize(("type_", "name"), ATTACHMENT_TYPES)
def test_attached_policy_is_judged_by_its_arn(type_: str, name: str) -> None:
    """AdministratorAccess fails in every partition; other policies pass; an unknown one is undecided."""
    assert status(type_, {name: ADMIN_ARN}) is Status.FAIL
    assert status(type_, {name: ADMIN_ARN.replace("aws:iam", "aws-cn:iam")}) is Status.FAIL
    assert status(type_, {}, outputs={name: ADMIN_ARN}) is Status.FAIL
    assert status(type_, {name: READ_ARN}) is Status.PASS
    assert status(type_, {name: f"{ADMIN_ARN}-Amplify"}) is Status.PASS
    assert status(type_, {name: UNKNOWN}) is Status.UNKNOWN
    assert status(type_, {name: None}) is Status.UNKNOWN


@pytest.mark.parametrize(("type_", "name"), LIST_TYPES)
def test_attached_policies_are_judged_one_by_one(type_: str, name: str) -> None:
    """One AdministratorAccess in the list is enough, known or secret."""
    assert status(type_, {name: [READ_ARN, ADMIN_ARN]}) is Status.FAIL
    assert status(type_, {name: [READ_ARN, Secret(ADMIN_ARN)]}) is Status.FAIL
    assert status(type_, {name: Secret([ADMIN_ARN])}) is Status.FAIL
    assert status(type_, {name: [READ_ARN]}) is Status.PASS
    assert status(type_, {name: [READ_ARN, UNKNOWN]}) is Status.UNKNOWN
    assert status(type_, {name: UNKNOWN}) is Status.UNKNOWN


def test_policy_of_the_stack_may_be_attached() -> None:
    """It is judged by itself, so an ARN that is minted or comes from it is not AdministratorAccess."""
    own = resource(POLICY, "own", {"policy": json.dumps(READER)}, outputs={"arn": MINTED_ARN})
    attachment = ATTACHMENT_TYPES[0][0]

    assert status(attachment, {"policyArn": MINTED_ARN}, own) is Status.PASS
    unknown: dict[str, Any] = {"property_dependencies": {"policyArn": (own.urn,)}}
    assert status(attachment, {"policyArn": UNKNOWN}, own, **unknown) is Status.PASS
    listed: dict[str, Any] = {"property_dependencies": {"managedPolicyArns": (own.urn,)}}
    assert status(ROLE, {"managedPolicyArns": [UNKNOWN]}, own, **listed) is Status.PASS


def test_unknown_arn_that_could_be_anybodys_is_undecided() -> None:
    """One dependency cannot account for two unknown ARNs, since an invoke loses its dependencies in a preview."""
    own = resource(POLICY, "own", {"policy": json.dumps(READER)})
    fields: dict[str, Any] = {"property_dependencies": {"managedPolicyArns": (own.urn,)}}

    assert status(ROLE, {"managedPolicyArns": [UNKNOWN, UNKNOWN]}, own, **fields) is Status.UNKNOWN


def test_policy_that_is_looked_up_is_undecided() -> None:
    """A read or an invoke may have found AdministratorAccess under a made-up ARN."""
    read = resource(POLICY, "read", outputs={"arn": MINTED_ARN}, kind=Kind.READ)

    assert status(ATTACHMENT_TYPES[0][0], {"policyArn": MINTED_ARN}, read) is Status.UNKNOWN
    assert status(ATTACHMENT_TYPES[0][0], {"policyArn": MINTED_ARN}) is Status.UNKNOWN


def test_inline_policies_of_a_role_are_judged() -> None:
    """Each inline policy counts; an element without one grants nothing."""
    reader = {"name": "r", "policy": json.dumps(READER)}

    assert status(ROLE, {"inlinePolicies": [reader, {"name": "a", "policy": json.dumps(ADMIN)}]}) is Status.FAIL
    assert status(ROLE, {"inlinePolicies": [reader, {}]}) is Status.PASS
    assert status(ROLE, {"inlinePolicies": [UNKNOWN]}) is Status.UNKNOWN
    assert status(ROLE, {"inlinePolicies": UNKNOWN}) is Status.UNKNOWN
    assert status(ROLE, {"assumeRolePolicy": json.dumps(ADMIN)}) is Status.PASS


def test_policy_that_a_budget_attaches_is_judged() -> None:
    """A budget action attaches its policy without anybody looking; actions of other kinds attach none."""

    def action(arn: object) -> dict[str, Any]:
        return {"definition": {"iamActionDefinition": {"policyArn": arn, "roles": ["ops"]}}}

    own = resource(POLICY, "own", {"policy": json.dumps(READER)}, outputs={"arn": MINTED_ARN})

    assert status(BUDGET_ACTION, action(ADMIN_ARN)) is Status.FAIL
    assert status(BUDGET_ACTION, action(READ_ARN)) is Status.PASS
    assert status(BUDGET_ACTION, action(MINTED_ARN), own) is Status.PASS
    assert status(BUDGET_ACTION, action(UNKNOWN)) is Status.UNKNOWN
    assert status(BUDGET_ACTION, {"definition": UNKNOWN}) is Status.UNKNOWN
    assert status(BUDGET_ACTION, {"definition": {"iamActionDefinition": UNKNOWN}}) is Status.UNKNOWN
    assert status(BUDGET_ACTION, {"definition": {"ssmActionDefinition": {}}}) is Status.PASS
