"""Repositories: judged as they are written, and as they are in the account."""

import json
from pathlib import Path
from typing import Any

from policies.settings import Settings
from tests.integration.differential.cases import Case, check
from tests.integration.programs_as_data import Wanted, ref

_TYPE = "aws:ecr/repository:Repository"

SHARED = (
    Wanted("aws:kms/key:Key", "key"),
    Wanted(
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        "registry",
        {
            "scanType": "BASIC",
            "rules": [
                {
                    "scanFrequency": "SCAN_ON_PUSH",
                    "repositoryFilters": [{"filter": "bank/*", "filterType": "WILDCARD"}],
                },
                {"scanFrequency": "MANUAL", "repositoryFilters": [{"filter": "by-hand", "filterType": "WILDCARD"}]},
            ],
        },
    ),
)


def _case(title: str, name: str, control: str, verdict: str, **settings: Any) -> Case:
    wanted = Wanted(_TYPE, name.replace("/", "-"), {"name": name, **settings})
    return Case(title, (wanted,), {control: verdict})


def _encrypted(**encryption: Any) -> dict[str, Any]:
    return {"encryptionConfigurations": [encryption]}


def _excluded(mode: str, pattern: str) -> dict[str, Any]:
    excluded = [{"filter": pattern, "filterType": "WILDCARD"}]
    return {"imageTagMutability": mode, "imageTagMutabilityExclusionFilters": excluded}


_KEY = ref("key", "arn")
_ONE = {"imageScanningConfiguration": {"scanOnPush": True}}
_OFF = {"imageScanningConfiguration": {"scanOnPush": False}}

CASES = (
    _case("scanned by itself", "alone", "ECR.1", "pass", **_ONE),
    _case("scanned by a rule of the registry", "bank/api", "ECR.1", "pass"),
    _case("a rule that waits for somebody", "by-hand", "ECR.1", "fail", **_OFF),
    _case("a name that the rule's filter does not match whole", "my/bank/api", "ECR.1", "fail"),
    _case("nothing said, and no rule", "bare", "ECR.1", "fail"),
    _case("a key of the customer", "own-key", "LG-ENC-13", "pass", **_encrypted(encryptionType="KMS", kmsKey=_KEY)),
    _case("two layers", "twice", "LG-ENC-13", "pass", **_encrypted(encryptionType="KMS_DSSE", kmsKey=_KEY)),
    _case("KMS without a key", "its-key", "LG-ENC-13", "fail", **_encrypted(encryptionType="KMS")),
    _case("AES256", "aes", "LG-ENC-13", "fail", **_encrypted(encryptionType="AES256")),
    _case("no encryption written", "no-key", "LG-ENC-13", "fail"),
    _case("tags stay", "fixed", "LG-SUP-01", "pass", imageTagMutability="IMMUTABLE"),
    _case("tags move", "loose", "LG-SUP-01", "fail", imageTagMutability="MUTABLE"),
    _case("nothing said of tags", "silent", "LG-SUP-01", "fail"),
    _case("all tags but some stay", "mostly", "LG-SUP-01", "fail", **_excluded("IMMUTABLE_WITH_EXCLUSION", "cache-*")),
    _case("some tags stay", "hardly", "LG-SUP-01", "fail", **_excluded("MUTABLE_WITH_EXCLUSION", "v*")),
)  # fmt: skip


def test_repositories(tmp_path: Path) -> None:
    """Scans, keys and tags of repositories have one verdict, wherever they are looked at."""
    check(tmp_path / "p", CASES, shared=SHARED)


def _shared(title: str, name: str, verdict: str, **principal: str) -> Case:
    allowed = {"Effect": "Allow", "Principal": principal or "*", "Action": "ecr:BatchGetImage"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    policy = {"repository": ref(name, "name"), "policy": text}
    wanted = (
        Wanted(_TYPE, name, {"name": name}),
        Wanted("aws:ecr/repositoryPolicy:RepositoryPolicy", f"{name}-policy", policy),
    )
    return Case(title, wanted, {"LG-IAM-25": verdict})


POLICIES = (
    _shared("a named account", "named", "pass", AWS="arn:aws:iam::444455556666:root"),
    _shared("everybody", "everybody", "fail"),
    _case("no policy", "own", "LG-IAM-25", "pass"),
)


def test_policies(tmp_path: Path) -> None:
    """Whom a repository lets in is judged with it, though a program writes the policy beside it."""
    check(tmp_path / "p", POLICIES)


def test_exclusions_that_the_profile_allows(tmp_path: Path) -> None:
    """A filter of tags that may move passes in the account, too, where the profile names it."""
    allowed = _case("a cache", "cached", "LG-SUP-01", "pass", **_excluded("IMMUTABLE_WITH_EXCLUSION", "cache-*"))
    other = _case("something else", "other", "LG-SUP-01", "fail", **_excluded("IMMUTABLE_WITH_EXCLUSION", "v*"))
    check(tmp_path / "p", (allowed, other), settings=Settings(mutable_tag_filters=("cache-*",)))
