"""Application Auto Scaling: what scales, and by which policies."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import camel, pascal, whole
from integration.sandbox.types.tags import retag, wanted_tags

_SERVICE: Final = "application-autoscaling"
_WHERE: Final = ("resourceId", "scalableDimension", "serviceNamespace")

_CONFIGURATIONS: Final = ("stepScalingPolicyConfiguration", "targetTrackingScalingPolicyConfiguration")


def _register(subject: Subject) -> str:
    subject.aws.of(_SERVICE).register_scalable_target(**_target_settings(subject), Tags=wanted_tags(subject))
    return str(subject.inputs["resourceId"])


def _register_again(subject: Subject) -> None:
    subject.aws.of(_SERVICE).register_scalable_target(**_target_settings(subject))


def _target_settings(subject: Subject) -> dict[str, Any]:
    return dict(whole(subject.given(*_WHERE, "maxCapacity", "minCapacity", "roleArn")))


def _target(subject: Subject) -> Any:
    wanted = subject.inputs
    found = subject.aws.of(_SERVICE).describe_scalable_targets(
        ServiceNamespace=wanted["serviceNamespace"],
        ResourceIds=[wanted["resourceId"]],
        ScalableDimension=wanted["scalableDimension"],
    )["ScalableTargets"]
    if not found:
        raise GoneError
    return found[0]


def _read_target(subject: Subject) -> Properties:
    found = _target(subject)
    arn = found["ScalableTargetARN"]
    return {
        **{camel(name): found[name] for name in map(pascal, (*_WHERE, "maxCapacity", "minCapacity"))},
        "arn": arn,
        "tagsAll": subject.aws.of(_SERVICE).list_tags_for_resource(ResourceARN=arn)["Tags"],
    }


def _tag_target(subject: Subject) -> None:
    client, arn = subject.aws.of(_SERVICE), _target(subject)["ScalableTargetARN"]
    retag(
        subject,
        lambda tags: client.tag_resource(ResourceARN=arn, Tags=tags),
        lambda keys: client.untag_resource(ResourceARN=arn, TagKeys=keys),
    )


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
        updates={**put(_register_again, "maxCapacity", "minCapacity", "roleArn"), "tagsAll": _tag_target},
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
