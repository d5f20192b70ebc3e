"""ECS: roles, services with their network and images, and clusters."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.ecs_clusters import ClusterEncryption, ExecLog, cluster_encryption_from_graph
from policies.facts.ecs_services import (
    DEFAULT_GROUP,
    GroupUse,
    LifecycleHook,
    Service,
    ServiceImages,
    ServiceNetwork,
    service_from_graph,
    service_groups_from_graph,
    service_images_from_graph,
    service_network_from_graph,
)
from policies.facts.ecs_tasks import (
    TaskDefinition,
    TaskRole,
    TaskRoles,
    task_definition_from_graph,
    task_roles_from_graph,
)
from policies.facts.images import Image
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.subnet_routes import ELSEWHERE
from tests.policies.graphs import KEY, ROLE, graph, resource

TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE: Final = "aws:ecs/service:Service"
CLUSTER: Final = "aws:ecs/cluster:Cluster"
GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
SUBNET: Final = "aws:ec2/subnet:Subnet"
CONTAINERS: Final = json.dumps([{"name": "api", "image": "nginx"}])
TASK_ARN: Final = "arn:aws:ecs:eu-west-1:111122223333:task-definition/api:1"
API: Final = resource(
    TASK, "api", {"family": "api", "containerDefinitions": CONTAINERS}, id="api", outputs={"arn": TASK_ARN}
)


def task(**inputs: Any) -> TaskDefinition:
    """Return the fact of a task definition, the same from inputs and from outputs."""
    asked, deployed = resource(TASK, "t", inputs), resource(TASK, "t", outputs=inputs)
    found = task_definition_from_graph(graph(asked), asked)
    assert found == task_definition_from_graph(graph(deployed), deployed)
    return found


def test_task_definition() -> None:
    """Modes are empty when unset; malformed containers are said to be so, missing ones are unknown."""
    assert task(containerDefinitions=UNKNOWN, networkMode="host", pidMode="task") == (
        TaskDefinition(network_mode="host", pid_mode="task", containers=UNKNOWN)
    )
    assert task() == TaskDefinition(containers=UNKNOWN)
    assert task(containerDefinitions="[") == TaskDefinition(malformed="it is not JSON")
    assert task(containerDefinitions=CONTAINERS).containers[0].image == Image()
    assert task(containerDefinitions=CONTAINERS, networkMode=SYMBOL_MARK).network_mode == UNKNOWN


def roles(own: dict[str, Any], *others: Resource, **fields: Any) -> TaskRoles:
    """Return the roles of a task definition beside other resources."""
    subject = resource(TASK, "own", {"family": "api", **own}, **fields)
    return task_roles_from_graph(graph(subject, *others), subject)


def test_role_of_the_stack_is_one_by_name_and_by_arn() -> None:
    """Name, ARN and a reference that comes later lead to the same role."""
    arn = "arn:aws:iam::111122223333:role/api"
    role = resource(ROLE, "api", {"name": "api"}, id="api", outputs={"arn": arn})
    later = roles({"taskRoleArn": UNKNOWN}, role, property_dependencies={"taskRoleArn": (role.urn,)})

    expected = TaskRoles(task=TaskRole(family="api", role=role.urn), execution_role="")
    assert roles({"taskRoleArn": arn}, role) == roles({"taskRoleArn": "api"}, role) == later == expected
    assert roles({"taskRoleArn": UNKNOWN}, role).task.role == UNKNOWN
    assert roles({"taskRoleArn": arn, "executionRoleArn": arn}).execution_role == arn


def test_roles_of_others() -> None:
    """Other task definitions count, those that are known first; one that is only looked up does not."""
    open_ = resource(TASK, "open", {"family": "open", "taskRoleArn": UNKNOWN})
    other = resource(TASK, "web", {"family": "web", "taskRoleArn": "web"})
    read = resource(TASK, "read", kind=Kind.READ, id="x")

    assert roles({}, open_, other, read).others == (
        TaskRole(family="web", role="web"),
        TaskRole(family="open", role=UNKNOWN),
    )


def service(inputs: dict[str, Any]) -> Service:
    """Return the fact of a service, the same from inputs and from outputs."""
    asked, deployed = resource(SERVICE, "s", inputs), resource(SERVICE, "s", outputs=inputs)
    found = service_from_graph(graph(asked), asked)
    assert found == service_from_graph(graph(deployed), deployed)
    return found


def test_service_defaults() -> None:
    """What is left out is what ECS makes of it."""
    assert service({"name": "s"}) == Service()
    assert service({"networkConfiguration": {"subnets": ["a"]}}) == Service(in_vpc=True)


def test_service_in_full() -> None:
    """Nested objects and lists of one are one form; numbers may be text or floats."""
    hook = {"hookTargetArn": "arn:f", "lifecycleStages": ["PRE_SCALE_UP"]}
    inputs = {
        "launchType": "FARGATE",
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT"}],
        "platformVersion": "1.4.0",
        "networkConfiguration": [{"assignPublicIp": "true"}],
        "schedulingStrategy": "DAEMON",
        "desiredCount": 2.0,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "deploymentConfiguration": {"strategy": "CANARY", "lifecycleHooks": [hook]},
    }
    expected = Service(
        launch_type="FARGATE",
        capacity_providers=("FARGATE_SPOT",),
        platform_version="1.4.0",
        in_vpc=True,
        assign_public_ip=True,
        scheduling="DAEMON",
        desired_count=2,
        breaker=True,
        rollback=True,
        strategy="CANARY",
        hooks=(LifecycleHook(target="arn:f", stages=("PRE_SCALE_UP",)),),
    )

    assert service(inputs) == expected


def test_service_with_open_parts() -> None:
    """An unknown block leaves its parts unknown; a secret one leaves them secret."""
    open_ = service({"networkConfiguration": UNKNOWN, "deploymentConfiguration": UNKNOWN})
    hidden = service({"networkConfiguration": Secret({"assignPublicIp": True})})

    assert (open_.in_vpc, open_.assign_public_ip, open_.strategy, open_.hooks) == (UNKNOWN,) * 4
    assert (hidden.in_vpc, hidden.assign_public_ip) == (Secret(value=True), Secret(value=True))
    assert service({"networkConfiguration": {"assignPublicIp": UNKNOWN}}).in_vpc is True
    with pytest.raises(ValueError, match="desiredCount is not a whole number"):
        service({"desiredCount": "two"})


def network(configuration: Any, *others: Resource, **fields: Any) -> ServiceNetwork:
    """Return where a service is beside other resources."""
    subject = resource(SERVICE, "own", {"networkConfiguration": configuration}, **fields)
    return service_network_from_graph(graph(subject, *others), subject)


def test_service_network() -> None:
    """Subnets are followed to their routes; those of another stack are unseen, and groups only have to be there."""
    vpc = resource("aws:ec2/vpc:Vpc", "v", id="vpc-1")
    subnet = resource(SUBNET, "a", {"vpcId": "vpc-1", "availabilityZone": "eu-west-1a"}, id="subnet-a")
    found = network({"subnets": ["subnet-a", "subnet-b"], "securityGroups": [UNKNOWN]}, vpc, subnet)

    assert found.in_vpc
    assert found.has_groups
    assert [each.in_stack for each in found.subnets] == [True, False]
    assert network({"subnets": ["subnet-b"]}) == ServiceNetwork(in_vpc=True, subnets=(ELSEWHERE,))
    assert network(None) == ServiceNetwork()
    assert network({"subnets": UNKNOWN, "securityGroups": UNKNOWN}) == (
        ServiceNetwork(in_vpc=True, subnets=UNKNOWN, has_groups=UNKNOWN)
    )


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, False),
        ({"launchType": "EC2"}, False),
        ({"launchType": "FARGATE"}, True),
        ({"launchType": Secret("FARGATE")}, Secret(value=True)),
        ({"launchType": UNKNOWN}, UNKNOWN),
        ({"capacityProviderStrategies": [{"capacityProvider": "hosts"}]}, False),
        ({"capacityProviderStrategies": [{"capacityProvider": "hosts"}, {"capacityProvider": "FARGATE_SPOT"}]}, True),
        ({"capacityProviderStrategies": [{"capacityProvider": UNKNOWN}, {"capacityProvider": "FARGATE"}]}, True),
        ({"capacityProviderStrategies": [{"capacityProvider": UNKNOWN}]}, UNKNOWN),
        ({"capacityProviderStrategies": UNKNOWN}, UNKNOWN),
    ],
)
def test_a_service_without_a_network_may_ask_for_fargate(inputs: dict[str, Any], expected: Any) -> None:
    """A launch type and every share of a strategy ask for it, from inputs and from outputs alike."""
    for subject in (resource(SERVICE, "own", inputs), resource(SERVICE, "own", outputs=inputs)):
        assert service_network_from_graph(graph(subject), subject).on_fargate == expected
        assert service_groups_from_graph(graph(subject), subject).on_fargate == expected


def using(groups: Any, name: str = "own", definition: Any = "api:3", **fields: Any) -> Resource:
    """Return a service with these security groups."""
    inputs = {"taskDefinition": definition, "networkConfiguration": {"subnets": [], "securityGroups": groups}}
    return resource(SERVICE, name, inputs, **fields)


def test_service_groups() -> None:
    """A group of the stack is one by its id and while its id comes later; none is the default one."""
    group = resource(GROUP, "g", id="sg-1")
    later = using([UNKNOWN], property_dependencies={"networkConfiguration": (group.urn,)})

    def own(subject: Resource, *others: Resource) -> GroupUse:
        return service_groups_from_graph(graph(subject, *others), subject).own

    assert own(using(["sg-1"]), group) == own(later, group) == GroupUse(family="api", groups=(group.urn,))
    assert own(using(["sg-9"])) == GroupUse(family="api", groups=("sg-9",))
    assert own(using([UNKNOWN]), group).groups == (UNKNOWN,)
    assert own(using(UNKNOWN)).groups == UNKNOWN
    assert own(using([])).groups == (DEFAULT_GROUP,)
    assert own(using([Secret("sg-1")]), group).groups == (Secret(group.urn),)


@pytest.mark.parametrize(
    "reference",
    ["api", "api:1", TASK_ARN, TASK_ARN.removesuffix(":1"), TASK_ARN.replace(":1", ":2").replace("arn:2", "arn:1")],
)
def test_family_is_known_by_every_reference(reference: str) -> None:
    """A family, a revision and an ARN with or without one name the same service, in the stack or not."""
    subject = using(["sg-1"], definition=reference)

    assert service_groups_from_graph(graph(subject), subject).own.family == "api"
    assert service_groups_from_graph(graph(subject, API), subject).own.family == "api"


def test_groups_of_other_services() -> None:
    """Services without a network of their own, and those only looked up, share none."""
    own = using(["sg-1"])
    bridged = resource(SERVICE, "bridged", {"taskDefinition": "web"})
    read = resource(SERVICE, "read", kind=Kind.READ)
    other = using(["sg-2"], "other", definition=UNKNOWN)
    found = service_groups_from_graph(graph(own, bridged, read, other), own)

    assert found.in_vpc
    assert found.others == (GroupUse(family=UNKNOWN, groups=("sg-2",)),)


def images(definition: Any, *others: Resource, **fields: Any) -> ServiceImages:
    """Return what a service runs."""
    inputs = {} if definition is None else {"taskDefinition": definition}
    subject = resource(SERVICE, "own", inputs, **fields)
    return service_images_from_graph(graph(subject, *others), subject)


def test_service_images() -> None:
    """Images are those of the stack's task definition; of another stack's nobody knows them here."""
    assert images(TASK_ARN, API).images == images("api", API).images == images("api:1", API).images == (Image(),)
    assert images(UNKNOWN, API, property_dependencies={"taskDefinition": (API.urn,)}).images == (Image(),)
    assert images(TASK_ARN).images == UNKNOWN
    assert images(None, API).images == UNKNOWN
    assert images("api", replace(API, kind=Kind.READ)).images == UNKNOWN
    broken = replace(API, inputs={**API.inputs, "containerDefinitions": "["})
    assert images("api", broken).images == UNKNOWN
    hidden = replace(API, inputs={**API.inputs, "containerDefinitions": Secret(CONTAINERS)})
    assert images("api", hidden).images == Secret((Image(),))


KEY_ARN: Final = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OWN_KEY: Final = resource(KEY, "key", id=KEY_ARN.partition("/")[2], outputs={"arn": KEY_ARN})
CUSTOMER: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
CLUSTER_ARN: Final = "arn:aws:ecs:eu-west-1:111122223333:cluster/main"


def cluster(configuration: Any, *others: Resource, **fields: Any) -> ClusterEncryption:
    """Return what encrypts a cluster beside other resources."""
    inputs = {"name": "main", "configuration": configuration}
    subject = resource(CLUSTER, "main", inputs, id=CLUSTER_ARN, outputs={"arn": CLUSTER_ARN}, **fields)
    return cluster_encryption_from_graph(graph(subject, OWN_KEY, *others), subject)


def test_cluster_encryption() -> None:
    """Keys are followed from inside the configuration; the record's settings have the service's defaults."""
    log = {"cloudWatchLogGroupName": "g", "cloudWatchEncryptionEnabled": True, "s3BucketName": "b"}
    sessions = {"kmsKeyId": KEY_ARN, "logging": "OVERRIDE", "logConfiguration": log}
    storage = {"fargateEphemeralStorageKmsKeyId": KEY_ARN}
    expected = ClusterEncryption(
        storage_key=CUSTOMER,
        exec_key=CUSTOMER,
        exec_log=ExecLog(logging="OVERRIDE", log_group="g", log_group_encrypted=True, bucket="b"),
    )
    whole = {"executeCommandConfiguration": sessions, "managedStorageConfiguration": storage}
    listed = {
        "executeCommandConfiguration": [{**sessions, "logConfiguration": [log]}],
        "managedStorageConfiguration": [storage],
    }

    assert cluster(whole) == cluster([listed]) == expected
    assert cluster(None) == cluster({}) == ClusterEncryption()
    assert cluster(UNKNOWN).storage_key == cluster(UNKNOWN).exec_log == UNKNOWN
    later = {"managedStorageConfiguration": {"fargateEphemeralStorageKmsKeyId": UNKNOWN}}
    assert cluster(later).storage_key == UNKNOWN
    assert cluster(later, property_dependencies={"configuration": (OWN_KEY.urn,)}).storage_key == CUSTOMER


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ([], False),
        ([{"cluster": CLUSTER_ARN}], False),
        ([{"cluster": "main", "enableExecuteCommand": True}], True),
        ([{"cluster": "other", "enableExecuteCommand": True}], False),
        ([{"cluster": UNKNOWN, "enableExecuteCommand": True}], UNKNOWN),
        ([{"cluster": UNKNOWN, "enableExecuteCommand": False}], False),
        ([{"cluster": "main", "enableExecuteCommand": UNKNOWN}], UNKNOWN),
        ([{"cluster": "main"}, {"cluster": "main", "enableExecuteCommand": True}], True),
    ],
)
def test_sessions_in_a_cluster(services: list[dict[str, Any]], expected: object) -> None:
    """One service of the cluster that lets people in is enough; one of another cluster is not."""
    others = [resource(SERVICE, f"s{number}", inputs) for number, inputs in enumerate(services)]

    assert cluster({}, *others).exec_enabled == expected
