"""The record of every connection of a VPC, kept in CloudWatch Logs."""

import json
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.names import Names
from components.place import Place
from components.tags import DataClass

_SHORTEST_INTERVAL_S: Final = 60


def trust_policy(place: Place) -> str:
    """Return who may deliver flow logs, JSON: the service, for flow logs of this account and Region."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": place.account_id},
            "ArnLike": {"aws:SourceArn": place.arn("ec2", "vpc-flow-log/*")},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def delivery_policy(place: Place, group: str) -> str:
    """Return what the delivery may do, JSON: write to one log group and look it up.

    Args:
        place: Where the log group is.
        group: Log group name.
    """
    write = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "Resource": [place.arn("logs", f"log-group:{group}"), place.arn("logs", f"log-group:{group}:log-stream:*")],
    }
    find = {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": place.arn("logs", "log-group:*")}
    return json.dumps({"Version": "2012-10-17", "Statement": [write, find]})


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogArgs:
    """What is recorded and where it is kept.

    Args:
        names: Names of the deployment.
        place: Where the VPC is.
        vpc_id: VPC.
        key_arn: Key of the log group.
        retention_days: How long records are kept; a value that CloudWatch Logs offers.
    """

    names: Names
    place: Place
    vpc_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    retention_days: int


class FlowLog(pulumi.ComponentResource):
    """All traffic of one VPC, accepted and refused.

    Args:
        name: Logical name.
        args: What is recorded and where it is kept.
        opts: Resource options.
    """

    def __init__(self, name: str, args: FlowLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:FlowLog", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        group = self._make_group(name, args)
        role = self._make_role(name, args)
        self._make_flow_log(name, args, group, role, self._make_policy(name, args, role))
        self.register_outputs({})

    def _make_group(self, name: str, args: FlowLogArgs) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            name,
            region=args.place.region,
            name=args.names.log_group("flow-logs"),
            kms_key_id=args.key_arn,
            retention_in_days=args.retention_days,
            tags=DataClass.CONFIDENTIAL.tag,
            opts=self._child,
        )

    def _make_role(self, name: str, args: FlowLogArgs) -> aws.iam.Role:
        return aws.iam.Role(
            name,
            name=args.names.of("flow-logs"),
            description="Delivers VPC flow logs",
            assume_role_policy=trust_policy(args.place),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_policy(self, name: str, args: FlowLogArgs, role: aws.iam.Role) -> aws.iam.RolePolicy:
        return aws.iam.RolePolicy(
            name,
            name=args.names.of("flow-logs"),
            role=role.name,
            policy=delivery_policy(args.place, args.names.log_group("flow-logs")),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_flow_log(
        self,
        name: str,
        args: FlowLogArgs,
        group: aws.cloudwatch.LogGroup,
        role: aws.iam.Role,
        policy: aws.iam.RolePolicy,
    ) -> None:
        aws.ec2.FlowLog(
            name,
            region=args.place.region,
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=_SHORTEST_INTERVAL_S,
            tags=args.names.tag("flow-logs"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
