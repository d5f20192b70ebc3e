"""Reads what records the requests to a distribution: a bucket of its own, or deliveries of CloudWatch Logs."""

from collections.abc import Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Subject
from policies.facts.cloudfront_companions import DistributionLog, LogSource
from policies.facts.properties import UNKNOWN

_SOURCES: Final = Paging("nextToken", ("deliverySources",))
_DELIVERIES: Final = Paging("nextToken", ("deliveries",))
_REGION: Final = "us-east-1"
"""Region of every delivery of CloudFront's logs.

Source: configure standard logging (v2), Amazon CloudFront developer guide, read 2026-11-30.
"""

LOG_OPERATIONS: Final = ("logs:DescribeDeliveries", "logs:DescribeDeliverySources")
"""Every call that `read_log` leads to."""


def read_log(subject: Subject, config: Mapping[str, Any], desk: Desk, failures: list[Failure]) -> DistributionLog:
    """Return what records the requests to a distribution; deliveries are asked for where no bucket does.

    Args:
        subject: The distribution.
        config: Its settings.
        desk: Where to ask.
        failures: Takes a call that left the deliveries unknown.
    """
    bucket = config["Logging"]["Bucket"] if config["Logging"]["Enabled"] else ""
    if bucket:
        return DistributionLog(bucket=bucket, sources=(UNKNOWN,))
    try:
        return DistributionLog(sources=_sources(subject.arn, desk.elsewhere(_REGION)))
    except CallFailedError as error:
        failures.append(error.failure)
        return DistributionLog(sources=(UNKNOWN,))


def _sources(arn: str, desk: Desk) -> tuple[LogSource, ...]:
    logs: Any = desk.aws.logs
    listed = [each for page in desk.every(_SOURCES, logs.describe_delivery_sources) for each in page["deliverySources"]]
    own = [each for each in listed if arn in each["resourceArns"]]
    if not own:
        return ()
    deliveries = [each for page in desk.every(_DELIVERIES, logs.describe_deliveries) for each in page["deliveries"]]
    delivered = {each["deliverySourceName"] for each in deliveries}
    return tuple(LogSource(log_type=each["logType"], delivered=each["name"] in delivered) for each in own)
