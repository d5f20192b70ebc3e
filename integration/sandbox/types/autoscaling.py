"""Application Auto Scaling: what scales, and by which policies."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole
from integration.sandbox.types.tags import wanted_tags

_SERVICE: Final = "application-autoscaling"
_WHERE: Final = ("resourceId", "scalableDimension", "serviceNamespace")

_CONFIGURATIONS: Final = ("stepScalingPolicyConfiguration", "targetTrackingScalingPolicyConfiguration")


def _register(subject: Subject) -> str:
    given = {**subject.given(*_WHERE, "maxCapacity", "minCapacity", "roleArn"), "Tags": wanted_tags(subject)}
    subject.aws.of(_SERVICE).register_scalable_target(**whole(given))
    return str(subject.inputs["resourceId"])


def _register_again(subject: Subject) -> None:
    _register(subject)


def _read_target(subject: Subject) -> Properties:
    client, wanted = subject.aws.of(_SERVICE), subject.inputs
    found: Any = client.describe_scalable_targets(
        ServiceNamespace=wanted["serviceNamespace"],
        ResourceIds=[wanted["resourceId"]],
        ScalableDimension=wanted["scalableDimension"],
    )["ScalableTargets"]
    if not found:
        raise GoneError
    return {**{camel(name): found[0][name] for name in map(pascal, (*_WHERE, "maxCapacity", "minCapacity"))}}


def _deregister(subject: Subject) -> None:
    subject.aws.of(_SERVICE).deregister_scalable_target(**subject.given(*_WHERE))


def _put_policy(subject: Subject) -> str:
    given = whole(pascal(subject.given(*_WHERE, "policyType")))
    given |= {pascal(name): whole(pascal(subject.inputs[name])) for name in _CONFIGURATIONS if subject.inputs.get(name)}
    subject.aws.of(_SERVICE).put_scaling_policy(PolicyName=subject.inputs["name"], **given)
    return str(subject.inputs["name"])


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    where = subject.given("resourceId", "serviceNamespace")
    listed: Any = subject.aws.of(_SERVICE).describe_scaling_policies(PolicyNames=[subject.id], **where)
    if not listed["ScalingPolicies"]:
        raise GoneError
    found = listed["ScalingPolicies"][0]
    held = {name: camel(found[pascal(name)]) for name in _CONFIGURATIONS if pascal(name) in found}
    return {
        **held,
        "alarmArns": [each["AlarmARN"] for each in found.get("Alarms", ())],
        "arn": found["PolicyARN"],
        "name": found["PolicyName"],
        "policyType": found["PolicyType"],
    }


def _delete_policy(subject: Subject) -> None:
    subject.aws.of(_SERVICE).delete_scaling_policy(PolicyName=subject.id, **subject.given(*_WHERE))


HANDLERS: Final = (
    Handler(
        type="aws:appautoscaling/target:Target",
        create=_register,
        read=_read_target,
        delete=_deregister,
        fixed=_WHERE,
        updates=put(_register_again, "maxCapacity", "minCapacity", "roleArn"),
        ignored={"tagsAll": "moto keeps no tags of a scalable target"},
    ),
    Handler(
        type="aws:appautoscaling/policy:Policy",
        create=_put_policy,
        read=_read_policy,
        delete=_delete_policy,
        fixed=("name", *_WHERE),
        updates=put(_change_policy, *_CONFIGURATIONS, "policyType"),
    ),
)
