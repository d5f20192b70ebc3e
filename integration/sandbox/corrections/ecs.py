"""ECS: what a service was created with and moto drops."""

from typing import Any, Final

from moto.ecs.responses import EC2ContainerServiceResponse

from integration.sandbox.corrections.registry import corrects

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
    fact="A service keeps its deployment configuration, circuit breaker included, and what else it was given",
    source="Amazon ECS API reference, CreateService and Service",
)
def _created(original: Any, response: EC2ContainerServiceResponse) -> Any:
    answer = original(response)
    for parameter, attribute in _KEPT.items():
        given = response._get_param(parameter)  # noqa: SLF001 - moto's own way to a parameter
        if given is not None:
            setattr(answer.result["service"], attribute, given)
    return answer
