"""Functions, keys, alarms, buses and trails: what AWS answers and moto does not."""

import io
import json
import zipfile
from typing import Any

import boto3
import pytest

from tests.integration.sandbox.cases import Case, answers

_ROLE = "arn:aws:iam::111122223333:role/runner"


def _of(session: boto3.Session, service: str) -> Any:
    client: Any = session.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any service
    return client


def _function(session: boto3.Session) -> Any:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = _of(session, "iam").create_role(RoleName="runner", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.py", "")
    client = _of(session, "lambda")
    given = {"Role": role, "Handler": "a.b", "Runtime": "python3.13", "Code": {"ZipFile": buffer.getvalue()}}
    client.create_function(FunctionName="scorer", **given)
    return client


def _permission(session: boto3.Session) -> Any:
    client = _function(session)
    conditions = {"SourceAccount": "111122223333", "PrincipalOrgID": "o-a1b2c3d4e5", "EventSourceToken": "token"}
    given = {"FunctionName": "scorer", "Action": "lambda:InvokeFunction"}
    client.add_permission(StatementId="one", Principal="444455556666", **given, **conditions)
    (statement,) = json.loads(client.get_policy(FunctionName="scorer")["Policy"])["Statement"]
    return statement["Principal"], len(statement["Condition"]["StringEquals"])


def _addresses(session: boto3.Session) -> Any:
    client = _function(session)
    before = client.list_function_url_configs(FunctionName="scorer")["FunctionUrlConfigs"]
    client.create_function_url_config(FunctionName="scorer", AuthType="NONE")
    after = client.list_function_url_configs(FunctionName="scorer")["FunctionUrlConfigs"]
    return before, [each["AuthType"] for each in after]


def _key_tells(session: boto3.Session) -> Any:
    metadata = _of(session, "kms").create_key()["KeyMetadata"]
    return metadata.get("KeyUsage"), metadata.get("MultiRegion")


def _replica(session: boto3.Session) -> Any:
    kms = _of(session, "kms")
    arn = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    kms.replicate_key(KeyId=arn, ReplicaRegion="us-west-2")
    elsewhere: Any = session.client("kms", region_name="us-west-2")
    found = elsewhere.describe_key(KeyId=arn.replace("us-east-1", "us-west-2"))["KeyMetadata"]
    return found["MultiRegionConfiguration"]["MultiRegionKeyType"]


def _managed(session: boto3.Session) -> Any:
    return _of(session, "kms").describe_key(KeyId="alias/aws/sns")["KeyMetadata"]["KeyManager"]


def _composite(session: boto3.Session) -> Any:
    client = _of(session, "cloudwatch")
    client.put_composite_alarm(AlarmName="a", AlarmRule='ALARM("b")')
    return [each["ActionsEnabled"] for each in client.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]]


def _everyone(session: boto3.Session) -> Any:
    events = _of(session, "events")
    condition = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-a1b2c3d4e5"}
    given = {"StatementId": "one", "Action": "events:PutEvents", "Principal": "*"}
    events.put_permission(**given, Condition=condition)
    return json.loads(events.describe_event_bus()["Policy"])["Statement"][0]["Principal"]


def _delivered(session: boto3.Session) -> Any:
    _of(session, "s3").create_bucket(Bucket="records")
    trails = _of(session, "cloudtrail")
    group = "arn:aws:logs:us-east-1:111122223333:log-group:trail:*"
    sent = {"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": _ROLE}
    trails.create_trail(Name="sent", S3BucketName="records", **sent)
    trails.create_trail(Name="kept", S3BucketName="records")
    for name in ("sent", "kept"):
        trails.start_logging(Name=name)
    return ["LatestCloudWatchLogsDeliveryTime" in trails.get_trail_status(Name=name) for name in ("sent", "kept")]


def _changed_bus(session: boto3.Session) -> Any:
    events = _of(session, "events")
    events.create_event_bus(Name="central", Description="one")
    events.update_event_bus(Name="central", Description="two")
    return events.describe_event_bus(Name="central")["Description"]


def _kept_policy(session: boto3.Session) -> Any:
    sqs = _of(session, "sqs")
    denial = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    given = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [denial]})}
    url = sqs.create_queue(QueueName="orders", Attributes=given)["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    return "Policy" in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


CASES = (
    Case(_permission, ({"AWS": "arn:aws:iam::444455556666:root"}, 3), ("Policy.decode_policy",)),
    Case(
        _addresses,
        ([], ["NONE"]),
        ("LambdaResponse.list_function_url_configs", "moto.awslambda.urls.url_paths"),
    ),
    Case(_key_tells, ("ENCRYPT_DECRYPT", False), ("Key.to_dict",)),
    Case(_replica, "REPLICA", ("KmsBackend.replicate_key",)),
    Case(_managed, "AWS", ("moto.kms.models.RESERVED_ALIASES",)),
    Case(_composite, [True], ("CloudWatchResponse.put_composite_alarm",)),
    Case(_everyone, {"AWS": "*"}, ("EventBus.add_permission",)),
    Case(_kept_policy, aws=True, covers=("Queue._set_attributes",)),
    Case(_changed_bus, "two", ("EventsHandler.update_event_bus",)),
    Case(_delivered, [True, False], ("CloudTrailResponse.get_trail_status",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws
