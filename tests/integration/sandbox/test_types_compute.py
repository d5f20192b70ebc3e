"""Containers, functions and load balancers: changed in the sandbox as the program changes them."""

import json
from typing import Any

import pytest

from integration.sandbox import Action, Sandbox
from ledgergate.engine import wire
from tests.integration.sandbox.changes import Change, trust
from tests.integration.sandbox.lives import kind, live, outputs
from tests.integration.sandbox.stacks import Wanted, run
from tests.integration.sandbox.surroundings import GROUP, KEY, NETWORK, OTHER_GROUP

RUNNER = Wanted("aws:iam/role:Role", {"name": "runner", "assumeRolePolicy": trust("lambda")}, "runner")
BALANCER = Wanted(
    "aws:lb/loadBalancer:LoadBalancer",
    {
        "name": "front",
        "internal": True,
        "subnets": ["$subnet-0.id", "$subnet-1.id"],
        "securityGroups": ["$group.id"],
    },
    "balancer",
)
BALANCED = (*NETWORK, GROUP, BALANCER)
TARGETS = Wanted(
    "aws:lb/targetGroup:TargetGroup",
    {"name": "blue", "port": 8080, "protocol": "HTTP", "targetType": "ip", "vpcId": "$vpc.id"},
    "targets",
)
FORBIDDEN = {
    "type": "fixed-response",
    "fixedResponse": {"contentType": "text/plain", "messageBody": "Forbidden", "statusCode": "403"},
}
LISTENER = Wanted(
    "aws:lb/listener:Listener",
    {
        "loadBalancerArn": "$balancer.arn",
        "port": 443,
        "protocol": "HTTPS",
        "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/one",
        "defaultActions": [FORBIDDEN],
    },
    "listener",
)
CLUSTER = Wanted("aws:ecs/cluster:Cluster", {"name": "tasks"}, "tasks")
DEFINITION = Wanted(
    "aws:ecs/taskDefinition:TaskDefinition",
    {
        "family": "web",
        "containerDefinitions": json.dumps([{"name": "web", "image": "nginx", "readonlyRootFilesystem": True}]),
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"},
    },
    "definition",
)
OTHER_DEFINITION = Wanted(DEFINITION.type, {**DEFINITION.inputs, "family": "other"}, "other-definition")


def _archive(text: str) -> dict[str, Any]:
    asset = {wire.SIGNATURE: wire.ASSET, "text": text}
    return {wire.SIGNATURE: wire.ARCHIVE, "assets": {"gate.py": asset}}


def _network(subnet: str, *, public: bool) -> dict[str, Any]:
    return {"subnets": [subnet], "securityGroups": ["$group.id"], "assignPublicIp": public}


def _hooks(minutes: str) -> dict[str, Any]:
    hook = {
        "hookTargetArn": "arn:aws:lambda:us-east-1:111122223333:function:gate",
        "roleArn": "arn:aws:iam::111122223333:role/gate",
        "lifecycleStages": ["PRE_SCALE_UP"],
    }
    return {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": minutes, "lifecycleHooks": [hook]}


def _forward(weight: int) -> dict[str, Any]:
    return {"type": "forward", "forward": {"targetGroups": [{"arn": "$targets.arn", "weight": weight}]}}


def _health(path: str) -> dict[str, Any]:
    return {
        "enabled": True,
        "healthyThreshold": 2,
        "interval": 15,
        "matcher": "200",
        "path": path,
        "port": "traffic-port",
        "protocol": "HTTP",
        "timeout": 5,
        "unhealthyThreshold": 3,
    }


FUNCTION = {
    "name": "gate",
    "role": "$runner.arn",
    "handler": "gate.handle",
    "runtime": "python3.13",
    "architectures": ["arm64"],
    "code": _archive("def handle(event, context): return 1"),
    "kmsKeyArn": "$key.arn",
    "environment": {"variables": {"A": "1"}},
    "loggingConfig": {"logFormat": "JSON", "logGroup": "/gate"},
    "tags": {"A": "1"},
}

TEMPLATE = Wanted(
    "aws:ec2/launchTemplate:LaunchTemplate", {"name": "hosts", "instanceType": "t3.micro"}, "launch-template"
)
MACHINES = Wanted(
    "aws:autoscaling/group:Group",
    {
        "name": "hosts",
        "availabilityZones": ["us-east-1a"],
        "launchTemplate": {"id": "$launch-template.id"},
        "minSize": 0,
        "maxSize": 1,
    },
    "machines",
)


def _handed_on(key: str, *, propagate: bool) -> dict[str, Any]:
    return {"key": key, "value": "1", "propagateAtLaunch": propagate}


CHANGES = (
    Change(
        TEMPLATE.type,
        {**TEMPLATE.inputs, "tags": {"A": "1"}},
        {"instanceType": "t3.small", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "latestVersion": 2},
    ),
    Change(
        MACHINES.type,
        {**MACHINES.inputs, "tags": [_handed_on("A", propagate=True), _handed_on("B", propagate=True)]},
        {"maxSize": 2, "tags": [_handed_on("B", propagate=False)]},
        {"tags": [_handed_on("B", propagate=False)]},
        (TEMPLATE,),
    ),
    Change(
        "aws:autoscaling/tag:Tag",
        {"autoscalingGroupName": "$machines.name", "tag": _handed_on("A", propagate=False)},
        {"tag": _handed_on("A", propagate=True)},
        around=(TEMPLATE, MACHINES),
    ),
    Change(
        BALANCER.type,
        {**BALANCER.inputs, "dropInvalidHeaderFields": True, "enableDeletionProtection": True, "tags": {"A": "1"}},
        {
            "dropInvalidHeaderFields": False,
            "enableDeletionProtection": False,
            "desyncMitigationMode": "strictest",
            "idleTimeout": 30,
            "subnets": ["$subnet-1.id", "$subnet-2.id"],
            "securityGroups": ["$other-group.id"],
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}, "internal": True},
        (*NETWORK, GROUP, OTHER_GROUP),
    ),
    Change(
        TARGETS.type,
        {**TARGETS.inputs, "deregistrationDelay": 30, "healthCheck": _health("/a")},
        {"deregistrationDelay": 60, "healthCheck": _health("/b"), "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        NETWORK,
    ),
    Change(
        TARGETS.type,
        {**TARGETS.inputs},
        {"name": "green", "port": 8443, "protocol": "HTTPS"},
        around=NETWORK,
        action=Action.REPLACED,
    ),
    Change(
        LISTENER.type,
        LISTENER.inputs,
        {
            "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            "certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/two",
            "defaultActions": [_forward(1)],
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (*BALANCED, TARGETS),
    ),
    Change(
        "aws:lb/listenerRule:ListenerRule",
        {
            "listenerArn": "$listener.arn",
            "priority": 10,
            "actions": [_forward(100)],
            "conditions": [
                {"pathPattern": {"values": ["/api/*"]}},
                {"httpHeader": {"httpHeaderName": "X-Origin", "values": ["secret"]}},
            ],
        },
        {
            "priority": 20,
            "actions": [_forward(50)],
            "conditions": [{"pathPattern": {"values": ["/*"]}}],
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (*BALANCED, TARGETS, LISTENER),
    ),
    Change(
        CLUSTER.type,
        {"name": "tasks", "settings": [{"name": "containerInsights", "value": "disabled"}]},
        {
            "settings": [{"name": "containerInsights", "value": "enabled"}],
            "configuration": {
                "managedStorageConfiguration": {"fargateEphemeralStorageKmsKeyId": "$key.arn"},
                "executeCommandConfiguration": {
                    "kmsKeyId": "$key.arn",
                    "logging": "OVERRIDE",
                    "logConfiguration": {"s3BucketName": "sessions", "s3BucketEncryptionEnabled": True},
                },
            },
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}},
        (KEY,),
    ),
    Change(
        DEFINITION.type, DEFINITION.inputs, {"cpu": "512", "memory": "1024"}, {"revision": 2}, action=Action.REPLACED
    ),
    Change(DEFINITION.type, DEFINITION.inputs, {"tags": {"B": "2"}}, {"tagsAll": {"B": "2"}}),
    Change(
        "aws:ecs/service:Service",
        {
            "name": "web",
            "cluster": "$tasks.arn",
            "launchType": "FARGATE",
            "taskDefinition": "$definition.arn",
            "desiredCount": 2,
            "platformVersion": "1.3.0",
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "networkConfiguration": _network("$subnet-0.id", public=False),
            "enableEcsManagedTags": True,
        },
        {
            "taskDefinition": "$other-definition.arn",
            "desiredCount": 3,
            "deploymentCircuitBreaker": {"enable": True, "rollback": False},
            "deploymentConfiguration": _hooks("5"),
            "healthCheckGracePeriodSeconds": 60,
            "networkConfiguration": _network("$subnet-1.id", public=True),
            "enableExecuteCommand": False,
            "platformVersion": "1.4.0",
            "propagateTags": "SERVICE",
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}, "enableEcsManagedTags": True},
        (*NETWORK, GROUP, CLUSTER, DEFINITION, OTHER_DEFINITION),
    ),
    Change(
        "aws:lambda/function:Function",
        FUNCTION,
        {
            "description": "why",
            "environment": {"variables": {"A": "2"}},
            "loggingConfig": {"logFormat": "Text", "logGroup": "/other"},
            "memorySize": 256,
            "timeout": 60,
            "tracingConfig": {"mode": "Active"},
            "reservedConcurrentExecutions": 5,
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}, "architectures": ["arm64"], "kmsKeyArn": "$key.arn"},
        (RUNNER, KEY),
    ),
    Change(
        "aws:lambda/permission:Permission",
        {
            "function": "$function.name",
            "statementId": "events",
            "action": "lambda:InvokeFunction",
            "principal": "events.amazonaws.com",
            "sourceArn": "arn:aws:events:us-east-1:111122223333:rule/one",
        },
        {"sourceArn": "arn:aws:events:us-east-1:111122223333:rule/two"},
        around=(RUNNER, KEY, Wanted("aws:lambda/function:Function", FUNCTION, "function")),
        action=Action.REPLACED,
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)


def test_other_code_is_other_code(sandbox: Sandbox) -> None:
    """The same files have the same hash, other files another; the function stays."""
    hashes = [
        outputs(sandbox, RUNNER, KEY, Wanted("aws:lambda/function:Function", {**FUNCTION, "code": _archive(text)}))[
            "codeSha256"
        ]
        for text in ("a = 1", "a = 1", "a = 2")
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_code_of_a_relative_folder_is_left_out(sandbox: Sandbox) -> None:
    """A provider is not told where the program lies, and says so."""
    code = {wire.SIGNATURE: wire.ARCHIVE, "path": "./gate"}
    wanted = Wanted("aws:lambda/function:Function", {**FUNCTION, "code": code})
    assert "not told" in run(sandbox, RUNNER, KEY, wanted).report.not_deployed[wanted.urn]
