"""Corrections of what an account has before any program, and of what scales: what AWS answers, and moto does not."""

from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answer, answers

SERVICE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/tasks/web",
    "ScalableDimension": "ecs:service:DesiredCount",
}


def _of(session: boto3.Session, service: str) -> Any:
    return session.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any of them


def _scans_of_a_new_account(session: boto3.Session) -> Any:
    inspector, own = _of(session, "inspector2"), _of(session, "sts").get_caller_identity()["Account"]
    named = inspector.batch_get_account_status(accountIds=[own])["accounts"]
    meant = inspector.batch_get_account_status()["accounts"]
    return [each["resourceState"]["ecr"]["status"] for each in (*named, *meant)]


def _second_detector(session: boto3.Session) -> Any:
    guardduty = _of(session, "guardduty")
    guardduty.create_detector(Enable=True)
    return guardduty.create_detector(Enable=True)


def _changed_plan(session: boto3.Session) -> Any:
    guardduty = _of(session, "guardduty")
    plans = [{"Name": name, "Status": "ENABLED"} for name in ("RDS_LOGIN_EVENTS", "S3_DATA_EVENTS")]
    detector = guardduty.create_detector(Enable=True, Features=plans)["DetectorId"]
    guardduty.update_detector(DetectorId=detector, Features=[{**plans[0], "Status": "DISABLED"}])
    guardduty.update_detector(DetectorId=detector, FindingPublishingFrequency="ONE_HOUR")
    return {each["Name"]: each["Status"] for each in guardduty.get_detector(DetectorId=detector)["Features"]}


def _tags_of_a_target(session: boto3.Session) -> Any:
    ecs, scaling = _of(session, "ecs"), _of(session, "application-autoscaling")
    ecs.create_cluster(clusterName="tasks")
    ecs.create_service(cluster="tasks", serviceName="web", desiredCount=1)
    arn = scaling.register_scalable_target(**SERVICE, MinCapacity=1, MaxCapacity=2, Tags={"A": "1", "B": "1"})[
        "ScalableTargetARN"
    ]
    scaling.register_scalable_target(**SERVICE, MaxCapacity=3, Tags={"A": "9"})
    scaling.tag_resource(ResourceARN=arn, Tags={"C": "1"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["B"])
    tags = scaling.list_tags_for_resource(ResourceARN=arn)["Tags"]
    told = _of(session, "resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]
    scaling.deregister_scalable_target(**SERVICE)
    gone = Case(lambda _: scaling.list_tags_for_resource(ResourceARN=arn), None, ())
    return tags, [arn in each["ResourceARN"] for each in told], answer(gone, session)


CASES = (
    Case(_scans_of_a_new_account, ["DISABLED", "DISABLED"], ("Inspector2Backend.batch_get_account_status",)),
    Case(_second_detector, "BadRequestException", ("GuardDutyBackend.create_detector",)),
    Case(_changed_plan, {"RDS_LOGIN_EVENTS": "DISABLED", "S3_DATA_EVENTS": "ENABLED"}, ("Detector.update",)),
    Case(
        _tags_of_a_target,
        ({"A": "1", "C": "1"}, [True], "ResourceNotFoundException"),
        (
            *(f"ApplicationAutoScalingResponse.{name}" for name in ("register_scalable_target", "tag_resource")),
            *(f"ApplicationAutoScalingResponse.{name}" for name in ("untag_resource", "list_tags_for_resource")),
            "ApplicationAutoscalingBackend.deregister_scalable_target",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
