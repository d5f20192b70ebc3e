"""Real programs through the engine: what watches a system, as it should be and with one thing wrong."""

from pathlib import Path
from typing import Final

import pytest

from ledgergate.finding import Stage, Status
from policies.catalogue import load_catalogue
from policies.runner import judge
from policies.settings import Settings
from tests.ledgergate.engine.running import run_text

_GOOD: Final = """
import json, pulumi, pulumi_aws as aws
key = aws.kms.Key("key")
def denial(action, arn):
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": arn, "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
group = aws.cloudwatch.LogGroup("main", name="/ledger/audit", retention_in_days=2557, kms_key_id=key.arn)
topic = aws.sns.Topic("main", kms_master_key_id=key.id)
aws.sns.TopicPolicy("main", arn=topic.arn, policy=topic.arn.apply(lambda arn: denial("sns:Publish", arn)))
queue = aws.sqs.Queue("main")
aws.sqs.QueuePolicy("main", queue_url=queue.id, policy=queue.arn.apply(lambda arn: denial("sqs:*", arn)))
aws.cloudwatch.MetricAlarm(
    "main", comparison_operator="GreaterThanThreshold", evaluation_periods=1, alarm_actions=[topic.arn]
)
bus = aws.cloudwatch.EventBus("far", region="us-west-2")
rule = aws.cloudwatch.EventRule("main", event_pattern=json.dumps({"detail-type": ["Order Placed"]}))
aws.cloudwatch.EventTarget("main", rule=rule.name, arn=bus.arn)
logs = aws.s3.Bucket("access-logs")
records = aws.s3.Bucket("records")
aws.s3.BucketLogging("records", bucket=records.id, target_bucket=logs.id, target_prefix="records/")
aws.s3.BucketPublicAccessBlock(
    "records", bucket=records.id, block_public_acls=True, block_public_policy=True, ignore_public_acls=True,
    restrict_public_buckets=True,
)
role = aws.iam.Role("trail", assume_role_policy="{}")
aws.cloudtrail.Trail(
    "main", s3_bucket_name=records.bucket, cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
    cloud_watch_logs_role_arn=role.arn,
)
"""

_CHANGES: Final = {
    "LG-ENC-10": ("kms_master_key_id=key.id", 'kms_master_key_id="alias/aws/sns"'),
    "LG-ENC-11": (", kms_key_id=key.arn", ""),
    "LG-RET-05": ("retention_in_days=2557, ", ""),
    "LG-RET-06": ("retention_in_days=2557", "retention_in_days=365"),
    "LG-LOG-11": ("alarm_actions=[topic.arn]", "ok_actions=[topic.arn]"),
    "LG-TLS-10": ('"sqs:*"', '"sqs:SendMessage"'),
    "LG-RES-04": ("Order Placed", "Card Changed"),
    "CloudTrail.6": ("restrict_public_buckets=True", "restrict_public_buckets=False"),
    "CloudTrail.7": ("target_bucket=logs.id", "target_bucket=records.id"),
    "LG-LOG-02": ("    cloud_watch_logs_role_arn=role.arn,\n", ""),
}
"""Control → what is changed in the program, and into what."""


def statuses(folder: Path, text: str, *controls: str) -> dict[str, set[Status]]:
    """Return control → what it says of the resources called `main`."""
    settings = Settings(regional_detail_types=("Card Changed",))
    graph = run_text(folder, text).graph
    findings = judge(
        graph, load_catalogue().select(controls), settings, stage=Stage.DESIGN, observed_at="2026-12-01T00:00:00Z"
    )
    found: dict[str, set[Status]] = {}
    for each in findings:
        if each.resource.endswith("::main"):
            found.setdefault(each.control, set()).add(each.status)
    return found


def test_whole_program_passes(tmp_path: Path) -> None:
    """Everything as it should be passes."""
    assert statuses(tmp_path, _GOOD, *_CHANGES) == {control: {Status.PASS} for control in _CHANGES}


@pytest.mark.parametrize("control", _CHANGES)
def test_one_change_fails_its_control(control: str, tmp_path: Path) -> None:
    """One wrong line fails the control that it breaks."""
    text = _GOOD.replace(*_CHANGES[control])
    assert text != _GOOD

    assert Status.FAIL in statuses(tmp_path, text, control)[control]


def test_bucket_of_another_stack_is_left_to_the_audit(tmp_path: Path) -> None:
    """A trail whose bucket the program does not create is deferred, not passed."""
    text = _GOOD.replace("s3_bucket_name=records.bucket", 's3_bucket_name="elsewhere"')
    found = statuses(tmp_path, text, "CloudTrail.6", "CloudTrail.7")

    assert found == {"CloudTrail.6": {Status.DEFERRED}, "CloudTrail.7": {Status.DEFERRED}}
