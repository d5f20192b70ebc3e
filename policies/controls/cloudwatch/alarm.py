"""Controls of CloudWatch alarms."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.alarms import Alarm
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

RINGING: Final = Alarm(alarm_actions=("arn:aws:sns:eu-west-1:111122223333:alarms",))


@control(
    id="LG-LOG-11",
    slug="cloudwatch-alarm-action-configured",
    severity=Severity.MEDIUM,
    requirements=("10.7.2", "10.4.2"),
    families=("pci", "logging", "resilience"),
    source="Demand of the banking, payments and fraud systems, after Security Hub CloudWatch.15, read 2026-11-20",
    rationale="The alarm for failed fail-over or full disks turns red on a screen that nobody watches at night, and "
    "customers report the outage first.",
    remediation="Set alarm_actions of the aws.cloudwatch.MetricAlarm or aws.cloudwatch.CompositeAlarm to a topic that "
    "somebody reads, and leave actions_enabled out or true.",
    passes=[
        example("it tells a topic", RINGING),
        example("it tells a topic whose ARN comes later", Alarm(alarm_actions=(UNKNOWN,))),
    ],
    fails=[
        example("it tells nobody", Alarm()),
        example("its actions are off", replace(RINGING, actions_enabled=False)),
    ],
    unknowns=[
        example("nobody knows whom it tells", Alarm(alarm_actions=UNKNOWN)),
        example("nobody knows whether its actions are on", replace(RINGING, actions_enabled=UNKNOWN)),
    ],
)
def action_configured(alarm: Alarm) -> Verdict:
    """An alarm tells somebody when it rings.

    alarmActions of a metric or composite alarm is not empty, and actionsEnabled is not false; unset means true. What it
    does when it is over, or has no data, does not count.
    """
    if not alarm.actions_enabled:
        return fail("its actions are off", found="actionsEnabled false", wanted="true")
    if not len(alarm.alarm_actions):
        return fail("it tells nobody when it rings", found="no alarmActions", wanted="at least one action")
    return PASS
