"""Controls of what identity policies allow, action by action."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.controls.faults import first_fault, found_if
from policies.facts.arns import parse_arn
from policies.facts.iam import Grants
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import (
    Condition,
    Statement,
    binds,
    covers,
    has_wildcard,
    speaks_of_every_action,
    speaks_of_every_resource,
    touches_action,
)
from policies.model import PASS, UNKNOWN, Verdict, control, example

if TYPE_CHECKING:
    from policies.settings import Settings

_LEAST_PRIVILEGE: Final = ("7.2.1", "7.2.2", "7.2.5", "7.3.1", "7.3.2", "7.3.3")
_EVERY_NAME: Final = re.compile(r"[*?]*\*[*?]*")
_DATABASE_USER: Final = re.compile(r"dbuser:[^/]+/[^/]+")

BUCKET: Final = Statement(actions=("s3:GetObject",), resources=("arn:aws:s3:::ledger/*",))
KEY_ARN: Final = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DECRYPT: Final = Statement(actions=("kms:Decrypt",), resources=(KEY_ARN,))
DB_USER: Final = "arn:aws:rds-db:eu-west-1:111122223333:dbuser:cluster-ABCDEFGHIJKL/app"
CONNECT: Final = Statement(actions=("rds-db:connect",), resources=(DB_USER,))
ROLE_ARN: Final = "arn:aws:iam::111122223333:role/task"
TO_ECS: Final = Condition(key="iam:passedtoservice", values=("ecs-tasks.amazonaws.com",))
PASS_ROLE: Final = Statement(actions=("iam:PassRole",), resources=(ROLE_ARN,), conditions=(TO_ECS,))
MALFORMED: Final = Grants(documents=(PolicyDocument(malformed="it is not JSON"),))


def granting(*statements: Statement) -> Grants:
    """Return the grants of one policy."""
    return Grants(documents=(PolicyDocument(statements=statements),))


def _on(statement: Statement, *resources: str) -> Grants:
    return granting(replace(statement, resources=resources))


@control(
    id="LG-IAM-02",
    slug="iam-policy-service-wildcard-absent",
    severity=Severity.HIGH,
    requirements=_LEAST_PRIVILEGE,
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, after Security Hub IAM.21, read 2026-11-20",
    rationale="A role that only reads reports may, with s3:*, also delete them and open the bucket to everyone; an "
    "attacker in its container will do just that.",
    remediation="Name in the policy of the aws.iam.Policy or aws.iam.RolePolicy the actions that are called.",
    passes=[
        example("named actions", granting(BUCKET)),
        example("the reading actions of a service", granting(replace(BUCKET, actions=("s3:Get*",)))),
        example("a whole service denied", granting(replace(BUCKET, effect="Deny", actions=("s3:*",)))),
        example("nothing granted", Grants()),
    ],
    fails=[
        example("a whole service", granting(replace(BUCKET, actions=("s3:*",)))),
        example("a whole service in other words", granting(replace(BUCKET, actions=("s3:GetObject", "sqs:?*")))),
        example("every action on one bucket", granting(replace(BUCKET, actions=("*",)))),
        example("all services but one", granting(replace(BUCKET, actions=None, not_actions=("iam:*",)))),
        example("a policy that IAM would refuse", MALFORMED),
    ],
    unknowns=[
        example("an action comes later", granting(replace(BUCKET, actions=(UNKNOWN,)))),
        example("the policy comes later", Grants(documents=(PolicyDocument(statements=UNKNOWN),))),
    ],
)
def service_wildcard_absent(grants: Grants) -> Verdict:
    """No identity policy allows all actions of a service.

    No Allow statement has an Action whose name after the colon is all wildcards, with a `*` among them (`s3:*`,
    `*:*`, `*`), whatever its resources and conditions. A NotAction allows whole services too and fails, unless it
    leaves out everything. A policy that IAM would refuse as malformed fails.
    """
    message = "a statement allows every action of a service"
    return first_fault(grants.documents, _whole_service, message, wanted="named actions") or PASS


def _whole_service(statement: Statement) -> str | None:
    if statement.effect != "Allow":
        return None
    if statement.actions is None:
        return found_if(speaks_of_every_action(statement), "NotAction")
    return next((pattern for pattern in statement.actions if _covers_a_service(pattern)), None)


def _covers_a_service(pattern: str) -> bool:
    _, colon, name = pattern.partition(":")
    return _EVERY_NAME.fullmatch(name) is not None if colon else pattern.endswith("*")


@control(
    id="LG-IAM-03",
    slug="iam-policy-resource-scoped",
    severity=Severity.HIGH,
    requirements=_LEAST_PRIVILEGE,
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="An identity meant for one table can read every table of the account, so a flaw in a side service "
    "becomes a breach of the cardholder data.",
    remediation="Name resources in the statement of the aws.iam.Policy or aws.iam.RolePolicy; put an action that takes "
    "no resource into unscopable_actions with its reason. For rds-db:connect name the resource id and a user.",
    parameters=("unscopable_actions",),
    passes=[
        example("named resources", granting(BUCKET)),
        example("an action that takes no resource", _on(replace(BUCKET, actions=("ECR:getauthorizationtoken",)), "*")),
        example("one database user", granting(CONNECT)),
        example("everything denied", granting(Statement(effect="Deny", actions=("*",), resources=("*",)))),
        example(
            "an action of the profile",
            _on(replace(BUCKET, actions=("s3:ListAllMyBuckets",)), "*"),
            params={"unscopable_actions": ("s3:ListAllMyBuckets S3 takes no resource for it",)},
        ),
    ],
    fails=[
        example("every resource", _on(BUCKET, "*")),
        example("every resource in other words", _on(BUCKET, "arn:aws:*")),
        example(
            "beside an action that takes none", _on(replace(BUCKET, actions=("xray:PutTraceSegments", "s3:*")), "*")
        ),
        example("all but one resource", granting(replace(BUCKET, resources=None, not_resources=("arn:aws:s3:::a",)))),
        example("all but some actions", _on(replace(BUCKET, actions=None, not_actions=("iam:*",)), "*")),
        example("every user of a database", _on(CONNECT, DB_USER.replace("app", "*"))),
        example("a user of every database", _on(CONNECT, DB_USER.replace("cluster-ABCDEFGHIJKL", "*"))),
        example("a database user in a policy variable", _on(CONNECT, DB_USER.replace("app", "${aws:username}"))),
        example("a policy that IAM would refuse", MALFORMED),
    ],
    unknowns=[
        example("the resource comes later", _on(BUCKET, UNKNOWN)),
        example("the actions come later", granting(replace(BUCKET, actions=UNKNOWN, resources=("*",)))),
    ],
)
def resource_scoped(grants: Grants, settings: "Settings") -> Verdict:
    """An identity policy allows on every resource only what takes no resource.

    An Allow statement whose Resource matches every resource (`*`, `arn:aws:*`), or that has a NotResource, allows only
    actions of unscopable_actions, each spelled out; NotAction does not. Where rds-db:connect is allowed, each resource
    that may be a database user names Region, account, one resource id and one user, without wildcards and variables.
    Key policies, in which `*` is the key itself, are no identity policies. A policy that IAM would refuse as malformed
    fails.
    """
    listed = tuple(entry.partition(" ")[0] for entry in settings.unscopable_actions)

    def fault(statement: Statement) -> str | None:
        return _unbounded(statement, listed) if statement.effect == "Allow" else None

    message = "a statement is not bounded to resources"
    return first_fault(grants.documents, fault, message, wanted="named resources") or PASS


def _unbounded(statement: Statement, listed: Iterable[str]) -> str | None:
    loose = _beyond(statement, tuple(listed))
    if loose is not None and speaks_of_every_resource(statement):
        return loose
    if touches_action(statement, "rds-db:connect") and not _names_each(statement, "rds-db", _is_database_user):
        return "rds-db:connect"
    return None


def _beyond(statement: Statement, listed: tuple[str, ...]) -> str | None:
    if statement.actions is None:
        return found_if(speaks_of_every_action(statement), "NotAction")
    return next((each for each in statement.actions if not any(covers(name, each) for name in listed)), None)


def _names_each(statement: Statement, service: str, is_named: Callable[[str], bool]) -> bool:
    """Tell whether each resource that may be one of a service is spelled out, as `is_named` tells."""
    if statement.resources is None:
        return False
    return all(_is_of_another_service(each, service) or is_named(each) for each in statement.resources)


def _is_of_another_service(resource: str, service: str) -> bool:
    arn = parse_arn(resource)
    return arn is not None and not has_wildcard(arn.service) and arn.service.lower() != service


def _is_database_user(resource: str) -> bool:
    arn = parse_arn(resource)
    return arn is not None and not has_wildcard(resource) and _DATABASE_USER.fullmatch(arn.resource) is not None


@control(
    id="LG-IAM-07",
    slug="iam-policy-kms-decrypt-scoped",
    severity=Severity.HIGH,
    requirements=("7.2.5", "7.3.2", "3.6.1"),
    families=("pci", "identity", "encryption"),
    source="Demand of the banking, payments and fraud systems, after Security Hub KMS.1 and KMS.2, read 2026-11-20",
    rationale="A service that is broken into decrypts what belongs to all others: keys that were meant to separate "
    "card data from the rest separate nothing.",
    remediation="Name in Resource the ARNs of the keys, aws.kms.Key(…).arn, that the identity decrypts with.",
    passes=[
        example("one key", granting(DECRYPT)),
        example("a multi-Region key wherever it is", _on(DECRYPT, KEY_ARN.replace("eu-west-1", "*"))),
        example("encryption alone", _on(replace(DECRYPT, actions=("kms:Encrypt",)), "*")),
        example("every action on a bucket", granting(replace(BUCKET, actions=("*",)))),
        example("decryption denied", granting(replace(DECRYPT, effect="Deny", resources=("*",)))),
    ],
    fails=[
        example("every resource", _on(DECRYPT, "*")),
        example("every key of a Region", _on(DECRYPT, "arn:aws:kms:eu-west-1:111122223333:key/*")),
        example("one key of two is not named", _on(DECRYPT, KEY_ARN, KEY_ARN[:-4] + "*")),
        example("a key of any account", _on(DECRYPT, KEY_ARN.replace("111122223333", "*"))),
        example(
            "an alias, which no decryption is checked against",
            _on(DECRYPT, KEY_ARN.partition("key/")[0] + "alias/ledger"),
        ),
        example(
            "every key through one service",
            granting(
                replace(
                    DECRYPT,
                    resources=("*",),
                    conditions=(Condition(key="kms:viaservice", values=("s3.eu-west-1.amazonaws.com",)),),
                )
            ),
        ),
        example("re-encryption in a wildcard", _on(replace(DECRYPT, actions=("kms:ReEncrypt*",)), "*")),
        example("all but some actions", _on(replace(DECRYPT, actions=None, not_actions=("iam:*",)), "*")),
        example("all but one resource", granting(replace(DECRYPT, resources=None, not_resources=(KEY_ARN,)))),
        example("a policy that IAM would refuse", MALFORMED),
    ],
    unknowns=[
        example("the key comes later", _on(DECRYPT, UNKNOWN)),
        example("an action comes later", _on(replace(DECRYPT, actions=(UNKNOWN,)), "*")),
    ],
)
def kms_decrypt_scoped(grants: Grants) -> Verdict:
    """An identity policy allows decryption with named keys only.

    In an Allow statement whose actions hold kms:Decrypt or kms:ReEncryptFrom, by name, wildcard or NotAction, each
    resource that may be a key is the ARN of one: account and key id are spelled out, only the Region may be a wildcard.
    Conditions change nothing, kms:ViaService included. An alias is no key, since KMS checks the key's ARN. A policy
    that IAM would refuse as malformed fails.
    """
    message = "a statement allows decryption with keys that it does not name"
    return first_fault(grants.documents, _decrypts_at_large, message, wanted="ARNs of keys") or PASS


def _decrypts_at_large(statement: Statement) -> str | None:
    decrypts = statement.effect == "Allow" and any(
        touches_action(statement, action) for action in ("kms:Decrypt", "kms:ReEncryptFrom")
    )
    return found_if(decrypts and not _names_each(statement, "kms", _is_key))


def _is_key(resource: str) -> bool:
    arn = parse_arn(resource)
    if arn is None or not arn.account or has_wildcard(arn.service) or has_wildcard(arn.account):
        return False
    kind, _, key_id = arn.resource.partition("/")
    return kind == "key" and bool(key_id) and not has_wildcard(key_id)


@control(
    id="LG-IAM-21",
    slug="iam-policy-pass-role-scoped",
    severity=Severity.HIGH,
    requirements=("7.2.5", "7.3.2"),
    families=("pci", "identity"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Somebody with few rights starts a function or a machine under an administrator's role and runs "
    "commands through it: the usual path to full control.",
    remediation="Name in Resource the ARNs of the roles, and add the condition StringEquals iam:PassedToService with "
    "the service that is to get them.",
    passes=[
        example("one role for one service", granting(PASS_ROLE)),
        example("a role in a path", _on(PASS_ROLE, "arn:aws:iam::111122223333:role/service/task")),
        example("every action on a bucket", granting(replace(BUCKET, actions=("*",)))),
        example("denied", granting(Statement(effect="Deny", actions=("iam:PassRole",), resources=("*",)))),
    ],
    fails=[
        example("every role", _on(PASS_ROLE, "*")),
        example("roles by the beginning of their name", _on(PASS_ROLE, ROLE_ARN + "*")),
        example("to any service", granting(replace(PASS_ROLE, conditions=()))),
        example(
            "to services by a wildcard",
            granting(replace(PASS_ROLE, conditions=(replace(TO_ECS, operator="StringLike", values=("*",)),))),
        ),
        example(
            "to nobody or to one service",
            granting(replace(PASS_ROLE, conditions=(replace(TO_ECS, if_exists=True),))),
        ),
        example("in a wildcard", granting(replace(PASS_ROLE, actions=("iam:*",), conditions=()))),
        example("all but some actions", _on(replace(PASS_ROLE, actions=None, not_actions=("s3:*",)), "*")),
        example("a policy that IAM would refuse", MALFORMED),
    ],
    unknowns=[
        example("the role comes later", _on(PASS_ROLE, UNKNOWN)),
        example("the condition comes later", granting(replace(PASS_ROLE, conditions=UNKNOWN))),
    ],
)
def pass_role_scoped(grants: Grants) -> Verdict:
    """An identity policy lets named roles be passed to named services only.

    In an Allow statement whose actions hold iam:PassRole, by name, wildcard or NotAction, each resource that may be one
    of IAM is the ARN of a role without wildcards, and a positive condition without IfExists on iam:PassedToService
    names services without wildcards. A policy that IAM would refuse as malformed fails.
    """
    message = "a statement lets roles be passed at large"
    wanted = "ARNs of roles and a condition on iam:PassedToService"
    return first_fault(grants.documents, _passes_at_large, message, wanted=wanted) or PASS


def _passes_at_large(statement: Statement) -> str | None:
    if statement.effect != "Allow" or not touches_action(statement, "iam:PassRole"):
        return None
    if not _names_each(statement, "iam", _is_role):
        return "its resources"
    if _all_of_another_service(statement, "iam"):
        return None
    bound = any(binds(each, {"iam:passedtoservice"}) for each in statement.conditions)
    return found_if(not bound, "its conditions")


def _all_of_another_service(statement: Statement, service: str) -> bool:
    return all(_is_of_another_service(each, service) for each in statement.resources or ())


def _is_role(resource: str) -> bool:
    arn = parse_arn(resource)
    return arn is not None and not has_wildcard(resource) and arn.resource.startswith("role/")
