"""Turns what ECS says of a task definition into the facts about it, beside those of all others of the Region."""

from typing import Any

from integration.readers.ecs_lists import (
    Item,
    definitions_used,
    described_definition,
    families_of,
    newest,
    seen_services,
)
from integration.scanning.asker import Desk
from integration.scanning.calls import CallFailedError, Failure
from policies.facts.container_definitions import parse_containers
from policies.facts.declared import known_first
from policies.facts.ecs_services import family_in
from policies.facts.ecs_tasks import TaskDefinition, TaskRole, TaskRoles
from policies.facts.properties import UNKNOWN


def read_definition(desk: Desk, arn: str, _failures: list[Failure]) -> TaskDefinition:
    """Return what a task runs; ECS leaves modes out that nobody set, and holds no containers that it did not take."""
    found = described_definition(desk, arn)
    return TaskDefinition(
        network_mode=found.get("networkMode", ""),
        pid_mode=found.get("pidMode", ""),
        containers=parse_containers(found["containerDefinitions"]),
    )


def read_roles(desk: Desk, arn: str, failures: list[Failure]) -> TaskRoles:
    """Return the roles of a task definition beside those of all others that may be started or are running."""
    found = described_definition(desk, arn)
    others = (each for each in _all_definitions(desk, failures) if each != arn)
    return TaskRoles(
        task=_task_role(found),
        execution_role=_role(found, "executionRoleArn"),
        others=known_first(_other_role(desk, each, failures) for each in others),
    )


def _task_role(definition: Item) -> TaskRole:
    return TaskRole(family=definition["family"], role=_role(definition, "taskRoleArn"))


def _role(definition: Item, member: str) -> str:
    """Return the name of a role: ECS tells it as it was given, by name or by ARN, and an account has each name once."""
    return str(definition.get(member, "")).rpartition("/")[2]


def _other_role(desk: Desk, arn: Any, failures: list[Failure]) -> TaskRole:
    if arn is UNKNOWN:
        return TaskRole(family=UNKNOWN, role=UNKNOWN)
    try:
        return _task_role(described_definition(desk, arn))
    except CallFailedError as error:
        failures.append(error.failure)
        return TaskRole(family=family_in(arn), role=UNKNOWN)


def _all_definitions(desk: Desk, failures: list[Failure]) -> list[Any]:
    """Return the ARNs of every newest revision and of every one in use; `UNKNOWN` for those that nobody tells of."""
    used = [
        arn
        for each in seen_services(desk, failures)
        for arn in ([UNKNOWN] if each is UNKNOWN else definitions_used(each))
    ]
    return list(dict.fromkeys((*_newest_of_all(desk, failures), *used)))


def _newest_of_all(desk: Desk, failures: list[Failure]) -> list[Any]:
    try:
        return [newest(desk, family) for family in families_of(desk)]
    except CallFailedError as error:
        failures.append(error.failure)
        return [UNKNOWN]
