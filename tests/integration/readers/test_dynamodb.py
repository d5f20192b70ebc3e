"""Tables as DynamoDB and KMS describe them."""

from typing import Any

from integration.readers import dynamodb
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.deletion import DeletionProtection
from policies.facts.dynamodb import TableEncryption, TableKey
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from tests.integration.scanning.lines import Answer, CannedLine, read

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
DENIED = Trouble(Cause.DENIED, "AccessDeniedException")
CUSTOMER = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


def _read(fact: type, table: dict[str, Any], *keys: Answer) -> Any:
    known: Answer = {"KeyMetadata": {"Arn": KEY, "KeyManager": "CUSTOMER"}}
    line = CannedLine(
        {
            "ListTables": [{"TableNames": [], "LastEvaluatedTableName": "a"}, {"TableNames": ["ledger"]}],
            "DescribeTable": {"Table": table},
            "DescribeKey": [*keys] or [known],
        }
    )
    (found,) = read(dynamodb.READING, line, [fact])
    assert found.subject.arn == "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger"
    return found


def test_a_table_of_the_second_page() -> None:
    """Its protection is what DynamoDB says; without a word there is no answer."""
    protected = DeletionProtection(property="deletionProtectionEnabled", on=True)
    assert _read(DeletionProtection, {"DeletionProtectionEnabled": True}).fact == protected
    assert isinstance(_read(DeletionProtection, {}), Unread)


def test_keys_of_a_table_and_its_replicas() -> None:
    """A table that is among its own replicas counts once; what is being switched off is off."""
    described = {"Status": "UPDATING", "SSEType": "KMS", "KMSMasterKeyArn": KEY}
    replicas = [{"RegionName": "eu-west-1", "KMSMasterKeyId": KEY}, {"RegionName": "us-east-1"}]
    own, copy = TableKey(region="eu-west-1", kms_key=CUSTOMER), TableKey(region="us-east-1")
    found = _read(TableEncryption, {"SSEDescription": described, "Replicas": replicas})
    assert found.fact == TableEncryption(enabled=True, keys=(own, copy))
    assert _read(TableEncryption, {"SSEDescription": described | {"Status": "DISABLING"}}).fact.enabled is False
    assert _read(TableEncryption, {}).fact == TableEncryption(keys=(TableKey(region="eu-west-1"),))


def test_a_key_that_nobody_may_look_at() -> None:
    """It is unknown, with the call that failed."""
    found = _read(TableEncryption, {"SSEDescription": {"Status": "ENABLED", "KMSMasterKeyArn": KEY}}, DENIED)
    assert isinstance(found, Observed)
    assert found.fact == TableEncryption(enabled=True, keys=(TableKey(region="eu-west-1", kms_key=UNKNOWN),))
    assert [each.call.operation for each in found.failures] == ["DescribeKey"]
