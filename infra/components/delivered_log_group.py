"""An encrypted log group that services of AWS write to themselves."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.place import Place
from components.tags import DataClass


def delivery_policy(place: Place, group: str) -> str:
    """Return who may write into the group, JSON: the log delivery service, for deliveries of this account.

    Args:
        place: Where the group is.
        group: Log group name.
    """
    statement = {
        "Sid": "LogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": place.arn("logs", f"log-group:{group}:log-stream:*"),
        "Condition": {
            "StringEquals": {"aws:SourceAccount": place.account_id},
            "ArnLike": {"aws:SourceArn": place.arn("logs", "*")},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredLogGroupArgs:
    """What is kept, and who delivers it.

    Args:
        place: Where the group is.
        group: Log group name.
        policy_name: Name of the policy that admits the deliverer.
        policy: That policy, JSON.
        data_class: What the records hold.
        key_arn: Key of the group.
        retention_days: How long records are kept; a value that CloudWatch Logs offers.
    """

    place: Place
    group: str
    policy_name: str
    policy: str
    data_class: DataClass
    key_arn: pulumi.Input[str]
    retention_days: int


class DeliveredLogGroup(pulumi.ComponentResource):
    """A log group with its key, its end and its deliverer.

    Without a policy of its own the service would write one that holds for every log group of the account.

    Args:
        name: Logical name.
        args: What is kept, and who delivers it.
        opts: Resource options.
    """

    arn: pulumi.Output[str]
    group: pulumi.Output[str]
    admission: pulumi.Resource
    """What a delivery has to wait for."""

    def __init__(self, name: str, args: DeliveredLogGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:DeliveredLogGroup", name, None, opts)
        group = self._make_group(name, args)
        self.admission = self._make_policy(name, args)
        self.arn = group.arn
        self.group = group.name
        self.register_outputs({"arn": self.arn})

    def _make_group(self, name: str, args: DeliveredLogGroupArgs) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            name,
            region=args.place.region,
            name=args.group,
            kms_key_id=args.key_arn,
            retention_in_days=args.retention_days,
            tags=args.data_class.tag,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_policy(self, name: str, args: DeliveredLogGroupArgs) -> aws.cloudwatch.LogResourcePolicy:
        return aws.cloudwatch.LogResourcePolicy(
            name,
            region=args.place.region,
            policy_name=args.policy_name,
            policy_document=args.policy,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
