"""ECS: what a service was created with and moto drops, and the order of task definitions."""

from collections.abc import Iterator
from typing import Any, Final

from moto.core.responses import ActionResult
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from integration.sandbox.corrections.registry import corrects

_ACTIVE: Final = "ACTIVE"

_KEPT: Final = {
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "deploymentConfiguration": "deployment_configuration",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "placementConstraints": "placement_constraints",
    "placementStrategy": "placement_strategy",
}
"""Parameter of CreateService → attribute from which moto's answer is made."""


@corrects(
    EC2ContainerServiceResponse,
    "create_service",
    fact="A service keeps its deployment configuration, circuit breaker included, and what else it was given; without "
    "a launch type it has the strategy of its cluster, and with a strategy no launch type",
    source="Amazon ECS API reference, CreateService and Service, read 2026-11-30",
)
def _created(original: Any, response: EC2ContainerServiceResponse) -> Any:
    answer = original(response)
    service = answer.result["service"]
    service.enable_execute_command = False
    for parameter, attribute in _KEPT.items():
        given = response._get_param(parameter)  # noqa: SLF001 - moto's own way to a parameter
        if given is not None:
            setattr(service, attribute, given)
    if response._get_param("launchType") is None:  # noqa: SLF001 - as above
        _follow_strategy(service, response.ecs_backend.clusters[service.cluster_name])
    return answer


def _follow_strategy(service: Any, cluster: Any) -> None:
    own = getattr(service, "capacity_provider_strategy", None)
    if strategy := own or cluster.default_capacity_provider_strategy:
        service.capacity_provider_strategy, service.launch_type = strategy, None


@corrects(
    EC2ContainerServiceResponse,
    "list_task_definitions",
    fact="Revisions come in the order that was asked for, and no more of them than a page takes",
    source="Amazon ECS API reference, ListTaskDefinitions, read 2026-11-30",
)
def _listed(_original: Any, response: EC2ContainerServiceResponse) -> Any:
    asked = {name: response._get_param(name) for name in ("familyPrefix", "maxResults", "nextToken", "sort", "status")}  # noqa: SLF001 - as above
    arns = response.ecs_backend.list_task_definitions(asked["familyPrefix"], asked["status"] or _ACTIVE)
    ordered = sorted(arns, key=_family_and_revision, reverse=asked["sort"] == "DESC")
    start = int(asked["nextToken"] or 0)
    end = start + int(asked["maxResults"] or len(ordered))
    more = {"nextToken": str(end)} if end < len(ordered) else {}
    return ActionResult({"taskDefinitionArns": ordered[start:end], **more})


def _family_and_revision(arn: str) -> tuple[str, int]:
    family, _, revision = arn.rpartition(":")
    return family, int(revision)


@corrects(
    EC2ContainerServiceResponse,
    "list_task_definition_families",
    fact="Families are listed by whether a revision of them is active, where that is asked for",
    source="Amazon ECS API reference, ListTaskDefinitionFamilies, read 2026-11-30",
)
def _families(_original: Any, response: EC2ContainerServiceResponse) -> Any:
    prefix, status = (response._get_param(name) for name in ("familyPrefix", "status"))  # noqa: SLF001 - as above
    families = response.ecs_backend.list_task_definition_families(prefix)
    wanted = [each for each in families if status in (None, "ALL", _status(response.ecs_backend, each))]
    return ActionResult({"families": wanted})


def _status(backend: EC2ContainerServiceBackend, family: str) -> str:
    statuses: Iterator[str] = (each.status for each in backend.task_definitions[family].values())
    return _ACTIVE if _ACTIVE in statuses else "INACTIVE"
