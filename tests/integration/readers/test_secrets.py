"""Secrets and parameters as Secrets Manager, Parameter Store and KMS describe them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from integration.readers import secretsmanager, ssm
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.secrets import RotatedSecret, Rotation, SecretReplica, StoredParameter, StoredSecret
from tests.integration.scanning.lines import Answer, CannedLine, read

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:books-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
CUSTOMER = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
YESTERDAY = (datetime.now(UTC) - timedelta(days=1, hours=1)).isoformat()
DENIED = Trouble(Cause.DENIED, "AccessDeniedException")


def found(fact: type, described: Answer, key: Answer | None = None, **listed: Any) -> list[Any]:
    """Return what is read of one secret."""
    line = CannedLine(
        {
            "ListSecrets": {"SecretList": [{"ARN": ARN, **listed}]},
            "DescribeSecret": described,
            "DescribeKey": key or {"KeyMetadata": {"Arn": KEY, "KeyManager": "CUSTOMER"}},
        }
    )
    return list(read(secretsmanager.READING, line, [fact]))


def fact_of(fact: type, **described: Any) -> Any:
    """Return one fact of one secret."""
    (only,) = found(fact, {"ARN": ARN, "CreatedDate": YESTERDAY, **described})
    assert isinstance(only, Observed)
    return only.fact


def test_keys_of_a_secret_and_its_copies() -> None:
    """A secret without a key is under AWS's own; a copy is described where its secret is."""
    copies = [{"Region": "us-east-1"}, {"Region": "us-west-2", "KmsKeyId": KEY}]
    assert fact_of(StoredSecret) == StoredSecret(region="eu-west-1")
    assert fact_of(StoredSecret, KmsKeyId=KEY, ReplicationStatus=copies) == StoredSecret(
        region="eu-west-1",
        kms_key_id=CUSTOMER,
        replicas=(SecretReplica(region="us-east-1"), SecretReplica(region="us-west-2", kms_key_id=CUSTOMER)),
    )
    assert found(StoredSecret, {"ARN": ARN}, PrimaryRegion="us-east-1") == []


def test_a_key_that_nobody_may_look_at() -> None:
    """The key is unknown, with the call that failed."""
    (only,) = found(StoredSecret, {"ARN": ARN, "KmsKeyId": KEY}, DENIED)
    assert isinstance(only, Observed)
    assert only.fact == StoredSecret(region="eu-west-1", kms_key_id=UNKNOWN)
    assert [failure.call.operation for failure in only.failures] == ["DescribeKey"]


def test_rotation() -> None:
    """Days or a schedule say how long it waits; what was never rotated counts from its creation."""
    long_ago = {"CreatedDate": "2020-01-01T00:00:00+00:00", "LastRotatedDate": YESTERDAY}
    rules = {"RotationEnabled": True, "RotationRules": {"ScheduleExpression": "rate(30 days)"}}
    assert fact_of(RotatedSecret) == RotatedSecret(days_since_rotation=1)
    assert fact_of(RotatedSecret, **long_ago, **rules) == RotatedSecret(
        rotations=(Rotation(longest_days=30),), days_since_rotation=1
    )
    days = {"RotationEnabled": True, "RotationRules": {"AutomaticallyAfterDays": 7}}
    assert fact_of(RotatedSecret, **days).rotations == (Rotation(longest_days=7),)
    assert fact_of(RotatedSecret, OwningService="rds").owned is True
    assert fact_of(RotatedSecret, Tags=[{"Key": "SecretClass", "Value": "x"}]).class_tag == "x"


def test_what_is_missing_is_undecided() -> None:
    """A secret always has a date, and one that is rotated has rules."""
    for described in ({"ARN": ARN}, {"CreatedDate": YESTERDAY, "RotationEnabled": True}):
        assert isinstance(found(RotatedSecret, described)[0], Unread)
    assert isinstance(found(RotatedSecret, DENIED)[0], Unread)


def parameter(tags: Answer | None = None, **item: Any) -> Any:
    """Return what is read of one parameter."""
    line = CannedLine(
        {
            "DescribeParameters": {"Parameters": [{"Name": "/books/token", "Type": "SecureString", **item}]},
            "ListTagsForResource": tags or {"TagList": []},
            "DescribeKey": {"KeyMetadata": {"Arn": KEY, "KeyManager": "CUSTOMER"}},
        }
    )
    (only,) = read(ssm.READING, line, [StoredParameter])
    return only


def test_parameters() -> None:
    """Name, type and key are listed, the tags are asked for one by one."""
    tagged = {"TagList": [{"Key": "SecretClass", "Value": "credential"}]}
    assert parameter(tagged, KeyId=KEY).fact == StoredParameter(
        name="/books/token", type="SecureString", class_tag="credential", key_id=CUSTOMER
    )
    assert parameter(Type="String").fact == StoredParameter(name="/books/token", type="String")
    assert parameter().subject.arn == "arn:aws:ssm:eu-west-1:111122223333:parameter/books/token"
    assert isinstance(parameter(DENIED), Unread)
