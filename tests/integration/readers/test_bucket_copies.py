"""Replication of buckets as S3 describes it, where no sandbox shows it."""

from typing import Any

from integration.readers import s3
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels
from policies.facts.properties import UNKNOWN
from policies.facts.s3.replication import BucketReplication, Replication, ReplicationRule
from tests.integration.scanning.lines import Answer, CannedLine, read

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234"
DENIED = Trouble(Cause.DENIED, "AccessDenied")
ABSENT = Trouble(Cause.REFUSED, "ReplicationConfigurationNotFoundError")
HERE, THERE = (
    {"Name": name, "BucketRegion": region} for name, region in (("ledger", "eu-west-1"), ("far", "us-east-1"))
)
LABELS = Labels(name="ledger", data_classification="confidential")


def _to(bucket: str, **changed: Any) -> Answer:
    rule = {"Status": "Enabled", "Filter": {}, "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"}, **changed}
    return {"ReplicationConfiguration": {"Rules": [rule]}}


def _read(*replication: Answer, **changed: Answer | list[Answer]) -> tuple[Any, CannedLine]:
    answers: dict[str, Answer | list[Answer]] = {
        "ListBuckets": [{"Buckets": [HERE]}, {"Buckets": [HERE], "ContinuationToken": "more"}, {"Buckets": [THERE]}],
        "GetBucketReplication": [*replication],
        "GetBucketTagging": {"TagSet": [{"Key": "DataClassification", "Value": "confidential"}]},
        "DescribeKey": {"KeyMetadata": {"Arn": KEY, "KeyManager": "CUSTOMER"}},
    }
    line = CannedLine({**answers, **changed})
    (found,) = read(s3.READING, line, [BucketReplication])
    return found, line


def test_a_copy_in_another_region() -> None:
    """The Region is that of the bucket, whichever page lists it; the key is asked for in its own."""
    encrypted = {"Bucket": "arn:aws:s3:::far", "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}}
    found, line = _read(_to("far", Destination=encrypted))
    rule = ReplicationRule(
        destination_region="us-east-1", replica_key=KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1")
    )
    assert found.fact == BucketReplication(region="eu-west-1", certain=(Replication(rules=(rule,)),), labels=LABELS)
    assert [each.region for each in line.asked if each.operation == "DescribeKey"] == ["us-east-1"]


def test_what_nobody_can_tell_of_a_copy() -> None:
    """A bucket of another account, and a key that is denied, are unknown."""
    encrypted = {"Bucket": "arn:aws:s3:::of-others", "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}}
    found, _ = _read(_to("-", Destination=encrypted), DescribeKey=DENIED)
    (rule,) = found.fact.certain[0].rules
    assert (rule.destination_region, rule.replica_key) == (UNKNOWN, UNKNOWN)
    assert [each.call.operation for each in found.failures] == ["DescribeKey"]


def test_whether_a_bucket_is_a_copy() -> None:
    """Every bucket of the account is asked in its Region; one that does not answer leaves it open."""
    copy, line = _read(ABSENT, _to("ledger"))
    assert copy.fact == BucketReplication(region="eu-west-1", is_copy=True, labels=LABELS)
    assert [each.region for each in line.asked if each.operation == "GetBucketReplication"] == [
        "eu-west-1",
        "us-east-1",
    ]
    assert _read(ABSENT, _to("other"))[0].fact.is_copy is False
    denied, _ = _read(ABSENT, DENIED)
    assert denied.fact.is_copy == UNKNOWN
    assert [each.call.region for each in denied.failures] == ["us-east-1"]


def test_an_answer_that_is_none() -> None:
    """Denied, or without what S3 always says, nothing is known of the bucket."""
    assert isinstance(_read(DENIED)[0], Unread)
    assert isinstance(_read({"ReplicationConfiguration": {"Rules": [{"Status": "Enabled"}]}})[0], Unread)
    assert isinstance(_read(_to("far"), GetBucketTagging=DENIED)[0], Unread)
    assert isinstance(_read(_to("far"))[0], Observed)
