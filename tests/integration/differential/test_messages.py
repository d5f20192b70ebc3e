"""Topics, queues, buses, secrets and buckets: whom their policies let in, what encrypts, and where events go."""

import json
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from tests.integration.differential.cases import Case, check
from tests.integration.estate import ACCOUNT
from tests.integration.programs_as_data import Wanted, ref

_TOPIC: Final = "aws:sns/topic:Topic"
_QUEUE: Final = "aws:sqs/queue:Queue"
_BUS: Final = "aws:cloudwatch/eventBus:EventBus"
_SECRET: Final = "aws:secretsmanager/secret:Secret"
_BUCKET: Final = "aws:s3/bucket:Bucket"

_KEY: Final = Wanted("aws:kms/key:Key", "key")
_ALIAS: Final = Wanted("aws:kms/alias:Alias", "alias", {"name": "alias/messages", "targetKeyId": ref("key")})


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{name}"


def _topic(name: str, **more: Any) -> Wanted:
    return Wanted(_TOPIC, name, {"name": name, **more})


def _queue(name: str, **more: Any) -> Wanted:
    return Wanted(_QUEUE, name, {"name": name, **more})


def _topic_policy(topic: str, text: str) -> Wanted:
    return Wanted("aws:sns/topicPolicy:TopicPolicy", f"{topic}-policy", {"arn": ref(topic, "arn"), "policy": text})


def _queue_policy(queue: str, text: str) -> Wanted:
    return Wanted("aws:sqs/queuePolicy:QueuePolicy", f"{queue}-policy", {"queueUrl": ref(queue), "policy": text})


def _document(*statements: dict[str, Any]) -> str:
    numbered = [{"Sid": f"s{number}", **each} for number, each in enumerate(statements)]
    return json.dumps({"Version": "2012-10-17", "Statement": numbered})


def _denial(action: str, arn: str = "*", principal: Any = "*") -> dict[str, Any]:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": principal, "Action": action, "Resource": arn, "Condition": condition}


KEYS: Final = (
    Case("no key", (_topic("plain"),), {"LG-ENC-10": "fail"}),
    Case("a customer's key", (_topic("keyed", kmsMasterKeyId=ref("key", "arn")),), {"LG-ENC-10": "pass"}),
    Case("its id", (_topic("by-id", kmsMasterKeyId=ref("key")),), {"LG-ENC-10": "pass"}),
    Case("its alias", (_topic("by-alias", kmsMasterKeyId=ref("alias", "name")),), {"LG-ENC-10": "pass"}),
    Case("the key that AWS manages", (_topic("managed", kmsMasterKeyId="alias/aws/sns"),), {"LG-ENC-10": "fail"}),
)
_OTHER: Final = {"AWS": "444455556666"}
TLS: Final = (
    Case("a queue without a policy", (_queue("bare"),), {"LG-TLS-10": "fail"}),
    Case("a queue", (_queue("guarded"), _queue_policy("guarded", _document(_denial("sqs:*")))), {"LG-TLS-10": "pass"}),
    Case("in the queue itself", (_queue("inline", policy=_document(_denial("sqs:*"))),), {"LG-TLS-10": "pass"}),
    Case("one action", (_queue("half"), _queue_policy("half", _document(_denial("sqs:SendMessage")))),
         {"LG-TLS-10": "fail"}),
    Case("another queue's policy", (_queue("left"), _queue("right"),
         _queue_policy("right", _document(_denial("sqs:*")))), {"LG-TLS-10": "fail"}),
    Case("for one account", (_queue("some"), _queue_policy("some", _document(_denial("sqs:*", principal=_OTHER)))),
         {"LG-TLS-10": "fail"}),
    Case("a topic with the policy that SNS writes", (_topic("quiet"),), {"LG-TLS-10": "fail"}),
    Case("a topic", (_topic("loud"), _topic_policy("loud", _document(_denial("sns:Publish", _arn("sns", "loud"))))),
         {"LG-TLS-10": "pass"}),
    Case("another topic's ARN", (_topic("wrong"), _topic_policy(
        "wrong", _document(_denial("sns:Publish", _arn("sns", "loud"))))), {"LG-TLS-10": "fail"}),
)  # fmt: skip


def test_keys_and_transport(tmp_path: Path) -> None:
    """Whose a topic's key is shows KMS, whatever named it; a policy is read with what it belongs to."""
    check(tmp_path / "p", (*KEYS, *TLS), shared=(_KEY, _ALIAS))


_SNS: Final = {"Service": "sns.amazonaws.com"}
_FROM_HERE: Final = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def _letting(principal: Any, action: str, condition: Any = None, arn: str = "*") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": arn}
    return {**statement, **({"Condition": condition} if condition else {})}


def _queued(title: str, name: str, verdict: str, *statements: dict[str, Any]) -> Case:
    return Case(title, (_queue(name), _queue_policy(name, _document(*statements))), {"LG-IAM-25": verdict})


def _bus(title: str, name: str, verdict: str, *parts: Wanted) -> Case:
    return Case(title, (Wanted(_BUS, name, {"name": name}), *parts), {"LG-IAM-25": verdict})


def _bus_policy(bus: str, *statements: dict[str, Any]) -> Wanted:
    given = {"eventBusName": ref(bus, "name"), "policy": _document(*statements)}
    return Wanted("aws:cloudwatch/eventBusPolicy:EventBusPolicy", f"{bus}-policy", given)


def _bus_permission(bus: str, principal: str, **more: Any) -> Wanted:
    given = {"eventBusName": ref(bus, "name"), "statementId": "other", "principal": principal, **more}
    return Wanted("aws:cloudwatch/eventPermission:EventPermission", f"{bus}-permission", given)


_ORGANISATION: Final = {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-a1b2c3d4e5"}


def _put(bus: str, principal: Any) -> dict[str, Any]:
    return _letting(principal, "events:PutEvents", arn=_arn("events", f"event-bus/{bus}"))


def _secret(title: str, name: str, verdict: str, *statements: dict[str, Any]) -> Case:
    policy = {"secretArn": ref(name, "arn"), "policy": _document(*statements)}
    parts = [Wanted("aws:secretsmanager/secretPolicy:SecretPolicy", f"{name}-policy", policy)] if statements else []
    return Case(title, (Wanted(_SECRET, name, {"name": name}), *parts), {"LG-IAM-25": verdict})


def _stored(title: str, name: str, verdict: str, *statements: dict[str, Any]) -> Case:
    policy = {"bucket": ref(name), "policy": _document(*statements)}
    parts = [Wanted("aws:s3/bucketPolicy:BucketPolicy", f"{name}-policy", policy)] if statements else []
    return Case(title, (Wanted(_BUCKET, name, {"bucket": f"{name}-of-the-test"}), *parts), {"LG-IAM-25": verdict})


_LOGGING: Final = {"Service": "logging.s3.amazonaws.com"}
_OBJECTS: Final = "arn:aws:s3:::{}-of-the-test/*"

POLICIES: Final = (
    Case("a queue without a policy", (_queue("closed"),), {"LG-IAM-25": "pass"}),
    Case("a topic with the policy that SNS writes", (_topic("own"),), {"LG-IAM-25": "pass"}),
    Case("a topic for everyone", (_topic("public"), _topic_policy(
        "public", _document(_letting("*", "sns:Publish", arn=_arn("sns", "public"))))), {"LG-IAM-25": "fail"}),
    _queued("a service for one account", "bound", "pass", _letting(_SNS, "sqs:SendMessage", _FROM_HERE)),
    _queued("a service for anybody", "unbound", "fail", _letting(_SNS, "sqs:SendMessage")),
    _queued("a service that may do everything", "unlimited", "fail", _letting(_SNS, "*", _FROM_HERE)),
    _queued("a service that may do everything with a queue", "wide", "fail", _letting(_SNS, "sqs:*", _FROM_HERE)),
    _queued("everyone", "everyone", "fail", _letting("*", "sqs:SendMessage")),
    _queued("one statement of two", "second", "fail", _letting(_SNS, "sqs:SendMessage", _FROM_HERE),
            _letting({"AWS": "*"}, "sqs:SendMessage")),
    _bus("a bus without a policy", "lonely", "not_applicable"),
    _bus("a bus for another account", "shared", "pass", _bus_policy("shared", _put("shared", _OTHER))),
    _bus("a bus for everyone", "open", "fail", _bus_policy("open", _put("open", "*"))),
    _bus("a permission for another account", "granted", "pass", _bus_permission("granted", "444455556666")),
    _bus("a permission for everyone", "given", "fail", _bus_permission("given", "*")),
    _bus("a permission for an organisation", "united", "pass", _bus_permission("united", "*", condition=_ORGANISATION)),
    _secret("a secret without a policy", "kept", "pass"),
    _secret("a secret for everyone", "told", "fail", _letting("*", "secretsmanager:GetSecretValue")),
    _stored("a bucket without a policy", "store", "pass"),
    _stored("a service for one account's objects", "logged", "pass", _letting(
        _LOGGING, "s3:PutObject", _FROM_HERE, _OBJECTS.format("logged"))),
    _stored("a service that may do everything with a bucket", "owned", "fail", _letting(
        _LOGGING, "s3:*", _FROM_HERE, _OBJECTS.format("owned"))),
)  # fmt: skip


def test_whom_policies_let_in(tmp_path: Path) -> None:
    """A policy that a program writes beside its resource is the resource's own in the account."""
    check(tmp_path / "p", POLICIES)


def _rule(name: str, pattern: dict[str, Any] | None, **more: Any) -> Wanted:
    match = {"scheduleExpression": "rate(1 day)"} if pattern is None else {"eventPattern": json.dumps(pattern)}
    return Wanted("aws:cloudwatch/eventRule:EventRule", name, {"name": name, **match, **more})


def _target(rule: str, arn: Any, **more: Any) -> Wanted:
    given = {"rule": ref(rule, "name"), "targetId": "one", "arn": arn, **more}
    return Wanted("aws:cloudwatch/eventTarget:EventTarget", f"{rule}-target", given)


_ABROAD: Final = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/default"
_CENTRAL: Final = Wanted(_BUS, "central", {"name": "central"})
_ORDERS: Final = {"detail-type": ["Order Placed"]}


def _sent(title: str, name: str, pattern: dict[str, Any] | None, arn: Any, verdict: str, **bus: Any) -> Case:
    return Case(title, (_rule(name, pattern, **bus), _target(name, arn, **bus)), {"LG-RES-04": verdict})


RULES: Final = (
    _sent("named events", "orders", _ORDERS, _ABROAD, "pass"),
    _sent("events that stay", "cards", {"detail-type": ["Card Data Changed"]}, _ABROAD, "fail"),
    _sent("a prefix of them", "prefix", {"detail-type": [{"prefix": "Card"}]}, _ABROAD, "fail"),
    _sent("every event of a source", "source", {"source": ["bank.cards"]}, _ABROAD, "fail"),
    _sent("alternatives", "either", {"$or": [_ORDERS, {"detail-type": ["Order Paid"]}]}, _ABROAD, "pass"),
    _sent("a bus of the same Region", "near", {"source": ["bank.cards"]}, ref("central", "arn"), "not_applicable"),
    _sent("a rule of another bus", "far", _ORDERS, _ABROAD, "pass", eventBusName=ref("central", "name")),
    _sent("a queue", "queued", {"source": ["bank.cards"]}, ref("events", "arn"), "not_applicable"),
)  # fmt: skip


def test_where_events_go(tmp_path: Path) -> None:
    """A rule is read with its targets, on whichever bus it is."""
    settings = Settings(regional_detail_types=("Card Data Changed",))
    check(tmp_path / "p", RULES, shared=(_CENTRAL, _queue("events")), settings=settings)
