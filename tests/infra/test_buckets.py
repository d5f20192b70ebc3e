"""The buckets of the payment system."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ledgergate.graph import Graph
from tests.infra.recording import PAYMENTS, Changed, Record, Recording

OWN = ("static", "audit")
ALL = (*OWN, "access-logs", "balancer-logs")


def companion(graph: Graph, kind: str, bucket: str) -> Mapping[str, Any]:
    """Return the inputs of the one companion of this kind that names the bucket."""
    (bucket_id,) = (found.id for found in graph.of_type("aws:s3/bucket:Bucket") if found.name == bucket)
    (found,) = (
        other.inputs
        for other in graph.of_type(f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}")
        if other.inputs["bucket"] == bucket_id
    )
    return found


def denials(graph: Graph, bucket: str) -> dict[str, Mapping[str, Any]]:
    """Return statement id → condition of what the bucket refuses to everybody."""
    policy = json.loads(companion(graph, "BucketPolicy", bucket)["policy"])
    return {s["Sid"]: s["Condition"] for s in policy["Statement"] if s["Effect"] == "Deny" and s["Principal"] == "*"}


@pytest.mark.requirement("B-65")
@pytest.mark.requirement("B-44")
def test_buckets_bear_the_names_of_the_system(prod: Recording) -> None:
    """There are a static and an audit bucket, and two that record requests to buckets and to the load balancer."""
    assert {bucket.inputs["bucket"] for bucket in prod.graph.of_type("aws:s3/bucket:Bucket")} == {
        "payment-static-lgprod",
        "payment-audit-lgprod",
        "payment-access-logs-lgprod",
        "payment-balancer-logs-lgprod",
    }


@pytest.mark.requirement("B-60")
@pytest.mark.parametrize("bucket", ALL)
def test_public_access_is_refused_in_every_form(payments: Recording, bucket: str) -> None:
    """All four switches are on, and access lists do not count."""
    block = companion(payments.graph, "BucketPublicAccessBlock", bucket)
    owner = companion(payments.graph, "BucketOwnershipControls", bucket)
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

    assert [block[switch] for switch in switches] == [True] * 4
    assert owner["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


@pytest.mark.requirement("B-53")
@pytest.mark.parametrize("bucket", OWN)
def test_own_data_is_under_the_customer_managed_key(payments: Recording, bucket: str) -> None:
    """The system's own buckets encrypt with the key for buckets and cut its request cost."""
    (rule,) = companion(payments.graph, "BucketServerSideEncryptionConfiguration", bucket)["rules"]

    assert rule == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "arn/Key/s3"},
        "bucketKeyEnabled": True,
    }


@pytest.mark.requirement("B-53")
@pytest.mark.parametrize("target", ["access-logs", "balancer-logs"])
def test_access_logs_are_under_the_only_encryption_their_delivery_takes(payments: Recording, target: str) -> None:
    """Access logs are delivered under S3's own key only, so their bucket says so and is marked as a log target."""
    (rule,) = companion(payments.graph, "BucketServerSideEncryptionConfiguration", target)["rules"]
    (bucket,) = (b for b in payments.graph.of_type("aws:s3/bucket:Bucket") if b.name == target)

    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
    assert bucket.inputs["tags"]["Purpose"] == "access-logs"


@pytest.mark.requirement("B-53")
@pytest.mark.parametrize("bucket", OWN)
def test_objects_cannot_ask_for_another_encryption(payments: Recording, bucket: str) -> None:
    """A request that names another scheme or key is refused, one that names none is not."""
    found = denials(payments.graph, bucket)

    assert found["OtherEncryption"] == {
        "Null": {"s3:x-amz-server-side-encryption": "false"},
        "StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"},
    }
    assert found["OtherKey"] == {
        "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
        "ArnNotLike": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:123456789012:key/*"},
    }


@pytest.mark.requirement("B-55")
@pytest.mark.parametrize("bucket", ALL)
def test_requests_use_tls_1_2_or_later(payments: Recording, bucket: str) -> None:
    """Plain text and old TLS are refused for the bucket and its objects."""
    policy = json.loads(companion(payments.graph, "BucketPolicy", bucket)["policy"])
    (plain,) = (statement for statement in policy["Statement"] if statement["Sid"] == "PlainText")
    name = companion(payments.graph, "BucketPolicy", bucket)["bucket"]

    assert (plain["Action"], plain["Resource"]) == ("s3:*", [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"])
    assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denials(payments.graph, bucket)["OldTls"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}


@pytest.mark.requirement("B-66")
@pytest.mark.parametrize("bucket", ALL)
def test_versions_are_kept_and_end(payments: Recording, bucket: str) -> None:
    """Every version is kept for a while, and abandoned uploads go."""
    versioning = companion(payments.graph, "BucketVersioning", bucket)
    (rule,) = companion(payments.graph, "BucketLifecycleConfiguration", bucket)["rules"]

    assert versioning["versioningConfiguration"] == {"status": "Enabled"}
    assert (rule["status"], rule["abortIncompleteMultipartUpload"]) == ("Enabled", {"daysAfterInitiation": 7})
    assert rule["noncurrentVersionExpiration"]["noncurrentDays"] >= 30


@pytest.mark.requirement("B-66")
def test_no_audit_record_ends_before_its_lock(payments: Recording) -> None:
    """Audit records are locked for a year, stay at hand for three months and expire no earlier than the lock."""
    (rule,) = companion(payments.graph, "BucketLifecycleConfiguration", "audit")["rules"]
    lock = companion(payments.graph, "BucketObjectLockConfiguration", "audit")["rule"]["defaultRetention"]
    (bucket,) = (b for b in payments.graph.of_type("aws:s3/bucket:Bucket") if b.name == "audit")

    assert bucket.inputs["objectLockEnabled"] is True
    assert lock["days"] == 365
    assert rule["expiration"]["days"] >= lock["days"]
    assert rule["noncurrentVersionExpiration"]["noncurrentDays"] >= lock["days"]
    assert [(move["days"] >= 90, move["storageClass"]) for move in rule["transitions"]] == [(True, "GLACIER_IR")]


@pytest.mark.requirement("B-79")
@pytest.mark.parametrize(("destroyable", "mode"), [("true", "GOVERNANCE"), ("false", "COMPLIANCE")])
def test_nobody_lifts_the_lock_of_what_must_stay(record: Record, destroyable: str, mode: str) -> None:
    """A destroyable stack leaves a way to remove locked records, another one leaves none."""
    graph = record(PAYMENTS, "prod", payments__destroyable=destroyable).graph
    lock = companion(graph, "BucketObjectLockConfiguration", "audit")["rule"]["defaultRetention"]

    assert lock["mode"] == mode


def test_audit_versions_go_only_with_a_second_factor(payments: Recording) -> None:
    """A stolen key alone deletes no version of an audit record."""
    assert denials(payments.graph, "audit")["VersionDeletionWithoutMfa"] == {"Null": {"aws:MultiFactorAuthAge": "true"}}


@pytest.mark.parametrize("bucket", [*OWN, "balancer-logs"])
def test_every_request_is_recorded(payments: Recording, bucket: str) -> None:
    """Each bucket logs into the access log bucket under its own prefix."""
    logging = companion(payments.graph, "BucketLogging", bucket)
    target = companion(payments.graph, "BucketVersioning", "access-logs")["bucket"]

    assert (logging["targetBucket"], logging["targetPrefix"]) == (target, f"{logging['bucket']}/")


def test_only_the_own_buckets_deliver_access_logs(prod: Recording) -> None:
    """S3 may write access logs for the other buckets of the system and nobody else's."""
    policy = json.loads(companion(prod.graph, "BucketPolicy", "access-logs")["policy"])
    (delivery,) = (statement for statement in policy["Statement"] if statement["Effect"] == "Allow")

    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {
            "aws:SourceArn": [f"arn:aws:s3:::payment-{kind}-lgprod" for kind in ("static", "audit", "balancer-logs")]
        },
    }


@pytest.mark.requirement("B-65")
@pytest.mark.requirement("B-79")
@pytest.mark.parametrize("answer", [True, False])
def test_objects_vanish_with_the_bucket_only_in_a_destroyable_stack(changed: Changed, *, answer: bool) -> None:
    """What `destroyable` says decides for every bucket, the audit bucket included."""
    buckets = changed(payments__destroyable=answer).graph.of_type("aws:s3/bucket:Bucket")

    assert {bucket.inputs["forceDestroy"] for bucket in buckets} == {answer}
