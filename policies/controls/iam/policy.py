"""Controls of IAM policies and their attachments."""

import re
from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.faults import first_fault, found_if
from policies.facts.iam import Grants
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import Statement, speaks_of_every_action, speaks_of_every_resource
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

EVERYTHING: Final = (
    "AdministratorAccess",
    "AIDevOpsAgentActionsPolicy",
    "AWSMcpServiceActionsFullAccess",
    "PowerUserAccess",
)
"""AWS's own policies that would fail as documents: all of those in moto 5's copy of them, read 2026-12-01."""

_EVERYTHING: Final = re.compile(rf"arn:aws[a-z-]*:iam::aws:policy/({'|'.join(EVERYTHING)})", re.IGNORECASE)

READER: Final = Statement(actions=("s3:GetObject",), resources=("*",))
ADMIN: Final = Statement(actions=("*",), resources=("*",))
ADMIN_ARN: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


def _granting(*statements: Statement) -> Grants:
    return Grants(documents=(PolicyDocument(statements=statements),))


@control(
    id="LG-IAM-01",
    slug="iam-policy-admin-statement-absent",
    severity=Severity.CRITICAL,
    requirements=("7.2.1", "7.2.2", "7.2.5", "7.3.1", "7.3.2", "7.3.3"),
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, after Security Hub IAM.1, read 2026-11-20",
    rationale="One leaked access key of such an identity is the whole account: the thief creates users, turns logging "
    "off and copies every database before lunch.",
    remediation="Name the actions and resources that the identity needs, and detach AdministratorAccess and "
    "PowerUserAccess.",
    passes=[
        example("one action on every resource", _granting(READER)),
        example("every action on one resource", _granting(replace(ADMIN, resources=("arn:aws:s3:::ledger/*",)))),
        example("every action denied", _granting(replace(ADMIN, effect="Deny"))),
        example("another managed policy", Grants(attached_arns=("arn:aws:iam::aws:policy/ReadOnlyAccess",))),
        example(
            "AWS's policy for a job",
            Grants(attached_arns=("arn:aws:iam::aws:policy/job-function/SystemAdministrator",)),
        ),
        example("nothing granted", Grants()),
    ],
    fails=[
        example("every action on every resource", _granting(READER, ADMIN)),
        example("every action in other words", _granting(replace(ADMIN, actions=("s3:GetObject", "*:*")))),
        example("everything but a few actions", _granting(Statement(not_actions=("iam:*",), resources=("*",)))),
        example("everything but a few resources", _granting(Statement(actions=("*",), not_resources=("arn:a:b:::c",)))),
        example("AdministratorAccess attached", Grants(attached_arns=(ADMIN_ARN,))),
        example("PowerUserAccess attached", Grants(attached_arns=("arn:aws:iam::aws:policy/PowerUserAccess",))),
        example("a policy that IAM would refuse", Grants(documents=(PolicyDocument(malformed="it is not JSON"),))),
    ],
    unknowns=[
        example("the document comes later", Grants(documents=(PolicyDocument(statements=UNKNOWN),))),
        example("an action comes later", _granting(replace(ADMIN, actions=(UNKNOWN,)))),
        example("the attached policy comes later", Grants(attached_arns=(UNKNOWN,))),
    ],
)
def admin_statement_absent(grants: Grants) -> Verdict:
    """No identity policy allows everything, and no policy of AWS that does is attached.

    No Allow statement has an Action that matches every action (`*`, `*:*`) together with a Resource that matches every
    resource (`*`, `arn:aws:*`). NotAction is a bounded list of what is left out, not of what is allowed, so with such
    a Resource it fails unless it leaves out everything; NotResource counts as every resource in the same way. A
    Condition changes nothing. A policy that IAM would refuse as malformed fails. Of AWS's own policies those fail that
    would as documents: AdministratorAccess, PowerUserAccess, AIDevOpsAgentActionsPolicy and
    AWSMcpServiceActionsFullAccess. Those for a job that name services, as SystemAdministrator does, are not judged by
    what they allow.
    """
    problem = first_fault(
        grants.documents, _allows_everything, "a statement allows everything", wanted="named actions or named resources"
    )
    if problem is not None:
        return problem
    for arn in grants.attached_arns:
        if found := _EVERYTHING.fullmatch(arn):
            return fail(f"{found[1]} is attached", found=arn, wanted="a policy of what is needed")
    return PASS


def _allows_everything(statement: Statement) -> str | None:
    return found_if(
        statement.effect == "Allow" and speaks_of_every_action(statement) and speaks_of_every_resource(statement)
    )
