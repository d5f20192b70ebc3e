"""Facts about what resources allow others: their policies, and Lambda permissions, which are made into statements."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Secret, Unknown, Value, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import UNKNOWN, has_secret, literal, settings_of
from policies.facts.registry import adapter
from policies.iam_document import Condition, Principal, PrincipalKind, Statement, parse_resource_policy

PERMISSION: Final = "aws:lambda/permission:Permission"
FUNCTION_URL: Final = "aws:lambda/functionUrl:FunctionUrl"
BUS_PERMISSION: Final = "aws:cloudwatch/eventPermission:EventPermission"

_OPTIONAL: Final = (
    "aws:ecr/repository:Repository",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
)
"""Types whose `policy` may be left out; the service then lets in the owner's account alone. Buckets and repositories
have none by themselves.

Source: policies of Amazon SNS and Amazon SQS, developer guides; AWS Secrets Manager user guide; read 2026-11-20."""

_REQUIRED: Final = (
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePolicy:
    """What a resource allows others.

    Args:
        policy: Its policy; None when it is left out. Of a permission of Lambda or EventBridge, the statement that the
            service makes of it.
    """

    policy: PolicyDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAccess:
    """Who may invoke a Lambda function.

    Args:
        statements: What a permission allows, as Lambda writes it into the function's policy.
        url_authorization: `authorizationType` of a function URL; empty for a permission.
    """

    statements: tuple[Statement, ...] = ()
    url_authorization: str = ""


@adapter(types=_OPTIONAL)
def own_policy_from_graph(_graph: Graph, resource: Resource) -> ResourcePolicy:
    """Build the policy that a resource carries itself."""
    value = settings_of(resource).get("policy")
    return ResourcePolicy(policy=None if value is None else policy_document(value, "policy", parse_resource_policy))


@adapter(types=_REQUIRED)
def policy_resource_from_graph(_graph: Graph, resource: Resource) -> ResourcePolicy:
    """Build a policy that is a resource of its own."""
    value = settings_of(resource).get("policy")
    return ResourcePolicy(policy=policy_document(value, "policy", parse_resource_policy))


@adapter(types=(PERMISSION,))
def permission_policy_from_graph(_graph: Graph, resource: Resource) -> ResourcePolicy:
    """Build what a Lambda permission adds to the policy of its function."""
    return ResourcePolicy(policy=PolicyDocument(property="permission", statements=(_permission(resource),)))


@adapter(types=(BUS_PERMISSION,))
def bus_permission_from_graph(_graph: Graph, resource: Resource) -> ResourcePolicy:
    """Build what an EventBridge permission adds to the policy of its bus."""
    settings = settings_of(resource)
    plain: Mapping[str, Value] = {name: reveal(value) for name, value in settings.items()}
    statement: Any = Statement(
        sid=_plain(plain.get("statementId")),
        principals=(_principal(plain.get("principal")),),
        actions=(literal(plain, "action", default=_PUT_EVENTS),),
        resources=("*",),
        conditions=tuple(_bus_condition(plain.get("condition"))),
    )
    if any(map(has_secret, settings.values())):
        statement = Secret(statement)
    return ResourcePolicy(policy=PolicyDocument(property="permission", statements=(statement,)))


def _bus_condition(value: Value) -> Iterator[Any]:
    """Yield the one condition that a permission may have: `key`, `type` and `value`."""
    if isinstance(value, Unknown):
        yield UNKNOWN
    elif isinstance(value, Mapping):
        parts = [reveal(value.get(name)) for name in ("type", "key", "value")]
        if all(isinstance(each, str) for each in parts):
            operator, key, wanted = map(_plain, parts)
            yield Condition(operator=operator, key=key.lower(), values=(wanted,))
        else:
            yield UNKNOWN


@adapter(types=(PERMISSION,))
def permission_from_graph(_graph: Graph, resource: Resource) -> FunctionAccess:
    """Build whom a Lambda permission lets in."""
    return FunctionAccess(statements=(_permission(resource),))


@adapter(types=(FUNCTION_URL,))
def function_url_from_graph(_graph: Graph, resource: Resource) -> FunctionAccess:
    """Build whom a function URL lets in."""
    authorization = literal(settings_of(resource), "authorizationType")
    return FunctionAccess(url_authorization=UNKNOWN if authorization is None else authorization)


_CONDITIONS: Final = (
    ("principalOrgId", "StringEquals", "aws:principalorgid"),
    ("sourceAccount", "StringEquals", "aws:sourceaccount"),
    ("sourceArn", "ArnLike", "aws:sourcearn"),
    ("eventSourceToken", "StringEquals", "lambda:eventsourcetoken"),
    ("functionUrlAuthType", "StringEquals", "lambda:functionurlauthtype"),
)
"""Property, operator and key that AddPermission makes of it. Source: AddPermission, Lambda API reference, and
resource-based policies, Lambda developer guide, read 2026-11-20."""

_PUT_EVENTS: Final = "events:PutEvents"
"""What a permission of EventBridge allows when nothing is said.

Source: `aws.cloudwatch.EventPermission`, pulumi-aws 7.51.1, read 2026-11-30.
"""

_ACCOUNT: Final = re.compile(r"\d{12}")


def _permission(resource: Resource) -> Any:
    settings = settings_of(resource)
    plain: Mapping[str, Value] = {name: reveal(value) for name, value in settings.items()}
    action = literal(plain, "action")
    statement = Statement(
        sid=_plain(plain.get("statementId")),
        principals=(_principal(plain.get("principal")),),
        actions=(UNKNOWN if action is None else action,),
        resources=("*",),
        conditions=tuple(_conditions(plain)),
    )
    return Secret(statement) if any(map(has_secret, settings.values())) else statement


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _principal(value: Value) -> Any:
    if not isinstance(value, str) or (is_symbolic(value) and parse_arn(value) is None):
        return UNKNOWN
    account = value == "*" or parse_arn(value) is not None or _ACCOUNT.fullmatch(value)
    return Principal(kind=PrincipalKind.AWS if account else PrincipalKind.SERVICE, name=value)


def _conditions(settings: Mapping[str, Value]) -> Iterator[Any]:
    for name, operator, key in _CONDITIONS:
        value = settings.get(name)
        if isinstance(value, Unknown):
            yield UNKNOWN
        elif isinstance(value, str) and value:
            yield Condition(operator=operator, key=key, values=(value,))
