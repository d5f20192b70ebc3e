"""Where alarms go: an encrypted topic that alarms of the deployment publish to, and nothing else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.place import Place

_NAME_LIMIT: Final = 255


def alarm_pattern(names: Names) -> str:
    """Return the pattern that the names of all alarms of a deployment match."""
    return f"{names.system}-*-{names.suffix}"


def topic_policy(place: Place, topic: str, alarms: str) -> str:
    """Return who may publish, JSON: alarms of this account over TLS.

    Args:
        place: Where the topic and the alarms are.
        topic: Topic name.
        alarms: Alarm names; `*` stands for anything.
    """
    arn = place.arn("sns", topic)
    publish = {
        "Sid": "PublishByAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": arn,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": place.account_id},
            "ArnLike": {"aws:SourceArn": place.arn("cloudwatch", f"alarm:{alarms}")},
        },
    }
    refuse = {
        "Sid": "PlainText",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [publish, refuse]})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmTopicArgs:
    """Who is told.

    Args:
        names: Names of the deployment.
        place: Where the alarms are; CloudWatch publishes within a Region only.
        key_arn: Key of the messages, which CloudWatch may use.
        emails: Addresses; each must confirm once.
    """

    names: Names
    place: Place
    key_arn: pulumi.Input[str]
    emails: Sequence[str] = ()


class AlarmTopic(pulumi.ComponentResource):
    """The topic of the alarms of one Region.

    Args:
        name: Logical name.
        args: Who is told.
        opts: Resource options.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:AlarmTopic", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        label = args.names.of("alarms", limit=_NAME_LIMIT)
        topic = self._make_topic(name, args, label)
        self._make_policy(name, args, topic, label)
        for position, address in enumerate(args.emails):
            self._make_subscription(f"{name}-{position}", args, topic, address)
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})

    def _make_topic(self, name: str, args: AlarmTopicArgs, label: str) -> aws.sns.Topic:
        return aws.sns.Topic(
            name,
            region=args.place.region,
            name=label,
            kms_master_key_id=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_policy(self, name: str, args: AlarmTopicArgs, topic: aws.sns.Topic, label: str) -> None:
        aws.sns.TopicPolicy(
            name,
            region=args.place.region,
            arn=topic.arn,
            policy=topic_policy(args.place, label, alarm_pattern(args.names)),
            opts=self._child,
        )

    def _make_subscription(self, name: str, args: AlarmTopicArgs, topic: aws.sns.Topic, address: str) -> None:
        aws.sns.TopicSubscription(
            name,
            region=args.place.region,
            topic=topic.arn,
            protocol="email",
            endpoint=address,
            opts=self._child,
        )
