"""What holds and runs containers, and a group of machines."""

from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, TAGS, key

PASSES: Final = frozenset(
    {
        "ECR.1",
        "ECS.10",
        "ECS.2",
        "ECS.8",
        "LG-DR-19",
        "LG-ENC-13",
        "LG-ENC-18",
        "LG-IAM-11",
        "LG-IAM-13",
        "LG-IAM-14",
        "LG-LOG-07",
        "LG-NET-09",
        "LG-NET-10",
        "LG-SUP-01",
        "LG-SUP-02",
        "LG-SUP-03",
        "LG-TAG-05",
    }
)
"""Controls that pass on it."""

_TAGS: Final = [{"key": each["Key"], "value": each["Value"]} for each in TAGS]


def furnish(session: boto3.Session) -> None:
    """Create repositories, a cluster, and two services of it, one of which runs an older revision than the newest."""
    key_arn = key(session)
    _repositories(session.client("ecr"), key_arn)
    ecs: Any = session.client("ecs")
    ec2: Any = session.client("ec2")
    _cluster(ecs, key_arn)
    subnets = _private_subnets(ec2)
    for name in ("api", "web"):
        group = ec2.create_security_group(GroupName=f"ledger-{name}", Description="-")["GroupId"]
        ec2.create_tags(Resources=[group], Tags=TAGS)
        revision = _registered(ecs, name)
        if name == "web":
            _registered(ecs, name)
        _service(ecs, revision, {"subnets": subnets, "securityGroups": [group], "assignPublicIp": "DISABLED"})
    _machines(session)


def _machines(session: boto3.Session) -> None:
    """Create a group of machines, of which it starts none."""
    ec2: Any = session.client("ec2")
    ec2.create_launch_template(
        LaunchTemplateName="ledger",
        LaunchTemplateData={"InstanceType": "t3.micro"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": TAGS}],
    )
    scaling: Any = session.client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="ledger",
        LaunchTemplate={"LaunchTemplateName": "ledger"},
        AvailabilityZones=[f"{REGION}a"],
        MinSize=0,
        MaxSize=1,
        Tags=[{**each, "PropagateAtLaunch": True} for each in TAGS],
    )


def _repositories(ecr: Any, key_arn: str) -> None:
    """Create two repositories: one that asks for its scans itself, and one that the registry scans."""
    for name, itself in (("ledger/api", True), ("ledger/web", False)):
        ecr.create_repository(
            repositoryName=name,
            imageTagMutability="IMMUTABLE",
            imageScanningConfiguration={"scanOnPush": itself},
            encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key_arn},
            tags=STORE_TAGS,
        )
    scanned = {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}
    ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[scanned])


def _cluster(ecs: Any, key_arn: str) -> None:
    record = {"cloudWatchLogGroupName": "ledger", "cloudWatchEncryptionEnabled": True}
    sessions = {"kmsKeyId": key_arn, "logging": "OVERRIDE", "logConfiguration": record}
    stored = {"fargateEphemeralStorageKmsKeyId": key_arn}
    configuration = {"executeCommandConfiguration": sessions, "managedStorageConfiguration": stored}
    ecs.create_cluster(clusterName="ledger", configuration=configuration, tags=_TAGS)


def _private_subnets(ec2: Any) -> list[str]:
    """Return two subnets whose network has no way out."""
    found = ec2.describe_subnets()["Subnets"]
    return [each["SubnetId"] for each in found[:2]]


def _registered(ecs: Any, name: str) -> str:
    container = {
        "name": name,
        "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/ledger/{name}@sha256:{'0' * 64}",
        "environment": [{"name": "PORT", "value": "8080"}],
        "readonlyRootFilesystem": True,
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "ledger"}},
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/ledger"
    made = ecs.register_task_definition(
        family=f"ledger-{name}",
        containerDefinitions=[container],
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        taskRoleArn=f"{role}-{name}",
        executionRoleArn=f"{role}-start",
        tags=_TAGS,
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def _service(ecs: Any, definition: str, network: dict[str, Any]) -> None:
    hook = {
        "hookTargetArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gate",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/gate",
        "lifecycleStages": ["PRE_SCALE_UP"],
    }
    ecs.create_service(
        cluster="ledger",
        serviceName=definition.rpartition("/")[2].partition(":")[0],
        taskDefinition=definition,
        launchType="FARGATE",
        desiredCount=2,
        networkConfiguration={"awsvpcConfiguration": network},
        deploymentConfiguration={"strategy": "BLUE_GREEN", "lifecycleHooks": [hook]},
        enableExecuteCommand=True,
        propagateTags="SERVICE",
        tags=_TAGS,
    )
