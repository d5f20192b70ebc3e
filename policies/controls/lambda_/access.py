"""Controls of who may invoke Lambda functions."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.resource_policies import FunctionAccess
from policies.iam_document import (
    Condition,
    Principal,
    PrincipalKind,
    Statement,
    is_bound,
    is_public,
    service_principals,
)
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, require

_OWN: Final = Condition(key="aws:sourceaccount", values=("111122223333",))
_BUCKET: Final = Condition(operator="ArnLike", key="aws:sourcearn", values=("arn:aws:s3:::ledger",))
_INVOKE: Final = Statement(actions=("lambda:InvokeFunction",), resources=("*",))
EVERYONE: Final = replace(_INVOKE, principals=(Principal(name="*"),))
S3: Final = replace(_INVOKE, principals=(Principal(kind=PrincipalKind.SERVICE, name="s3.amazonaws.com"),))
EVENTS: Final = replace(_INVOKE, principals=(Principal(kind=PrincipalKind.SERVICE, name="events.amazonaws.com"),))


def _let(statement: Statement, *conditions: Condition) -> FunctionAccess:
    return FunctionAccess(statements=(replace(statement, conditions=conditions),))


@control(
    id="Lambda.1",
    slug="lambda-function-policy-not-public",
    severity=Severity.CRITICAL,
    requirements=("7.2.1",),
    families=("pci", "identity"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="Any AWS account, or with an open URL anyone at all, runs your function with its role: data leaks, and "
    "the bill for millions of calls is yours.",
    remediation="Set source_account, source_arn or principal_org_id on the aws.lambda_.Permission, source_account for "
    "S3 always, and authorization_type='AWS_IAM' on the aws.lambda_.FunctionUrl.",
    passes=[
        example("S3 for one account", _let(S3, _BUCKET, _OWN)),
        example("another service", _let(EVENTS)),
        example(
            "everyone of one organisation", _let(EVERYONE, Condition(key="aws:principalorgid", values=("o-a1b2",)))
        ),
        example("everyone for one account", _let(EVERYONE, _OWN)),
        example("a URL that asks for a signature", FunctionAccess(url_authorization="AWS_IAM")),
    ],
    fails=[
        example("everyone", _let(EVERYONE)),
        example("everyone for a source of anybody", _let(EVERYONE, replace(_BUCKET, values=("arn:aws:s3:::*",)))),
        example(
            "everyone through a URL", _let(EVERYONE, Condition(key="lambda:functionurlauthtype", values=("NONE",)))
        ),
        example("S3 for a bucket that somebody else may own tomorrow", _let(S3, _BUCKET)),
        example("a URL that asks for nothing", FunctionAccess(url_authorization="NONE")),
    ],
    unknowns=[
        example("the principal comes later", _let(replace(EVERYONE, principals=(UNKNOWN,)))),
        example("the account comes later", _let(S3, replace(_OWN, values=(UNKNOWN,)))),
        example("the URL's authorization comes later", FunctionAccess(url_authorization=UNKNOWN)),
    ],
)
def policy_not_public(access: FunctionAccess) -> Verdict:
    """A Lambda function is not open to everyone.

    A Permission with principal `*` has principalOrgId, sourceArn or sourceAccount, of which sourceArn names an account
    or a bucket. One for s3.amazonaws.com has sourceAccount, since names of buckets go to whoever takes them first. No
    FunctionUrl has authorizationType NONE. Each Permission and FunctionUrl is judged by itself; in an account they are
    statements of the function's policy, or of one of its versions and aliases, and its addresses.
    """
    if access.url_authorization:
        open_ = access.url_authorization == "NONE"
        return require(
            not open_, "anybody may call the function's URL", found="authorizationType NONE", wanted="AWS_IAM"
        )
    for statement in access.statements:
        if is_public(statement):
            wanted = "principalOrgId, sourceArn or sourceAccount"
            return fail("everyone may invoke the function", found="principal *", wanted=wanted)
        if _is_s3(statement) and not is_bound(statement, {"aws:sourceaccount"}):
            message = "S3 may invoke the function for whoever owns the bucket"
            return fail(message, found="no sourceAccount", wanted="the bucket's account")
    return PASS


def _is_s3(statement: Statement) -> bool:
    return any(each.partition(".")[0] == "s3" for each in service_principals(statement))
