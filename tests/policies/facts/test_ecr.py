"""ECR repositories: tags, key and scans."""

import re
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.ecr import (
    ImageEncryption,
    RepositoryEncryption,
    RepositoryScans,
    RepositoryTags,
    ScanRule,
    filter_matches,
    repository_encryption_from_graph,
    repository_scans_from_graph,
    repository_tags_from_graph,
)
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

REPOSITORY: Final = "aws:ecr/repository:Repository"
SCANNING: Final = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
KEY_ARN: Final = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CUSTOMER: Final = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


def repository(**inputs: Any) -> Resource:
    """Return a repository."""
    return resource(REPOSITORY, "api", {"name": "bank/api", **inputs})


def tags(**inputs: Any) -> RepositoryTags:
    """Return which tags may move, the same from inputs and from outputs."""
    asked, deployed = repository(**inputs), resource(REPOSITORY, "api", outputs={"name": "bank/api", **inputs})
    found = repository_tags_from_graph(graph(asked), asked)
    assert found == repository_tags_from_graph(graph(deployed), deployed)
    return found


def test_tags() -> None:
    """Tags may move unless somebody says so."""
    exclusion = {"filter": "cache-*", "filterType": "WILDCARD"}

    assert tags() == RepositoryTags(mutability="MUTABLE", exclusions=())
    assert tags(imageTagMutability="IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters=[exclusion]) == (
        RepositoryTags(mutability="IMMUTABLE_WITH_EXCLUSION", exclusions=("cache-*",))
    )
    assert tags(imageTagMutability=UNKNOWN).mutability == UNKNOWN
    assert tags(imageTagMutabilityExclusionFilters=[{"filter": UNKNOWN}]).exclusions == (UNKNOWN,)
    with pytest.raises(ValueError, match="imageTagMutability is no text"):
        tags(imageTagMutability=1)


def encryption(configurations: Any) -> Any:
    """Return what encrypts a repository."""
    subject = repository(encryptionConfigurations=configurations)
    return repository_encryption_from_graph(graph(subject), subject).configurations


def test_encryption() -> None:
    """Without a configuration, a type or a key the service's own defaults stand."""
    assert encryption(None) == RepositoryEncryption().configurations
    assert encryption([{}]) == (ImageEncryption(type="AES256", kms_key=None),)
    assert encryption([{"encryptionType": "KMS", "kmsKey": KEY_ARN}]) == (
        ImageEncryption(type="KMS", kms_key=CUSTOMER),
    )
    assert encryption([{"encryptionType": "KMS", "kmsKey": "alias/aws/ecr"}])[0].kms_key.manager is KeyManager.AWS
    assert encryption([{"encryptionType": "KMS", "kmsKey": UNKNOWN}]) == (ImageEncryption(type="KMS", kms_key=UNKNOWN),)
    assert encryption(UNKNOWN) == UNKNOWN
    assert isinstance(encryption(Secret([{}])), Secret)


def scans(subject: Resource, *others: Resource) -> RepositoryScans:
    """Return what scans a repository."""
    return repository_scans_from_graph(graph(subject, *others), subject)


def scanning(rules: Any, **fields: Any) -> Resource:
    """Return a scanning configuration of a registry."""
    region = {"region": fields.pop("region")} if "region" in fields else {}
    return resource(SCANNING, "registry", {"scanType": "BASIC", "rules": rules, **region}, **fields)


RULE: Final = {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "bank/*", "filterType": "WILDCARD"}]}
EXPECTED: Final = ScanRule(frequency="SCAN_ON_PUSH", filters=("bank/*",))


def test_scans_by_the_repository() -> None:
    """It scans nothing unless it says so."""
    assert scans(repository()) == RepositoryScans(name="bank/api")
    assert scans(repository(imageScanningConfiguration={"scanOnPush": True})).scan_on_push is True
    assert scans(repository(imageScanningConfiguration=[{"scanOnPush": True}])).scan_on_push is True
    assert scans(repository(imageScanningConfiguration=UNKNOWN)).scan_on_push == UNKNOWN
    assert scans(resource(REPOSITORY, "api", {"name": UNKNOWN})).name == UNKNOWN


def test_scans_by_the_registry() -> None:
    """Rules of the registry of its own Region count; what is looked up or of an unknown Region is not known."""
    assert scans(repository(), scanning([RULE])).rules == (EXPECTED,)
    assert scans(repository(), scanning([UNKNOWN, RULE])).rules == (EXPECTED, UNKNOWN)
    assert scans(repository(), scanning(UNKNOWN)).rules == (UNKNOWN,)
    assert scans(repository(), scanning(Secret([RULE]))).rules == (Secret(EXPECTED),)
    assert scans(repository(), scanning([RULE], region="us-east-1")).rules == ()
    assert scans(repository(), scanning([RULE], region=UNKNOWN)).rules == (UNKNOWN,)
    assert scans(repository(), scanning([RULE], kind=Kind.READ)).rules == (UNKNOWN,)
    assert scans(repository(name=f"api-{SYMBOL_MARK}"), scanning([RULE])).name == f"api-{SYMBOL_MARK}"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("prod", "prod repo-prod prod-repo repo-prod-repo prodrepo"),
        ("*prod", "prod repo-prod"),
        ("prod*", "prod prod-repo prodrepo"),
        ("*prod*", "prod repo-prod prod-repo repo-prod-repo prodrepo"),
        ("prod*repo", "prod-repo prodrepo"),
    ],
)
def test_filters(pattern: str, names: str) -> None:
    """The table of the user guide: a filter without a wildcard matches a part, one with it the whole name."""
    every = ["prod", "repo-prod", "prod-repo", "repo-prod-repo", "prodrepo"]

    assert [each for each in every if filter_matches(pattern, each)] == [
        each for each in every if each in names.split()
    ]


@given(st.text(alphabet="ab-/", min_size=1), st.text(alphabet="ab-/"))
def test_every_filter_matches_what_begins_like_it(start: str, rest: str) -> None:
    """A filter with a star at its end matches exactly the names that begin so."""
    name = start + rest

    assert filter_matches(f"{start}*", name)
    assert filter_matches(f"{start}*", rest) is (re.match(re.escape(start), rest) is not None)
