"""CloudWatch alarms, rules of EventBridge and their targets."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole, without_nothing
from integration.sandbox.types.tags import as_tags, retag, tags_from

_ALARM: Final = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
"""Setting of an alarm as programs write it → as CloudWatch's calls do."""


def _put_alarm(subject: Subject) -> str:
    wanted = subject.inputs
    given = {call: whole(wanted[name]) for name, call in _ALARM.items() if wanted.get(name) is not None}
    dimensions = [{"Name": name, "Value": value} for name, value in (wanted.get("dimensions") or {}).items()]
    subject.aws.of("cloudwatch").put_metric_alarm(AlarmName=wanted["name"], Dimensions=dimensions, **given)
    return str(wanted["name"])


def _change_alarm(subject: Subject) -> None:
    _put_alarm(subject)


def _read_alarm(subject: Subject) -> Properties:
    cloudwatch = subject.aws.of("cloudwatch")
    listed: Any = cloudwatch.describe_alarms(AlarmNames=[subject.id])["MetricAlarms"]
    if not listed:
        raise GoneError
    found = listed[0]
    return {
        **{name: found[call] for name, call in _ALARM.items() if call in found},
        "arn": found["AlarmArn"],
        "dimensions": {each["Name"]: each["Value"] for each in found.get("Dimensions", ())},
        "name": found["AlarmName"],
        "tagsAll": tags_from(cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]),
    }


def _tag_alarm(subject: Subject) -> None:
    cloudwatch, arn = subject.aws.of("cloudwatch"), subject.arn("cloudwatch", f"alarm:{subject.id}")
    retag(
        subject,
        lambda tags: cloudwatch.tag_resource(ResourceARN=arn, Tags=as_tags(tags)),
        lambda keys: cloudwatch.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


def _delete_alarm(subject: Subject) -> None:
    subject.aws.of("cloudwatch").delete_alarms(AlarmNames=[subject.id])


_COMPOSITE: Final = {
    name: call
    for name, call in _ALARM.items()
    if name.endswith("Actions") or name in ("actionsEnabled", "alarmDescription")
} | {"alarmRule": "AlarmRule"}
"""As `_ALARM`, of an alarm that is made of others."""


def _put_composite(subject: Subject) -> str:
    wanted = subject.inputs
    given = {call: wanted[name] for name, call in _COMPOSITE.items() if wanted.get(name) is not None}
    subject.aws.of("cloudwatch").put_composite_alarm(AlarmName=wanted["alarmName"], **given)
    return str(wanted["alarmName"])


def _change_composite(subject: Subject) -> None:
    _put_composite(subject)


def _read_composite(subject: Subject) -> Properties:
    cloudwatch = subject.aws.of("cloudwatch")
    listed: Any = cloudwatch.describe_alarms(AlarmNames=[subject.id], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    if not listed:
        raise GoneError
    (found,) = listed
    return {
        **{name: found[call] for name, call in _COMPOSITE.items() if call in found},
        "alarmName": found["AlarmName"],
        "arn": found["AlarmArn"],
        "tagsAll": tags_from(cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]),
    }


_RULE: Final = ("description", "eventPattern", "roleArn", "scheduleExpression", "state")


def _put_rule(subject: Subject) -> str:
    subject.aws.of("events").put_rule(**subject.given("name", "eventBusName", *_RULE))
    return str(subject.inputs["name"])


def _change_rule(subject: Subject) -> None:
    _put_rule(subject)


def _bus(subject: Subject) -> dict[str, Any]:
    return subject.given("eventBusName")


def _read_rule(subject: Subject) -> Properties:
    events = subject.aws.of("events")
    found: Any = events.describe_rule(Name=subject.id, **_bus(subject))
    return {
        **{name: found[pascal(name)] for name in _RULE if pascal(name) in found},
        "arn": found["Arn"],
        "eventBusName": found.get("EventBusName", "default"),
        "name": found["Name"],
        "tagsAll": tags_from(events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"]),
    }


def _tag_rule(subject: Subject) -> None:
    events = subject.aws.of("events")
    arn = events.describe_rule(Name=subject.id, **_bus(subject))["Arn"]
    retag(
        subject,
        lambda tags: events.tag_resource(ResourceARN=arn, Tags=as_tags(tags)),
        lambda keys: events.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


def _delete_rule(subject: Subject) -> None:
    subject.aws.of("events").delete_rule(Name=subject.id, **_bus(subject))


_TARGET: Final = {
    "deadLetterConfig": "DeadLetterConfig",
    "ecsTarget": "EcsParameters",
    "input": "Input",
    "inputPath": "InputPath",
    "retryPolicy": "RetryPolicy",
    "roleArn": "RoleArn",
}


def _put_target(subject: Subject) -> str:
    wanted = subject.inputs
    target: dict[str, Any] = {"Id": wanted["targetId"], "Arn": wanted["arn"]}
    target |= {call: whole(_in_calls(wanted[name])) for name, call in _TARGET.items() if wanted.get(name)}
    subject.aws.of("events").put_targets(Rule=wanted["rule"], Targets=[without_nothing(target)], **_bus(subject))
    return f"{wanted['rule']}-{wanted['targetId']}"


def _in_calls(value: Any) -> Any:
    return pascal(value) if isinstance(value, dict) else value


def _change_target(subject: Subject) -> None:
    _put_target(subject)


def _read_target(subject: Subject) -> Properties:
    wanted = subject.inputs
    listed = subject.aws.of("events").list_targets_by_rule(Rule=wanted["rule"], **_bus(subject))["Targets"]
    found = next((each for each in listed if each["Id"] == wanted["targetId"]), None)
    if found is None:
        raise GoneError
    held = {name: found[call] for name, call in _TARGET.items() if call in found}
    return {
        **{name: camel(value) if isinstance(value, dict) else value for name, value in held.items()},
        "arn": found["Arn"],
        "targetId": found["Id"],
    }


def _delete_target(subject: Subject) -> None:
    wanted = subject.inputs
    subject.aws.of("events").remove_targets(Rule=wanted["rule"], Ids=[wanted["targetId"]], **_bus(subject))


HANDLERS: Final = (
    Handler(
        type="aws:cloudwatch/metricAlarm:MetricAlarm",
        create=_put_alarm,
        read=_read_alarm,
        delete=_delete_alarm,
        fixed=("name",),
        updates=put(_change_alarm, *_ALARM, "dimensions"),
        settings={"tagsAll": _tag_alarm},
    ),
    Handler(
        type="aws:cloudwatch/compositeAlarm:CompositeAlarm",
        create=_put_composite,
        read=_read_composite,
        delete=_delete_alarm,
        fixed=("alarmName",),
        updates=put(_change_composite, *_COMPOSITE),
        settings={"tagsAll": _tag_alarm},
    ),
    Handler(
        type="aws:cloudwatch/eventRule:EventRule",
        create=_put_rule,
        read=_read_rule,
        delete=_delete_rule,
        fixed=("eventBusName", "name"),
        updates=put(_change_rule, *_RULE),
        settings={"tagsAll": _tag_rule},
        ignored={"forceDestroy": "targets go before their rule"},
    ),
    Handler(
        type="aws:cloudwatch/eventTarget:EventTarget",
        create=_put_target,
        read=_read_target,
        delete=_delete_target,
        fixed=("eventBusName", "rule", "targetId"),
        updates=put(_change_target, "arn", *_TARGET),
    ),
)
