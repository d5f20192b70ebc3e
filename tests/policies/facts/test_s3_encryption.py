"""Encryption of buckets becomes a fact: from companions and from the bucket itself."""

from dataclasses import replace
from typing import Any, Final

from policies.facts.kms import KeyManager, KeyUse
from policies.facts.s3.encryption import (
    Algorithms,
    Encryption,
    EncryptionRule,
    bucket_algorithms_from_graph,
    bucket_encryption_from_graph,
)
from policies.model import UNKNOWN
from tests.policies.facts.s3_graphs import LEDGER, OWN_KEY, companion
from tests.policies.graphs import graph


def encrypted(*rules: Any, **fields: Any) -> Any:
    """Build the encryption of a bucket with a configuration of these rules."""
    its = companion("BucketServerSideEncryptionConfiguration", rules=list(rules), **fields)
    return bucket_encryption_from_graph(graph(LEDGER, OWN_KEY, its), LEDGER).certain


def rule(key: Any = None, algorithm: Any = "aws:kms", **others: Any) -> dict[str, Any]:
    """Return an encryption rule."""
    default = {"sseAlgorithm": algorithm, **({} if key is None else {"kmsMasterKeyId": key})}
    return {"applyServerSideEncryptionByDefault": default, **others}


CUSTOMER: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


def test_key_of_an_encryption_rule_is_followed() -> None:
    """A key inside a rule is found by id, by ARN and by dependency."""
    kms = EncryptionRule(algorithm="aws:kms", kms_master_key_id=CUSTOMER, bucket_key_enabled=True)
    told = {"rules": (OWN_KEY.urn,)}

    assert encrypted(rule("k", bucketKeyEnabled=True)) == (Encryption(rules=(kms,)),)
    assert encrypted(rule(OWN_KEY.outputs["arn"], bucketKeyEnabled="true")) == (Encryption(rules=(kms,)),)
    assert encrypted(rule(UNKNOWN, bucketKeyEnabled=True), property_dependencies=told) == (Encryption(rules=(kms,)),)
    assert encrypted(rule(UNKNOWN))[0].rules[0].kms_master_key_id == UNKNOWN
    assert encrypted(rule("alias/aws/s3"))[0].rules[0].kms_master_key_id.manager is KeyManager.AWS


def test_encryption_rule_defaults() -> None:
    """Without an algorithm S3 takes its own key, and there is no bucket key unless asked for."""
    assert encrypted({}) == (Encryption(rules=(EncryptionRule(),)),)
    assert encrypted(rule(algorithm="AES256")) == (Encryption(rules=(EncryptionRule(),)),)
    assert encrypted(UNKNOWN) == (Encryption(rules=(UNKNOWN,)),)


def test_algorithms_are_those_of_the_encryption_rules() -> None:
    """The rules without their keys, in the same forms."""
    inline = {"rule": rule("k")}
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "serverSideEncryptionConfiguration": inline})
    its = companion("BucketServerSideEncryptionConfiguration", rules=[rule(UNKNOWN, UNKNOWN), {}, rule("k")])
    found = bucket_algorithms_from_graph(graph(LEDGER, its), LEDGER).certain

    assert found == (Algorithms(algorithms=("AES256", "aws:kms", UNKNOWN)),)
    assert bucket_algorithms_from_graph(graph(owner), owner).certain == (Algorithms(algorithms=("aws:kms",)),)


def test_bucket_carries_its_encryption_itself() -> None:
    """The deprecated form has one rule."""
    inline = {"rule": rule("k", bucketKeyEnabled=True)}
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "serverSideEncryptionConfiguration": inline})
    found = bucket_encryption_from_graph(graph(owner, OWN_KEY), owner)

    assert found.certain == encrypted(rule("k", bucketKeyEnabled=True))
