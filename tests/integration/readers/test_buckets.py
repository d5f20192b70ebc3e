"""Settings of buckets as S3 describes them: present, absent, denied, and with keys missing."""

import json
from typing import Any, Final

import pytest

from integration.readers import s3
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.labels import Labels
from policies.facts.s3 import Bucket
from policies.facts.s3.access_log import AccessLog, BucketAccessLog
from policies.facts.s3.encryption import Algorithms, BucketAlgorithms, BucketEncryption, Encryption, EncryptionRule
from policies.facts.s3.grants import AccessList, BucketGrants
from policies.facts.s3.lifecycle import BucketLifecycle, LifecycleRule
from policies.facts.s3.lock import BucketLock, Retention
from policies.facts.s3.policy import BucketPolicy
from policies.facts.s3.version_deletion import VersionDeletion
from policies.facts.s3.versioning import BucketVersioning, Versioning
from policies.facts.trails import TrailAccessLog, TrailExposure
from policies.model import UNKNOWN
from tests.integration.scanning.lines import CannedLine, read

KEY: Final = "arn:aws:kms:eu-west-1:111122223333:key/k"
NO_POLICY: Final = Trouble(Cause.REFUSED, "NoSuchBucketPolicy")
NO_TAGS: Final = Trouble(Cause.REFUSED, "NoSuchTagSet")
DENIED: Final = Trouble(Cause.DENIED, "AccessDenied")
AUDIT: Final = {"TagSet": [{"Key": "Purpose", "Value": "audit"}]}
ARN: Final = "arn:aws:s3:::logs"
PLAIN: Final = BucketPolicy(arn=ARN)
DENY: Final = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
)


def found(fact: type, **answers: Any) -> Any:
    """Return the fact that is read from these answers, or why it is not."""
    line = CannedLine({"ListBuckets": {"Buckets": [{"Name": "logs"}]}, **answers})
    (one,) = read(s3.READING, line, [fact])
    return one.fact if isinstance(one, Observed) else one.failure.cause


def test_versioning() -> None:
    """A bucket that never had versions answers with nothing."""
    assert found(BucketVersioning, GetBucketVersioning={}) == BucketVersioning()
    answer = {"Status": "Enabled", "MFADelete": "Enabled"}
    expected = BucketVersioning(certain=(Versioning(status="Enabled", mfa_delete=True),))
    assert found(BucketVersioning, GetBucketVersioning=answer) == expected
    assert found(BucketVersioning, GetBucketVersioning=DENIED) is Cause.DENIED


def encryption(*rules: Any) -> Any:
    """Return an answer with these rules."""
    return {"ServerSideEncryptionConfiguration": {"Rules": list(rules)}}


def test_encryption() -> None:
    """The key is asked for, and the policy only where S3's own key may be right."""
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    answer = encryption({"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True})
    described = {"KeyMetadata": {"Arn": KEY, "KeyManager": "CUSTOMER"}}
    key = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")
    rule = EncryptionRule(algorithm="aws:kms", kms_master_key_id=key, bucket_key_enabled=True)
    expected = BucketEncryption(certain=(Encryption(rules=(rule,)),), labels=Labels(name="logs"), policy=PLAIN)

    assert (
        found(BucketEncryption, GetBucketEncryption=answer, DescribeKey=described, GetBucketTagging=NO_TAGS) == expected
    )
    unread = found(BucketEncryption, GetBucketEncryption=answer, DescribeKey=DENIED, GetBucketTagging=NO_TAGS)
    assert unread.certain[0].rules[0].kms_master_key_id == UNKNOWN
    assert found(BucketAlgorithms, GetBucketEncryption=answer).certain == (Algorithms(algorithms=("aws:kms",)),)


def test_encryption_of_the_service() -> None:
    """Without a configuration there is none, and a rule without a default has S3's own key."""
    absent = Trouble(Cause.REFUSED, "ServerSideEncryptionConfigurationNotFoundError")
    others = {"GetBucketPolicy": {"Policy": DENY}, "GetBucketTagging": AUDIT}

    assert found(BucketEncryption, GetBucketEncryption=absent, **others).certain == ()
    fact = found(BucketEncryption, GetBucketEncryption=encryption({}), **others)
    assert fact.certain == (Encryption(rules=(EncryptionRule(),)),)
    assert len(fact.policy.certain) == 1
    assert found(BucketAlgorithms, GetBucketEncryption={}) is Cause.UNPARSABLE


def test_policy() -> None:
    """No policy is none, and a text that is no policy is no answer, since S3 keeps none."""
    assert found(BucketPolicy, GetBucketPolicy=NO_POLICY) == PLAIN
    assert found(BucketPolicy, GetBucketPolicy={"Policy": DENY}).certain[0].statements[0].effect == "Deny"
    assert found(BucketPolicy, GetBucketPolicy={"Policy": "<html>"}) is Cause.UNPARSABLE
    assert found(BucketPolicy, GetBucketPolicy={}) is Cause.UNPARSABLE


def test_lock() -> None:
    """Days and years are as S3 tells them; without a configuration nothing is locked."""
    absent = Trouble(Cause.REFUSED, "ObjectLockConfigurationNotFoundError")
    kept = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 9}}}
    labels = Labels(name="logs", purpose="audit")

    def lock(answer: Any) -> Any:
        return found(BucketLock, GetObjectLockConfiguration=answer, GetBucketTagging=AUDIT)

    assert lock(absent) == BucketLock(labels=labels)
    assert lock({"ObjectLockConfiguration": kept}) == BucketLock(
        object_lock_enabled=True, certain=(Retention(mode="GOVERNANCE", days=9),), labels=labels
    )
    assert lock({"ObjectLockConfiguration": {}}) is Cause.UNPARSABLE


def test_lifecycle() -> None:
    """Each part of a rule is read; versioning is asked for where no rule speaks of versions."""
    whole = {
        "Status": "Enabled",
        "Expiration": {"Days": 9},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 8},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    dated = {"Status": "Disabled", "Expiration": {"Date": "2027-01-01T00:00:00+00:00"}}
    fact = found(BucketLifecycle, GetBucketLifecycleConfiguration={"Rules": [whole, dated]}, GetBucketTagging=NO_TAGS)

    assert fact.certain[0].rules == (
        LifecycleRule(expiration_days=9, noncurrent_days=8, aborts_uploads=True),
        LifecycleRule(enabled=False, expiration_date="2027-01-01T00:00:00+00:00"),
    )
    asked = found(
        BucketLifecycle,
        GetBucketLifecycleConfiguration={"Rules": [dated]},
        GetBucketTagging=NO_TAGS,
        GetBucketVersioning={"Status": "Enabled"},
    )
    assert asked.versioning.certain == (Versioning(status="Enabled"),)
    none = Trouble(Cause.REFUSED, "NoSuchLifecycleConfiguration")
    assert found(BucketLifecycle, GetBucketLifecycleConfiguration=none, GetBucketTagging=NO_TAGS).certain == ()
    assert found(BucketLifecycle, GetBucketLifecycleConfiguration={}) is Cause.UNPARSABLE


def test_access_log() -> None:
    """A target is another bucket or the bucket itself; the policy is asked for where there is none."""
    target = {"LoggingEnabled": {"TargetBucket": "logs", "TargetPrefix": ""}}
    expected = (AccessLog(target_bucket="logs", to_itself=True),)

    assert found(BucketAccessLog, GetBucketLogging=target).certain == expected
    assert found(BucketAccessLog, GetBucketLogging={}, GetBucketPolicy=NO_POLICY) == BucketAccessLog(policy=PLAIN)
    assert found(BucketAccessLog, GetBucketLogging={"LoggingEnabled": {}}) is Cause.UNPARSABLE


def test_grants() -> None:
    """Groups are told by their URI, and an answer without grants is none."""
    grants = {"Grants": [{"Grantee": {"ID": "1", "Type": "CanonicalUser"}}, {"Grantee": {"URI": "u"}}]}

    assert found(BucketGrants, GetBucketAcl=grants, GetBucketPolicy=NO_POLICY) == BucketGrants(
        certain=(AccessList(group_uris=("", "u")),), policy=PLAIN
    )
    assert found(BucketGrants, GetBucketAcl={}, GetBucketPolicy=NO_POLICY) is Cause.UNPARSABLE


@pytest.mark.parametrize("status", [{"Status": "Enabled"}, {}])
def test_version_deletion(status: dict[str, str]) -> None:
    """A locked bucket has versions, so an answer without a status is none."""
    lock = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}
    fact = found(
        VersionDeletion,
        GetObjectLockConfiguration=lock,
        GetBucketTagging=NO_TAGS,
        GetBucketVersioning=status,
        GetBucketPolicy=NO_POLICY,
    )

    if not status:
        assert fact is Cause.UNPARSABLE
        return
    assert fact.lock.object_lock_enabled
    assert fact.versioning.certain == (Versioning(status="Enabled"),)


def test_trails() -> None:
    """The bucket that takes a trail's records is asked for as every bucket is; without a name it is not known."""
    trail = {"TrailARN": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t", "S3BucketName": "logs"}
    line: dict[str, Any] = {
        "DescribeTrails": {"trailList": [trail]},
        "GetPublicAccessBlock": Trouble(Cause.REFUSED, "NoSuchPublicAccessBlockConfiguration"),
        "GetBucketAcl": {"Grants": []},
        "GetBucketPolicy": NO_POLICY,
        "GetBucketLogging": {},
    }
    log, exposure = (read(s3.READING, CannedLine(line), [fact])[0] for fact in (TrailAccessLog, TrailExposure))

    assert isinstance(log, Observed)
    assert isinstance(exposure, Observed)
    assert log.fact == TrailAccessLog(bucket=BucketAccessLog(policy=PLAIN))
    assert isinstance(exposure.fact, TrailExposure)
    assert exposure.fact.bucket is not None
    assert exposure.fact.bucket.access == Bucket()
    assert exposure.subject.arn == trail["TrailARN"]
    (unread,) = read(s3.READING, CannedLine({"DescribeTrails": {"trailList": [{}]}}), [TrailExposure])
    assert not isinstance(unread, Observed)
