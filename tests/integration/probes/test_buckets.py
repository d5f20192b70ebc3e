"""The two probes on buckets that are in order, and on buckets that are not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from integration.probes.outcome import NotProvableHereError
from integration.probes.target import Target
from integration.probes.transport import denies_plain_http, plain_http_refused
from integration.probes.versions import deleted_version_comes_back
from integration.sandbox import Sandbox
from tests.integration.estate import ACCOUNT, REGION

DENIAL: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::logs-of-the-test", "arn:aws:s3:::logs-of-the-test/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
BUCKET = "logs-of-the-test"


def policy(*statements: dict[str, Any]) -> str:
    """Return a bucket policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def target() -> Iterator[Target]:
    """Open a sandbox with one versioned bucket that denies plain HTTP."""
    with Sandbox.in_process(account=ACCOUNT) as sandbox:
        s3 = sandbox.session().client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_policy(Bucket=BUCKET, Policy=policy(DENIAL))
        yield Target(kind="sandbox", session=sandbox.session(), account=ACCOUNT, region=REGION, buckets=(BUCKET,))


def test_a_versioned_bucket_gives_back_what_was_deleted(target: Target) -> None:
    """The object comes back, and the probe leaves nothing behind."""
    assert deleted_version_comes_back(target, BUCKET) == ""
    left = target.s3().list_object_versions(Bucket=BUCKET)
    assert (left.get("Versions", []), left.get("DeleteMarkers", [])) == ([], [])


@pytest.mark.parametrize("status", ["Suspended"])
def test_a_bucket_without_versions_fails(target: Target, status: Any) -> None:
    """Without versioning what is deleted is gone: the probe fails before it writes anything."""
    target.s3().put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})
    assert "versioning is not enabled" in deleted_version_comes_back(target, BUCKET)
    assert "Versions" not in target.s3().list_object_versions(Bucket=BUCKET)


def test_where_only_a_second_factor_may_delete_versions(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deleted version is copied over its marker instead; what cannot be removed is hidden behind a marker."""
    hook: Any = _deny_versions
    s3 = target.s3()
    s3.meta.events.register("before-call.s3.DeleteObject", hook)
    monkeypatch.setattr(Target, "s3", lambda self, **_: s3)
    assert deleted_version_comes_back(target, BUCKET) == ""
    assert [each["IsLatest"] for each in s3.list_object_versions(Bucket=BUCKET)["DeleteMarkers"]].count(True) == 1


def _deny_versions(params: dict[str, Any], **_: Any) -> None:
    if "versionId" in params["query_string"]:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "DeleteObject")


def test_a_bucket_that_keeps_everything_is_left_alone(target: Target) -> None:
    """In an account nobody writes what nobody could remove for years."""
    s3 = target.s3()
    s3.create_bucket(Bucket="locked-of-the-test", ObjectLockEnabledForBucket=True)
    rule: Any = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 2555}}
    lock: Any = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket="locked-of-the-test", ObjectLockConfiguration=lock)
    account = Target(kind="account", session=target.session, account=ACCOUNT, region=REGION, buckets=())
    with pytest.raises(NotProvableHereError, match="for years"):
        deleted_version_comes_back(account, "locked-of-the-test")
    assert "Versions" not in s3.list_object_versions(Bucket="locked-of-the-test")


def test_plain_http_is_not_provable_on_moto(target: Target) -> None:
    """That the policy denies it was read; that it is enforced nobody has shown."""
    with pytest.raises(NotProvableHereError, match="moto enforces no condition"):
        plain_http_refused(target, BUCKET)


def test_a_bucket_whose_policy_says_nothing_fails(target: Target) -> None:
    """Without a policy, plain HTTP is as good as TLS, whatever the target can show."""
    target.s3().delete_bucket_policy(Bucket=BUCKET)
    assert plain_http_refused(target, BUCKET) == "its policy does not deny plain HTTP to everybody"


@pytest.mark.parametrize(
    ("denied", "expected"),
    [({False}, ""), (set(), "it was listed over plain HTTP"), ({True, False}, NotProvableHereError)],
)
def test_where_policies_are_enforced(
    target: Target, monkeypatch: pytest.MonkeyPatch, denied: set[bool], expected: object
) -> None:
    """The same request is refused over plain HTTP and only there; refused both ways it proves nothing."""
    open_client = Target.s3
    account = Target(kind="account", session=target.session, account=ACCOUNT, region=REGION, buckets=())

    def s3(self: Target, *, encrypted: bool = True) -> Any:
        client = open_client(self, encrypted=encrypted)
        assert client.meta.endpoint_url.startswith("https" if encrypted else "http:")
        if encrypted in denied:
            client.meta.events.register("before-call.s3.ListObjectsV2", _deny)
        return client

    monkeypatch.setattr(Target, "s3", s3)
    if expected is NotProvableHereError:
        with pytest.raises(NotProvableHereError, match="over TLS either"):
            plain_http_refused(account, BUCKET)
    else:
        assert plain_http_refused(account, BUCKET) == expected


def _deny(**_: Any) -> None:
    raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListObjectsV2")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (DENIAL, True),
        ({**DENIAL, "Principal": {"AWS": "*"}, "Action": ["s3:*"]}, True),
        ({**DENIAL, "Effect": "Allow"}, False),
        ({**DENIAL, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, False),
        ({**DENIAL, "Action": "s3:GetObject"}, False),
        ({**DENIAL, "Resource": DENIAL["Resource"][0]}, False),
        ({**DENIAL, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        ({**DENIAL, "Condition": {**DENIAL["Condition"], "StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
        ({key: value for key, value in DENIAL.items() if key != "Condition"}, False),
    ],
)
def test_what_a_policy_denies(statement: dict[str, Any], expected: object) -> None:
    """Everything to everybody, on bucket and objects, on no other condition: anything less lets somebody through."""
    assert denies_plain_http(policy(statement), BUCKET) is expected
