"""Settings of buckets that are judged at design time, deployed, read back and judged again: the verdicts are equal."""

import json
from typing import Any, Final

import pytest

from tests.integration.programs_as_data import Wanted, judged_twice, ref

CONTROLS: Final = (
    "LG-ENC-01",
    "LG-IAM-24",
    "LG-NET-15",
    "LG-RET-01",
    "LG-RET-02",
    "LG-RET-03",
    "LG-RET-04",
    "S3.15",
    "S3.17",
    "S3.5",
    "S3.9",
)

Settings = dict[str, dict[str, Any]]


def _policy(*denied: dict[str, Any]) -> dict[str, Any]:
    statements = [{"Effect": "Deny", "Principal": "*", "Resource": "*", **each} for each in denied]
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}


PLAIN_TEXT: Final = {"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
WITHOUT_MFA: Final = {"Action": "s3:DeleteObjectVersion", "Condition": {"Null": {"aws:MultiFactorAuthAge": "true"}}}
RULE: Final = {
    "id": "all",
    "status": "Enabled",
    "filter": {"prefix": ""},
    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    "noncurrentVersionExpiration": {"noncurrentDays": 2557},
}
ENCRYPTED: Final = {
    "rules": [
        {
            "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ref("key", "arn")},
            "bucketKeyEnabled": True,
        }
    ]
}
GOOD: Final[Settings] = {
    "BucketVersioning": {"versioningConfiguration": {"status": "Enabled"}},
    "BucketObjectLockConfiguration": {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "years": 7}}},
    "BucketServerSideEncryptionConfiguration": ENCRYPTED,
    "BucketLifecycleConfiguration": {"rules": [RULE]},
    "BucketPolicy": _policy(PLAIN_TEXT, WITHOUT_MFA),
    "BucketLogging": {"targetBucket": ref("target"), "targetPrefix": "logs/"},
}
"""Kind of companion → its properties."""

SERVICE_KEY: Final = {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]}
BAD: Final[dict[str, tuple[str, dict[str, Any], set[str]]]] = {
    "short-lock": (
        "BucketObjectLockConfiguration",
        {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
        {"LG-RET-01"},
    ),
    "weak-lock": (
        "BucketObjectLockConfiguration",
        {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "years": 7}}},
        {"LG-RET-01"},
    ),
    "service-key": ("BucketServerSideEncryptionConfiguration", SERVICE_KEY, {"LG-ENC-01", "S3.17"}),
    "early-end": (
        "BucketLifecycleConfiguration",
        {"rules": [{**RULE, "expiration": {"days": 30}}]},
        {"LG-RET-02"},
    ),
    "idle": ("BucketLifecycleConfiguration", {"rules": [{**RULE, "status": "Disabled"}]}, {"LG-RET-03"}),
    "plain-text": ("BucketPolicy", _policy(WITHOUT_MFA), {"S3.5"}),
    "no-mfa": ("BucketPolicy", _policy(PLAIN_TEXT), {"LG-IAM-24"}),
    "open": (
        "BucketPolicy",
        _policy(PLAIN_TEXT, WITHOUT_MFA, {"Effect": "Allow", "Action": "s3:List*"}),
        {"LG-NET-15"},
    ),
}
"""Name → companion, what it is instead, and the controls that then fail."""


KNOWN: Final = {"bare": {"LG-RET-04"}}
"""Bucket → controls whose verdicts differ.

S3 gives versions to a bucket that is created with object lock; a program that does not say so does not rely on it."""


def bucket(name: str, settings: Settings) -> list[Wanted]:
    """Return an audit bucket with these companions."""
    own = {"bucket": f"{name}-of-the-test", "objectLockEnabled": True, "tags": {"Purpose": "audit"}}
    made = [Wanted("aws:s3/bucket:Bucket", name, own)]
    for kind, properties in settings.items():
        token = f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}"
        made.append(Wanted(token, f"{name}-{kind}", {"bucket": ref(name), **properties}))
    return made


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, dict[str, str]]:
    """Return the verdicts on what was written and on what was deployed, and the ARN of each bucket."""
    wanted = [Wanted("aws:kms/key:Key", "key"), Wanted("aws:s3/bucket:Bucket", "target", {"bucket": "target-of-test"})]
    wanted += bucket("good", GOOD)
    for name, (kind, properties, _) in BAD.items():
        wanted += bucket(name, {**GOOD, kind: properties})
    wanted += bucket("bare", {})
    twice = judged_twice(tmp_path_factory.mktemp("program") / "p", wanted, CONTROLS)
    return twice.designed, twice.deployed, {urn.rpartition("::")[2]: arn for arn, urn in twice.urns.items()}


@pytest.mark.parametrize("name", ["good", "bare", *BAD])
def test_verdicts_are_equal(verdicts: tuple[Any, Any, dict[str, str]], name: str) -> None:
    """Whatever a program says of a bucket, the account says the same of what was deployed."""
    designed, deployed, arns = verdicts
    said = {control: designed[control, arns[name]] for control in CONTROLS}
    found = {control: deployed[control, arns[name]] for control in CONTROLS}
    different = {control for control in CONTROLS if found[control] != said[control]}

    assert different == KNOWN.get(name, set())
    assert set(said.values()) <= {"pass", "fail"}


def test_each_change_fails_what_it_breaks(verdicts: tuple[Any, Any, dict[str, str]]) -> None:
    """Deployed, the whole bucket passes everything, and each change fails its controls and no others."""
    _, deployed, arns = verdicts
    failed = {
        name: {control for control in CONTROLS if deployed[control, arns[name]] == "fail"} for name in ("good", *BAD)
    }

    assert failed == {"good": set(), **{name: controls for name, (_, _, controls) in BAD.items()}}
