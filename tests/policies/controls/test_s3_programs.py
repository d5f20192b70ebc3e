"""Real programs through the engine: a bucket as it should be passes, and each thing left out fails its control."""

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
locked = True
key = aws.kms.Key("key")
logs = aws.s3.Bucket("access-logs", tags={"Purpose": "access-logs"})
audit = aws.s3.Bucket(
    "audit", object_lock_enabled=locked, tags={"Purpose": "audit", "DataClassification": "confidential"}
)
far = aws.s3.Bucket("far", region="us-west-2")
deny = {"Effect": "Deny", "Principal": "*"}
statements = lambda arn: [
    {**deny, "Action": "s3:*", "Resource": [arn, f"{arn}/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    {**deny, "Action": "s3:DeleteObjectVersion", "Resource": f"{arn}/*",
     "Condition": {"Null": {"aws:MultiFactorAuthAge": "true"}}},
]
policy = audit.arn.apply(lambda arn: json.dumps({"Version": "2012-10-17", "Statement": statements(arn)}))
aws.s3.BucketPolicy("audit", bucket=audit.id, policy=policy)
aws.s3.BucketAcl("audit", bucket=audit.id, acl="private")
aws.s3.BucketLogging("audit", bucket=audit.id, target_bucket=logs.id, target_prefix="audit/")
aws.s3.BucketVersioning("audit", bucket=audit.id, versioning_configuration={"status": "Enabled"})
aws.s3.BucketServerSideEncryptionConfiguration("audit", bucket=audit.id, rules=[{
    "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn},
    "bucket_key_enabled": True,
}])
if locked:
    kept = {"mode": "COMPLIANCE", "years": 7}
    aws.s3.BucketObjectLockConfiguration("audit", bucket=audit.id, rule={"default_retention": kept})
aws.s3.BucketLifecycleConfiguration("audit", bucket=audit.id, rules=[{
    "id": "all", "status": "Enabled", "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
    "expiration": {"days": 2557}, "noncurrent_version_expiration": {"noncurrent_days": 2557},
}])
aws.s3.BucketReplicationConfig("audit", bucket=audit.id, role="arn:aws:iam::123456789012:role/copier", rules=[{
    "status": "Enabled", "delete_marker_replication": {"status": "Enabled"},
    "source_selection_criteria": {"sse_kms_encrypted_objects": {"status": "Enabled"}},
    "destination": {
        "bucket": far.arn, "replication_time": {"status": "Enabled", "time": {"minutes": 15}},
        "encryption_configuration": {"replica_kms_key_id": "arn:aws:kms:us-west-2:123456789012:alias/far"},
    },
}])
"""

_CHANGES: Final = {
    "S3.5": ('"aws:SecureTransport": "false"', '"aws:SecureTransport": "true"'),
    "S3.9": ("bucket=audit.id, target_bucket=logs.id", "bucket=far.id, target_bucket=logs.id"),
    "S3.15": ("locked = True", "locked = False"),
    "S3.17": ('"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn', '"sse_algorithm": "AES256"'),
    "LG-ENC-01": ('"kms_master_key_id": key.arn', '"kms_master_key_id": "alias/aws/s3"'),
    "LG-RET-01": ('"years": 7', '"years": 6'),
    "LG-RET-02": ('"expiration": {"days": 2557}', '"expiration": {"days": 365}'),
    "LG-RET-03": ('"abort_incomplete_multipart_upload": {"days_after_initiation": 7},', ""),
    "LG-RET-04": ('{"status": "Enabled"})', '{"status": "Suspended"})'),
    "LG-NET-15": ('acl="private"', 'acl="public-read"'),
    "LG-IAM-24": ("s3:DeleteObjectVersion", "s3:DeleteObject"),
    "LG-DR-12": ('region="us-west-2"', 'region="us-east-1"'),
}
"""Control → what is changed in the program, and into what."""


def statuses(folder: Path, text: str, *controls: str) -> dict[str, Status]:
    """Return control → what it says of the bucket `audit` of a program, as the gate judges a banking system."""
    found = run_text(folder, text)
    selected = load_catalogue().select(controls)
    settings = Settings(system="banking")
    findings = judge(found.graph, selected, settings, stage=Stage.DESIGN, observed_at="2026-12-01T00:00:00Z")
    return {each.control: each.status for each in findings if each.resource.endswith("::audit")}


def test_whole_bucket_passes(tmp_path: Path) -> None:
    """A bucket with every companion passes every control of buckets."""
    assert statuses(tmp_path, _GOOD, *_CHANGES) == dict.fromkeys(_CHANGES, Status.PASS)


@pytest.mark.parametrize("control", _CHANGES)
def test_one_change_fails_its_control(control: str, tmp_path: Path) -> None:
    """One wrong line fails the control that it breaks."""
    old, new = _CHANGES[control]
    text = _GOOD.replace(old, new)
    assert text != _GOOD

    assert statuses(tmp_path, text, control) == {control: Status.FAIL}
