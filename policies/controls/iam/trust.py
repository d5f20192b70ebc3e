"""Controls of who may assume a role."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.controls.faults import first_fault, found_if
from policies.facts.iam_roles import TrustedRole
from policies.facts.policy_documents import PolicyDocument
from policies.facts.tagging import Tag
from policies.iam_document import (
    SOURCE_KEYS,
    Condition,
    Principal,
    PrincipalKind,
    Qualifier,
    Statement,
    federated_principals,
    foreign_principals,
    has_wildcard,
    is_bound,
    service_principals,
    speaks_to_everyone,
    touches_action,
)
from policies.model import PASS, UNKNOWN, Verdict, control, example, not_applicable
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

_OWN: Final = "111122223333"

BY_OWN_SOURCE: Final = Condition(key="aws:sourceaccount", values=(_OWN,))


def _service(name: str) -> tuple[Principal, ...]:
    return (Principal(kind=PrincipalKind.SERVICE, name=f"{name}.amazonaws.com"),)


TO_ECS: Final = Statement(principals=_service("ecs-tasks"), actions=("sts:AssumeRole",), conditions=(BY_OWN_SOURCE,))
TO_EC2: Final = replace(TO_ECS, principals=_service("ec2"), conditions=())
TO_ACCOUNT: Final = replace(TO_ECS, principals=(Principal(name=f"arn:aws:iam::{_OWN}:root"),), conditions=())
_GITHUB: Final = "token.actions.githubusercontent.com"
AUDIENCE: Final = Condition(key=f"{_GITHUB}:aud", values=("sts.amazonaws.com",))
SUBJECT: Final = Condition(operator="StringLike", key=f"{_GITHUB}:sub", values=("repo:bank/ledger:environment:prod",))
TO_PIPELINE: Final = Statement(
    principals=(Principal(kind=PrincipalKind.FEDERATED, name=f"arn:aws:iam::{_OWN}:oidc-provider/{_GITHUB}"),),
    actions=("sts:AssumeRoleWithWebIdentity",),
    conditions=(AUDIENCE, SUBJECT),
)
MFA: Final = Condition(operator="Bool", key="aws:multifactorauthpresent", values=("true",))
OPERATOR: Final = replace(TO_ACCOUNT, conditions=(MFA,))


def trusting(*statements: Statement, name: str = "task") -> TrustedRole:
    """Return a role with a trust policy of these statements."""
    document = PolicyDocument(property="assumeRolePolicy", statements=statements)
    return TrustedRole(name=name, account=_OWN, trust=document)


MALFORMED: Final = TrustedRole(
    account=_OWN, trust=PolicyDocument(property="assumeRolePolicy", malformed="it is not JSON")
)
LATER: Final = TrustedRole(account=_OWN, trust=PolicyDocument(property="assumeRolePolicy", statements=UNKNOWN))


@control(
    id="LG-IAM-04",
    slug="iam-role-confused-deputy-guarded",
    severity=Severity.MEDIUM,
    requirements=("7.2.5", "7.3.2"),
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A stranger points the AWS service in another account at your role, and the service, trusted by name "
    "alone, touches your resources on the stranger's behalf.",
    remediation="Add to the statement of assume_role_policy of the aws.iam.Role a condition StringEquals "
    "aws:SourceAccount with the account, or ArnLike aws:SourceArn with what the service acts for.",
    parameters=("no_source_context",),
    passes=[
        example("tasks of the account", trusting(TO_ECS)),
        example("EC2, which does not say for whom it acts", trusting(TO_EC2)),
        example("an account", trusting(TO_ACCOUNT)),
        example("a service denied", trusting(replace(TO_ECS, effect="Deny", conditions=()))),
    ],
    fails=[
        example("tasks of any account", trusting(replace(TO_ECS, conditions=()))),
        example("tasks of an account or of none", trusting(
            replace(TO_ECS, conditions=(replace(BY_OWN_SOURCE, if_exists=True),)))),
        example("tasks of every account", trusting(
            replace(TO_ECS, conditions=(replace(BY_OWN_SOURCE, operator="StringLike", values=("*",)),)))),
        example("one service of two sends nothing", trusting(
            replace(TO_ECS, principals=(*_service("ec2"), *_service("ecs-tasks")), conditions=()))),
        example("the organisation of the caller, which is the service", trusting(
            replace(TO_ECS, conditions=(Condition(key="aws:principalorgid", values=("o-a1b2c3d4e5",)),)))),
        example("a policy that IAM would refuse", MALFORMED),
    ],
    unknowns=[
        example("the policy comes later", LATER),
        example("the condition comes later", trusting(replace(TO_ECS, conditions=UNKNOWN))),
    ],
)  # fmt: skip
def confused_deputy_guarded(role: TrustedRole, settings: "Settings") -> Verdict:
    """A role is assumed by AWS services only for resources that are named.

    An Allow statement of assumeRolePolicy with a Service principal has a positive condition on aws:SourceAccount,
    aws:SourceArn, aws:SourceOrgID or aws:SourceOrgPaths that names an account, an organisation or a resource; IfExists
    and wildcards in place of the name do not count. Services whose first label is in no_source_context do not send
    those keys and need none. A policy that IAM would refuse as malformed fails.
    """

    def fault(statement: Statement) -> str | None:
        if statement.effect != "Allow":
            return None
        services = [each for each in service_principals(statement) if each.partition(".")[0] not in silent]
        return found_if(services and not is_bound(statement, SOURCE_KEYS), ", ".join(services))

    silent = frozenset(settings.no_source_context)
    message = "a service may assume the role for anybody's resources"
    return first_fault([role.trust], fault, message, wanted="a condition on aws:SourceAccount or aws:SourceArn") or PASS


_OWNERS: Final = re.compile(
    r"(repo:[^/*?]+/|project_path:[^/*?]+/|organization:[^:*?]+:|system:serviceaccount:[^:*?]+:).*", re.DOTALL
)
"""How subjects of GitHub, GitLab, Terraform and Kubernetes name whose they are; a wildcard behind that is bounded."""

_COGNITO: Final = "cognito-identity.amazonaws.com:"


@control(
    id="LG-IAM-05",
    slug="iam-role-trust-bounded",
    severity=Severity.CRITICAL,
    requirements=("7.2.5", "7.3.2"),
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Anyone with an AWS account, or any repository on the same identity provider, assumes the role and "
    "works in production under its name.",
    remediation="Name principals in assume_role_policy of the aws.iam.Role; trust another account with a condition "
    "StringEquals sts:ExternalId or aws:PrincipalOrgID, and a web identity provider with conditions on aud and sub.",
    parameters=("account_id",),
    passes=[
        example("a service", trusting(TO_ECS)),
        example("the own account", trusting(TO_ACCOUNT)),
        example("the account of the profile", trusting(replace(
            TO_ACCOUNT, principals=(Principal(name="444455556666"),))), params={"account_id": "444455556666"}),
        example("another account with an external id", trusting(replace(
            TO_ACCOUNT, principals=(Principal(name="444455556666"),),
            conditions=(Condition(key="sts:externalid", values=("a1b2c3",)),)))),
        example("one environment of one repository", trusting(TO_PIPELINE)),
        example("every branch of one repository", trusting(replace(
            TO_PIPELINE, conditions=(AUDIENCE, replace(SUBJECT, values=("repo:bank/ledger:*",)))))),
        example("signed-in users of one identity pool", trusting(replace(
            TO_PIPELINE,
            principals=(Principal(kind=PrincipalKind.FEDERATED, name="cognito-identity.amazonaws.com"),),
            conditions=(Condition(key=f"{_COGNITO}aud", values=("eu-west-1:pool",)),
                        Condition(operator="StringLike", key=f"{_COGNITO}amr", values=("authenticated",),
                                  qualifier=Qualifier.ANY))))),
    ],
    fails=[
        example("everyone", trusting(replace(TO_ACCOUNT, principals=(Principal(name="*"),)))),
        example("everyone of one organisation", trusting(replace(
            TO_ACCOUNT, principals=(Principal(name="*"),),
            conditions=(Condition(key="aws:principalorgid", values=("o-a1b2c3d4e5",)),)))),
        example("everyone but one", trusting(replace(
            TO_ACCOUNT, principals=None, not_principals=TO_ACCOUNT.principals))),
        example("another account", trusting(replace(TO_ACCOUNT, principals=(Principal(name="444455556666"),)))),
        example("somebody who is gone", trusting(replace(TO_ACCOUNT, principals=(Principal(name="AIDAEXAMPLE"),)))),
        example("a provider without subject", trusting(replace(TO_PIPELINE, conditions=(AUDIENCE,)))),
        example("a provider without audience", trusting(replace(TO_PIPELINE, conditions=(SUBJECT,)))),
        example("every subject", trusting(replace(
            TO_PIPELINE, conditions=(AUDIENCE, replace(SUBJECT, values=("*",)))))),
        example("every repository", trusting(replace(
            TO_PIPELINE, conditions=(AUDIENCE, replace(SUBJECT, values=("repo:*",)))))),
        example("a policy that IAM would refuse", MALFORMED),
    ],
    unknowns=[
        example("the policy comes later", LATER),
        example("the principal comes later", trusting(replace(TO_ACCOUNT, principals=(Principal(name=UNKNOWN),)))),
        example("nobody knows which account is the own one", replace(trusting(TO_ACCOUNT), account=UNKNOWN)),
    ],
)  # fmt: skip
def trust_bounded(role: TrustedRole, settings: "Settings") -> Verdict:
    """A role trusts nobody at large: neither everyone, nor another account or an identity provider without bounds.

    No Allow statement of assumeRolePolicy has Principal `*`, a wildcard principal or NotPrincipal, whatever its
    conditions. An AWS principal of another account than account_id or else the role's own has a positive condition
    with named values on sts:ExternalId or aws:PrincipalOrgID; a unique id stands for somebody who is gone and counts as
    another account. With sts:AssumeRoleWithWebIdentity an identity provider has positive conditions on its `aud`, and
    on its `sub` with a whole value or one that names a repository owner, organisation or namespace before the first
    wildcard; for Amazon Cognito `amr` stands in for `sub`. SAML providers are not asked for more. A policy that IAM
    would refuse as malformed fails.
    """

    def fault(statement: Statement) -> str | None:
        if statement.effect != "Allow":
            return None
        if speaks_to_everyone(statement):
            return "everyone"
        return _unbounded_account(statement, role, settings) or _unbounded_provider(statement)

    wanted = "named principals; sts:ExternalId or aws:PrincipalOrgID; aud and sub"
    return first_fault([role.trust], fault, "the role trusts somebody at large", wanted=wanted) or PASS


def _unbounded_account(statement: Statement, role: TrustedRole, settings: "Settings") -> str | None:
    if not foreign_principals(statement, ()) or is_bound(statement, {"sts:externalid", "aws:principalorgid"}):
        return None
    # Read only here, so that a role that trusts services alone is decided before its account is known.
    own = settings.account_id or role.account
    return ", ".join(foreign_principals(statement, (own,))) or None


def _unbounded_provider(statement: Statement) -> str | None:
    providers = [each for each in federated_principals(statement) if ":saml-provider/" not in each]
    if not providers or not touches_action(statement, "sts:AssumeRoleWithWebIdentity"):
        return None
    positive = [each for each in statement.conditions if _is_positive(each)]
    audience = any(each.key.endswith(":aud") and _each(each, _is_whole) for each in positive)
    subject = any(each.key.endswith(":sub") and _each(each, _names_an_owner) for each in positive)
    session = any(each.key == f"{_COGNITO}amr" and _each(each, _is_whole) for each in positive)
    return found_if(not (audience and (subject or session)), ", ".join(providers))


def _is_positive(condition: Condition) -> bool:
    operators = ("StringEquals", "StringEqualsIgnoreCase", "StringLike")
    return condition.operator in operators and not condition.if_exists and condition.qualifier is not Qualifier.ALL


def _each(condition: Condition, holds: Callable[[str], bool]) -> bool:
    values = tuple(condition.values)
    return bool(values) and all(map(holds, values))


def _is_whole(value: str) -> bool:
    return bool(value.strip()) and not has_wildcard(value)


def _names_an_owner(value: str) -> bool:
    return _is_whole(value) or _OWNERS.fullmatch(value) is not None


_HUMAN: Final = ("operator", "auditor", "security-admin")


@control(
    id="LG-IAM-19",
    slug="iam-humanrole-mfa-required",
    severity=Severity.MEDIUM,
    requirements=("8.4.2", "8.4.3"),
    families=("pci", "identity"),
    source="Demand of the banking and fraud systems, read 2026-11-20",
    rationale="A phished password or a key copied from a laptop is then enough to work in production as an operator; "
    "a second factor would have stopped the thief.",
    remediation="Add to assume_role_policy of the aws.iam.Role the condition Bool aws:MultiFactorAuthPresent true, not "
    "BoolIfExists; or let people come through an identity provider that asks for a second factor.",
    parameters=("environment_class", "human_roles"),
    passes=[
        example("operators with a second factor", trusting(OPERATOR, name="ledger-operator-prod")),
        example("operators through an identity provider", trusting(replace(
            TO_PIPELINE, actions=("sts:AssumeRoleWithSAML",), conditions=(),
            principals=(Principal(kind=PrincipalKind.FEDERATED, name=f"arn:aws:iam::{_OWN}:saml-provider/staff"),)),
            name="operator")),
    ],
    fails=[
        example("operators without", trusting(TO_ACCOUNT, name="ledger-operator-prod")),
        example("the role of a tag", replace(trusting(TO_ACCOUNT), tags=(Tag(key="Role", value="Auditor"),))),
        example("people of the profile", trusting(TO_ACCOUNT, name="dba"), params={"human_roles": ("dba",)}),
        example("where the key is missing", trusting(
            replace(OPERATOR, conditions=(replace(MFA, if_exists=True),)), name="operator")),
        example("one statement of two", trusting(OPERATOR, TO_ACCOUNT, name="security-admin")),
        example("a policy that IAM would refuse", replace(MALFORMED, name="operator")),
    ],
    unknowns=[
        example("the policy comes later", replace(LATER, name="operator")),
        example("the name comes later", trusting(TO_ACCOUNT, name=UNKNOWN)),
        example("the condition comes later", trusting(replace(OPERATOR, conditions=UNKNOWN), name="operator")),
    ],
    not_applicable=[
        example("a pipeline", trusting(TO_PIPELINE, name="deployer")),
        example("a word that holds another", trusting(TO_ACCOUNT, name="cooperators")),
        example("below production", trusting(TO_ACCOUNT, name="operator"),
                params={"environment_class": EnvironmentClass.DEV}),
    ],
)  # fmt: skip
def mfa_required(role: TrustedRole, settings: "Settings") -> Verdict:
    """A role for people in production is assumed with a second factor only.

    A role is for people when its name, or the value of a tag of its own, holds operator, auditor, security-admin or a
    name in human_roles as whole words. In stacks of class prod each Allow statement of its assumeRolePolicy that trusts
    AWS principals has Bool aws:MultiFactorAuthPresent true without IfExists, which would hold for a request without the
    key. Identity providers ask for their own second factor, and services are no people. Other roles, pipelines among
    them, are not applicable. A policy that IAM would refuse as malformed fails.
    """
    if settings.environment_class != EnvironmentClass.PROD:
        return not_applicable("the stack is no production")
    people = (*_HUMAN, *settings.human_roles)
    if not _is_for_people(role, people):
        return not_applicable("the role is not meant for people")
    message = "people may assume the role without a second factor"
    wanted = "Bool aws:MultiFactorAuthPresent true"
    return first_fault([role.trust], _without_second_factor, message, wanted=wanted) or PASS


def _is_for_people(role: TrustedRole, people: tuple[str, ...]) -> bool:
    words = re.compile("|".join(rf"(?<![a-z0-9]){re.escape(each.lower())}(?![a-z0-9])" for each in people))
    return bool(words.search(role.name.lower())) or any(words.search(tag.value.lower()) for tag in role.tags)


def _without_second_factor(statement: Statement) -> str | None:
    if statement.effect != "Allow":
        return None
    named = statement.principals or ()
    to_people = statement.not_principals is not None or any(each.kind is PrincipalKind.AWS for each in named)
    return found_if(to_people and not any(map(_demands_mfa, statement.conditions)))


def _demands_mfa(condition: Condition) -> bool:
    return (
        condition.key == "aws:multifactorauthpresent"
        and condition.operator == "Bool"
        and not condition.if_exists
        and condition.qualifier is not Qualifier.ALL
        and {value.lower() for value in condition.values} == {"true"}
    )
