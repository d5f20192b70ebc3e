"""The audit log group: what services report about the account, and a count of what must not happen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.alarm_table import Alarm
from components.delivered_log_group import DeliveredLogGroup, DeliveredLogGroupArgs
from components.names import Names
from components.place import Place
from components.tags import DataClass

EVENTS: Final[Mapping[str, Sequence[str]]] = {
    "aws.backup": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
    "aws.config": ["Config Rules Compliance Change"],
    "aws.ecr": ["ECR Image Scan"],
    "aws.ecs": ["ECS Deployment State Change"],
    "aws.guardduty": ["GuardDuty Finding"],
    "aws.inspector2": ["Inspector2 Finding"],
    "aws.kms": ["KMS CMK Deletion", "KMS CMK Rotation"],
    "aws.rds": ["RDS DB Cluster Event", "RDS DB Cluster Snapshot Event"],
}
"""Source → kinds of events that are kept."""

FAILED_BACKUPS: Final = '{ ($.source = "aws.backup") && (($.detail.state = "FAILED") || ($.detail.state = "EXPIRED")) }'
SEVERE_THREATS: Final = '{ ($.source = "aws.guardduty") && ($.detail.severity >= 7) }'
DELETED_KEYS: Final = '{ $.detail-type = "KMS CMK Deletion" }'

_NAME_LIMIT: Final = 64


@dataclass(frozen=True, slots=True)
class Count:
    """Events of which one is too many.

    Args:
        kind: Part of its name.
        meaning: What has happened.
        metric: Name of the metric.
        pattern: Filter pattern.
    """

    kind: str
    meaning: str
    metric: str
    pattern: str


COUNTS: Final = (
    Count("failed-backups", "A backup, a copy or a restore test failed", "FailedBackups", FAILED_BACKUPS),
    Count("severe-threats", "GuardDuty has a severe finding", "SevereThreats", SEVERE_THREATS),
    Count("deleted-keys", "A key was deleted", "DeletedKeys", DELETED_KEYS),
)


def event_pattern() -> str:
    """Return which events are kept, JSON."""
    kinds = sorted(kind for each in EVENTS.values() for kind in each)
    return json.dumps({"source": sorted(EVENTS), "detail-type": kinds})


def event_policy(place: Place, group: str, rule: str) -> str:
    """Return who may write into the group, JSON: EventBridge, what this rule matched.

    Source: example of the Terraform AWS provider's `aws_cloudwatch_event_target`, read 2026-11-30.

    Args:
        place: Where the group and the rule are.
        group: Log group name.
        rule: Rule name.
    """
    statement = {
        "Sid": "EventDelivery",
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": place.arn("logs", f"log-group:{group}:*"),
        "Condition": {"ArnEquals": {"aws:SourceArn": place.arn("events", f"rule/{rule}")}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEventsArgs:
    """Where events are kept.

    Args:
        names: Names of the deployment.
        place: Where the system is.
        key_arn: Key of the log group.
        retention_days: How long events are kept; a value that CloudWatch Logs offers.
    """

    names: Names
    place: Place
    key_arn: pulumi.Input[str]
    retention_days: int

    @property
    def label(self) -> str:
        """Physical name of the rule and of the policy."""
        return self.names.of("audit", limit=_NAME_LIMIT)

    @property
    def namespace(self) -> str:
        """Namespace of the counts."""
        return f"{self.names.system}/{self.names.suffix}"


def count_alarms(args: AuditEventsArgs) -> tuple[Alarm, ...]:
    """Return the alarms of the counts; CloudWatch may publish to an encrypted topic under a condition, EventBridge not.

    Args:
        args: Where events are kept.
    """
    return tuple(
        Alarm(kind=count.kind, meaning=count.meaning, namespace=args.namespace, metric=count.metric, limit=0)
        for count in COUNTS
    )


class AuditEvents(pulumi.ComponentResource):
    """What backup, threat detection, scans, keys and database report, in one log group.

    Args:
        name: Logical name.
        args: Where events are kept.
        opts: Resource options.
    """

    group: pulumi.Output[str]

    def __init__(self, name: str, args: AuditEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:AuditEvents", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        record = self._make_record(name, args)
        self._make_target(name, args, self._make_rule(name, args), record)
        for count in COUNTS:
            self._make_count(f"{name}-{count.kind}", args, count, record)
        self.group = record.group
        self.register_outputs({"group": self.group})

    def _make_record(self, name: str, args: AuditEventsArgs) -> DeliveredLogGroup:
        group = args.names.log_group("audit")
        return DeliveredLogGroup(
            f"{name}-events",
            DeliveredLogGroupArgs(
                place=args.place,
                group=group,
                policy_name=args.label,
                policy=event_policy(args.place, group, args.label),
                data_class=DataClass.CONFIDENTIAL,
                key_arn=args.key_arn,
                retention_days=args.retention_days,
            ),
            opts=self._child,
        )

    def _make_rule(self, name: str, args: AuditEventsArgs) -> aws.cloudwatch.EventRule:
        return aws.cloudwatch.EventRule(
            name,
            region=args.place.region,
            name=args.label,
            description="What services report about the account",
            event_pattern=event_pattern(),
            state="ENABLED",
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _make_target(
        self, name: str, args: AuditEventsArgs, rule: aws.cloudwatch.EventRule, record: DeliveredLogGroup
    ) -> None:
        aws.cloudwatch.EventTarget(
            name,
            region=args.place.region,
            rule=rule.name,
            target_id="audit",
            arn=record.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[record.admission]),
        )

    def _make_count(self, name: str, args: AuditEventsArgs, count: Count, record: DeliveredLogGroup) -> None:
        transformation = aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=count.metric, namespace=args.namespace, value="1", default_value="0", unit="Count"
        )
        aws.cloudwatch.LogMetricFilter(
            name,
            region=args.place.region,
            name=args.names.of(count.kind, limit=_NAME_LIMIT),
            log_group_name=record.group,
            pattern=count.pattern,
            metric_transformation=transformation,
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
