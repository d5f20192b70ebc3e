"""Roles of the services: what starting a task needs, what the application may do, and who moves traffic."""

from collections.abc import Sequence

import pulumi
from settings import Settings

from components.blue_green_route import BlueGreenRoute
from components.identity_policy import ANY, Statement, allow
from components.place import Place
from components.service_role import ServiceRole, ServiceRoleArgs


def starting(place: Place, log_group: str, repository: str) -> list[Statement]:
    """Return what ECS may do to start a task: pull from one repository, and write to one log group.

    Args:
        place: Account and Region.
        log_group: Name of the log group.
        repository: Name of the repository.
    """
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    write = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return [
        allow("Token", ["ecr:GetAuthorizationToken"], ANY),
        allow("Pull", pull, place.arn("ecr", f"repository/{repository}")),
        allow("Log", write, place.arn("logs", f"log-group:{log_group}:log-stream:*")),
    ]


def tracing() -> Statement:
    """Return what sending traces needs, and asking which requests to trace; IAM binds neither to a resource."""
    send = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    ask = ["xray:GetSamplingRules", "xray:GetSamplingTargets"]
    return allow("Traces", [*send, *ask], ANY)


def logging_in(place: Place, resource_id: pulumi.Output[str], user: str) -> Statement:
    """Return the right to log in to one database cluster as one user.

    Args:
        place: Account and Region.
        resource_id: Resource id of the cluster.
        user: Database user.
    """
    arn = pulumi.Output.concat(place.arn("rds-db", "dbuser:"), resource_id, f"/{user}")
    return allow("Login", ["rds-db:connect"], arn)


def make_task_role(settings: Settings, place: Place, name: str, statements: Sequence[Statement]) -> ServiceRole:
    """Make a role that tasks of one service take.

    Args:
        settings: The stack.
        place: Account and Region.
        name: Logical name, and the kind in the role's name.
        statements: What it may do.
    """
    args = ServiceRoleArgs(
        names=settings.names,
        place=place,
        kind=name,
        description=f"Tasks of the payment system: {name}",
        service="ecs-tasks",
        source=place.arn("ecs", "*"),
        statements=statements,
    )
    return ServiceRole(name, args)


def make_traffic_role(settings: Settings, place: Place, routes: Sequence[BlueGreenRoute]) -> ServiceRole:
    """Make the role with which ECS moves traffic between the target groups of these routes.

    Args:
        settings: The stack.
        place: Account and Region.
        routes: Ways to the services.
    """
    groups = [group.arn for route in routes for group in (route.first, route.second)]
    look = ["DescribeListeners", "DescribeRules", "DescribeTargetGroups", "DescribeTargetHealth"]
    args = ServiceRoleArgs(
        names=settings.names,
        place=place,
        kind="traffic",
        description="Lets ECS move traffic between blue and green",
        service="ecs",
        source=place.arn("ecs", "*"),
        statements=[
            allow("Look", [f"elasticloadbalancing:{action}" for action in look], ANY),
            allow(
                "Register", ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"], groups
            ),
            allow("Move", ["elasticloadbalancing:ModifyRule"], [route.rule.arn for route in routes]),
        ],
    )
    return ServiceRole("traffic", args)
