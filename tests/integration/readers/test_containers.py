"""Repositories, services and task definitions as ECR and ECS describe them, in states that no sandbox has."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from integration.readers import ecr, ecs
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.ecr import RepositoryEncryption, RepositoryScans, RepositoryTags, ScanRule
from policies.facts.ecs_clusters import ClusterEncryption
from policies.facts.ecs_services import GroupUse, Service, ServiceGroups, ServiceImages, ServiceNetwork
from policies.facts.ecs_tasks import TaskDefinition, TaskRoles
from policies.facts.properties import UNKNOWN
from policies.facts.subnet_routes import RoutedSubnet
from tests.integration.scanning.lines import Answer, CannedLine, read

DENIED: Final = Trouble(Cause.DENIED, "AccessDeniedException")
ECS: Final = "arn:aws:ecs:eu-west-1:111122223333:"
CLUSTER: Final = f"{ECS}cluster/bank"
API, WEB = f"{ECS}service/bank/api", f"{ECS}service/bank/web"
NETWORK: Final = {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}
RUNS: Final = {
    "launchType": "FARGATE",
    "networkConfiguration": {"awsvpcConfiguration": NETWORK},
    "taskDefinition": f"{ECS}task-definition/api:2",
}
SERVICE: Final = {
    "serviceArn": API,
    "status": "ACTIVE",
    "schedulingStrategy": "REPLICA",
    "desiredCount": 2,
    "enableExecuteCommand": False,
    **RUNS,
}
DEFINITION: Final = {
    "taskDefinitionArn": f"{ECS}task-definition/api:2",
    "family": "api",
    "containerDefinitions": [{"name": "api", "image": "nginx"}],
}


def found(fact: type, services: list[dict[str, Any]], **answers: Answer | list[Answer]) -> list[Observed | Unread]:
    """Return what is read of these services, all in one cluster."""
    line: dict[str, Answer | list[Answer]] = {
        "ListClusters": {"clusterArns": [CLUSTER]},
        "DescribeClusters": {"clusters": [{"clusterArn": CLUSTER, "status": "ACTIVE"}]},
        "ListServices": {"serviceArns": [each["serviceArn"] for each in services]},
        "DescribeServices": {"services": services},
        "ListTaskDefinitionFamilies": {"families": ["api"]},
        "ListTaskDefinitions": {"taskDefinitionArns": [DEFINITION["taskDefinitionArn"]]},
        "DescribeTaskDefinition": {"taskDefinition": DEFINITION},
        **answers,
    }
    return read(ecs.READING, CannedLine(line), [fact])


def one(fact: type, service: Mapping[str, Any] = SERVICE, **answers: Answer | list[Answer]) -> Any:
    """Return the one thing that is read of a service, or of the cluster that it is in."""
    (only,) = found(fact, [{**service}], **answers)
    return only


def test_what_ecs_leaves_out_fails_what_asks_for_it() -> None:
    """A service without a deployment configuration has neither breaker nor hook; its platform is the newest."""
    assert one(Service).fact == Service(launch_type="FARGATE", in_vpc=True, desired_count=2)


@pytest.mark.parametrize("missing", ["desiredCount", "schedulingStrategy", "status", "serviceArn"])
def test_a_service_that_does_not_say_everything_is_undecided(missing: str) -> None:
    """ECS always says these, so an answer without one of them is none."""
    short = {key: value for key, value in SERVICE.items() if key != missing}
    assert [type(each) for each in found(Service, [SERVICE], DescribeServices={"services": [short]})] == [Unread]


def test_addresses_that_nobody_tells_are_no_private_ones() -> None:
    """Whether tasks get public addresses is said of every service in a network of its own."""
    silent = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    assert one(Service, {**SERVICE, "networkConfiguration": silent}).failure.cause is Cause.UNPARSABLE


def test_task_sets_are_what_a_service_runs() -> None:
    """Where another controller deploys, its task sets say where they are; what they do not agree on is unknown."""
    public = {**NETWORK, "subnets": ["subnet-2"], "assignPublicIp": "ENABLED"}
    other = {**RUNS, "platformVersion": "1.3.0", "networkConfiguration": {"awsvpcConfiguration": public}}
    bare = {key: value for key, value in SERVICE.items() if key not in RUNS}
    fact = one(Service, {**bare, "taskSets": [RUNS, other]}).fact

    assert (fact.launch_type, fact.in_vpc) == ("FARGATE", True)
    assert (fact.platform_version, fact.assign_public_ip) == (UNKNOWN, UNKNOWN)
    assert one(Service, {**bare, "taskSets": []}).fact.in_vpc is False


def test_a_service_that_is_gone_is_passed_over_and_one_that_is_left_out_is_not() -> None:
    """Whoever was deleted in between is said to be missing; an answer that says nothing of one is none."""
    gone = {"services": [], "failures": [{"arn": API, "reason": "MISSING"}]}
    assert found(Service, [SERVICE], DescribeServices=gone) == []
    assert found(Service, [{**SERVICE, "status": "INACTIVE"}]) == []
    (left_out,) = found(Service, [SERVICE], DescribeServices={"services": []})
    assert isinstance(left_out, Unread)


def test_many_services_are_described_ten_at_a_time() -> None:
    """A page lists up to a hundred services, of which one call describes ten; further pages follow."""
    arns = [f"{ECS}service/bank/s{number:02}" for number in range(25)]
    line = CannedLine(
        {
            "ListClusters": {"clusterArns": [CLUSTER]},
            "ListServices": [{"serviceArns": arns[:12], "nextToken": "more"}, {"serviceArns": arns[12:]}],
            "DescribeServices": [
                {"services": [{**SERVICE, "serviceArn": each} for each in chunk]}
                for chunk in (arns[:10], arns[10:12], arns[12:22], arns[22:])
            ],
        }
    )
    assert [each.subject.arn for each in read(ecs.READING, line, [Service])] == arns


def test_groups_of_services_that_nobody_tells_of() -> None:
    """Of a cluster that keeps its services to itself one is unknown; the service's own groups are not."""
    other = f"{ECS}cluster/other"
    clusters: Answer = {"clusterArns": [CLUSTER, other]}
    listed: list[Answer | Trouble] = [{"serviceArns": [API]}, DENIED]
    told = found(ServiceGroups, [SERVICE], ListClusters=clusters, ListServices=listed)
    fact = next(each for each in told if isinstance(each, Observed))

    assert fact.fact == ServiceGroups(
        in_vpc=True,
        on_fargate=True,
        own=GroupUse(family="api", groups=("sg-1",)),
        others=(GroupUse(family=UNKNOWN, groups=UNKNOWN),),
    )
    assert [each.call.operation for each in fact.failures] == ["ListServices"]


def test_subnets_that_nobody_tells_of() -> None:
    """What routes there are is unknown; that there are groups is known all the same."""
    told = one(ServiceNetwork, DescribeSubnets=DENIED, DescribeRouteTables={"RouteTables": []})
    assert told.fact == ServiceNetwork(in_vpc=True, on_fargate=True, subnets=(UNKNOWN,), has_groups=True)
    here = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}
    main = {"VpcId": "vpc-1", "Associations": [{"Main": True}], "Routes": [{"GatewayId": "local"}]}
    told = one(ServiceNetwork, DescribeSubnets={"Subnets": [here]}, DescribeRouteTables={"RouteTables": [main]})
    assert told.fact.subnets == (RoutedSubnet(zone="eu-west-1a"),)


def test_images_that_nobody_tells_of() -> None:
    """They are unknown where the task definition is; containers that ECS would not hold are no answer."""
    assert one(ServiceImages, DescribeTaskDefinition=DENIED).fact.images == (UNKNOWN,)
    empty = {"taskDefinition": {**DEFINITION, "containerDefinitions": []}}
    assert one(ServiceImages, DescribeTaskDefinition=empty).failure.cause is Cause.UNPARSABLE


def test_an_older_revision_that_a_service_runs_is_read_too() -> None:
    """The newest revision is read with its family, any other one with the service that runs it."""
    newest = {**DEFINITION, "taskDefinitionArn": f"{ECS}task-definition/api:3", "pidMode": "host"}
    listed: Answer = {"taskDefinitionArns": [newest["taskDefinitionArn"]]}
    described: list[Answer | Trouble] = [{"taskDefinition": newest}, {"taskDefinition": DEFINITION}]
    told = found(TaskDefinition, [SERVICE], ListTaskDefinitions=listed, DescribeTaskDefinition=described)

    assert [(each.subject.arn[-1], getattr(each, "fact", None) and each.fact.pid_mode) for each in told] == [  # type: ignore[union-attr]  # all are read
        ("2", ""),
        ("3", "host"),
    ]


def test_an_answer_about_another_revision_is_none() -> None:
    """Neither the family nor the revision that was asked for may differ."""
    other = {"taskDefinition": {**DEFINITION, "taskDefinitionArn": f"{ECS}task-definition/web:1"}}
    assert [type(each) for each in found(TaskDefinition, [], DescribeTaskDefinition=other)] == [Unread]
    listed = {"taskDefinitionArns": [f"{ECS}task-definition/api-2:1"]}
    assert [type(each) for each in found(TaskDefinition, [], ListTaskDefinitions=listed)] == [Unread]


def test_a_role_is_one_by_name_and_by_arn() -> None:
    """ECS tells a role as it was given; a path does not count."""
    roles = {"taskRoleArn": "api", "executionRoleArn": "arn:aws:iam::111122223333:role/bank/api"}
    fact = one(TaskRoles, DescribeTaskDefinition={"taskDefinition": {**DEFINITION, **roles}}).fact
    assert (fact.task.role, fact.execution_role, fact.others) == ("api", "api", ())


def test_whether_anybody_gets_into_a_cluster() -> None:
    """It is unknown where the services are; a cluster that was deleted in between is none."""
    told = one(ClusterEncryption, ListServices=DENIED)
    assert (told.fact.exec_enabled, told.fact.storage_key) == (UNKNOWN, None)
    assert one(ClusterEncryption).fact.exec_enabled is False
    gone: Answer = {"clusters": [], "failures": [{"arn": CLUSTER, "reason": "MISSING"}]}
    assert found(ClusterEncryption, [SERVICE], DescribeClusters=gone) == []


REPOSITORY: Final[Mapping[str, Any]] = {
    "repositoryArn": "arn:aws:ecr:eu-west-1:111122223333:repository/bank/api",
    "repositoryName": "bank/api",
    "imageTagMutability": "IMMUTABLE",
    "imageScanningConfiguration": {"scanOnPush": False},
    "encryptionConfiguration": {"encryptionType": "AES256"},
}


def repositories(fact: type, *found: Mapping[str, Any], **answers: Answer) -> list[Any]:
    """Return what is read of these repositories, each on a page of its own."""
    pages: list[Answer | Trouble] = [{"repositories": [each], "nextToken": str(n)} for n, each in enumerate(found)]
    pages.append({"repositories": []})
    return read(ecr.READING, CannedLine({"DescribeRepositories": pages, **answers}), [fact])


def test_every_page_of_repositories_is_read() -> None:
    """What stands on a second page is read like what stands on the first."""
    second = {**REPOSITORY, "repositoryArn": REPOSITORY["repositoryArn"] + "2", "imageTagMutability": "MUTABLE"}
    told = repositories(RepositoryTags, REPOSITORY, second)
    assert [each.fact.mutability for each in told] == ["IMMUTABLE", "MUTABLE"]


@pytest.mark.parametrize(
    ("missing", "fact"),
    [
        ("encryptionConfiguration", RepositoryEncryption),
        ("imageScanningConfiguration", RepositoryScans),
        ("imageTagMutability", RepositoryTags),
    ],
)
def test_a_repository_that_does_not_say_everything_is_undecided(missing: str, fact: type) -> None:
    """ECR always says these, so an answer without one of them is none."""
    short = {key: value for key, value in REPOSITORY.items() if key != missing}
    assert [each.failure.cause for each in repositories(fact, short)] == [Cause.UNPARSABLE]


def test_a_registry_that_nobody_may_look_into() -> None:
    """Its rules are unknown, unless the repository asks for its scans itself."""
    (told,) = repositories(RepositoryScans, REPOSITORY, GetRegistryScanningConfiguration=DENIED)
    assert told.fact == RepositoryScans(name="bank/api", rules=(UNKNOWN,))
    itself = {**REPOSITORY, "imageScanningConfiguration": {"scanOnPush": True}}
    (told,) = repositories(RepositoryScans, itself)
    assert told.fact == RepositoryScans(name="bank/api", scan_on_push=True)
    rules = [{"scanFrequency": "MANUAL", "repositoryFilters": []}]
    answer = {"scanningConfiguration": {"rules": rules}}
    (told,) = repositories(RepositoryScans, REPOSITORY, GetRegistryScanningConfiguration=answer)
    assert told.fact.rules == (ScanRule(frequency="MANUAL"),)
