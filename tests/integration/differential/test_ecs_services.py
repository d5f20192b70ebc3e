"""Services and their clusters: judged as they are written, and as they are in the account."""

import json
from pathlib import Path
from typing import Any

from policies.settings import Settings
from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.estate import ACCOUNT, REGION
from tests.integration.programs_as_data import Wanted, ref

_SETTINGS = Settings(account_id=ACCOUNT)
_OWN = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/bank/api:1"
_BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


def _subnet(name: str, block: str, table: str) -> tuple[Wanted, Wanted]:
    placed = {"vpcId": ref("vpc"), "cidrBlock": block, "availabilityZone": f"{REGION}a"}
    associated = {"subnetId": ref(name), "routeTableId": ref(table)}
    return (
        Wanted("aws:ec2/subnet:Subnet", name, placed),
        Wanted("aws:ec2/routeTableAssociation:RouteTableAssociation", f"{name}-table", associated),
    )


def _definition(family: str, image: str = _OWN, *, host: bool = False) -> Wanted:
    containers = json.dumps([{"name": "app", "image": image}])
    mode = {"networkMode": "bridge"} if host else {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
    inputs = {"family": family, "cpu": "256", "memory": "512", "containerDefinitions": containers, **mode}
    return Wanted("aws:ecs/taskDefinition:TaskDefinition", f"task-{family}", inputs)


def _group(name: str) -> Wanted:
    inputs = {"name": f"group-{name}", "description": "-", "vpcId": ref("vpc")}
    return Wanted("aws:ec2/securityGroup:SecurityGroup", f"group-{name}", inputs)


SHARED = (
    Wanted("aws:kms/key:Key", "key"),
    Wanted("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"}),
    Wanted("aws:ec2/internetGateway:InternetGateway", "internet", {"vpcId": ref("vpc")}),
    Wanted("aws:ec2/routeTable:RouteTable", "inner", {"vpcId": ref("vpc")}),
    Wanted("aws:ec2/routeTable:RouteTable", "outer", {"vpcId": ref("vpc")}),
    Wanted(
        "aws:ec2/route:Route",
        "way-out",
        {"routeTableId": ref("outer"), "destinationCidrBlock": "0.0.0.0/0", "gatewayId": ref("internet")},
    ),
    *_subnet("private", "10.0.0.0/24", "inner"),
    *_subnet("public", "10.0.1.0/24", "outer"),
    Wanted("aws:ecs/cluster:Cluster", "cluster", {"name": "plain"}),
    _group("shared"),
    _definition("shared"),
    _definition("other"),
)


def _network(*subnets: str, group: str = "", public: bool | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"subnets": [ref(each) for each in subnets]}
    found |= {"securityGroups": [ref(group)]} if group else {}
    return found | ({} if public is None else {"assignPublicIp": public})


def _case(title: str, name: str, control: str, verdict: str, **settings: Any) -> Case:
    """Return a service that passes every control but for these settings; None takes one of them away."""
    given: dict[str, Any] = {
        "name": name,
        "cluster": ref("cluster", "arn"),
        "taskDefinition": ref(f"task-{name}", "arn"),
        "launchType": "FARGATE",
        "desiredCount": 2,
        "networkConfiguration": _network("private", group=f"group-{name}"),
        **_BREAKER,
        **settings,
    }
    inputs = {key: value for key, value in given.items() if value is not None}
    return Case(title, (Wanted("aws:ecs/service:Service", name, inputs),), {control: verdict})


def _around(*cases: Case) -> tuple[Wanted, ...]:
    """Return what services need: a group and a task definition for each, and what all of them share."""
    names = [case.wanted[0].name for case in cases]
    return (*SHARED, *map(_group, names), *(_definition(each, _IMAGES.get(each, _OWN)) for each in names))


def _hooked(**changes: Any) -> dict[str, Any]:
    hook = {
        "hookTargetArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gate",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/gate",
        "lifecycleStages": ["PRE_SCALE_UP"],
        **changes,
    }
    given = {name: value for name, value in hook.items() if value is not None}
    deployment = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": "1", "lifecycleHooks": [given]}
    return {"deploymentConfiguration": deployment, "deploymentCircuitBreaker": None}


_UNHOOKED = {"deploymentConfiguration": {"strategy": "BLUE_GREEN"}, "deploymentCircuitBreaker": None}
_PAUSE = _hooked(targetType="PAUSE", hookTargetArn=None, roleArn=None)
_LATE = _hooked(lifecycleStages=["POST_SCALE_UP"])
_STOPS = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
_SPOT = {"launchType": None, "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}
_HOSTS = {"launchType": None, "capacityProviderStrategies": [{"capacityProvider": "own-hosts", "weight": 1}]}
_BRIDGE = {"launchType": "EC2", "networkConfiguration": None}
_SHARED_GROUP = {"networkConfiguration": _network("private", group="group-shared")}
_SAME = {"taskDefinition": ref("task-shared", "arn"), "networkConfiguration": _network("private", group="group-blue")}
_DAEMON = {"schedulingStrategy": "DAEMON", "desiredCount": None, "launchType": "EC2"}
_IMAGES = {"foreign": "nginx:1"}


def _placed(*subnets: str, group: str, public: bool | None = None) -> dict[str, Any]:
    return {"networkConfiguration": _network(*subnets, group=group, public=public)}


SERVICES = (
    _case("private", "hidden", "ECS.2", "pass", **_placed("private", group="group-hidden", public=False)),
    _case("nothing said of addresses", "silent", "ECS.2", "pass"),
    _case("public addresses", "open", "ECS.2", "fail", **_placed("private", group="group-open", public=True)),
    _case("the network of its hosts", "bridge", "ECS.2", "not_applicable", **_BRIDGE),
    _case("the newest platform", "newest", "ECS.10", "pass"),
    _case("an old platform", "oldest", "ECS.10", "fail", platformVersion="1.3.0"),
    _case("hosts of one's own", "hosts", "ECS.10", "not_applicable", **_BRIDGE),
    _case("a strategy on Fargate", "spot", "ECS.10", "pass", **_SPOT),
    _case("a strategy on hosts", "own-hosts", "ECS.10", "not_applicable", **_HOSTS),
    _case("a breaker that rolls back", "breaker", "LG-DR-19", "pass"),
    _case("a breaker that only stops", "stops", "LG-DR-19", "fail", **_STOPS),
    _case("no breaker", "unbroken", "LG-DR-19", "fail", deploymentCircuitBreaker=None),
    _case("a hook that stops", "hooked", "LG-DR-19", "pass", **_hooked()),
    _case("a hook that waits", "pauses", "LG-DR-19", "fail", **_PAUSE),
    _case("no hook", "unhooked", "LG-DR-19", "fail", **_UNHOOKED),
    _case("one task", "single", "LG-DR-19", "fail", desiredCount=1),
    _case("a task on every host", "daemon", "LG-DR-19", "pass", **_DAEMON),
    _case("private subnets", "inside", "LG-NET-09", "pass"),
    _case("one public subnet", "outside", "LG-NET-09", "fail", **_placed("private", "public", group="group-outside")),
    _case("the network's own group", "default", "LG-NET-09", "fail", **_placed("private", group="")),
    _case("no network of its own", "hostly", "LG-NET-09", "not_applicable", **_BRIDGE),
    _case("a group of its own", "apart", "LG-NET-10", "pass"),
    _case("a group that another service has", "one", "LG-NET-10", "fail", **_SHARED_GROUP),
    _case("and the other service", "two", "LG-NET-10", "fail", **_SHARED_GROUP),
    _case("a group that only the same has", "blue", "LG-NET-10", "pass", **_SAME),
    _case("and the same", "green", "LG-NET-10", "pass", **_SAME),
    _case("a gate before tasks start", "gated", "LG-SUP-03", "pass", **_hooked()),
    _case("a gate that comes too late", "late", "LG-SUP-03", "fail", **_LATE),
    _case("a strategy that asks nobody", "rolling", "LG-SUP-03", "fail"),
    _case("an image that ECR does not scan", "foreign", "LG-SUP-03", "fail", **_hooked()),
    _case("tags of the service", "tagged", "LG-TAG-05", "pass", propagateTags="SERVICE"),
    _case("tags of the definition", "by-task", "LG-TAG-05", "pass", propagateTags="TASK_DEFINITION"),
    _case("no tags", "untagged", "LG-TAG-05", "fail"),
)


def test_services(tmp_path: Path) -> None:
    """Services have one verdict, wherever they are looked at."""
    check(tmp_path / "p", SERVICES, shared=_around(*SERVICES), settings=_SETTINGS)


_STORED: dict[str, Any] = {"managedStorageConfiguration": {"fargateEphemeralStorageKmsKeyId": ref("key", "arn")}}
_RECORD = {"logging": "OVERRIDE", "kmsKeyId": ref("key", "arn")}


def _cluster(title: str, name: str, verdict: str, *, people: bool | None = None, **configuration: Any) -> Case:
    """Return a cluster with a service in it that lets people in, or does not; None for no service."""
    inputs = {"name": name, "configuration": configuration} if configuration else {"name": name}
    wanted = [Wanted("aws:ecs/cluster:Cluster", name, inputs)]
    if people is not None:
        service = _case("", f"in-{name}", "LG-ENC-18", "pass", cluster=ref(name, "arn"), enableExecuteCommand=people)
        wanted += service.wanted
    return Case(title, tuple(wanted), {"LG-ENC-18": verdict})


def _sessions(**log: Any) -> dict[str, Any]:
    return {**_STORED, "executeCommandConfiguration": {**_RECORD, "logConfiguration": log}}


_TO_GROUP = _sessions(cloudWatchLogGroupName="/sessions", cloudWatchEncryptionEnabled=True)
_TO_BUCKET = _sessions(s3BucketName="sessions", s3BucketEncryptionEnabled=True)
_TO_BOTH = _sessions(cloudWatchLogGroupName="/sessions", cloudWatchEncryptionEnabled=True, s3BucketName="sessions")

CLUSTERS = (
    _cluster("a key, and nobody gets in", "stored", "pass", **_STORED),
    _cluster("a service that lets nobody in", "closed", "pass", people=False, **_STORED),
    _cluster("no configuration", "bare", "fail"),
    _cluster("people get in without a key", "keyless", "fail", people=True, **_STORED),
    _cluster("a record in an encrypted group", "grouped", "pass", people=True, **_TO_GROUP),
    _cluster("a record in an encrypted bucket", "kept", "pass", people=True, **_TO_BUCKET),
    _cluster("one of two records encrypted", "half", "fail", people=True, **_TO_BOTH),
)


def test_clusters(tmp_path: Path) -> None:
    """Clusters have one verdict, and services of another cluster do not decide about them."""
    services = [Case(each.title, each.wanted[1:], {}) for each in CLUSTERS if each.wanted[1:]]
    check(tmp_path / "p", CLUSTERS, shared=_around(*services), settings=_SETTINGS)


DIFFERENCES = (
    Difference(
        "a service that names no launch type may run on Fargate by a strategy of its cluster; in the account it is told"
        " on what it runs",
        "ECS.10",
        _case("", "undecided", "ECS.10", "pass", launchType=None, platformVersion="1.3.0").wanted,
        "fail",
        "not_applicable",
    ),
)


def test_known_differences(tmp_path: Path) -> None:
    """The verdicts differ exactly where it is written why."""
    around = _around(*(Case("", each.wanted, {}) for each in DIFFERENCES))
    check_differences(tmp_path / "p", DIFFERENCES, ("ECS.10",), shared=around, settings=_SETTINGS)
    assert len(DIFFERENCES) == 1
