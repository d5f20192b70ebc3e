"""Facts about ECR repositories: their tags, their key and their scans."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, reveal
from policies.facts.declared import known_first
from policies.facts.kms import KeyUse, nested_key_use
from policies.facts.properties import (
    UNKNOWN,
    flag,
    identity,
    lift,
    literal,
    record,
    records,
    region_of,
    settings_of,
)
from policies.facts.registry import adapter

_REPOSITORIES: Final = ("aws:ecr/repository:Repository",)
_SCANNING: Final = ("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",)
_ENCRYPTION: Final = "encryptionConfigurations"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryTags:
    """Which tags of a repository may move.

    Args:
        mutability: `imageTagMutability`; `MUTABLE` when unset.
        exclusions: `filter` of each of `imageTagMutabilityExclusionFilters`.

    Source of the default: `aws.ecr.Repository`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    mutability: str = "MUTABLE"
    exclusions: tuple[str, ...] = ()


@adapter(types=_REPOSITORIES)
def repository_tags_from_graph(_graph: Graph, resource: Resource) -> RepositoryTags:
    """Build which tags of a repository may move."""
    settings = settings_of(resource)
    name = "imageTagMutabilityExclusionFilters"
    return RepositoryTags(
        mutability=literal(settings, "imageTagMutability", default="MUTABLE"),
        exclusions=records(settings, name, lambda each: literal(each, "filter", default="")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageEncryption:
    """One of `encryptionConfigurations`.

    Args:
        type: `encryptionType`; `AES256` when unset.
        kms_key: `kmsKey`; None when unset, for which ECR takes the key that AWS manages.
    """

    type: str = "AES256"
    kms_key: KeyUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryEncryption:
    """What encrypts the images of a repository.

    Args:
        configurations: `encryptionConfigurations`; empty when unset, for which ECR takes AES256.

    Source of the defaults: `aws.ecr.Repository`, pulumi-aws 7.51.1; EncryptionConfiguration, Amazon ECR API reference;
    read 2026-11-30.
    """

    configurations: tuple[ImageEncryption, ...] = ()


@adapter(types=_REPOSITORIES, joined=True)
def repository_encryption_from_graph(graph: Graph, resource: Resource) -> RepositoryEncryption:
    """Build what encrypts the images of a repository, with the keys of its stack."""

    def built(each: Mapping[str, Value]) -> ImageEncryption:
        return ImageEncryption(
            type=literal(each, "encryptionType", default="AES256"),
            kms_key=nested_key_use(graph, resource, _ENCRYPTION, each.get("kmsKey")),
        )

    return RepositoryEncryption(configurations=lift(records(settings_of(resource), _ENCRYPTION, built), known_first))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRule:
    """One rule by which a registry scans.

    Args:
        frequency: `scanFrequency`.
        filters: `filter` of each of `repositoryFilters`.
    """

    frequency: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryScans:
    """What scans the images of a repository.

    Args:
        name: `name`.
        scan_on_push: `imageScanningConfiguration.scanOnPush`; false when unset.
        rules: Rules of the scanning configurations that the stack makes for the registry of its Region.

    Source of the default: `aws.ecr.Repository`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    name: str
    scan_on_push: bool = False
    rules: tuple[ScanRule, ...] = ()


@adapter(types=_REPOSITORIES, joined=True)
def repository_scans_from_graph(graph: Graph, resource: Resource) -> RepositoryScans:
    """Build what scans the images of a repository, with the registry of its Region."""
    settings = settings_of(resource)
    own = {"own": settings.get("imageScanningConfiguration") or {}}
    name = identity(settings, "name")
    return RepositoryScans(
        name=UNKNOWN if name is None else name,
        scan_on_push=record(own, "own", lambda each: flag(each, "scanOnPush", default=False)),
        rules=known_first(_rules(graph, resource)),
    )


def _rules(graph: Graph, repository: Resource) -> Iterable[Any]:
    region = reveal(region_of(graph, repository))
    for each in graph.of_type(*_SCANNING):
        other = reveal(region_of(graph, each))
        if each.kind is Kind.READ or isinstance(region, Unknown) or isinstance(other, Unknown):
            yield UNKNOWN
        elif other == region:
            rules = records(settings_of(each), "rules", _rule)
            yield from _each(rules)


def _each(rules: Any) -> Iterable[Any]:
    if isinstance(rules, Secret):
        return tuple(Secret(each) for each in rules.value)
    return (UNKNOWN,) if isinstance(rules, Unknown) else rules


def _rule(settings: Mapping[str, Value]) -> ScanRule:
    return ScanRule(
        frequency=literal(settings, "scanFrequency", default=""),
        filters=records(settings, "repositoryFilters", lambda each: literal(each, "filter", default="")),
    )


def filter_matches(pattern: str, name: str) -> bool:
    """Tell whether a filter of a scan rule matches a repository's name.

    A `*` stands for any characters; a filter without one matches every name that holds it.
    Source: filters to choose which repositories are scanned, Amazon ECR user guide, read 2026-11-30.
    """
    if "*" not in pattern:
        return pattern in name
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None
