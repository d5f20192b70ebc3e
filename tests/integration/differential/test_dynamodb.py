"""Tables and user pools: what the controls say of a program, they say of the account."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.integration.differential.cases import Case, check
from tests.integration.programs_as_data import Wanted, ref

THERE: Final = "us-west-2"
KEYS: Final = (
    Wanted("aws:kms/key:Key", "key", {}),
    Wanted("aws:kms/key:Key", "key-there", {"region": THERE}),
)


def table(name: str, **properties: Any) -> Wanted:
    """Return a table."""
    made = {"name": name, "billingMode": "PAY_PER_REQUEST", "hashKey": "id"}
    keys = {"attributes": [{"name": "id", "type": "S"}]}
    return Wanted("aws:dynamodb/table:Table", name, {**made, **keys, **properties})


def pool(name: str, **properties: Any) -> Wanted:
    """Return a user pool."""
    return Wanted("aws:cognito/userPool:UserPool", name, {"name": name, **properties})


def _under(key: str = "") -> Mapping[str, Any]:
    named = {"kmsKeyArn": ref(key, "arn")} if key else {}
    return {"serverSideEncryption": {"enabled": True, **named}}


def _copied(key: str = "") -> Mapping[str, Any]:
    return {"replicas": [{"regionName": THERE, **({"kmsKeyArn": ref(key, "arn")} if key else {})}]}


CASES: Final = (
    Case("a customer's key", (table("own", **_under("key")),), {"LG-ENC-03": "pass"}),
    Case("the key that AWS owns", (table("owned"),), {"LG-ENC-03": "fail"}),
    Case("the key that AWS manages", (table("managed", **_under()),), {"LG-ENC-03": "fail"}),
    Case("off", (table("off", serverSideEncryption={"enabled": False}),), {"LG-ENC-03": "fail"}),
    Case("a replica", (table("copied", **_under("key"), **_copied("key-there")),), {"LG-ENC-03": "pass"}),
    Case("without a key", (table("copied-bare", **_under("key"), **_copied()),), {"LG-ENC-03": "fail"}),
    Case("protected", (table("protected", deletionProtectionEnabled=True),), {"LG-DR-06": "pass"}),
    Case("not protected", (table("open"),), {"LG-DR-06": "fail"}),
    Case("a user pool", (pool("kept", deletionProtection="ACTIVE"),), {"LG-DR-06": "pass"}),
    Case("one that says no", (pool("inactive", deletionProtection="INACTIVE"),), {"LG-DR-06": "fail"}),
    Case("one that says nothing", (pool("silent"),), {"LG-DR-06": "fail"}),
)


def test_tables_and_user_pools(tmp_path: Path) -> None:
    """Keys, those of replicas among them, and protection."""
    check(tmp_path / "p", CASES, shared=KEYS)
