"""Corrections of what holds and runs containers: what AWS answers, and moto does not."""

from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answers


def _of(session: boto3.Session, service: str) -> Any:
    return session.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any of them


def _key_of_images(session: boto3.Session) -> Any:
    ecr, kms = _of(session, "ecr"), _of(session, "kms")
    found = []
    for name, type_ in (("one", "KMS"), ("two", "KMS_DSSE")):
        made = ecr.create_repository(repositoryName=name, encryptionConfiguration={"encryptionType": type_})
        found.append(made["repository"]["encryptionConfiguration"].get("kmsKey", ""))
    return [kms.describe_key(KeyId=each)["KeyMetadata"]["KeyManager"] for each in found], len({*found})


def _capacity(session: boto3.Session) -> Any:
    """Return launch type, strategy and the way in of services that say nothing, of which one cluster has a strategy."""
    ecs = _of(session, "ecs")
    found: list[Any] = []
    spot: Any = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
    ecs.create_cluster(clusterName="plain")
    ecs.create_cluster(clusterName="spot", capacityProviders=["FARGATE_SPOT"], defaultCapacityProviderStrategy=spot)
    for cluster, given in (("plain", {}), ("spot", {}), ("plain", {"capacityProviderStrategy": spot})):
        name = f"web-{len(found)}"
        ecs.create_service(cluster=cluster, serviceName=name, desiredCount=1, **given)
        made = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
        providers = [each["capacityProvider"] for each in made.get("capacityProviderStrategy", ())]
        found.append((made.get("launchType"), providers, made.get("enableExecuteCommand")))
    return found


def _revisions(session: boto3.Session) -> Any:
    """Return the newest revision, what follows it, and the families with an active one and without."""
    ecs = _of(session, "ecs")
    containers = [{"name": "a", "image": "a", "memory": 1}]
    for family in (*["web"] * 11, "old"):
        ecs.register_task_definition(family=family, containerDefinitions=containers)
    ecs.deregister_task_definition(taskDefinition="web:11")
    ecs.deregister_task_definition(taskDefinition="old:1")
    page = ecs.list_task_definitions(familyPrefix="web", status="ACTIVE", sort="DESC", maxResults=1)
    rest = ecs.list_task_definitions(familyPrefix="web", sort="DESC", nextToken=page.get("nextToken", ""))
    revisions = [each.rpartition(":")[2] for each in (*page["taskDefinitionArns"], *rest["taskDefinitionArns"])]
    families = [ecs.list_task_definition_families(status=each)["families"] for each in ("ACTIVE", "INACTIVE", "ALL")]
    return revisions, families


CASES = (
    Case(_key_of_images, (["AWS", "AWS"], 1), ("Repository._determine_encryption_config",)),
    Case(
        _capacity,
        [("EC2", [], False), (None, ["FARGATE_SPOT"], False), (None, ["FARGATE_SPOT"], False)],
        ("EC2ContainerServiceResponse.create_service",),
    ),
    Case(
        _revisions,
        ([str(number) for number in range(10, 0, -1)], [["web"], ["old"], ["web", "old"]]),
        tuple(f"EC2ContainerServiceResponse.list_task_definition{each}" for each in ("s", "_families")),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
