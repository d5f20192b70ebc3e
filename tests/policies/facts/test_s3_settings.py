"""Settings of buckets become facts: lifecycle, policy, access log, access lists, replication and labels."""

import json
from dataclasses import replace
from typing import Any

import pytest

from ledgergate.graph import Resource
from ledgergate.values import Secret
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels, labels_of
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.access_log import AccessLog, bucket_access_log_from_graph
from policies.facts.s3.grants import AccessList, bucket_grants_from_graph
from policies.facts.s3.lifecycle import Lifecycle, LifecycleRule, bucket_lifecycle_from_graph
from policies.facts.s3.policy import bucket_policy_from_graph
from policies.facts.s3.replication import Replication, ReplicationRule, bucket_replication_from_graph
from policies.model import UNKNOWN
from tests.policies.facts.s3_graphs import FAR, LEDGER, OTHER, OWN_KEY, POLICY, companion
from tests.policies.graphs import BUCKET, graph, resource


def lifecycle_of(*rules: Any, **inputs: Any) -> Any:
    """Build the lifecycle of a bucket with a configuration of these rules, if any."""
    its = (companion("BucketLifecycleConfiguration", rules=list(rules)),) if rules else ()
    owner = replace(LEDGER, inputs={**LEDGER.inputs, **inputs})
    return bucket_lifecycle_from_graph(graph(owner, *its), owner).certain


def test_lifecycle_rules() -> None:
    """Each part of a rule is read, and what is absent or 0 is none."""
    whole = {
        "status": "Enabled",
        "expiration": {"days": 2557.0},
        "noncurrentVersionExpiration": {"noncurrentDays": 30},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    }
    dated = {"status": "Disabled", "expiration": {"date": "2027-01-01T00:00:00Z", "days": 0}}
    moving = {"status": "Enabled", "noncurrentVersionTransitions": [{"noncurrentDays": 30, "storageClass": "GLACIER"}]}

    assert lifecycle_of(whole, dated, moving) == (
        Lifecycle(
            rules=(
                LifecycleRule(expiration_days=2557, noncurrent_days=30, aborts_uploads=True),
                LifecycleRule(enabled=False, expiration_date="2027-01-01T00:00:00Z"),
                LifecycleRule(moves_noncurrent=True),
            )
        ),
    )
    assert lifecycle_of({"status": UNKNOWN}) == (Lifecycle(rules=(LifecycleRule(enabled=UNKNOWN),)),)


def test_lifecycle_rules_of_the_bucket_itself() -> None:
    """The deprecated form has other names for the same things."""
    inline = {
        "enabled": True,
        "expiration": {"days": 90},
        "noncurrentVersionExpiration": {"days": 30},
        "abortIncompleteMultipartUploadDays": 7,
    }
    expected = LifecycleRule(expiration_days=90, noncurrent_days=30, aborts_uploads=True)

    assert lifecycle_of(lifecycleRules=[inline]) == (Lifecycle(rules=(expected,)),)
    assert lifecycle_of(lifecycleRules=[]) == ()


def test_policy_of_a_bucket() -> None:
    """JSON text, an object and the bucket's own property are one form; what IAM would refuse says why."""
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "policy": POLICY})
    texts = [POLICY, json.loads(POLICY), Secret(POLICY)]
    found = [bucket_policy_from_graph(graph(LEDGER, companion("BucketPolicy", policy=each)), LEDGER) for each in texts]

    assert bucket_policy_from_graph(graph(owner), owner) == found[0] == found[1]
    assert found[0].arn == "arn:aws:s3:::ledger-1"
    assert isinstance(found[2].certain[0].statements, Secret)
    broken = companion("BucketPolicy", policy="{")
    assert bucket_policy_from_graph(graph(LEDGER, broken), LEDGER).certain == (
        PolicyDocument(malformed="it is not JSON"),
    )


@pytest.mark.parametrize(
    ("region", "arn"),
    [("eu-west-1", "arn:aws:s3:::b"), ("cn-north-1", "arn:aws-cn:s3:::b"), ("us-gov-west-1", "arn:aws-us-gov:s3:::b")],
)
def test_arn_is_made_of_the_name_in_the_partition_of_its_region(region: str, arn: str) -> None:
    """Before deployment a name may be known where the ARN is not."""
    owner = resource(BUCKET, "b", {"bucket": "b", "region": region})

    assert bucket_policy_from_graph(graph(owner), owner).arn == arn
    assert bucket_policy_from_graph(graph(owner), resource(BUCKET, "c")).arn == UNKNOWN


def log_of(*resources: Resource, of: Resource = LEDGER) -> Any:
    """Build the access log of a bucket."""
    return bucket_access_log_from_graph(graph(of, *resources), of)


def test_access_log() -> None:
    """A target is another bucket, the bucket itself, or nobody knows."""
    to_other = companion("BucketLogging", targetBucket="other-1")
    to_itself = companion("BucketLogging", targetBucket="ledger-1")
    to_unknown = companion("BucketLogging", targetBucket=UNKNOWN)

    assert log_of(OTHER, to_other).certain == (AccessLog(target_bucket="other-1"),)
    assert log_of(to_itself).certain == (AccessLog(target_bucket="ledger-1", to_itself=True),)
    assert log_of(to_unknown).certain == (AccessLog(target_bucket=UNKNOWN, to_itself=UNKNOWN),)
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "logging": {"targetBucket": "other-1"}})
    assert log_of(of=owner).certain == (AccessLog(target_bucket="other-1"),)


def test_target_of_access_logs() -> None:
    """A bucket is a target by a companion or by another bucket's own property, or nobody knows."""
    to_other = companion("BucketLogging", targetBucket="other-1")
    inline = replace(LEDGER, inputs={**LEDGER.inputs, "logging": {"targetBucket": "other-1"}})
    to_unknown = companion("BucketLogging", targetBucket=UNKNOWN)

    assert log_of(LEDGER, to_other, of=OTHER).takes_records is True
    assert log_of(inline, of=OTHER).takes_records is True
    assert log_of(LEDGER, to_unknown, of=OTHER).takes_records == UNKNOWN
    assert log_of(LEDGER, to_other).takes_records is False


def test_access_lists() -> None:
    """Canned lists and written grants, as companions and in the bucket."""
    uri = "http://acs.amazonaws.com/groups/global/AllUsers"
    granted = {"grants": [{"grantee": {"type": "Group", "uri": uri}, "permission": "READ"}, {"grantee": {"id": "1"}}]}
    inline = {"acl": "public-read", "grants": [{"uri": uri}]}
    owner = replace(LEDGER, inputs={**LEDGER.inputs, **inline})

    def certain(*resources: Resource, of: Resource = LEDGER) -> Any:
        return bucket_grants_from_graph(graph(of, *resources), of).certain

    assert certain(companion("BucketAcl", acl="private")) == (AccessList(canned="private"),)
    assert certain(companion("BucketAcl", accessControlPolicy=granted)) == (AccessList(group_uris=(uri, "")),)
    assert certain(of=owner) == (AccessList(canned="public-read"), AccessList(group_uris=(uri,)))
    assert certain(companion("BucketAcl", acl=UNKNOWN)) == (AccessList(canned=UNKNOWN),)


def replicated(*rules: Any, others: tuple[Resource, ...] = (FAR,), **fields: Any) -> Any:
    """Build the replication of a bucket with a configuration of these rules."""
    its = companion("BucketReplicationConfig", rules=list(rules), **fields)
    return bucket_replication_from_graph(graph(LEDGER, OWN_KEY, *others, its), LEDGER)


def test_replication() -> None:
    """The destination's Region is that of the bucket it names, which must be in the stack."""
    destination = {
        "bucket": "arn:aws:s3:::far-1",
        "encryptionConfiguration": {"replicaKmsKeyId": "arn:aws:kms:us-east-1:111122223333:alias/far"},
        "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
    }
    full = {
        "status": "Enabled",
        "destination": destination,
        "deleteMarkerReplication": {"status": "Enabled"},
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
    }
    expected = ReplicationRule(
        destination_region="us-east-1",
        replica_key=KeyUse(manager=KeyManager.CUSTOMER, region="us-east-1"),
        copies_encrypted=True,
        copies_delete_markers=True,
        time_controlled=True,
    )
    bare = {"status": "Disabled", "destination": {"bucket": "arn:aws:s3:::far-1"}}

    assert replicated(full).certain == (Replication(rules=(expected,)),)
    assert replicated(bare).certain[0].rules == (ReplicationRule(enabled=False, destination_region="us-east-1"),)
    assert replicated(full, others=()).certain[0].rules[0].destination_region == UNKNOWN
    assert replicated({"status": "Enabled"}).certain[0].rules == (UNKNOWN,)


def test_copy_of_another_bucket() -> None:
    """A bucket that another one is copied to is its copy, and nobody knows while the destination is not known."""

    def is_copy(destination: Any) -> Any:
        its = companion("BucketReplicationConfig", rules=[{"destination": {"bucket": destination}}])
        return bucket_replication_from_graph(graph(LEDGER, FAR, its), FAR).is_copy

    assert [is_copy(each) for each in ("arn:aws:s3:::far-1", "arn:aws:s3:::other", UNKNOWN)] == [True, False, UNKNOWN]


def test_bucket_carries_its_replication_itself() -> None:
    """The deprecated form has other names for the same things."""
    inline_rule = {
        "status": "Enabled",
        "destination": {
            "bucket": "arn:aws:s3:::far-1",
            "replicaKmsKeyId": "arn:aws:kms:us-east-1:111122223333:alias/far",
            "replicationTime": {"status": "Enabled"},
        },
        "deleteMarkerReplicationStatus": "Enabled",
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"enabled": True}},
    }
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "replicationConfiguration": {"rules": [inline_rule]}})
    (found,) = bucket_replication_from_graph(graph(owner, FAR), owner).certain

    assert (
        found.rules[0].copies_encrypted
        is found.rules[0].time_controlled
        is found.rules[0].copies_delete_markers
        is True
    )


def test_labels() -> None:
    """Own tags win over those of the provider, and an unknown map leaves open what it would say."""

    def labels(**inputs: Any) -> Labels:
        return labels_of(resource(BUCKET, "b", inputs), "bucket", "bucketPrefix")

    assert labels(bucket="b", tags={"Purpose": "audit"}, tagsAll={"Purpose": "x", "DataClassification": "public"}) == (
        Labels(name="b", purpose="audit", data_classification="public")
    )
    assert labels(bucketPrefix="audit-") == Labels(name="audit-")
    assert labels(tags={"Purpose": "audit"}, tagsAll=UNKNOWN) == Labels(purpose="audit", data_classification=UNKNOWN)
    assert labels(tags=UNKNOWN) == Labels(purpose=UNKNOWN, data_classification=UNKNOWN)
