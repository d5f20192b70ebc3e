"""What services write, what they tell each other, and the alarms that somebody hears."""

import json
from typing import Any, Final

import boto3

from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, key

PASSES: Final = frozenset(
    {
        "KMS.4",
        "LG-DR-13",
        "LG-ENC-10",
        "LG-ENC-11",
        "LG-IAM-08",
        "LG-IAM-25",
        "LG-LOG-11",
        "LG-RET-05",
        "LG-RET-06",
        "LG-TAG-01",
        "LG-TAG-02",
        "LG-TAG-03",
        "LG-TLS-10",
    }
)
"""Controls that pass on it."""


def furnish(session: boto3.Session) -> None:
    """Create log groups, a queue, a topic, a bus and an alarm."""
    key_arn = key(session)
    tags = {each["Key"]: each["Value"] for each in STORE_TAGS}
    logs: Any = session.client("logs")
    for name, days in (("ledger", 400), ("audit", 2557)):
        logs.create_log_group(logGroupName=name, kmsKeyId=key_arn, tags=tags)
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    policy = _tls("sqs:*", "*")
    session.client("sqs").create_queue(QueueName="ledger", tags=tags, Attributes={"Policy": policy})
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
    given = {"KmsMasterKeyId": key_arn, "Policy": _tls("sns:Publish", topic)}
    session.client("sns").create_topic(Name="alarms", Attributes=given, Tags=STORE_TAGS)
    events: Any = session.client("events")
    events.create_event_bus(Name="central", Tags=STORE_TAGS)
    permission = {"StatementId": "other", "Action": "events:PutEvents", "Principal": "444455556666"}
    events.put_permission(EventBusName="central", **permission)
    _alarm(session, topic)


def _alarm(session: boto3.Session, topic: str) -> None:
    metric = {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization", "Statistic": "Maximum", "Period": 60}
    limit: Any = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 3, "Threshold": 85.0}
    cloudwatch: Any = session.client("cloudwatch")
    cloudwatch.put_metric_alarm(AlarmName="cpu", AlarmActions=[topic], Tags=STORE_TAGS, **metric, **limit)
    cloudwatch.put_composite_alarm(AlarmName="any", AlarmRule="ALARM(cpu)", AlarmActions=[topic], Tags=STORE_TAGS)


def _tls(action: str, resource: str) -> str:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    denial = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [denial]})
