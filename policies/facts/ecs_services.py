"""Facts about ECS services: how they are deployed, and where in the network."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.arns import parse_arn
from policies.facts.declared import known_first
from policies.facts.ecs_tasks import TASK_DEFINITIONS, containers_of
from policies.facts.images import Image
from policies.facts.joins import follow, named
from policies.facts.properties import (
    UNKNOWN,
    flag,
    identities,
    identity,
    lift,
    literal,
    literals,
    record,
    records,
    settings_of,
    whole,
)
from policies.facts.registry import adapter
from policies.facts.subnet_routes import RoutedSubnet, routed_subnets

SERVICES: Final = ("aws:ecs/service:Service",)
_GROUPS: Final = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
_NETWORK: Final = "networkConfiguration"

FARGATE: Final = frozenset({"FARGATE", "FARGATE_SPOT"})
"""Capacity providers that run tasks on Fargate; the first is a launch type too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleHook:
    """What ECS asks while it replaces a service.

    Args:
        target_type: `targetType`; `AWS_LAMBDA` when unset.
        target: `hookTargetArn`; empty when unset.
        stages: `lifecycleStages`.
    """

    target_type: str = "AWS_LAMBDA"
    target: str = ""
    stages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a service is deployed.

    Args:
        launch_type: `launchType`; empty when unset.
        capacity_providers: `capacityProvider` of each of `capacityProviderStrategies`; empty when unset. With neither,
            the cluster decides.
        platform_version: `platformVersion`; `LATEST` when unset.
        in_vpc: Whether it has a `networkConfiguration`, which a service has if and only if it uses awsvpc.
        assign_public_ip: `networkConfiguration.assignPublicIp`; false when unset.
        scheduling: `schedulingStrategy`; `REPLICA` when unset.
        desired_count: `desiredCount`; 0 when unset.
        breaker: `deploymentCircuitBreaker.enable`; false when unset.
        rollback: `deploymentCircuitBreaker.rollback`; false when unset.
        strategy: `deploymentConfiguration.strategy`; `ROLLING` when unset.
        hooks: `deploymentConfiguration.lifecycleHooks`.

    Source of the defaults: `aws.ecs.Service`, pulumi-aws 7.51.1; CreateService, Amazon ECS API reference; read
    2026-11-30.
    """

    launch_type: str = ""
    capacity_providers: tuple[str, ...] = ()
    platform_version: str = "LATEST"
    in_vpc: bool = False
    assign_public_ip: bool = False
    scheduling: str = "REPLICA"
    desired_count: int = 0
    breaker: bool = False
    rollback: bool = False
    strategy: str = "ROLLING"
    hooks: tuple[LifecycleHook, ...] = ()


@adapter(types=SERVICES)
def service_from_graph(_graph: Graph, resource: Resource) -> Service:
    """Build how a service is deployed."""
    settings = settings_of(resource)
    return Service(
        launch_type=literal(settings, "launchType", default=""),
        capacity_providers=_capacity_providers(settings),
        platform_version=literal(settings, "platformVersion", default="LATEST"),
        in_vpc=_in_vpc(settings),
        assign_public_ip=_within(settings, _NETWORK, lambda each: flag(each, "assignPublicIp", default=False)),
        scheduling=literal(settings, "schedulingStrategy", default="REPLICA"),
        desired_count=whole(settings, "desiredCount", default=0),
        breaker=_within(settings, "deploymentCircuitBreaker", lambda each: flag(each, "enable", default=False)),
        rollback=_within(settings, "deploymentCircuitBreaker", lambda each: flag(each, "rollback", default=False)),
        strategy=_strategy(settings),
        hooks=_hooks(settings),
    )


def _within(settings: Mapping[str, Value], name: str, build: Any) -> Any:
    """Return what `build` makes of a nested object, or of an empty one where there is none."""
    return record({name: settings.get(name) or {}}, name, build)


def _capacity_providers(settings: Mapping[str, Value]) -> Any:
    return records(settings, "capacityProviderStrategies", lambda each: identity(each, "capacityProvider", default=""))


def _on_fargate(settings: Mapping[str, Value]) -> Any:
    providers = lift(_capacity_providers(settings), _any_on_fargate)
    return lift(literal(settings, "launchType", default=""), lambda kind: kind in FARGATE or providers)


def _any_on_fargate(providers: tuple[Any, ...]) -> Any:
    known = [reveal(each) for each in providers]
    if any(each in FARGATE for each in known if not isinstance(each, Unknown)):
        return True
    return UNKNOWN if any(isinstance(each, Unknown) for each in known) else False


def _in_vpc(settings: Mapping[str, Value]) -> Any:
    return lift(settings.get(_NETWORK), lambda block: block not in (None, [], {}))


def _strategy(settings: Mapping[str, Value]) -> Any:
    return _within(settings, "deploymentConfiguration", lambda each: literal(each, "strategy", default="ROLLING"))


def _hooks(settings: Mapping[str, Value]) -> Any:
    return _within(settings, "deploymentConfiguration", lambda each: records(each, "lifecycleHooks", _hook))


def _hook(settings: Mapping[str, Value]) -> LifecycleHook:
    return LifecycleHook(
        target_type=literal(settings, "targetType", default="AWS_LAMBDA"),
        target=identity(settings, "hookTargetArn", default=""),
        stages=literals(settings, "lifecycleStages"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNetwork:
    """Where the tasks of a service are.

    Args:
        in_vpc: As `Service.in_vpc`.
        on_fargate: Whether it asks for Fargate itself, by `launchType` or by a capacity provider.
        subnets: Subnets of `networkConfiguration.subnets`, those that are known in full first.
        has_groups: Whether `networkConfiguration.securityGroups` names any; without, ECS takes the default one of the
            network.
    """

    in_vpc: bool = False
    on_fargate: bool = False
    subnets: tuple[RoutedSubnet, ...] = ()
    has_groups: bool = False


@adapter(types=SERVICES, joined=True)
def service_network_from_graph(graph: Graph, resource: Resource) -> ServiceNetwork:
    """Build where the tasks of a service are, with the routes of its subnets."""
    settings = settings_of(resource)
    subnets = routed_subnets(graph, _lifted(resource, "subnets"), "subnets")
    groups = _within(settings, _NETWORK, lambda each: each.get("securityGroups"))
    return ServiceNetwork(
        in_vpc=_in_vpc(settings),
        on_fargate=_on_fargate(settings),
        subnets=lift(subnets, known_first),
        has_groups=lift(groups, bool),
    )


def _lifted(service: Resource, name: str) -> Resource:
    """Return a service with a part of its network as a property of its own."""
    value = _within(settings_of(service), _NETWORK, lambda each: each.get(name))
    return replace(
        service,
        inputs={**service.inputs, name: value},
        property_dependencies={name: service.property_dependencies.get(_NETWORK, ())},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUse:
    """The security groups of what a service runs.

    Args:
        family: Family of its task definition, which tells what it plays.
        groups: Its security groups, each as one identity; `default` alone when it names none.
    """

    family: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGroups:
    """The security groups of a service beside those of all others.

    Args:
        in_vpc: As `Service.in_vpc`.
        on_fargate: As `ServiceNetwork.on_fargate`.
        own: Its own.
        others: Those of every other service of the stack that uses awsvpc.
    """

    in_vpc: bool = False
    on_fargate: bool = False
    own: GroupUse
    others: tuple[GroupUse, ...] = ()


DEFAULT_GROUP: Final = "default"
"""Stands for the security group that a network has by itself. No id of a group looks like it."""


@adapter(types=SERVICES, joined=True)
def service_groups_from_graph(graph: Graph, resource: Resource) -> ServiceGroups:
    """Build the security groups of a service beside those of all others."""
    others = (each for each in graph.of_type(*SERVICES) if each is not resource and each.kind is Kind.CUSTOM)
    settings = settings_of(resource)
    return ServiceGroups(
        in_vpc=_in_vpc(settings),
        on_fargate=_on_fargate(settings),
        own=_group_use(graph, resource),
        others=known_first(_group_use(graph, each) for each in others if _in_vpc(settings_of(each)) is not False),
    )


def _group_use(graph: Graph, service: Resource) -> GroupUse:
    ids = _within(settings_of(service), _NETWORK, lambda each: identities(each, "securityGroups"))
    groups = lift(ids, lambda listed: _groups(graph, service, listed) if listed else (DEFAULT_GROUP,))
    return GroupUse(family=_family(graph, service), groups=groups)


def _groups(graph: Graph, service: Resource, ids: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return ids as identities. Unknown ones are the groups they come from, where as many are to be had."""
    created = [graph.get(urn) for urn in service.property_dependencies.get(_NETWORK, ())]
    sources = [each.urn for each in created if each is not None and each.type in _GROUPS]
    known = [lift(each, lambda text: _group(graph, text)) for each in ids if not isinstance(each, Unknown)]
    hidden = len(ids) - len(known)
    rest = [urn for urn in sources if urn not in known]
    return (*known, *(rest if len(rest) == hidden else (UNKNOWN,) * hidden))


def _group(graph: Graph, id_: str) -> str:
    found = named(graph, id_, _GROUPS)
    return found[0].urn if len(found) == 1 else id_


def _family(graph: Graph, service: Resource) -> Any:
    definition = task_definition_of(graph, service)
    if definition is not None:
        family = identity(settings_of(definition), "family")
        return UNKNOWN if family is None else family
    written = identity(settings_of(service), "taskDefinition")
    return UNKNOWN if written is None else lift(written, family_in)


def family_in(reference: str) -> str:
    """Return the family that a task definition's ARN, or its family with or without a revision, names."""
    arn = parse_arn(reference)
    return (arn.name if arn else reference).partition(":")[0]


def task_definition_of(graph: Graph, service: Resource) -> Resource | None:
    """Return the task definition of the stack that a service runs; None where it runs another, or nobody knows."""
    join = follow(graph, service, "taskDefinition", TASK_DEFINITIONS)
    found = list(join.resources) if not join.unknown else []
    if join.outside:
        # A family, or an ARN without a revision, means the newest one, which is that of the stack.
        family = family_in(str(reveal(settings_of(service)["taskDefinition"])))
        found = [each for each in graph.of_type(*TASK_DEFINITIONS) if reveal(settings_of(each).get("family")) == family]
    created = [each for each in found if each.kind is Kind.CUSTOM]
    return created[0] if len(created) == 1 == len(found) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceImages:
    """What a service runs, and what is asked before it does.

    Args:
        strategy: As `Service.strategy`.
        hooks: As `Service.hooks`.
        images: Images of the containers of its task definition, where the stack has that; else unknown.
    """

    strategy: str = "ROLLING"
    hooks: tuple[LifecycleHook, ...] = ()
    images: tuple[Image, ...] = ()


@adapter(types=SERVICES, joined=True)
def service_images_from_graph(graph: Graph, resource: Resource) -> ServiceImages:
    """Build what a service runs."""
    settings = settings_of(resource)
    definition = task_definition_of(graph, resource)
    containers: Any = UNKNOWN
    if definition is not None:
        found, malformed = containers_of(settings_of(definition).get("containerDefinitions"))
        containers = UNKNOWN if malformed else found
    return ServiceImages(strategy=_strategy(settings), hooks=_hooks(settings), images=lift(containers, _images))


def _images(containers: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each if isinstance(each, Unknown) else each.image for each in containers)
