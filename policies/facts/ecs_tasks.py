"""Facts about ECS task definitions: what their containers may do, and under which roles."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Value
from policies.facts.container_definitions import Container, MalformedContainersError, parse_containers
from policies.facts.declared import known_first
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, identity, literal, settings_of
from policies.facts.registry import adapter

TASK_DEFINITIONS: Final = ("aws:ecs/taskDefinition:TaskDefinition",)
_ROLES: Final = ("aws:iam/role:Role",)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """What a task runs.

    Args:
        network_mode: `networkMode`; empty when unset, for which ECS takes a bridge.
        pid_mode: `pidMode`; empty when unset, for which every container has its own processes.
        containers: Containers of `containerDefinitions`; empty when they are malformed.
        malformed: Why ECS would not take them; empty when it would.

    Source of the defaults: RegisterTaskDefinition, Amazon ECS API reference, read 2026-11-30.
    """

    network_mode: str = ""
    pid_mode: str = ""
    containers: tuple[Container, ...] = ()
    malformed: str = ""


@adapter(types=TASK_DEFINITIONS)
def task_definition_from_graph(_graph: Graph, resource: Resource) -> TaskDefinition:
    """Build what a task runs."""
    settings = settings_of(resource)
    containers, malformed = containers_of(settings.get("containerDefinitions"))
    return TaskDefinition(
        network_mode=literal(settings, "networkMode", default=""),
        pid_mode=literal(settings, "pidMode", default=""),
        containers=containers,
        malformed=malformed,
    )


def containers_of(value: Value) -> tuple[Any, str]:
    """Return containers, and why ECS would not take them; a required property that is left out is unknown."""
    try:
        return (UNKNOWN if value is None else parse_containers(value)), ""
    except MalformedContainersError as error:
        return (), str(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRole:
    """The role that a task definition runs under.

    Args:
        family: `family` of the definition, which tells services apart.
        role: Its `taskRoleArn` as one identity, see `TaskRoles`; empty when unset.
    """

    family: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRoles:
    """The roles of a task definition.

    Args:
        task: Its family and its task role.
        execution_role: `executionRoleArn`; empty when unset.
        others: The same of every other task definition of the stack.

    A role of the stack is known by its URN, whether its name or its ARN is given; any other one by what is written.
    """

    task: TaskRole
    execution_role: str = ""
    others: tuple[TaskRole, ...] = ()


@adapter(types=TASK_DEFINITIONS, joined=True)
def task_roles_from_graph(graph: Graph, resource: Resource) -> TaskRoles:
    """Build the roles of a task definition beside those of all others."""
    others = (each for each in graph.of_type(*TASK_DEFINITIONS) if each is not resource and each.kind is Kind.CUSTOM)
    return TaskRoles(
        task=_task_role(graph, resource),
        execution_role=_role(graph, resource, "executionRoleArn"),
        others=known_first(_task_role(graph, each) for each in others),
    )


def _task_role(graph: Graph, definition: Resource) -> TaskRole:
    family = identity(settings_of(definition), "family")
    return TaskRole(family=UNKNOWN if family is None else family, role=_role(graph, definition, "taskRoleArn"))


def _role(graph: Graph, definition: Resource, property_: str) -> Any:
    join = follow(graph, definition, property_, _ROLES)
    if len(join.resources) == 1 and not join.unknown:
        return join.resources[0].urn
    return identity(settings_of(definition), property_, default="")
