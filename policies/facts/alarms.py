"""Facts about CloudWatch alarms."""

from dataclasses import dataclass
from typing import Final

from ledgergate.graph import Graph, Resource
from policies.facts.properties import flag, identities, lift, settings_of
from policies.facts.registry import adapter

_ALARMS: Final = ("aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a metric alarm or a composite alarm does when it rings.

    Args:
        actions_enabled: `actionsEnabled`; true when unset.
        alarm_actions: ARNs of what it does; empty when unset. One whose ARN comes later counts as one.

    Source of the defaults: `aws.cloudwatch.MetricAlarm` and `aws.cloudwatch.CompositeAlarm`, pulumi-aws 7.51.1, read
    2026-11-30.
    """

    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()


@adapter(types=_ALARMS)
def alarm_from_graph(_graph: Graph, resource: Resource) -> Alarm:
    """Build what an alarm does."""
    settings = settings_of(resource)
    actions = identities(settings, "alarmActions")
    return Alarm(
        actions_enabled=flag(settings, "actionsEnabled", default=True),
        alarm_actions=lift(actions, lambda found: tuple(each for each in found if each != "")),
    )
