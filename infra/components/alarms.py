"""Alarms made from a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.alarm_table import Alarm
from components.names import Names

_NAME_LIMIT: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsArgs:
    """What is watched, and who is told.

    Args:
        names: Names of the deployment.
        region: Where the metrics are.
        topic_arn: Topic of the same Region.
        alarms: The table.
    """

    names: Names
    region: str
    topic_arn: pulumi.Input[str]
    alarms: Sequence[Alarm]


class Alarms(pulumi.ComponentResource):
    """The alarms of one Region; each says when it rings and when it is over.

    Args:
        name: Logical name.
        args: What is watched, and who is told.
        opts: Resource options.
    """

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Alarms", name, None, opts)
        for alarm in args.alarms:
            self._make_alarm(f"{name}-{alarm.kind}", args, alarm)
        self.register_outputs({})

    def _make_alarm(self, name: str, args: AlarmsArgs, alarm: Alarm) -> None:
        aws.cloudwatch.MetricAlarm(
            name,
            region=args.region,
            name=args.names.of(alarm.kind, limit=_NAME_LIMIT),
            alarm_description=alarm.meaning,
            namespace=alarm.namespace,
            metric_name=alarm.metric,
            dimensions=dict(alarm.dimensions) or None,
            statistic=alarm.statistic,
            period=alarm.period_s,
            evaluation_periods=alarm.periods,
            comparison_operator="GreaterThanThreshold",
            threshold=alarm.limit,
            treat_missing_data="breaching" if alarm.silence_is_bad else "notBreaching",
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
