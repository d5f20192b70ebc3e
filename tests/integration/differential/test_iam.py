"""Roles: whom they trust, and what workloads may do with them."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from policies.settings import Settings
from policies.vocabulary import EnvironmentClass
from tests.integration.differential.cases import Case, check
from tests.integration.estate import ACCOUNT
from tests.integration.programs_as_data import Wanted, in_sandbox, ref

_GITHUB: Final = "token.actions.githubusercontent.com"
_PROVIDER: Final = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{_GITHUB}"}
_TASKS: Final = {"Service": "ecs-tasks.amazonaws.com"}
_ROOT: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
_OTHER: Final = {"AWS": "444455556666"}
_OWN: Final = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
_AUDIENCE: Final = {f"{_GITHUB}:aud": "sts.amazonaws.com"}
_SUBJECT: Final = {f"{_GITHUB}:sub": "repo:bank/ledger:environment:prod"}
_TABLE: Final = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/scores"


def document(*statements: dict[str, Any]) -> str:
    """Return a policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _letting(principal: Any, condition: Any = None) -> dict[str, Any]:
    web = isinstance(principal, dict) and "Federated" in principal
    action = "sts:AssumeRoleWithWebIdentity" if web else "sts:AssumeRole"
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        **({"Condition": condition} if condition else {}),
    }


def _role(name: str, *statements: dict[str, Any], **more: Any) -> Wanted:
    trust = document(*(statements or (_letting(_TASKS, _OWN),)))
    return Wanted("aws:iam/role:Role", name, {"name": name, "assumeRolePolicy": trust, **more})


def _trusts(title: str, name: str, *statements: dict[str, Any], deputy: str, bounded: str) -> Case:
    return Case(title, (_role(name, *statements),), {"LG-IAM-04": deputy, "LG-IAM-05": bounded})


TRUSTS: Final = (
    _trusts("tasks of one account", "tasks", _letting(_TASKS, _OWN), deputy="pass", bounded="pass"),
    _trusts("tasks of anybody", "deputy", _letting(_TASKS), deputy="fail", bounded="pass"),
    _trusts("a key that may be missing", "missing", _letting(
        _TASKS, {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}), deputy="fail", bounded="pass"),
    _trusts("one statement of two", "second", _letting(_TASKS, _OWN), _letting(_TASKS), deputy="fail", bounded="pass"),
    _trusts("a service that does not say for whom", "ec2", _letting({"Service": "ec2.amazonaws.com"}),
            deputy="pass", bounded="pass"),
    _trusts("the own account", "own", _letting(_ROOT), deputy="pass", bounded="pass"),
    _trusts("everyone", "everyone", _letting("*"), deputy="pass", bounded="fail"),
    _trusts("everyone of an organisation", "organisation", _letting(
        {"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), deputy="pass", bounded="fail"),
    _trusts("another account", "other", _letting(_OTHER), deputy="pass", bounded="fail"),
    _trusts("another account that names itself", "external", _letting(
        _OTHER, {"StringEquals": {"sts:ExternalId": "a1b2c3"}}), deputy="pass", bounded="pass"),
    _trusts("one environment of one repository", "pipeline", _letting(
        _PROVIDER, {"StringEquals": {**_AUDIENCE, **_SUBJECT}}), deputy="pass", bounded="pass"),
    _trusts("every repository", "pipelines", _letting(_PROVIDER, {"StringEquals": _AUDIENCE}),
            deputy="pass", bounded="fail"),
)  # fmt: skip


def test_whom_roles_trust(tmp_path: Path) -> None:
    """Trust policies are judged as IAM keeps them, account ids and lists of one included."""
    check(tmp_path / "p", TRUSTS)


_MFA: Final = _letting(_ROOT, {"Bool": {"aws:MultiFactorAuthPresent": "true"}})
_PERHAPS: Final = _letting(_ROOT, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})

PEOPLE: Final = (
    Case("with a second factor", (_role("operator", _MFA),), {"LG-IAM-19": "pass"}),
    Case("without", (_role("ledger-operator", _letting(_ROOT)),), {"LG-IAM-19": "fail"}),
    Case("by its tag", (_role("staff", _letting(_ROOT), tags={"Role": "Auditor"}),), {"LG-IAM-19": "fail"}),
    Case("where the key is missing", (_role("auditor", _PERHAPS),), {"LG-IAM-19": "fail"}),
    Case("a role of no people", (_role("deployer", _letting(_ROOT)),), {"LG-IAM-19": "not_applicable"}),
)


def test_second_factors_of_people(tmp_path: Path) -> None:
    """A role for people is known by its name and its tags, in the account too."""
    check(tmp_path / "p", PEOPLE)


def _allowing(action: str, resource: str = _TABLE) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _inline(role: str, statement: dict[str, Any]) -> Wanted:
    given = {"name": role, "role": ref(role), "policy": document(statement)}
    return Wanted("aws:iam/rolePolicy:RolePolicy", f"{role}-policy", given)


def _policy(name: str, statement: dict[str, Any]) -> Wanted:
    return Wanted("aws:iam/policy:Policy", name, {"name": name, "policy": document(statement)})


def _attachment(role: str, arn: Any) -> Wanted:
    name = f"{role}-attachment"
    return Wanted("aws:iam/rolePolicyAttachment:RolePolicyAttachment", name, {"role": ref(role), "policyArn": arn})


_BASIC: Final = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_WRITES: Final = {"name": "writes", "policy": document(_allowing("dynamodb:PutItem"))}


def _mode(title: str, role: Wanted, *parts: Wanted, verdict: str) -> Case:
    return Case(title, (role, *parts), {"LG-IAM-20": verdict})


IN_DEV: Final = (
    _mode("nothing", _role("bare"), verdict="pass"),
    _mode("reading", _role("reads"), _inline("reads", _allowing("dynamodb:Get*")), verdict="pass"),
    _mode("writing", _role("writes"), _inline("writes", _allowing("dynamodb:PutItem")), verdict="fail"),
    _mode("writing inline", _role("carries", inlinePolicies=[_WRITES]), verdict="fail"),
    _mode("deleting by a policy of its own", _role("attaches"), _policy("deletes", _allowing("dynamodb:DeleteItem")),
          _attachment("attaches", ref("deletes", "arn")), verdict="fail"),
    _mode("a policy of another role", _role("alone"), _role("another"),
          _inline("another", _allowing("dynamodb:DeleteItem")), verdict="pass"),
    _mode("what AWS manages and holds no store", _role("logs", managedPolicyArns=[_BASIC]), verdict="pass"),
    _mode("no workload", _role("backup", _letting({"Service": "backup.amazonaws.com"})),
          _inline("backup", _allowing("dynamodb:DeleteItem")), verdict="not_applicable"),
)  # fmt: skip
IN_PROD: Final = (
    _mode("one table", _role("one"), _inline("one", _allowing("dynamodb:DeleteItem")), verdict="pass"),
    _mode("every table", _role("every"), _inline("every", _allowing("dynamodb:*", "*")), verdict="fail"),
)


@pytest.mark.parametrize(("environment", "cases"), [(EnvironmentClass.DEV, IN_DEV), (EnvironmentClass.PROD, IN_PROD)])
def test_what_workloads_may_do(environment: EnvironmentClass, cases: tuple[Case, ...], tmp_path: Path) -> None:
    """Whatever a role carries and attaches is read together, as a program writes it in several places."""
    check(tmp_path / "p", cases, settings=Settings(system="fraud", environment_class=environment))


def test_an_account_shows_what_aws_manages(tmp_path: Path) -> None:
    """A program does not say what a policy of AWS allows, so the gate is undecided; the account shows the policy."""
    full = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    settings = Settings(system="fraud", environment_class=EnvironmentClass.DEV)
    with in_sandbox(tmp_path / "p", [_role("full", managedPolicyArns=[full])], ("LG-IAM-20",), settings) as both:
        assert [*both.twice().differences().values()] == [("unknown", "fail")]
