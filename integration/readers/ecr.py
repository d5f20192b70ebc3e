"""Reads ECR repositories: what their tags may do, what encrypts and what scans them, and whom they let in."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.held_policies import allowed
from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ecr import ImageEncryption, RepositoryEncryption, RepositoryScans, RepositoryTags, ScanRule
from policies.facts.properties import UNKNOWN
from policies.facts.resource_policies import ResourcePolicy

_TYPE: Final = "aws:ecr/repository:Repository"
_POLICY: Final = "aws:ecr/repositoryPolicy:RepositoryPolicy"
_NO_POLICY: Final = "RepositoryPolicyNotFoundException"
_REPOSITORIES: Final = Paging("nextToken", ("repositories",))
_PAGE: Final = 1_000
"""Repositories a page, the most that ECR gives. Source: DescribeRepositories, ECR API reference, read 2026-11-30."""

Item = Mapping[str, Any]
Read = Callable[[Desk, Item, list[Failure]], Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    facts = tuple(each for each in _READS if each in wanted)
    yield Task(Subject(place.arn("ecr", "repository/*"), _TYPE, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_REPOSITORIES, desk.aws.ecr.describe_repositories, maxResults=_PAGE):
        for each in page["repositories"]:
            subject = Subject(each["repositoryArn"], _TYPE, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_observed, subject, _READS[fact], {**each}))


def _observed(subject: Subject, read: Read, item: Item, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    yield Observed(subject, read(desk, item, failures), failures=tuple(failures))


def _tags(_desk: Desk, item: Item, _failures: list[Failure]) -> RepositoryTags:
    exclusions = item.get("imageTagMutabilityExclusionFilters", ())
    return RepositoryTags(
        mutability=item["imageTagMutability"], exclusions=tuple(each["filter"] for each in exclusions)
    )


def _encryption(desk: Desk, item: Item, failures: list[Failure]) -> RepositoryEncryption:
    found = item["encryptionConfiguration"]
    key = key_use(desk, found.get("kmsKey"), failures)
    return RepositoryEncryption(configurations=(ImageEncryption(type=found["encryptionType"], kms_key=key),))


def _scans(desk: Desk, item: Item, failures: list[Failure]) -> RepositoryScans:
    """Return what scans a repository; nobody asks the registry where the repository says so itself."""
    name, itself = item["repositoryName"], item["imageScanningConfiguration"]["scanOnPush"]
    return RepositoryScans(name=name, scan_on_push=itself, rules=() if itself is True else _rules(desk, failures))


def _rules(desk: Desk, failures: list[Failure]) -> tuple[ScanRule, ...]:
    try:
        found: Any = desk.one(desk.aws.ecr.get_registry_scanning_configuration)
    except CallFailedError as error:
        failures.append(error.failure)
        return (UNKNOWN,)
    return tuple(map(_rule, found["scanningConfiguration"]["rules"]))


def _rule(rule: Item) -> ScanRule:
    return ScanRule(
        frequency=rule["scanFrequency"], filters=tuple(each["filter"] for each in rule["repositoryFilters"])
    )


def _policy(desk: Desk, item: Item, _failures: list[Failure]) -> ResourcePolicy:
    found = desk.one_or_none(_NO_POLICY, desk.aws.ecr.get_repository_policy, repositoryName=item["repositoryName"])
    return allowed(None if found is None else found["policyText"])


_READS: Final[Mapping[type, Read]] = {
    RepositoryEncryption: _encryption,
    RepositoryScans: _scans,
    RepositoryTags: _tags,
    ResourcePolicy: _policy,
}

_LIST: Final = "ecr:DescribeRepositories"

READING: Final = Reading(
    service="ecr",
    regional=True,
    gives={
        RepositoryEncryption: (_LIST, "kms:DescribeKey"),
        RepositoryScans: (_LIST, "ecr:GetRegistryScanningConfiguration"),
        RepositoryTags: (_LIST,),
        ResourcePolicy: (_LIST, "ecr:GetRepositoryPolicy"),
    },
    begin=_begin,
    parts={(ResourcePolicy, _POLICY): ("repository",)},
)
