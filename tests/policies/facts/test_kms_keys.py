"""KMS keys: rotation, policy and Regions, in every form in which a program may write them."""

import json
from typing import Any, Final

import pytest

from ledgergate.graph import Resource
from ledgergate.values import Secret
from policies.facts.kms_keys import (
    CopiedKey,
    GuardedKey,
    KeyRotation,
    copied_key_from_graph,
    guarded_key_from_graph,
    key_rotation_from_graph,
)
from policies.facts.policy_documents import PolicyDocument
from policies.facts.properties import UNKNOWN
from policies.iam_document import Principal, Statement
from tests.policies.graphs import ALIAS, BUCKET, CLUSTER, KEY, graph, provider, resource

ARN: Final = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POLICY: Final = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}}
DOCUMENT: Final = PolicyDocument(
    statements=(Statement(principals=(Principal(name="*"),), actions=("kms:*",), resources=("*",)),)
)
KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"
REPLICA: Final = "aws:kms/replicaKey:ReplicaKey"
TABLE: Final = "aws:dynamodb/table:Table"
SECRET: Final = "aws:secretsmanager/secret:Secret"
REPLICATED: Final = {"replicas": [{"regionName": "us-east-1"}]}


def rotation(inputs: dict[str, Any]) -> KeyRotation:
    """Return the rotation of a key with these inputs, which outputs repeat."""
    asked, deployed = resource(KEY, "k", inputs), resource(KEY, "k", outputs=inputs)
    found = key_rotation_from_graph(graph(asked), asked)
    assert found == key_rotation_from_graph(graph(deployed), deployed)
    return found


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, KeyRotation()),
        ({"enableKeyRotation": True, "rotationPeriodInDays": 90.0}, KeyRotation(rotates=True, period_days=90)),
        ({"rotationPeriodInDays": Secret(value=90)}, KeyRotation(period_days=Secret(value=90))),  # type: ignore[arg-type]  # any field may be secret
        ({"enableKeyRotation": UNKNOWN}, KeyRotation(rotates=UNKNOWN)),
        ({"customKeyStoreId": "cks-1"}, KeyRotation(custom_store=True)),
        ({"xksKeyId": UNKNOWN}, KeyRotation(custom_store=UNKNOWN)),
        (
            {"customerMasterKeySpec": "HMAC_256", "keyUsage": "GENERATE_VERIFY_MAC"},
            KeyRotation(spec="HMAC_256", usage="GENERATE_VERIFY_MAC"),
        ),
    ],
)
def test_rotation(inputs: dict[str, Any], expected: KeyRotation) -> None:
    """Defaults are those of KMS, and what is not known stays so."""
    assert rotation(inputs) == expected


def test_malformed_rotation_is_refused() -> None:
    """A period that is no number is no period."""
    key = resource(KEY, "k", {"rotationPeriodInDays": "a year"})
    with pytest.raises(ValueError, match="rotationPeriodInDays is not a whole number"):
        key_rotation_from_graph(graph(key), key)


def guarded(subject: Resource) -> GuardedKey:
    """Return the guard of a key or of a key policy."""
    return guarded_key_from_graph(graph(subject), subject)


def test_policies_are_judged_where_they_stand() -> None:
    """On the key, on a key of another type, or as a resource of its own; the account is the key's."""
    expected = GuardedKey(account="111122223333", policy=DOCUMENT)

    assert guarded(resource(KEY, "k", {"policy": json.dumps(POLICY)}, outputs={"arn": ARN})) == expected
    assert guarded(resource(REPLICA, "k", outputs={"policy": POLICY, "arn": ARN})) == expected
    assert guarded(resource(KEY_POLICY, "p", {"keyId": ARN, "policy": POLICY})) == expected


def test_absent_unknown_and_malformed_policies() -> None:
    """A key may leave its policy to KMS, a key policy may not."""
    assert guarded(resource(KEY, "k")) == GuardedKey(account=UNKNOWN)
    assert guarded(resource(KEY_POLICY, "p", {"keyId": "1"})).policy == PolicyDocument(statements=UNKNOWN)
    assert guarded(resource(KEY, "k", {"policy": UNKNOWN})).policy == PolicyDocument(statements=UNKNOWN)
    assert guarded(resource(KEY, "k", {"policy": "{}"})).policy == PolicyDocument(malformed="it has no Statement")
    policy = guarded(resource(KEY, "k", {"policy": Secret(json.dumps(POLICY))})).policy
    assert policy is not None
    assert isinstance(policy.statements, Secret)


THIS: Final = resource(KEY, "k", {"multiRegion": True}, outputs={"arn": ARN, "keyId": ARN[-36:]}, id=ARN[-36:])
OTHER: Final = resource(KEY, "other", outputs={"arn": ARN[:-4] + "ffff"}, id=ARN[-36:-4] + "ffff")
FAR: Final = provider("us-east-1", "far")


def copied(*others: Resource, key: Resource = THIS) -> CopiedKey:
    """Return where a key is, beside other resources."""
    return copied_key_from_graph(graph(provider(), FAR, key, OTHER, *others), key)


def replica(name: str, of: object) -> Resource:
    """Return a replica in us-east-1."""
    return resource(REPLICA, name, {"primaryKeyArn": of}, provider=FAR.urn)


def test_replicas_are_those_of_the_key() -> None:
    """A replica of another key is none; one of a key that nobody knows may be one."""
    assert copied(replica("a", ARN), replica("b", OTHER.outputs["arn"])).replica_regions == ("us-east-1",)
    assert copied(replica("a", UNKNOWN)).replica_regions == (UNKNOWN,)
    assert copied(key=resource(KEY, "plain")).multi_region is False
    assert copied().region == "eu-west-1"


@pytest.mark.parametrize("named", [ARN, ARN[-36:], "alias/ledger"])
def test_copied_stores_are_those_that_name_the_key(named: str) -> None:
    """Tables, secrets and databases that are copied name it, by ARN, id or alias."""
    alias = resource(ALIAS, "a", {"name": "alias/ledger", "targetKeyId": ARN})
    stores = (
        resource(TABLE, "table", {"serverSideEncryption": {"enabled": True, "kmsKeyArn": named}, **REPLICATED}),
        resource(TABLE, "regional", {"serverSideEncryption": {"enabled": True, "kmsKeyArn": named}}),
        resource(SECRET, "secret", {"kmsKeyId": named, **REPLICATED}),
        resource(SECRET, "of-another", {"kmsKeyId": OTHER.outputs["arn"], **REPLICATED}),
        resource(CLUSTER, "member", {"kmsKeyId": named, "globalClusterIdentifier": "g"}),
    )

    assert copied(alias, *stores).copied_stores == ("table", "secret", "member")


def test_replicated_bucket_uses_the_key_of_its_encryption() -> None:
    """The key stands on one companion of the bucket, the replication on another."""
    rules = [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}}]
    type_ = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    encryption = resource(type_, "sse", {"bucket": "b", "rules": rules})
    bucket = resource(BUCKET, "b", {"bucket": "b"}, id="b")
    replication = resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "r", {"bucket": "b"})

    assert copied(bucket, encryption, replication).copied_stores == ("sse",)
    assert copied(bucket, encryption).copied_stores == ()


def test_store_whose_key_is_not_known_may_use_it() -> None:
    """What the key depends on tells, and nothing else does."""
    inputs = {"kmsKeyId": UNKNOWN, **REPLICATED}

    def found(*urns: str) -> CopiedKey:
        return copied(resource(SECRET, "s", inputs, property_dependencies={"kmsKeyId": urns}))

    assert found(THIS.urn).copied_stores == ("s",)
    assert found(OTHER.urn).copied_stores == ()
    assert found(OTHER.urn, THIS.urn).copied_stores == (UNKNOWN,)
    assert found().copied_stores == (UNKNOWN,)
