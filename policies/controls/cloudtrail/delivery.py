"""Controls of where else trails send their records."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.amounts import amount
from policies.facts.trails import Delivery, TrailDelivery
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, require

if TYPE_CHECKING:
    from policies.settings import Settings

SENDING: Final = TrailDelivery(
    cloud_watch_logs_group_arn="arn:aws:logs:eu-west-1:111122223333:log-group:trail:*",
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/trail",
)


@control(
    id="LG-LOG-02",
    slug="cloudtrail-trail-sent-to-cloudwatch",
    severity=Severity.LOW,
    requirements=("10.4.1.1",),
    families=("pci", "logging"),
    source="Demand of the banking, payments and fraud systems, after Security Hub CloudTrail.5, read 2026-11-20",
    rationale="Root logins or a changed key policy wait in a bucket until someone reads the files; no alarm rings, "
    "and the intruder has days instead of minutes.",
    remediation="Set cloud_watch_logs_group_arn of the aws.cloudtrail.Trail to a log group and "
    "cloud_watch_logs_role_arn to a role that may write into it.",
    parameters=("max_log_delivery_hours",),
    passes=[
        example("sent, before there is a trail", SENDING),
        example("delivered this hour", replace(SENDING, delivery=Delivery(hours_ago=0))),
    ],
    fails=[
        example("sent nowhere", TrailDelivery()),
        example("no role", replace(SENDING, cloud_watch_logs_role_arn="")),
        example("no log group", replace(SENDING, cloud_watch_logs_group_arn="")),
        example("the last delivery was two days ago", replace(SENDING, delivery=Delivery(hours_ago=48))),
        example("never delivered", replace(SENDING, delivery=Delivery())),
    ],
    unknowns=[
        example("the log group comes later", replace(SENDING, cloud_watch_logs_group_arn=UNKNOWN)),
        example("nobody could ask for the last delivery", replace(SENDING, delivery=UNKNOWN)),
    ],
)
def sent_to_cloudwatch(trail: TrailDelivery, settings: "Settings") -> Verdict:
    """A trail sends its records to CloudWatch Logs, where alarms can see them.

    cloudWatchLogsGroupArn and cloudWatchLogsRoleArn are set; unset means that nothing is sent. Once the trail is
    deployed the audit asks for the last delivery too: no longer than max_log_delivery_hours ago.
    """
    limit = settings.max_log_delivery_hours
    arns = {
        "cloudWatchLogsGroupArn": trail.cloud_watch_logs_group_arn,
        "cloudWatchLogsRoleArn": trail.cloud_watch_logs_role_arn,
    }
    missing = [name for name, arn in arns.items() if not arn]
    if missing:
        return fail("its records are not sent to CloudWatch Logs", found=f"no {', '.join(missing)}", wanted="both")
    if trail.delivery is None:
        return PASS
    hours = trail.delivery.hours_ago
    return require(
        hours is not None and hours <= limit,
        "its records do not arrive in CloudWatch Logs",
        found="no delivery" if hours is None else f"the last one {amount(hours, 'hour')} ago",
        wanted=f"one in the last {amount(limit, 'hour')}",
    )
