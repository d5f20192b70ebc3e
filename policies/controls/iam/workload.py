"""Controls of what workloads may do with data in each environment."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.controls.faults import first_fault
from policies.facts.arns import parse_arn
from policies.facts.iam_roles import WorkloadRole
from policies.facts.policy_documents import PolicyDocument
from policies.iam_document import (
    Principal,
    PrincipalKind,
    Statement,
    covers,
    has_wildcard,
    overlaps,
    service_principals,
    touches_action,
)
from policies.model import PASS, UNKNOWN, Verdict, control, example, not_applicable, undecided
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

_WORKLOADS: Final = frozenset({"ecs-tasks", "lambda", "states", "glue", "sagemaker", "batch"})
"""First labels of the services that run what a system's people write."""

_STORES: Final = ("cassandra", "dax", "dynamodb", "es", "firehose", "kinesis", "rds-data", "redshift-data", "s3")
_READING: Final = ("Get*", "List*", "Describe*", "BatchGet*", "Query", "Scan", "ConditionCheckItem", "PartiQLSelect",
                   "Head*", "Select", "SubscribeToShard", "ESHttpGet", "ESHttpHead")  # fmt: skip
_WRITING: Final = ("Put*", "Update*", "PartiQLInsert", "PartiQLUpdate", "ESHttpPut", "ESHttpPatch")
_BASIC: Final = frozenset(
    {
        "service-role/AmazonECSTaskExecutionRolePolicy",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
    }
)
"""Policies of AWS that hold no action on a store. Source: AWS managed policy reference, read 2026-11-20."""

_FRAUD: Final = {"system": "fraud"}
_IN: Final = {each: {**_FRAUD, "environment_class": each} for each in EnvironmentClass}
_TABLE: Final = "arn:aws:dynamodb:eu-west-1:111122223333:table/scores"
READ: Final = Statement(actions=("dynamodb:GetItem", "dynamodb:Query"), resources=(_TABLE,))
PUT: Final = replace(READ, actions=("dynamodb:PutItem",))
DELETE: Final = replace(READ, actions=("dynamodb:DeleteItem",))
LOGS: Final = Statement(actions=("logs:PutLogEvents",), resources=("*",))


def _trust(service: str) -> PolicyDocument:
    principal = Principal(kind=PrincipalKind.SERVICE, name=f"{service}.amazonaws.com")
    return PolicyDocument(property="assumeRolePolicy", statements=(Statement(principals=(principal,), actions=("*",)),))


def _working(*statements: Statement) -> WorkloadRole:
    return WorkloadRole(trust=_trust("ecs-tasks"), documents=(PolicyDocument(statements=statements),))


@control(
    id="LG-IAM-20",
    slug="iam-role-environment-mode-respected",
    severity=Severity.MEDIUM,
    requirements=("7.2.1", "7.2.2"),
    families=("pci", "identity"),
    source="Demand of the fraud system, read 2026-11-20",
    rationale="A test job with write access to data of production overwrites real records, or a developer's "
    "environment becomes the easy way to read cardholder data.",
    remediation="Take out of the policies of the aws.iam.Role what its environment may not do: only reading in dev, "
    "putting and updating besides in staging; in prod name the stores.",
    parameters=("system", "environment_mode_systems", "environment_class"),
    passes=[
        example("reading in dev", _working(READ, LOGS), _IN[EnvironmentClass.DEV]),
        example("putting in staging", _working(READ, PUT), _IN[EnvironmentClass.STAGING]),
        example("deleting from its own table in prod", _working(DELETE), _IN[EnvironmentClass.PROD]),
        example("a policy of AWS without stores", replace(
            _working(READ), unseen_arns=("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",)),
            _IN[EnvironmentClass.DEV]),
    ],
    fails=[
        example("putting in dev", _working(READ, PUT), _IN[EnvironmentClass.DEV]),
        example("deleting in staging", _working(DELETE), _IN[EnvironmentClass.STAGING]),
        example("a wildcard that holds more than reading", _working(replace(READ, actions=("dynamodb:*Item",))),
                _IN[EnvironmentClass.DEV]),
        example("everything but some actions", _working(replace(READ, actions=None, not_actions=("iam:*",))),
                _IN[EnvironmentClass.STAGING]),
        example("every table in prod", _working(replace(DELETE, resources=(_TABLE.replace("scores", "*"),))),
                _IN[EnvironmentClass.PROD]),
        example("tables of every account in prod", _working(replace(
            DELETE, resources=(_TABLE.replace("111122223333", "*"),))), _IN[EnvironmentClass.PROD]),
    ],
    unknowns=[
        example("an action comes later", _working(replace(READ, actions=(UNKNOWN,))), _IN[EnvironmentClass.DEV]),
        example("a policy that the stack does not show", replace(
            _working(READ), unseen_arns=("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess",)),
            _IN[EnvironmentClass.DEV]),
    ],
    not_applicable=[
        example("another system", _working(DELETE), {**_IN[EnvironmentClass.DEV], "system": "payments"}),
        example("a role of no workload", WorkloadRole(trust=_trust("backup")), _IN[EnvironmentClass.DEV]),
    ],
)  # fmt: skip
def environment_mode_respected(role: WorkloadRole, settings: "Settings") -> Verdict:
    """A workload does with stored data only what suits its environment.

    Speaks about the systems in environment_mode_systems and one without a name, and in them about roles that a service
    running workloads may assume (ECS tasks, Lambda, Step Functions, Glue, SageMaker, Batch). Of the actions on stores
    (S3, DynamoDB and DAX, Kinesis and Firehose, Keyspaces, OpenSearch, the data APIs of RDS and Redshift) its Allow
    statements hold in class dev only reading ones, in class staging putting and updating ones besides; in class prod
    any, on resources that name a store of one account. A wildcard must lie wholly within what is allowed, and NotAction
    lies within nothing. Conditions change nothing. Every other service, log writing among them, is left alone; so is
    rds-db:connect, since the database decides what its user may do. Inline policies, RolePolicy resources and attached
    policies of the stack count; an attached policy from elsewhere is undecided, unless AWS manages it and it is known
    to hold no such action. An account shows every attached policy.
    """
    systems, environment = settings.environment_mode_systems, settings.environment_class
    if settings.system and settings.system not in systems:
        return not_applicable("the system has no modes for its environments")
    trust = () if role.trust.malformed else role.trust.statements
    if not any(_is_workload(each) for statement in trust for each in service_principals(statement)):
        return not_applicable("no workload assumes the role")

    def fault(statement: Statement) -> str | None:
        if statement.effect != "Allow":
            return None
        if environment == EnvironmentClass.PROD:
            return next(_on_foreign_stores(statement), None)
        verbs = _READING if environment == EnvironmentClass.DEV else (*_READING, *_WRITING)
        return next(_beyond(statement, verbs), None)

    wanted = {
        EnvironmentClass.DEV: "reading",
        EnvironmentClass.STAGING: "reading, putting and updating",
        EnvironmentClass.PROD: "named stores of one account",
    }[environment]
    problem = first_fault(role.documents, fault, "the role may do more than suits its environment", wanted=wanted)
    return problem or _unseen(role) or PASS


def _is_workload(service: str) -> bool:
    return service.partition(".")[0] in _WORKLOADS


def _beyond(statement: Statement, verbs: tuple[str, ...]) -> Iterator[str]:
    if statement.actions is None:
        yield from ("NotAction" for store in _STORES if touches_action(statement, f"{store}:*"))
        return
    for pattern in statement.actions:
        for store in _STORES:
            allowed = [f"{store}:{verb}" for verb in verbs]
            if overlaps(pattern, f"{store}:*") and not any(covers(each, pattern) for each in allowed):
                yield pattern


def _on_foreign_stores(statement: Statement) -> Iterator[str]:
    stores = [store for store in _STORES if touches_action(statement, f"{store}:*")]
    if not stores:
        return
    if statement.resources is None:
        yield "NotResource"
        return
    for resource in statement.resources:
        if not _names_a_store(resource, stores):
            yield resource


def _names_a_store(resource: str, stores: list[str]) -> bool:
    arn = parse_arn(resource)
    if arn is None or has_wildcard(arn.service):
        return False
    if arn.service not in stores:
        return True
    if arn.service == "s3":
        return bool(arn.resource) and not has_wildcard(arn.resource.partition("/")[0])
    return bool(arn.account) and not has_wildcard(arn.account) and not arn.name.startswith(("*", "?", "$"))


def _unseen(role: WorkloadRole) -> Verdict | None:
    for arn in role.unseen_arns:
        if arn.partition(":policy/")[2] not in _BASIC or ":iam::aws:" not in arn:
            return undecided("an attached policy is not of this stack, so nobody here knows what it allows")
    return None
