"""Settings of buckets become facts: from companions and from the bucket itself, from inputs and from outputs alike."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.graph import Kind, Resource
from ledgergate.values import Secret
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels, labels_of
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.access_log import AccessLog, bucket_access_log_from_graph
from policies.facts.s3.encryption import (
    Algorithms,
    Encryption,
    EncryptionRule,
    bucket_algorithms_from_graph,
    bucket_encryption_from_graph,
)
from policies.facts.s3.grants import AccessList, bucket_grants_from_graph
from policies.facts.s3.lifecycle import Lifecycle, LifecycleRule, bucket_lifecycle_from_graph
from policies.facts.s3.lock import Retention, bucket_lock_from_graph
from policies.facts.s3.policy import bucket_policy_from_graph
from policies.facts.s3.replication import Replication, ReplicationRule, bucket_replication_from_graph
from policies.facts.s3.version_deletion import version_deletion_from_graph
from policies.facts.s3.versioning import BucketVersioning, Versioning, bucket_versioning_from_graph
from policies.model import UNKNOWN
from tests.policies.graphs import BUCKET, KEY, graph, resource

LEDGER: Final = resource(BUCKET, "ledger", {"bucket": "ledger-1"}, id="ledger-1")
OTHER: Final = resource(BUCKET, "other", {"bucket": "other-1"}, id="other-1")
FAR: Final = resource(BUCKET, "far", {"bucket": "far-1", "region": "us-east-1"}, outputs={"arn": "arn:aws:s3:::far-1"})
OWN_KEY: Final = resource(KEY, "key", outputs={"arn": "arn:aws:kms:eu-west-1:111122223333:key/k"}, id="k")
POLICY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
)


def companion(what: str, name: str = "one", bucket: Any = "ledger-1", **inputs: Any) -> Resource:
    """Return a companion of a bucket, `BucketVersioning`."""
    fields = {key: inputs.pop(key) for key in ("kind", "property_dependencies", "outputs") if key in inputs}
    token = f"aws:s3/{what[0].lower()}{what[1:]}:{what}"
    return resource(token, name, {"bucket": bucket, **inputs}, **fields)


def versioning(name: str = "one", status: Any = "Enabled", **fields: Any) -> Resource:
    """Return the versioning of the ledger's bucket."""
    return companion("BucketVersioning", name, versioningConfiguration={"status": status}, **fields)


def of_versioning(*resources: Resource, of: Resource = LEDGER) -> BucketVersioning:
    """Build the versioning of one bucket in a graph."""
    return bucket_versioning_from_graph(graph(of, *resources), of)


ON: Final = BucketVersioning(certain=(Versioning(status="Enabled"),))


@pytest.mark.parametrize("bucket", ["ledger-1", "arn:aws:s3:::ledger-1", Secret("ledger-1")])
def test_companion_counts_however_it_names_the_bucket(bucket: object) -> None:
    """Name, id and ARN are one identity, and the former type of companion is one too."""
    owner = replace(LEDGER, outputs={"arn": "arn:aws:s3:::ledger-1"})

    assert of_versioning(versioning(bucket=bucket), of=owner) == ON
    former = companion("BucketVersioningV2", bucket=bucket, versioningConfiguration={"status": "Enabled"})
    assert of_versioning(former, of=owner) == ON


def test_companion_of_another_bucket_does_not_count() -> None:
    """A companion declared for another bucket says nothing about this one."""
    assert of_versioning(OTHER, versioning(bucket="other-1")) == BucketVersioning()


def test_companion_of_an_unknown_bucket_is_possible_only() -> None:
    """Nobody knows whose it is, unless a dependency tells."""
    loose = versioning(bucket=UNKNOWN)
    told = replace(loose, property_dependencies={"bucket": (LEDGER.urn,)})

    assert of_versioning(loose) == BucketVersioning(possible=ON.certain)
    assert of_versioning(OTHER, told) == ON


def test_two_companions_are_both_judged_and_the_known_one_first() -> None:
    """They overwrite each other, and what is surely wrong must be found before what nobody knows."""
    found = of_versioning(versioning("one", UNKNOWN), versioning("two", "Suspended"))

    assert found.certain == (Versioning(status="Suspended"), Versioning(status=UNKNOWN))


def test_companion_that_is_looked_up_says_nothing() -> None:
    """A read shows that there is one; of a bucket that nobody knows not even that."""
    assert of_versioning(versioning(kind=Kind.READ)) == BucketVersioning(looked_up=True)
    assert of_versioning(versioning(kind=Kind.READ), versioning("own")) == replace(ON, looked_up=True)
    assert of_versioning(versioning(kind=Kind.READ, bucket=UNKNOWN)) == BucketVersioning(possible=(UNKNOWN,))
    assert of_versioning(versioning(kind=Kind.READ, bucket=UNKNOWN), versioning("own")) == ON


def test_bucket_carries_versioning_itself() -> None:
    """The deprecated form counts, beside a companion too; that of the former type of bucket is read by nobody."""
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "versioning": {"enabled": True, "mfaDelete": True}})
    former = resource("aws:s3/bucketV2:BucketV2", "old", {"bucket": "old-1", "versionings": [{"enabled": True}]})
    own = Versioning(status="Enabled", mfa_delete=True)

    assert of_versioning(of=owner) == BucketVersioning(certain=(own,))
    assert len(of_versioning(versioning(status="Suspended"), of=owner).certain) == 2
    assert of_versioning(of=former) == BucketVersioning(certain=(UNKNOWN,))


def test_outputs_of_a_bucket_do_not_speak_against_its_companions() -> None:
    """The outputs of a bucket show what the service set before the companion came."""
    outputs = {"bucket": "ledger-1", "versioning": {"enabled": False}}
    deployed = resource(BUCKET, "ledger", outputs=outputs)
    its = resource(
        "aws:s3/bucketVersioning:BucketVersioning",
        "one",
        outputs={"bucket": "ledger-1", "versioningConfiguration": {"status": "Enabled", "mfaDelete": ""}},
    )

    assert of_versioning(its, of=deployed) == ON
    assert of_versioning(of=deployed) == BucketVersioning(certain=(Versioning(status="Suspended"),))


@given(order=st.permutations(range(3)))
def test_order_of_companions_does_not_matter(order: list[int]) -> None:
    """The same companions give the same fact in whatever order they were registered, as far as it is known."""
    companions = [versioning("a", "Enabled"), versioning("b", "Enabled"), versioning("c", UNKNOWN)]

    assert of_versioning(*(companions[each] for each in order)) == of_versioning(*companions)


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


def lock_of(*resources: Resource, **inputs: Any) -> Any:
    """Build the object lock of a bucket."""
    owner = replace(LEDGER, inputs={**LEDGER.inputs, **inputs})
    return bucket_lock_from_graph(graph(owner, *resources), owner)


def test_object_lock() -> None:
    """Days and years are as written, 0 is none, and the lock is on unless said otherwise."""
    kept = {"mode": "COMPLIANCE", "days": 0, "years": 7.0}
    its = companion("BucketObjectLockConfiguration", rule={"defaultRetention": kept})
    expected = Retention(mode="COMPLIANCE", years=7)

    assert lock_of(its, objectLockEnabled=True).certain == (expected,)
    assert lock_of(its).object_lock_enabled is False
    assert lock_of(companion("BucketObjectLockConfiguration")).certain == (Retention(),)
    assert lock_of(companion("BucketObjectLockConfiguration", objectLockEnabled="")).certain == (
        Retention(enabled=False),
    )
    assert lock_of(companion("BucketObjectLockConfiguration", rule=UNKNOWN)).certain == (UNKNOWN,)
    assert lock_of(objectLockConfiguration={"rule": {"defaultRetention": kept}}).certain == (expected,)
    assert lock_of(companion("BucketObjectLockConfiguration", rule=[{"defaultRetention": [kept]}])).certain == (
        expected,
    )


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


def test_guards_of_versions_are_the_settings_themselves() -> None:
    """What guards versions is the same versioning, policy and lock that other controls judge."""
    whole = graph(LEDGER, versioning(), companion("BucketPolicy", policy=POLICY))
    found = version_deletion_from_graph(whole, LEDGER)

    assert found.versioning == ON
    assert found.policy == bucket_policy_from_graph(whole, LEDGER)
    assert found.lock == bucket_lock_from_graph(whole, LEDGER)


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


def test_value_of_the_wrong_kind_is_refused() -> None:
    """A value that has no place there is an error of the adapter, which the runner reports as undecided."""
    with pytest.raises(ValueError, match="versioningConfiguration is not an object"):
        of_versioning(companion("BucketVersioning", versioningConfiguration="Enabled"))
