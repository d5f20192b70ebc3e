"""Turns what ECS says of a service into the facts about it, with its network and the images that it runs."""

from collections.abc import Callable, Iterable
from typing import Any

from integration.readers.ecs_lists import Item, described_definition, seen_services, units_of
from integration.readers.subnets import routed_subnets
from integration.scanning.asker import Desk
from integration.scanning.calls import CallFailedError, Failure
from policies.facts.container_definitions import parse_containers
from policies.facts.declared import known_first
from policies.facts.ecs_services import (
    DEFAULT_GROUP,
    FARGATE,
    GroupUse,
    LifecycleHook,
    Service,
    ServiceGroups,
    ServiceImages,
    ServiceNetwork,
    family_in,
)
from policies.facts.images import Image
from policies.facts.properties import UNKNOWN
from policies.facts.subnet_routes import RoutedSubnet
from policies.facts.tag_propagation import TAG_SOURCES, TagPropagation


def read_service(_desk: Desk, service: Item, _failures: list[Failure]) -> Service:
    """Return how a service is deployed. What ECS leaves out of a deployment is what fails the controls of it."""
    deployment: Item = service.get("deploymentConfiguration", {})
    breaker: Item = deployment.get("deploymentCircuitBreaker", {})
    return Service(
        launch_type=_agreed(service, _launch_type),
        capacity_providers=_agreed(service, _capacity_providers),
        platform_version=_agreed(service, lambda unit: unit.get("platformVersion", "LATEST")),
        in_vpc=_agreed(service, _in_vpc),
        assign_public_ip=_agreed(service, _has_public_address),
        scheduling=service["schedulingStrategy"],
        desired_count=service["desiredCount"],
        breaker=breaker.get("enable") is True,
        rollback=breaker.get("rollback") is True,
        strategy=_strategy(deployment),
        hooks=_hooks(deployment),
    )


def _agreed(service: Item, read: Callable[[Item], Any]) -> Any:
    """Return what all task sets of a service say; unknown where they differ."""
    found = [read(unit) for unit in units_of(service)]
    return found[0] if all(each == found[0] for each in found) else UNKNOWN


def _launch_type(unit: Item) -> str:
    # ECS leaves it out where there is a strategy.
    return str(unit.get("launchType") or "")


def _capacity_providers(unit: Item) -> tuple[str, ...]:
    return tuple(each["capacityProvider"] for each in unit.get("capacityProviderStrategy", ()))


def _on_fargate(unit: Item) -> bool:
    return not FARGATE.isdisjoint((_launch_type(unit), *_capacity_providers(unit)))


def _network(unit: Item) -> Item:
    found: Item = unit.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    return found


def _in_vpc(unit: Item) -> bool:
    return bool(_network(unit))


def _has_public_address(unit: Item) -> bool:
    return _in_vpc(unit) and bool(_network(unit)["assignPublicIp"] == "ENABLED")


def _strategy(deployment: Item) -> str:
    return str(deployment.get("strategy", "ROLLING"))


def _hooks(deployment: Item) -> tuple[LifecycleHook, ...]:
    return tuple(_hook(each) for each in deployment.get("lifecycleHooks", ()))


def _hook(hook: Item) -> LifecycleHook:
    return LifecycleHook(
        target_type=hook.get("targetType", "AWS_LAMBDA"),
        target=hook.get("hookTargetArn", ""),
        stages=tuple(hook.get("lifecycleStages", ())),
    )


def read_network(desk: Desk, service: Item, failures: list[Failure]) -> ServiceNetwork:
    """Return where the tasks of a service are; its subnets are unknown where nobody tells of them."""
    networks = [_network(unit) for unit in units_of(service)]
    ids = dict.fromkeys(id_ for network in networks for id_ in network.get("subnets", ()))
    return ServiceNetwork(
        in_vpc=_agreed(service, _in_vpc),
        on_fargate=_agreed(service, _on_fargate),
        subnets=_subnets(desk, ids, failures) if ids else (),
        has_groups=all(network.get("securityGroups") for network in networks),
    )


def _subnets(desk: Desk, ids: Iterable[str], failures: list[Failure]) -> tuple[RoutedSubnet, ...]:
    try:
        return tuple(known_first(routed_subnets(desk, ids)))
    except CallFailedError as error:
        failures.append(error.failure)
        return (UNKNOWN,)


def read_groups(desk: Desk, service: Item, failures: list[Failure]) -> ServiceGroups:
    """Return the security groups of a service beside those of all others of the Region."""
    others = (each for each in seen_services(desk, failures) if not _is_the_same(each, service))
    return ServiceGroups(
        in_vpc=_agreed(service, _in_vpc),
        on_fargate=_agreed(service, _on_fargate),
        own=_group_use(service),
        others=known_first(_group_use(each) for each in others if _may_be_in_vpc(each)),
    )


def _is_the_same(other: Any, service: Item) -> bool:
    return other is not UNKNOWN and bool(other["serviceArn"] == service["serviceArn"])


def _may_be_in_vpc(service: Any) -> bool:
    return service is UNKNOWN or any(map(_in_vpc, units_of(service)))


def _group_use(service: Any) -> GroupUse:
    if service is UNKNOWN:
        return GroupUse(family=UNKNOWN, groups=UNKNOWN)
    networks = [_network(unit) for unit in units_of(service)]
    groups = dict.fromkeys(id_ for each in networks for id_ in each.get("securityGroups") or (DEFAULT_GROUP,))
    return GroupUse(family=_agreed(service, _family), groups=tuple(groups))


def _family(unit: Item) -> str:
    # A service whose task sets are all gone runs nothing.
    return family_in(unit.get("taskDefinition", ""))


def read_images(desk: Desk, service: Item, failures: list[Failure]) -> ServiceImages:
    """Return what a service runs; its images are unknown where nobody tells of its task definition."""
    deployment: Item = service.get("deploymentConfiguration", {})
    arns = dict.fromkeys(unit["taskDefinition"] for unit in units_of(service) if "taskDefinition" in unit)
    images = (image for arn in arns for image in _images(desk, arn, failures))
    return ServiceImages(strategy=_strategy(deployment), hooks=_hooks(deployment), images=known_first(images))


def _images(desk: Desk, arn: str, failures: list[Failure]) -> tuple[Image, ...]:
    try:
        containers = parse_containers(described_definition(desk, arn)["containerDefinitions"])
    except CallFailedError as error:
        failures.append(error.failure)
        return (UNKNOWN,)
    return tuple(each.image for each in containers)


def read_propagation(_desk: Desk, service: Item, _failures: list[Failure]) -> TagPropagation:
    """Return whether the tasks of a service get tags; ECS leaves out what nobody set."""
    return TagPropagation(property="propagateTags", handed_on=(service.get("propagateTags") in TAG_SOURCES,))
