"""CloudWatch, CloudTrail and EventBridge: composite alarms, what trails deliver, and whom the policy of a bus names."""

import json
from typing import Any, Final

from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.events.models import EventBus
from moto.events.responses import EventsHandler

from integration.sandbox.corrections.registry import corrects, provides

_NOBODYS_ROOT: Final = ":iam::*:root"


@provides(
    CloudWatchResponse,
    "put_composite_alarm",
    fact="An alarm may be made of other alarms",
    source="PutCompositeAlarm, Amazon CloudWatch API reference, read 2026-11-30",
)
def _put_composite(response: CloudWatchResponse) -> Any:
    # Moto's method takes the rule of a composite alarm too, and nothing of its own asks it to.
    return response.put_metric_alarm()


@corrects(
    EventBus,
    "add_permission",
    fact="A permission for everyone names everyone, not the root of an account without an id",
    source="PutPermission, Amazon EventBridge API reference, read 2026-11-30",
)
def _permit(original: Any, bus: EventBus, statement_id: str, action: str, principal: Any, condition: Any) -> Any:
    everyone = principal["AWS"].endswith(_NOBODYS_ROOT)
    return original(bus, statement_id, action, {"AWS": "*"} if everyone else principal, condition)


@provides(
    EventsHandler,
    "update_event_bus",
    fact="The description and the key of a bus change",
    source="UpdateEventBus, Amazon EventBridge API reference, read 2026-11-30",
)
def _update_bus(response: EventsHandler) -> Any:
    bus = response.events_backend.describe_event_bus(response._get_param("Name"))  # noqa: SLF001 - moto's own way to a parameter
    bus.description = response._get_param("Description") or bus.description  # noqa: SLF001 - as above
    bus.kms_key_identifier = response._get_param("KmsKeyIdentifier") or bus.kms_key_identifier  # noqa: SLF001 - as above
    return json.dumps({"Arn": bus.arn, "Name": bus.name}), response.response_headers


@corrects(
    CloudTrailResponse,
    "get_trail_status",
    fact="A trail that logs tells when it last delivered to CloudWatch Logs, if it does",
    source="GetTrailStatus, AWS CloudTrail API reference, read 2026-11-30",
)
def _status(original: Any, response: CloudTrailResponse) -> str:
    told = json.loads(original(response))
    name = response._get_param("Name")  # noqa: SLF001 - moto's own way to a parameter
    trails = response.cloudtrail_backend.describe_trails(include_shadow_trails=True)
    trail = next(each for each in trails if name in (each.trail_name, each.arn))
    if trail.cw_log_group_arn and "LatestDeliveryTime" in told:
        told["LatestCloudWatchLogsDeliveryTime"] = told["LatestDeliveryTime"]
    return json.dumps(told)
