"""SNS topics, their policies and their subscriptions."""

from typing import Any, Final

from integration.sandbox.handler import Apply, GoneError, Handler, Properties, Subject
from integration.sandbox.types.shapes import pascal
from integration.sandbox.types.tags import as_tags, retag, tags_from

_TOPIC: Final = ("deliveryPolicy", "displayName", "kmsMasterKeyId", "policy", "signatureVersion", "tracingConfig")
"""Attributes of a topic that a program may set."""

_SUBSCRIPTION: Final = ("deliveryPolicy", "filterPolicy", "filterPolicyScope", "rawMessageDelivery", "redrivePolicy")


def _create_topic(subject: Subject) -> str:
    wanted = subject.inputs
    kind = {"FifoTopic": "true"} if wanted.get("fifoTopic") is True else {}
    return str(subject.aws.of("sns").create_topic(Name=wanted["name"], Attributes=kind)["TopicArn"])


def _read_topic(subject: Subject) -> Properties:
    sns = subject.aws.of("sns")
    found = sns.get_topic_attributes(TopicArn=subject.id)["Attributes"]
    return {
        **{name: found.get(pascal(name), "") for name in _TOPIC},
        "arn": found["TopicArn"],
        "fifoTopic": found.get("FifoTopic") == "true",
        "name": subject.id.rpartition(":")[2],
        "owner": found["Owner"],
        "tagsAll": tags_from(sns.list_tags_for_resource(ResourceArn=subject.id)["Tags"]),
    }


def _set_topic(name: str) -> Apply:
    def apply(subject: Subject) -> None:
        value = str(subject.inputs.get(name) or "")
        subject.aws.of("sns").set_topic_attributes(
            TopicArn=subject.id, AttributeName=pascal(name), AttributeValue=value
        )

    return apply


def _set_tags(subject: Subject) -> None:
    sns, arn = subject.aws.of("sns"), subject.id
    retag(
        subject,
        lambda tags: sns.tag_resource(ResourceArn=arn, Tags=as_tags(tags)),
        lambda keys: sns.untag_resource(ResourceArn=arn, TagKeys=keys),
    )


def _delete_topic(subject: Subject) -> None:
    subject.aws.of("sns").delete_topic(TopicArn=subject.id)


def _put_policy(subject: Subject) -> str:
    wanted = subject.inputs
    given: Any = {"AttributeName": "Policy", "AttributeValue": wanted["policy"]}
    subject.aws.of("sns").set_topic_attributes(TopicArn=wanted["arn"], **given)
    return str(wanted["arn"])


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    found = subject.aws.of("sns").get_topic_attributes(TopicArn=subject.id)["Attributes"]
    return {"arn": subject.id, "owner": found["Owner"], "policy": found["Policy"]}


def _drop_policy(subject: Subject) -> None:
    # The provider puts the policy back that a new topic has, which allows its own account and nobody else.
    account = f'{{"StringEquals": {{"AWS:SourceOwner": "{subject.place.account}"}}}}'
    default = (
        '{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, '
        f'"Action": ["SNS:GetTopicAttributes", "SNS:Publish"], "Resource": "{subject.id}", "Condition": {account}}}]}}'
    )
    given: Any = {"AttributeName": "Policy", "AttributeValue": default}
    subject.aws.of("sns").set_topic_attributes(TopicArn=subject.id, **given)


def _subscribe(subject: Subject) -> str:
    given = {"TopicArn": subject.inputs["topic"], **subject.given("protocol", "endpoint")}
    return str(subject.aws.of("sns").subscribe(**given, ReturnSubscriptionArn=True)["SubscriptionArn"])


def _read_subscription(subject: Subject) -> Properties:
    found = subject.aws.of("sns").get_subscription_attributes(SubscriptionArn=subject.id)["Attributes"]
    return {
        **{name: found.get(pascal(name), "") for name in _SUBSCRIPTION if name != "rawMessageDelivery"},
        "arn": subject.id,
        "endpoint": found["Endpoint"],
        "ownerId": found["Owner"],
        "pendingConfirmation": found["PendingConfirmation"] == "true",
        "protocol": found["Protocol"],
        "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
        "topic": found["TopicArn"],
    }


def _set_subscription(name: str) -> Apply:
    def apply(subject: Subject) -> None:
        value = subject.inputs.get(name)
        text = str(value).lower() if isinstance(value, bool) else str(value or "")
        given: Any = {"AttributeName": pascal(name), "AttributeValue": text}
        subject.aws.of("sns").set_subscription_attributes(SubscriptionArn=subject.id, **given)

    return apply


def _unsubscribe(subject: Subject) -> None:
    arns = subject.aws.of("sns").get_paginator("list_subscriptions").paginate()
    if not any(each["SubscriptionArn"] == subject.id for page in arns for each in page["Subscriptions"]):
        raise GoneError
    subject.aws.of("sns").unsubscribe(SubscriptionArn=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:sns/topic:Topic",
        create=_create_topic,
        read=_read_topic,
        delete=_delete_topic,
        fixed=("fifoTopic", "name"),
        settings={**{name: _set_topic(name) for name in _TOPIC}, "tagsAll": _set_tags},
    ),
    Handler(
        type="aws:sns/topicPolicy:TopicPolicy",
        create=_put_policy,
        read=_read_policy,
        delete=_drop_policy,
        fixed=("arn",),
        updates={"policy": _change_policy},
    ),
    Handler(
        type="aws:sns/topicSubscription:TopicSubscription",
        create=_subscribe,
        read=_read_subscription,
        delete=_unsubscribe,
        fixed=("endpoint", "protocol", "topic"),
        settings={name: _set_subscription(name) for name in _SUBSCRIPTION},
        ignored={
            "confirmationTimeoutInMinutes": "moto confirms nothing",
            "endpointAutoConfirms": "as confirmationTimeoutInMinutes",
        },
    ),
)
