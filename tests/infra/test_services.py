"""The two services of the payment system: what runs, how it is confined, replaced and scaled."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ledgergate.graph import Graph
from tests.infra.recording import Changed, Recording

SERVICE = "aws:ecs/service:Service"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

BOTH = ("frontend", "backend")


def service(graph: Graph, name: str) -> Mapping[str, Any]:
    """Return the inputs of one service."""
    (found,) = (each.inputs for each in graph.of_type(SERVICE) if each.name == name)
    return found


def task(graph: Graph, name: str) -> Mapping[str, Any]:
    """Return the inputs of the task definition of one service."""
    (found,) = (each.inputs for each in graph.of_type(TASK_DEFINITION) if each.name == name)
    return found


def container(graph: Graph, name: str) -> Mapping[str, Any]:
    """Return the only container of one service."""
    (found,) = json.loads(task(graph, name)["containerDefinitions"])
    return dict(found)


@pytest.mark.requirement("B-04")
@pytest.mark.requirement("B-13")
def test_front_end_and_api_run_on_one_fargate_cluster(payments: Recording) -> None:
    """Two services with a task definition each run on Fargate, in the cluster of the system."""
    found = {each.name: each.inputs for each in payments.graph.of_type(SERVICE)}

    assert set(found) == set(BOTH)
    assert {(each["cluster"], each["launchType"]) for each in found.values()} == {("arn/Cluster/cluster", "FARGATE")}
    assert {name: each["taskDefinition"] for name, each in found.items()} == {
        name: f"arn/TaskDefinition/{name}" for name in BOTH
    }


@pytest.mark.requirement("B-13")
@pytest.mark.requirement("B-51")
def test_cluster_protects_storage_and_sessions(payments: Recording) -> None:
    """Insights are on; task storage and exec sessions are under the key for tasks, and sessions are logged."""
    (cluster,) = payments.graph.of_type("aws:ecs/cluster:Cluster")
    configuration = cluster.inputs["configuration"]
    sessions = configuration["executeCommandConfiguration"]

    assert cluster.inputs["settings"] == [{"name": "containerInsights", "value": "enabled"}]
    assert configuration["managedStorageConfiguration"] == {"fargateEphemeralStorageKmsKeyId": "arn/Key/ecs"}
    assert (sessions["kmsKeyId"], sessions["logging"]) == ("arn/Key/ecs", "OVERRIDE")
    assert sessions["logConfiguration"] == {
        "cloudWatchEncryptionEnabled": True,
        "cloudWatchLogGroupName": f"/payment/payment-ecs-lg{payments.graph.stack}",
    }


@pytest.mark.parametrize(
    ("name", "port"),
    [
        pytest.param("frontend", 3000, marks=pytest.mark.requirement("B-14")),
        pytest.param("backend", 8080, marks=pytest.mark.requirement("B-15")),
    ],
)
def test_service_listens_on_its_port(payments: Recording, name: str, port: int) -> None:
    """Container, load balancer and environment agree on the port."""
    found = container(payments.graph, name)
    (way,) = service(payments.graph, name)["loadBalancers"]

    assert found["portMappings"] == [{"containerPort": port, "hostPort": port, "protocol": "tcp"}]
    assert (way["containerName"], way["containerPort"]) == (name, port)
    assert {"name": "PORT", "value": str(port)} in found["environment"]


@pytest.mark.requirement("B-16")
@pytest.mark.requirement("B-19")
def test_services_are_private_and_apart(payments: Recording) -> None:
    """Tasks stand in private subnets without public addresses; the two services share no security group."""
    found = [service(payments.graph, name)["networkConfiguration"] for name in BOTH]
    private = [f"Subnet/network-private-us-east-1{letter}" for letter in "abc"]

    assert [(each["subnets"], each["assignPublicIp"]) for each in found] == [(private, False)] * 2
    assert [each["securityGroups"] for each in found] == [[f"SecurityGroup/security-groups-{name}"] for name in BOTH]


@pytest.mark.requirement("B-17")
@pytest.mark.parametrize("name", BOTH)
def test_service_runs_two_tasks_of_one_processor_and_two_gigabytes(payments: Recording, name: str) -> None:
    """Size and number are as demanded."""
    found = task(payments.graph, name)

    assert (found["cpu"], found["memory"]) == ("1024", "2048")
    assert service(payments.graph, name)["desiredCount"] == 2


@pytest.mark.requirement("B-18")
@pytest.mark.parametrize("name", BOTH)
def test_container_cannot_change_itself_or_gain_rights(payments: Recording, name: str) -> None:
    """The root file system is read-only, nobody is root, and what can be written to ends with the task."""
    found = container(payments.graph, name)
    rights = found["linuxParameters"]

    assert (found["readonlyRootFilesystem"], found["privileged"]) == (True, False)
    assert not found["user"].startswith(("0", "root"))
    assert rights["capabilities"] == {"drop": ["ALL"]}
    assert [(memory["containerPath"], "noexec" in memory["mountOptions"]) for memory in rights["tmpfs"]] == [
        ("/tmp", True)
    ]


@pytest.mark.requirement("B-20")
@pytest.mark.requirement("B-67")
@pytest.mark.parametrize("name", BOTH)
def test_output_goes_to_the_application_log(payments: Recording, name: str) -> None:
    """Each container writes to the application log group, under its own prefix."""
    suffix = f"lg{payments.graph.stack}"
    logs = container(payments.graph, name)["logConfiguration"]

    assert logs["logDriver"] == "awslogs"
    assert logs["options"] == {
        "awslogs-group": f"/payment/payment-application-{suffix}",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": name,
    }


@pytest.mark.requirement("B-67")
@pytest.mark.requirement("B-68")
@pytest.mark.parametrize("kind", ["application", "ecs", "image-gate"])
def test_log_groups_of_compute_are_encrypted_and_kept_for_a_year(payments: Recording, kind: str) -> None:
    """Application, ECS and image gate have a log group each, under the key for logs, for 365 days."""
    name = f"/payment/payment-{kind}-lg{payments.graph.stack}"
    (group,) = (
        each.inputs
        for each in payments.graph.of_type("aws:cloudwatch/logGroup:LogGroup")
        if each.inputs["name"] == name
    )

    assert (group["kmsKeyId"], group["retentionInDays"]) == ("arn/Key/logs", 365)


@pytest.mark.requirement("B-64")
def test_secrets_come_by_reference(payments: Recording) -> None:
    """Only the back end learns where the database is; nothing secret stands in an environment."""
    references = {
        name: {each["name"]: each["valueFrom"] for each in container(payments.graph, name)["secrets"]} for name in BOTH
    }
    plain = {each["name"] for name in BOTH for each in container(payments.graph, name)["environment"]}

    assert references == {
        "frontend": {
            "LOG_LEVEL": "arn/Parameter/settings-log-level",
            "STATIC_ASSETS": "arn/Parameter/settings-static-assets",
        },
        "backend": {"LOG_LEVEL": "arn/Parameter/settings-log-level", "DATABASE_CONNECTION": "arn/Secret/connection"},
    }
    assert plain == {"PORT", "TLS"}


@pytest.mark.requirement("B-72")
@pytest.mark.parametrize("name", BOTH)
def test_failed_deployment_is_taken_back(payments: Recording, name: str) -> None:
    """A revision that does not become healthy gives way to the one before."""
    found = service(payments.graph, name)

    assert found["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert found["deploymentConfiguration"]["strategy"] == "BLUE_GREEN"


@pytest.mark.requirement("B-22")
@pytest.mark.parametrize("name", BOTH)
def test_new_revision_starts_only_after_the_image_gate(payments: Recording, name: str) -> None:
    """The gate is asked before the first new task; without an answer the deployment is taken back."""
    (hook,) = service(payments.graph, name)["deploymentConfiguration"]["lifecycleHooks"]

    assert hook == {
        "hookTargetArn": "arn/Function/image-gate",
        "roleArn": "arn/Role/image-gate-caller",
        "lifecycleStages": ["PRE_SCALE_UP"],
        "timeoutConfiguration": {"timeoutInMinutes": "30", "action": "ROLLBACK"},
    }


@pytest.mark.requirement("B-22")
@pytest.mark.parametrize("name", BOTH)
def test_deployment_moves_traffic_between_two_groups(payments: Recording, name: str) -> None:
    """The service knows its rule and both of its target groups."""
    (way,) = service(payments.graph, name)["loadBalancers"]

    assert (way["targetGroupArn"], way["advancedConfiguration"]) == (
        f"arn/TargetGroup/{name}-a",
        {
            "alternateTargetGroupArn": f"arn/TargetGroup/{name}-b",
            "productionListenerRule": f"arn/ListenerRule/{name}",
            "roleArn": "arn/Role/traffic",
        },
    )


@pytest.mark.requirement("B-24")
@pytest.mark.parametrize("name", BOTH)
def test_service_scales_on_processor_and_memory(changed: Changed, name: str) -> None:
    """Two tracking policies keep the tasks between two and the configured limit."""
    graph = changed(payments__maxTasks=9).graph
    (target,) = (t.inputs for t in graph.of_type("aws:appautoscaling/target:Target") if t.name == f"{name}-scaling")
    metrics = {
        policy.inputs["targetTrackingScalingPolicyConfiguration"]["predefinedMetricSpecification"][
            "predefinedMetricType"
        ]
        for policy in graph.of_type("aws:appautoscaling/policy:Policy")
        if policy.inputs["resourceId"] == target["resourceId"]
    }

    assert target["resourceId"] == f"service/payment-cluster-lgdev/payment-{name}-lgdev"
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 9)
    assert metrics == {"ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"}


@pytest.mark.requirement("B-23")
def test_placeholder_image_is_pinned_and_stays_out_of_production(changed: Changed, prod: Recording) -> None:
    """Where no image is configured a public one runs by digest; production runs its own."""
    placeholder = {container(changed().graph, name)["image"] for name in BOTH}
    own = {name: container(prod.graph, name)["image"].partition("@sha256:")[0] for name in BOTH}

    assert [image.partition("@sha256:")[0] for image in placeholder] == ["public.ecr.aws/nginx/nginx-unprivileged"]
    assert own == {name: f"444455556666.dkr.ecr.us-east-1.amazonaws.com/payment-{name}-lgprod" for name in BOTH}


@pytest.mark.requirement("B-18")
@pytest.mark.requirement("B-23")
def test_placeholder_writes_to_memory_only(changed: Changed) -> None:
    """Every path in the placeholder's configuration that is written to lies in the scratch directory."""
    (script,) = container(changed().graph, "backend")["command"]
    paths = [word for word in script.replace(";", " ").split() if word.startswith("/") and word != "/"]

    assert "listen 8080;" in script
    assert [path for path in paths if not path.startswith(("/tmp/", "/dev/std"))] == []


@pytest.mark.requirement("B-23")
def test_own_images_run_their_own_command(prod: Recording) -> None:
    """The placeholder's command never replaces that of a configured image."""
    assert [{"command", "entryPoint"} & set(container(prod.graph, name)) for name in BOTH] == [set(), set()]


def test_service_tags_its_tasks(payments: Recording) -> None:
    """Tasks carry the tags of their service."""
    assert {service(payments.graph, name)["propagateTags"] for name in BOTH} == {"SERVICE"}
