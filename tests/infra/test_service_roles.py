"""The roles of compute: who takes them and what each may do."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ledgergate.graph import Graph
from tests.infra.recording import Recording

ROLE = "aws:iam/role:Role"

TAKERS = {
    "frontend-task": ("ecs-tasks.amazonaws.com", "arn:aws:ecs:us-east-1:123456789012:*"),
    "frontend-start": ("ecs-tasks.amazonaws.com", "arn:aws:ecs:us-east-1:123456789012:*"),
    "backend-task": ("ecs-tasks.amazonaws.com", "arn:aws:ecs:us-east-1:123456789012:*"),
    "backend-start": ("ecs-tasks.amazonaws.com", "arn:aws:ecs:us-east-1:123456789012:*"),
    "traffic": ("ecs.amazonaws.com", "arn:aws:ecs:us-east-1:123456789012:*"),
    "image-gate-caller": ("ecs.amazonaws.com", "arn:aws:ecs:us-east-1:123456789012:*"),
    "image-gate": ("lambda.amazonaws.com", "arn:aws:lambda:us-east-1:123456789012:function:payment-image-gate-lgprod"),
}
"""Role → service that takes it, and for what."""


def statements(graph: Graph, role: str) -> dict[str, Mapping[str, Any]]:
    """Return statement id → statement of the only policy of a role."""
    policies = {policy.name: policy.inputs["policy"] for policy in graph.of_type("aws:iam/rolePolicy:RolePolicy")}
    return {statement["Sid"]: statement for statement in json.loads(policies[role])["Statement"]}


@pytest.mark.requirement("B-59")
@pytest.mark.requirement("B-57")
@pytest.mark.parametrize("role", TAKERS)
def test_role_is_taken_by_one_service_for_this_account(prod: Recording, role: str) -> None:
    """Each role trusts one service, for resources of this account only."""
    (found,) = (each for each in prod.graph.of_type(ROLE) if each.name == role)
    (trust,) = json.loads(found.inputs["assumeRolePolicy"])["Statement"]
    service, source = TAKERS[role]

    assert (trust["Effect"], trust["Action"], trust["Principal"]) == ("Allow", "sts:AssumeRole", {"Service": service})
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": source},
    }


@pytest.mark.requirement("B-57")
def test_only_the_back_end_logs_in_to_the_database(prod: Recording) -> None:
    """Its task role may log in as one user of one cluster and send traces; the front end's may send traces only."""
    back, front = (statements(prod.graph, f"{service}-task") for service in ("backend", "frontend"))

    assert (set(back), set(front)) == ({"Login", "Traces"}, {"Traces"})
    assert (back["Login"]["Action"], back["Login"]["Resource"]) == (
        ["rds-db:connect"],
        "arn:aws:rds-db:us-east-1:123456789012:dbuser:cluster-database/app",
    )


@pytest.mark.requirement("B-58")
@pytest.mark.requirement("B-64")
def test_a_role_reads_the_secrets_of_its_service_only(prod: Recording) -> None:
    """Starting the back end reads the connection details; starting the front end reads no secret at all."""
    back, front = (statements(prod.graph, f"{service}-start") for service in ("backend", "frontend"))

    assert back["Connection"]["Action"] == ["secretsmanager:GetSecretValue"]
    assert back["Connection"]["Resource"] == "arn/Secret/connection"
    assert "Connection" not in front
    assert (front["Decrypt"]["Resource"], back["Decrypt"]["Resource"]) == (
        ["arn/Key/ecs"],
        ["arn/Key/ecs", "arn/Key/database"],
    )


@pytest.mark.requirement("B-58")
def test_no_other_role_reads_a_secret(prod: Recording) -> None:
    """One policy of the whole stack may read a secret."""
    readers = [
        policy.name
        for policy in prod.graph.of_type("aws:iam/rolePolicy:RolePolicy")
        if "secretsmanager:" in policy.inputs["policy"]
    ]

    assert readers == ["backend-start"]


@pytest.mark.requirement("B-56")
@pytest.mark.parametrize("service", ["frontend", "backend"])
def test_starting_a_task_pulls_from_its_own_repository(prod: Recording, service: str) -> None:
    """A service's images come from its own repository and its output goes to the application log."""
    found = statements(prod.graph, f"{service}-start")
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/payment/payment-application-lgprod"

    assert found["Pull"]["Resource"] == f"arn:aws:ecr:us-east-1:123456789012:repository/payment-{service}-lgprod"
    assert found["Log"]["Resource"] == f"{group}:log-stream:*"


@pytest.mark.requirement("B-56")
def test_traffic_moves_between_the_own_groups_only(prod: Recording) -> None:
    """The role of deployments changes two rules and the members of four target groups."""
    found = statements(prod.graph, "traffic")

    assert found["Move"]["Action"] == ["elasticloadbalancing:ModifyRule"]
    assert sorted(found["Move"]["Resource"]) == ["arn/ListenerRule/backend", "arn/ListenerRule/frontend"]
    assert sorted(found["Register"]["Resource"]) == [
        f"arn/TargetGroup/{service}-{turn}" for service in ("backend", "frontend") for turn in ("a", "b")
    ]


@pytest.mark.requirement("B-56")
def test_ecs_calls_the_gate_and_nothing_else(prod: Recording) -> None:
    """The role with which ECS asks may call one function."""
    (ask,) = statements(prod.graph, "image-gate-caller").values()
    function = "arn:aws:lambda:us-east-1:123456789012:function:payment-image-gate-lgprod"

    assert (ask["Action"], ask["Resource"]) == (["lambda:InvokeFunction"], [function, f"{function}:*"])


@pytest.mark.requirement("B-56")
def test_gate_reads_scans_and_its_code_touches_no_network_interface(prod: Recording) -> None:
    """The gate reads the scans of the two repositories; what Lambda needs for the VPC is refused to its code."""
    found = statements(prod.graph, "image-gate")

    assert found["Scans"]["Resource"] == [
        f"arn:aws:ecr:us-east-1:123456789012:repository/payment-{service}-lgprod" for service in ("frontend", "backend")
    ]
    assert (found["OwnInterfaces"]["Effect"], found["OwnInterfaces"]["Action"]) == (
        "Deny",
        found["Interfaces"]["Action"],
    )
    assert found["OwnInterfaces"]["Condition"] == {
        "ArnEquals": {
            "lambda:SourceFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:payment-image-gate-lgprod"
        }
    }
