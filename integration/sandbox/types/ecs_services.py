"""ECS services."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.ecs import set_tags, tags_of
from integration.sandbox.types.shapes import whole, without_nothing

_CHANGEABLE: Final = {
    "availabilityZoneRebalancing": "availabilityZoneRebalancing",
    "capacityProviderStrategies": "capacityProviderStrategy",
    "desiredCount": "desiredCount",
    "enableEcsManagedTags": "enableECSManagedTags",
    "enableExecuteCommand": "enableExecuteCommand",
    "healthCheckGracePeriodSeconds": "healthCheckGracePeriodSeconds",
    "loadBalancers": "loadBalancers",
    "platformVersion": "platformVersion",
    "propagateTags": "propagateTags",
    "taskDefinition": "taskDefinition",
}
"""Setting as programs write it → as ECS's calls do."""

_DEPLOYMENT: Final = (
    "alarms",
    "deploymentCircuitBreaker",
    "deploymentConfiguration",
    "deploymentMaximumPercent",
    "deploymentMinimumHealthyPercent",
)
"""What programs write side by side and ECS takes as one."""

_MINUTES: Final = ("bakeTimeInMinutes", "timeoutInMinutes")
"""Numbers that programs write as texts."""


def _settings(wanted: Properties) -> dict[str, Any]:
    given = {name: wanted[each] for each, name in _CHANGEABLE.items() if wanted.get(each) is not None}
    if network := wanted.get("networkConfiguration"):
        given["networkConfiguration"] = {"awsvpcConfiguration": _network(network)}
    if deployment := _deployment(wanted):
        given["deploymentConfiguration"] = deployment
    return dict(whole(without_nothing(given)))


def _network(wanted: Properties) -> dict[str, Any]:
    return {
        "assignPublicIp": "ENABLED" if wanted.get("assignPublicIp") is True else "DISABLED",
        "securityGroups": wanted.get("securityGroups") or [],
        "subnets": wanted["subnets"],
    }


def _deployment(wanted: Properties) -> dict[str, Any]:
    given = {
        **(_numbered(wanted.get("deploymentConfiguration") or {})),
        "alarms": wanted.get("alarms"),
        "deploymentCircuitBreaker": wanted.get("deploymentCircuitBreaker"),
        "maximumPercent": wanted.get("deploymentMaximumPercent"),
        "minimumHealthyPercent": wanted.get("deploymentMinimumHealthyPercent"),
    }
    return dict(without_nothing(given))


def _numbered(value: Any) -> Any:
    """Return a setting with the minutes in it as numbers."""
    if isinstance(value, dict):
        return {name: int(item) if name in _MINUTES else _numbered(item) for name, item in value.items()}
    return [_numbered(item) for item in value] if isinstance(value, list) else value


def _texts(value: Any) -> Any:
    """Return a setting with the minutes in it as texts."""
    if isinstance(value, dict):
        return {name: str(item) if name in _MINUTES else _texts(item) for name, item in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list) else value


def _create(subject: Subject) -> str:
    wanted = subject.inputs
    fixed = {name: wanted[name] for name in ("launchType", "schedulingStrategy") if wanted.get(name)}
    if wanted.get("deploymentController"):
        fixed["deploymentController"] = wanted["deploymentController"]
    given = {"cluster": wanted.get("cluster", "default"), "serviceName": wanted["name"], **fixed}
    return str(subject.aws.of("ecs").create_service(**given, **_settings(wanted))["service"]["serviceArn"])


def _change(subject: Subject) -> None:
    where = {"cluster": subject.inputs.get("cluster", "default"), "service": subject.id}
    subject.aws.of("ecs").update_service(**where, **_settings(subject.inputs))


def _read(subject: Subject) -> Properties:
    cluster = subject.inputs.get("cluster", "default")
    found: Any = subject.aws.of("ecs").describe_services(cluster=cluster, services=[subject.id])["services"]
    if not found or found[0]["status"] == "INACTIVE":
        raise GoneError
    service = found[0]
    deployment = service.get("deploymentConfiguration", {})
    network = service.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    return {
        **{each: service[name] for each, name in _CHANGEABLE.items() if name in service},
        "arn": service["serviceArn"],
        "cluster": service["clusterArn"],
        "deploymentCircuitBreaker": deployment.get("deploymentCircuitBreaker", {"enable": False, "rollback": False}),
        "deploymentConfiguration": _own(deployment),
        "deploymentMaximumPercent": deployment.get("maximumPercent", 200),
        "deploymentMinimumHealthyPercent": deployment.get("minimumHealthyPercent", 100),
        "launchType": service.get("launchType"),
        "name": service["serviceName"],
        "networkConfiguration": {**network, "assignPublicIp": network.get("assignPublicIp") == "ENABLED"},
        "schedulingStrategy": service.get("schedulingStrategy", "REPLICA"),
        "tagsAll": tags_of(subject),
    }


def _own(deployment: Properties) -> dict[str, Any]:
    """Return what programs write under `deploymentConfiguration`, of all that ECS holds there."""
    apart = {"alarms", "deploymentCircuitBreaker", "maximumPercent", "minimumHealthyPercent"}
    return {name: _texts({name: value})[name] for name, value in deployment.items() if name not in apart}


def _delete(subject: Subject) -> None:
    cluster = subject.inputs.get("cluster", "default")
    subject.aws.of("ecs").delete_service(cluster=cluster, service=subject.id, force=True)


HANDLERS: Final = (
    Handler(
        type="aws:ecs/service:Service",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("cluster", "deploymentController", "launchType", "name", "schedulingStrategy"),
        updates=put(_change, *_CHANGEABLE, *_DEPLOYMENT, "networkConfiguration"),
        settings={"tagsAll": set_tags},
        ignored={
            "forceDelete": "a service goes with its tasks, whatever it says",
            "forceNewDeployment": "no task runs in a sandbox",
            "waitForSteadyState": "as forceNewDeployment",
        },
    ),
)
