"""Keys in states that no program brings about, and stores that nobody may look at."""

from typing import Any

from integration.readers import kms, sqs
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Unread
from policies.facts.kms_keys import CopiedKey, KeyRotation
from policies.facts.messaging import MessagingPolicy
from policies.facts.properties import UNKNOWN
from policies.facts.tagging import Tagged
from tests.integration.scanning.lines import Answer, CannedLine, read

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1"
KEY = {
    "Arn": ARN,
    "AWSAccountId": "111122223333",
    "KeyManager": "CUSTOMER",
    "KeySpec": "SYMMETRIC_DEFAULT",
    "KeyState": "Enabled",
    "KeyUsage": "ENCRYPT_DECRYPT",
    "MultiRegion": False,
    "Origin": "AWS_KMS",
}
NONE: dict[str, Answer | list[Answer]] = {
    "ListAliases": {"Aliases": [{"AliasName": "alias/ledger", "AliasArn": "arn:alias"}]},
    "ListTables": {"TableNames": []},
    "ListSecrets": {"SecretList": []},
    "DescribeGlobalClusters": {"GlobalClusters": []},
    "DescribeDBClusters": {"DBClusters": []},
    "ListBuckets": {"Buckets": []},
}


def found(fact: type, answers: dict[str, Answer | list[Answer]] | None = None, **metadata: Any) -> list[Any]:
    """Return what is read of one key."""
    described: Answer = {"KeyMetadata": {**KEY, **metadata}}
    line = CannedLine({"ListKeys": {"Keys": [{"KeyArn": ARN}]}, "DescribeKey": described, **(answers or {})})
    return read(kms.READING, line, [fact])


def test_a_key_on_its_way_out_rotates_nothing() -> None:
    """KMS rotates no key that is to be deleted and tells of none that it cannot rotate."""
    assert found(KeyRotation, KeyState="PendingDeletion") == []
    (only,) = found(KeyRotation, CustomKeyStoreId="cks-1")
    assert only.fact == KeyRotation(custom_store=True)
    (only,) = found(KeyRotation, {"GetKeyRotationStatus": {"KeyRotationEnabled": True, "RotationPeriodInDays": 90}})
    assert only.fact == KeyRotation(rotates=True, period_days=90)
    assert isinstance(found(KeyRotation, {"GetKeyRotationStatus": {"KeyRotationEnabled": True}})[0], Unread)


def test_kinds_of_keys() -> None:
    """A replica and a key of imported material are of other types, about which rotation says nothing."""
    tags: dict[str, Answer | list[Answer]] = {"ListResourceTags": {"Tags": []}}
    replica: Any = {"MultiRegionConfiguration": {"MultiRegionKeyType": "REPLICA"}}
    for metadata, token in (
        ({}, "aws:kms/key:Key"),
        (replica, "aws:kms/replicaKey:ReplicaKey"),
        ({"Origin": "EXTERNAL"}, "aws:kms/externalKey:ExternalKey"),
        ({"Origin": "EXTERNAL", **replica}, "aws:kms/replicaExternalKey:ReplicaExternalKey"),
    ):
        (only,) = found(Tagged, tags, **metadata)
        assert only.subject.type == token
    assert found(KeyRotation, **replica) == found(KeyRotation, Origin="EXTERNAL") == []
    assert found(Tagged, KeyManager="AWS") == []


def test_stores_that_name_the_key_by_an_alias() -> None:
    """Every name of a key counts; a kind of store that nobody may list leaves one store unknown."""
    secret = {"Name": "login", "KmsKeyId": "alias/ledger", "ReplicationStatus": [{"Region": "us-east-1"}]}
    answers = {**NONE, "ListSecrets": {"SecretList": [{"ARN": "arn:s"}]}, "DescribeSecret": secret}
    (only,) = found(CopiedKey, answers)
    assert only.fact == CopiedKey(region="eu-west-1", copied_stores=("login",))
    (only,) = found(CopiedKey, {**NONE, "ListTables": Trouble(Cause.DENIED, "AccessDenied")})
    assert only.fact.copied_stores == (UNKNOWN,)
    assert [each.call.operation for each in only.failures] == ["ListTables"]


def test_no_queue_is_no_answer_until_it_is_confirmed() -> None:
    """SQS lists no queues by saying nothing, as an unreadable answer does; so it is asked again."""
    queue: Answer = {"QueueUrls": ["https://sqs.eu-west-1.amazonaws.com/111122223333/orders"]}
    assert read(sqs.READING, CannedLine({"ListQueues": {}}), [MessagingPolicy]) == []
    (only,) = read(sqs.READING, CannedLine({"ListQueues": [{}, queue]}), [MessagingPolicy])
    assert isinstance(only, Unread)
