"""Copies of stores and keys: where a program lets them go, the account shows them."""

import json
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from tests.integration.differential.cases import Case, check
from tests.integration.programs_as_data import Wanted, ref

_SETTINGS: Final = Settings(regions=("us-east-1", "us-west-2"), regional_stores=("ledger",))
_REGIONAL: Final[dict[str, Any]] = {"tags": {"DataResidency": "Regional"}}


def _said(verdict: str) -> dict[str, str]:
    return {"LG-RES-03": verdict}


def _table(name: str, *regions: str, **more: Any) -> Wanted:
    given: dict[str, Any] = {"name": name, "hashKey": "id", "attributes": [{"name": "id", "type": "S"}]}
    copied = {"billingMode": "PAY_PER_REQUEST", "streamEnabled": True, "streamViewType": "NEW_AND_OLD_IMAGES"}
    replicas = {"replicas": [{"regionName": each} for each in regions]} if regions else {}
    return Wanted("aws:dynamodb/table:Table", name, {**given, **copied, **replicas, **more})


def _secret(name: str, *regions: str, **more: Any) -> Wanted:
    replicas = {"replicas": [{"region": each} for each in regions]} if regions else {}
    return Wanted("aws:secretsmanager/secret:Secret", name, {"name": name, **replicas, **more})


def _bucket(name: str, region: str, **more: Any) -> Wanted:
    return Wanted("aws:s3/bucket:Bucket", name, {"bucket": f"{name}-of-the-test", "region": region, **more})


def _versions(bucket: str, region: str) -> Wanted:
    given = {"bucket": ref(bucket), "region": region, "versioningConfiguration": {"status": "Enabled"}}
    return Wanted("aws:s3/bucketVersioning:BucketVersioning", f"{bucket}-versions", given)


def _copied(title: str, name: str, region: str, verdict: str, *, status: str = "Enabled", **more: Any) -> Case:
    rule = {
        "id": "all",
        "status": status,
        "filter": {"prefix": ""},
        "destination": {"bucket": ref(f"{name}-copy", "arn")},
    }
    rule["deleteMarkerReplication"] = {"status": "Disabled"}
    given = {"bucket": ref(name), "role": ref("copier", "arn"), "rules": [rule]}
    parts = (
        _versions(name, "us-east-1"),
        _bucket(f"{name}-copy", region),
        _versions(f"{name}-copy", region),
        Wanted("aws:s3/bucketReplicationConfig:BucketReplicationConfig", f"{name}-rules", given),
    )
    return Case(title, (_bucket(name, "us-east-1", **more), *parts), _said(verdict))


def _vault(name: str, region: str) -> Wanted:
    return Wanted("aws:backup/vault:Vault", name, {"name": name, "region": region})


def _plan(title: str, name: str, verdict: str, *vaults: str, **more: Any) -> Case:
    copies = {"copyActions": [{"destinationVaultArn": ref(each, "arn")} for each in vaults]} if vaults else {}
    rule = {"ruleName": "daily", "targetVaultName": ref("home", "name"), "schedule": "cron(0 5 * * ? *)", **copies}
    return Case(title, (Wanted("aws:backup/plan:Plan", name, {"name": name, "rules": [rule], **more}),), _said(verdict))


def _replica(title: str, name: str, primary: str, region: str, verdict: str, **more: Any) -> Case:
    given = {"primaryKeyArn": ref(primary, "arn"), "region": region, **more}
    return Case(title, (Wanted("aws:kms/replicaKey:ReplicaKey", name, given),), _said(verdict))


_TRUST: Final = json.dumps({"Version": "2012-10-17", "Statement": []})
_SHARED: Final = (
    Wanted("aws:iam/role:Role", "copier", {"name": "copier", "assumeRolePolicy": _TRUST}),
    Wanted("aws:kms/key:Key", "everywhere", {"multiRegion": True}),
    Wanted("aws:kms/key:Key", "here", {"multiRegion": True, **_REGIONAL}),
    _vault("home", "us-east-1"),
    _vault("allowed", "us-west-2"),
    _vault("abroad", "eu-west-1"),
)
CASES: Final = (
    Case("a table that is copied nowhere", (_table("alone"),), _said("not_applicable")),
    Case("a table in an allowed Region", (_table("west", "us-west-2"),), _said("pass")),
    Case("a table abroad", (_table("east", "us-west-2", "eu-west-1"),), _said("fail")),
    Case("a table that has to stay", (_table("stays", "us-west-2", **_REGIONAL),), _said("fail")),
    Case("a table that the profile lists", (_table("ledger", "us-west-2"),), _said("fail")),
    Case("a secret that is copied nowhere", (_secret("own"),), _said("not_applicable")),
    Case("a secret in an allowed Region", (_secret("s-west", "us-west-2"),), _said("pass")),
    Case("a secret abroad", (_secret("s-east", "eu-west-1"),), _said("fail")),
    Case("a secret that has to stay", (_secret("s-stays", "us-west-2", **_REGIONAL),), _said("fail")),
    Case("a bucket that is copied nowhere", (_bucket("b-alone", "us-east-1"),), _said("not_applicable")),
    _copied("a bucket in an allowed Region", "b-west", "us-west-2", "pass"),
    _copied("a bucket abroad", "b-east", "eu-west-1", "fail"),
    _copied("a bucket whose rule is off", "b-off", "eu-west-1", "not_applicable", status="Disabled"),
    _copied("a bucket that has to stay", "b-stays", "us-west-2", "fail", **_REGIONAL),
    _copied("a bucket that stays", "b-near", "us-east-1", "pass", **_REGIONAL),
    _plan("a plan without copies", "p-alone", "not_applicable"),
    _plan("a plan in an allowed Region", "p-west", "pass", "allowed"),
    _plan("a plan abroad", "p-east", "fail", "allowed", "abroad"),
    _plan("a plan that has to stay", "p-stays", "fail", "allowed", **_REGIONAL),
    _replica("a key in an allowed Region", "k-west", "everywhere", "us-west-2", "pass"),
    _replica("a key abroad", "k-east", "everywhere", "eu-west-1", "fail"),
    _replica("a key whose primary has to stay", "k-stays", "here", "us-west-2", "fail"),
)


def test_where_copies_are(tmp_path: Path) -> None:
    """A store tells where its copies are, a primary key where its replicas are, and tags say what must stay."""
    check(tmp_path / "p", CASES, shared=_SHARED, settings=_SETTINGS)
