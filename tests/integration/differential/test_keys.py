"""Keys: how they rotate, whom their policies let in, and where copied stores find them."""

import json
from pathlib import Path
from typing import Any, Final

from policies.settings import Settings
from tests.integration.differential.cases import Case, check
from tests.integration.estate import ACCOUNT
from tests.integration.programs_as_data import Wanted, ref

_KEY: Final = "aws:kms/key:Key"
_ROOT: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
_ROLE: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/task"}
_LOGS: Final = {"Service": "logs.us-east-1.amazonaws.com"}


def _key(name: str, **more: Any) -> Wanted:
    return Wanted(_KEY, name, more)


ROTATIONS: Final = (
    Case("a key that does not rotate", (_key("still"),), {"KMS.4": "fail"}),
    Case("every year", (_key("yearly", enableKeyRotation=True),), {"KMS.4": "pass"}),
    Case("every quarter", (_key("quarterly", enableKeyRotation=True, rotationPeriodInDays=90),), {"KMS.4": "pass"}),
    Case("every other year", (_key("seldom", enableKeyRotation=True, rotationPeriodInDays=730),), {"KMS.4": "fail"}),
    Case("a key that signs", (_key("signer", customerMasterKeySpec="RSA_4096", keyUsage="SIGN_VERIFY"),),
         {"KMS.4": "not_applicable"}),
)  # fmt: skip


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [_letting(_ROOT, "kms:*"), *statements]})


def _letting(principal: Any, action: str, condition: Any = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return {**statement, **({"Condition": condition} if condition else {})}


def _guarded(title: str, name: str, verdict: str, *statements: dict[str, Any]) -> Case:
    return Case(title, (_key(name, policy=_document(*statements)),), {"LG-IAM-08": verdict})


def _beside(title: str, name: str, verdict: str, *statements: dict[str, Any]) -> Case:
    given = {"keyId": ref(name, "arn"), "policy": _document(*statements)}
    return Case(
        title, (_key(name), Wanted("aws:kms/keyPolicy:KeyPolicy", f"{name}-policy", given)), {"LG-IAM-08": verdict}
    )


_CONTEXT: Final = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:us-east-1:{ACCOUNT}:*"}}

POLICIES: Final = (
    Case("the policy that KMS writes", (_key("default"),), {"LG-IAM-08": "pass"}),
    _guarded("a user and a service", "used", "pass", _letting(_ROLE, "kms:Decrypt"),
             _letting(_LOGS, "kms:Decrypt", _CONTEXT)),
    _guarded("a role that may do everything", "owned", "fail", _letting(_ROLE, "kms:*")),
    _guarded("everyone of one account", "callers", "pass", _letting(
        "*", "kms:Decrypt", {"StringEquals": {"kms:CallerAccount": ACCOUNT}})),
    _guarded("everyone", "everyone", "fail", _letting("*", "kms:Decrypt")),
    _guarded("a service for anybody", "deputy", "fail", _letting(_LOGS, "kms:Decrypt")),
    _beside("a policy of its own", "apart", "pass", _letting(_ROLE, "kms:Decrypt")),
    _beside("a wide policy of its own", "wide", "fail", _letting("*", "kms:Decrypt")),
)  # fmt: skip


def test_rotation_and_policies(tmp_path: Path) -> None:
    """KMS tells how a key rotates and what policy it has, whoever wrote that."""
    check(tmp_path / "p", (*ROTATIONS, *POLICIES))


def _secret(name: str, key: str, *regions: str) -> Wanted:
    given = {"name": name, "kmsKeyId": ref(key, "arn"), "replicas": [{"region": each} for each in regions]}
    return Wanted("aws:secretsmanager/secret:Secret", name, given)


def _replica(key: str) -> Wanted:
    given = {"primaryKeyArn": ref(key, "arn"), "region": "us-west-2"}
    return Wanted("aws:kms/replicaKey:ReplicaKey", f"{key}-replica", given)


COPIES: Final = (
    Case("a key that no copied store uses", (_key("regional"), _secret("here", "regional")),
         {"LG-DR-13": "not_applicable"}),
    Case("a key of one Region", (_key("single"), _secret("lost", "single", "us-west-2")), {"LG-DR-13": "fail"}),
    Case("a key without a replica", (_key("alone", multiRegion=True), _secret("halved", "alone", "us-west-2")),
         {"LG-DR-13": "fail"}),
    Case("a key with its replica", (_key("both", multiRegion=True), _replica("both"),
         _secret("copied", "both", "us-west-2")), {"LG-DR-13": "pass"}),
)  # fmt: skip


def test_keys_of_copied_stores(tmp_path: Path) -> None:
    """Which stores a key encrypts is asked of them; where its replicas are tells the key."""
    settings = Settings(system="banking", regions=("us-east-1", "us-west-2"))
    check(tmp_path / "p", COPIES, settings=settings)
