"""Copies of buckets in other Regions: what the control says of a program, it says of the account."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.programs_as_data import Wanted, ref

THERE: Final = "us-west-2"
SETTINGS: Final = Settings(system="banking", replicated_bucket_systems=("banking",))
_BUCKET: Final = "aws:s3/bucket:Bucket"
_ROLE: Final = "arn:aws:iam::111122223333:role/copies"


def bucket(name: str, classification: str = "confidential", **properties: Any) -> tuple[Wanted, ...]:
    """Return a bucket that keeps versions."""
    tags = {"DataClassification": classification}
    region = {"region": properties["region"]} if "region" in properties else {}
    status = {"bucket": ref(name), "versioningConfiguration": {"status": "Enabled"}, **region}
    return (
        Wanted(_BUCKET, name, {"bucket": f"{name}-of-the-test", "tags": tags, **properties}),
        Wanted("aws:s3/bucketVersioning:BucketVersioning", f"{name}-versions", status),
    )


SHARED: Final = (
    Wanted("aws:kms/key:Key", "key-there", {"region": THERE}),
    Wanted("aws:kms/key:Key", "key-here", {}),
    *bucket("far", "public", region=THERE),
    *bucket("near", "public"),
)


def rule(to: str = "far", key: str = "key-there", **changed: Any) -> dict[str, Any]:
    """Return a rule that does all that is asked; what is changed to None is left out."""
    encrypted = {"encryptionConfiguration": {"replicaKmsKeyId": ref(key, "arn")}} if key else {}
    timed = {} if changed.pop("late", False) else {"replicationTime": {"status": "Enabled", "time": {"minutes": 15}}}
    made = {
        "id": "everything",
        "priority": 1,
        "status": "Enabled",
        "filter": {"prefix": ""},
        "deleteMarkerReplication": {"status": "Enabled"},
        "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
        "destination": {"bucket": ref(to, "arn"), **encrypted, **timed},
        **changed,
    }
    return {name: value for name, value in made.items() if value is not None}


def copied(name: str, *rules: Mapping[str, Any], classification: str = "confidential") -> tuple[Wanted, ...]:
    """Return a bucket that is copied by these rules."""
    kind = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    properties = {"bucket": ref(name), "role": _ROLE, "rules": [*rules]}
    return (*bucket(name, classification), Wanted(kind, f"{name}-copies", properties))


_OFF: Final = {"status": "Disabled"}
CASES: Final = tuple(
    Case(title, wanted, {"LG-DR-12": verdict})
    for title, wanted, verdict in (
        ("one rule that does it all", copied("all", rule()), "pass"),
        ("beside one that is off", copied("two", rule(status="Disabled"), rule(id="next", priority=2)), "pass"),
        ("no replication", bucket("alone"), "fail"),
        ("the only rule is off", copied("off", rule(status="Disabled")), "fail"),
        ("in the same Region", copied("same", rule("near", "key-here")), "fail"),
        ("no key for the copies", copied("bare", rule(key="")), "fail"),
        ("encrypted objects are left out", copied("left", rule(sourceSelectionCriteria=None)), "fail"),
        ("deletions stay behind", copied("kept", rule(deleteMarkerReplication=_OFF)), "fail"),
        ("no promise of time", copied("late", rule(late=True)), "fail"),
        ("public data", bucket("open", "public"), "not_applicable"),
        ("the copy itself", (*bucket("target"), *copied("to-target", rule("target", "key-here"))), "not_applicable"),
    )
)

DIFFERENCES: Final = (
    Difference(
        "a rule without a filter is of the first version, in which S3 copies deletions unasked",
        "LG-DR-12",
        copied("first-version", rule(filter=None, deleteMarkerReplication=None)),
        "fail",
        "pass",
    ),
)
"""One, which is AWS's."""


def test_copies(tmp_path: Path) -> None:
    """Each demand of a rule by itself, and buckets of which none is asked."""
    check(tmp_path / "p", CASES, shared=SHARED, settings=SETTINGS)


def test_known_differences(tmp_path: Path) -> None:
    """Program and account differ where it is written why."""
    check_differences(tmp_path / "p", DIFFERENCES, ("LG-DR-12",), shared=SHARED, settings=SETTINGS)
    assert len(DIFFERENCES) == 1
