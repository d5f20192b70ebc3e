"""CloudWatch Logs: who may write, what is counted, and logs that services deliver."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel
from integration.sandbox.types.tags import retag


def _put_policy(subject: Subject) -> str:
    wanted = subject.inputs
    subject.aws.logs.put_resource_policy(policyName=wanted["policyName"], policyDocument=wanted["policyDocument"])
    return str(wanted["policyName"])


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    listed = subject.aws.logs.describe_resource_policies()["resourcePolicies"]
    found = next((each for each in listed if each["policyName"] == subject.id), None)
    if found is None:
        raise GoneError
    return {"policyDocument": found["policyDocument"], "policyName": found["policyName"]}


def _delete_policy(subject: Subject) -> None:
    subject.aws.logs.delete_resource_policy(policyName=subject.id)


def _put_filter(subject: Subject) -> str:
    wanted, counted = subject.inputs, subject.inputs["metricTransformation"]
    made: dict[str, Any] = {f"metric{name.title()}": counted[name] for name in ("name", "namespace", "value")}
    if counted.get("defaultValue") is not None:
        made["defaultValue"] = float(counted["defaultValue"])
    made |= {name: counted[name] for name in ("unit", "dimensions") if counted.get(name)}
    subject.aws.logs.put_metric_filter(
        filterName=wanted["name"],
        filterPattern=wanted["pattern"],
        logGroupName=wanted["logGroupName"],
        metricTransformations=[made],  # type: ignore[list-item]  # the names are those of the call
    )
    return str(wanted["name"])


def _change_filter(subject: Subject) -> None:
    _put_filter(subject)


def _read_filter(subject: Subject) -> Properties:
    group = subject.inputs["logGroupName"]
    answer = subject.aws.logs.describe_metric_filters(logGroupName=group, filterNamePrefix=subject.id)
    found: Any = next((each for each in answer["metricFilters"] if each["filterName"] == subject.id), None)
    if found is None:
        raise GoneError
    return {
        "logGroupName": found["logGroupName"],
        "metricTransformation": _counted(found["metricTransformations"][0]),
        "name": found["filterName"],
        "pattern": found["filterPattern"],
    }


def _counted(found: Any) -> dict[str, Any]:
    shown = {camel(name.removeprefix("metric")): value for name, value in found.items()}
    if "defaultValue" in shown:
        shown["defaultValue"] = f"{shown['defaultValue']:g}"
    return shown


def _delete_filter(subject: Subject) -> None:
    subject.aws.logs.delete_metric_filter(logGroupName=subject.inputs["logGroupName"], filterName=subject.id)


def _tag(subject: Subject, arn: str) -> None:
    logs: Any = subject.aws.logs
    retag(
        subject,
        lambda tags: logs.tag_resource(resourceArn=arn, tags=tags),
        lambda keys: logs.untag_resource(resourceArn=arn, tagKeys=keys),
    )


def _tags(subject: Subject, arn: str) -> dict[str, str]:
    return subject.aws.logs.list_tags_for_resource(resourceArn=arn)["tags"]


def _put_source(subject: Subject) -> str:
    logs: Any = subject.aws.logs
    wanted = subject.inputs
    logs.put_delivery_source(name=wanted["name"], resourceArn=wanted["resourceArn"], logType=wanted["logType"])
    return str(wanted["name"])


def _read_source(subject: Subject) -> Properties:
    found: Any = subject.aws.logs.get_delivery_source(name=subject.id)["deliverySource"]
    return {
        "arn": found["arn"],
        "logType": found["logType"],
        "name": found["name"],
        "resourceArn": found["resourceArns"][0],
        "service": found["service"],
        "tagsAll": _tags(subject, found["arn"]),
    }


def _tag_source(subject: Subject) -> None:
    _tag(subject, subject.arn("logs", f"delivery-source:{subject.id}"))


def _delete_source(subject: Subject) -> None:
    subject.aws.logs.delete_delivery_source(name=subject.id)


def _put_destination(subject: Subject) -> str:
    logs: Any = subject.aws.logs
    wanted = subject.inputs
    names = ("name", "outputFormat", "deliveryDestinationConfiguration")
    logs.put_delivery_destination(**{name: wanted[name] for name in names if wanted.get(name)})
    return str(wanted["name"])


def _change_destination(subject: Subject) -> None:
    _put_destination(subject)


def _read_destination(subject: Subject) -> Properties:
    found: Any = subject.aws.logs.get_delivery_destination(name=subject.id)["deliveryDestination"]
    return {
        "arn": found["arn"],
        "deliveryDestinationConfiguration": found["deliveryDestinationConfiguration"],
        "deliveryDestinationType": found["deliveryDestinationType"],
        "name": found["name"],
        "outputFormat": found.get("outputFormat", ""),
        "tagsAll": _tags(subject, found["arn"]),
    }


def _tag_destination(subject: Subject) -> None:
    _tag(subject, subject.arn("logs", f"delivery-destination:{subject.id}"))


def _delete_destination(subject: Subject) -> None:
    subject.aws.logs.delete_delivery_destination(name=subject.id)


_DELIVERY: Final = ("deliveryDestinationArn", "deliverySourceName", "fieldDelimiter", "recordFields")


def _deliver(subject: Subject) -> str:
    logs: Any = subject.aws.logs
    given = {name: subject.inputs[name] for name in _DELIVERY if subject.inputs.get(name)}
    return str(logs.create_delivery(**given)["delivery"]["id"])


def _change_delivery(subject: Subject) -> None:
    logs: Any = subject.aws.logs
    given = {name: subject.inputs[name] for name in ("fieldDelimiter", "recordFields") if subject.inputs.get(name)}
    logs.update_delivery_configuration(id=subject.id, **given)


def _read_delivery(subject: Subject) -> Properties:
    found: Any = subject.aws.logs.get_delivery(id=subject.id)["delivery"]
    held = {name: found[name] for name in _DELIVERY if name in found}
    return {**held, "arn": found["arn"], "tagsAll": _tags(subject, found["arn"])}


def _tag_delivery(subject: Subject) -> None:
    _tag(subject, subject.arn("logs", f"delivery:{subject.id}"))


def _delete_delivery(subject: Subject) -> None:
    subject.aws.logs.delete_delivery(id=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        create=_put_policy,
        read=_read_policy,
        delete=_delete_policy,
        fixed=("policyName",),
        updates=put(_change_policy, "policyDocument"),
    ),
    Handler(
        type="aws:cloudwatch/logMetricFilter:LogMetricFilter",
        create=_put_filter,
        read=_read_filter,
        delete=_delete_filter,
        fixed=("logGroupName", "name"),
        updates=put(_change_filter, "metricTransformation", "pattern"),
    ),
    Handler(
        type="aws:cloudwatch/logDeliverySource:LogDeliverySource",
        create=_put_source,
        read=_read_source,
        delete=_delete_source,
        fixed=("logType", "name", "resourceArn"),
        settings={"tagsAll": _tag_source},
    ),
    Handler(
        type="aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        create=_put_destination,
        read=_read_destination,
        delete=_delete_destination,
        fixed=("name", "outputFormat"),
        updates=put(_change_destination, "deliveryDestinationConfiguration"),
        settings={"tagsAll": _tag_destination},
    ),
    Handler(
        type="aws:cloudwatch/logDelivery:LogDelivery",
        create=_deliver,
        read=_read_delivery,
        delete=_delete_delivery,
        fixed=("deliveryDestinationArn", "deliverySourceName"),
        updates=put(_change_delivery, "fieldDelimiter", "recordFields"),
        settings={"tagsAll": _tag_delivery},
    ),
)
