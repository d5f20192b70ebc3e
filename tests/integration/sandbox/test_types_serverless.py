"""What calls functions, messages, buses, keys beside others and trails: changed as the program changes them."""

import json
from typing import Any

import pytest

from integration.sandbox import Action, Sandbox
from tests.integration.sandbox.changes import Change, policy
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted
from tests.integration.sandbox.surroundings import KEY
from tests.integration.sandbox.test_types_compute import FUNCTION, RUNNER

QUEUE = Wanted("aws:sqs/queue:Queue", {"name": "orders"}, "queue")
BUS = Wanted("aws:cloudwatch/eventBus:EventBus", {"name": "central"}, "bus")
SECRET = Wanted("aws:secretsmanager/secret:Secret", {"name": "login", "recoveryWindowInDays": 0}, "secret")
SCORER = Wanted("aws:lambda/function:Function", FUNCTION, "function")
AROUND = (RUNNER, KEY, SCORER)
BUCKET = Wanted("aws:s3/bucket:Bucket", {"bucket": "records", "forceDestroy": True}, "records")
WIDE = Wanted("aws:kms/key:Key", {"multiRegion": True}, "wide")
LAMBDA_ARN = "arn:aws:lambda:us-east-1:111122223333:function:a"


def _bus_policy(principal: str) -> str:
    statement = {"Sid": "one", "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "events:PutEvents"}
    arn = "arn:aws:events:us-east-1:111122223333:event-bus/central"
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": arn}]})


def _kept(name: str) -> dict[str, Any]:
    return {"destinationConfig": {"onFailure": {"destination": f"arn:aws:sqs:us-east-1:111122223333:{name}"}}}


CHANGES = (
    Change(
        "aws:lambda/functionUrl:FunctionUrl",
        {"functionName": "$function.name", "authorizationType": "AWS_IAM"},
        {"authorizationType": "NONE"},
        around=AROUND,
    ),
    Change(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        {"functionName": "$function.name", **_kept("one")},
        _kept("two"),
        around=AROUND,
    ),
    Change(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        {"functionName": "$function.name", "eventSourceArn": "$queue.arn"},
        {"functionResponseTypes": ["ReportBatchItemFailures"], "batchSize": 5},
        around=(*AROUND, QUEUE),
    ),
    Change(
        "aws:scheduler/schedule:Schedule",
        {
            "name": "nightly",
            "scheduleExpression": "rate(1 day)",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": {"arn": LAMBDA_ARN, "roleArn": "arn:aws:iam::111122223333:role/a"},
        },
        {"scheduleExpression": "rate(2 days)", "description": "why"},
    ),
    Change(
        QUEUE.type,
        {**QUEUE.inputs, "delaySeconds": 5, "tags": {"A": "1"}},
        {"delaySeconds": 10, "policy": policy("sqs:SendMessage"), "sqsManagedSseEnabled": True, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        "aws:sqs/queuePolicy:QueuePolicy",
        {"queueUrl": "$queue.id", "policy": policy("sqs:SendMessage")},
        {"policy": policy("sqs:ReceiveMessage")},
        around=(QUEUE,),
    ),
    Change(BUS.type, BUS.inputs, {"description": "why", "tags": {"B": "2"}}, {"tagsAll": {"B": "2"}}),
    Change(
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
        {"eventBusName": "$bus.name", "policy": _bus_policy("444455556666")},
        {"policy": _bus_policy("555566667777")},
        around=(BUS,),
    ),
    Change(
        "aws:cloudwatch/eventPermission:EventPermission",
        {"eventBusName": "$bus.name", "statementId": "one", "principal": "444455556666"},
        {"principal": "555566667777"},
        around=(BUS,),
    ),
    Change(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        {"alarmName": "both", "alarmRule": 'ALARM("one")'},
        {"alarmRule": 'ALARM("two")', "alarmDescription": "why", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
    ),
    Change(
        "aws:kms/keyPolicy:KeyPolicy",
        {"keyId": "$key.id", "policy": policy("kms:*")},
        {"policy": policy("kms:Decrypt")},
        around=(KEY,),
    ),
    Change(
        "aws:kms/replicaKey:ReplicaKey",
        {"primaryKeyArn": "$wide.arn", "region": "us-west-2"},
        {"policy": policy("kms:*"), "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (WIDE,),
    ),
    Change(
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        {"secretArn": "$secret.arn", "policy": policy("secretsmanager:GetSecretValue")},
        {"policy": policy("secretsmanager:DescribeSecret")},
        around=(SECRET,),
    ),
    Change(
        SECRET.type,
        {**SECRET.inputs, "replicas": [{"region": "us-west-2"}]},
        {"replicas": [{"region": "eu-west-1"}]},
    ),
    Change(
        "aws:cloudtrail/trail:Trail",
        {"name": "books", "s3BucketName": "$records.id", "tags": {"A": "1"}},
        {"enableLogging": False, "enableLogFileValidation": True, "isMultiRegionTrail": True, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (BUCKET,),
    ),
    Change(
        "aws:cloudtrail/trail:Trail",
        {"name": "books", "s3BucketName": "$records.id"},
        {"name": "records"},
        around=(BUCKET,),
        action=Action.REPLACED,
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)
