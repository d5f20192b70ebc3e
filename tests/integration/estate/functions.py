"""A function, and what invokes it."""

import io
import zipfile
from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, key

PASSES: Final = frozenset(
    {"LG-DR-16", "LG-ENC-17", "LG-IAM-10", "LG-IAM-25", "LG-NET-08", "LG-RES-04", "Lambda.1", "Lambda.2"}
)
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create a function in two zones that a rule, a queue and whoever signs invoke; the rule tells another Region."""
    ec2: Any = session.client("ec2")
    subnets = ec2.describe_subnets()["Subnets"][:2]
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [subnets[0]["VpcId"]]}])
    functions: Any = session.client("lambda")
    arn = functions.create_function(
        FunctionName="scorer",
        Runtime="python3.13",
        Handler="a.b",
        Role=f"arn:aws:iam::{ACCOUNT}:role/task",
        Code={"ZipFile": _package()},
        Environment={"Variables": {"TABLE": "scores"}},
        KMSKeyArn=key(session),
        VpcConfig={
            "SubnetIds": [each["SubnetId"] for each in subnets],
            "SecurityGroupIds": [groups["SecurityGroups"][0]["GroupId"]],
        },
        Tags={each["Key"]: each["Value"] for each in STORE_TAGS},
    )["FunctionArn"]
    kept = {"OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:ledger"}}
    functions.put_function_event_invoke_config(FunctionName="scorer", DestinationConfig=kept)
    functions.create_function_url_config(FunctionName="scorer", AuthType="AWS_IAM")
    _feed(session, functions, arn)


def _feed(session: boto3.Session, functions: Any, arn: str) -> None:
    events: Any = session.client("events")
    rule = events.put_rule(Name="orders", EventPattern='{"detail-type": ["Order Placed"]}', Tags=STORE_TAGS)["RuleArn"]
    abroad = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/default"
    events.put_targets(Rule="orders", Targets=[{"Id": "scorer", "Arn": arn}, {"Id": "abroad", "Arn": abroad}])
    permission = {"StatementId": "orders", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
    functions.add_permission(FunctionName="scorer", SourceArn=rule, **permission)
    functions.create_event_source_mapping(
        FunctionName="scorer",
        EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:ledger",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )


def _package() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.py", "")
    return buffer.getvalue()
