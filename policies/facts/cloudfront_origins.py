"""Facts about the buckets behind CloudFront distributions, and who may read them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, reveal
from policies.facts.cloudfront import DISTRIBUTIONS, is_bucket_origin
from policies.facts.declared import known_first
from policies.facts.joins import follow_value, named
from policies.facts.properties import UNKNOWN, attribute, identity, known_text, lift, literal, record, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES
from policies.facts.s3.policy import BucketPolicy, bucket_policy_from_graph

_CONTROLS: Final = ("aws:cloudfront/originAccessControl:OriginAccessControl",)
_ORIGINS: Final = "origins"
_HOSTS: Final = ("bucketRegionalDomainName", "bucketDomainName")
_HOST: Final = re.compile(r"(?P<bucket>[^/]+?)\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")
"""Host of a bucket's REST endpoint. Source: Amazon S3 endpoints, AWS general reference, read 2026-11-30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControl:
    """The origin access control that an origin names.

    Args:
        in_stack: Whether the stack creates it; else the rest shows in the account alone, and is unknown.
        signing: `signingBehavior`.
        origin_type: `originAccessControlOriginType`.
    """

    in_stack: bool = True
    signing: str = "always"
    origin_type: str = "s3"


_FOREIGN: Final = AccessControl(in_stack=False, signing=UNKNOWN, origin_type=UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketOrigin:
    """An origin that is a bucket: an entry of `origins` without `customOriginConfig` and `vpcOriginConfig`.

    Args:
        is_bucket: Whether `domainName` is the host of a bucket; of what is deployed, of one that exists.
        policy: Policy of the bucket; None when the stack does not create it.
        readers: ARNs of the distributions that have the bucket among their origins, its own first.
        access_control: What `originAccessControlId` names; None when unset.
        legacy_identity: Whether `s3OriginConfig.originAccessIdentity` names an identity.
    """

    is_bucket: bool = True
    policy: BucketPolicy | None = None
    readers: tuple[str, ...] = ()
    access_control: AccessControl | None = None
    legacy_identity: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketOrigins:
    """The buckets behind a distribution.

    Args:
        origins: Those of its `origins` that are buckets; what is known in full first. Origins hold headers that may be
            secret, so that all of them may be.
    """

    origins: tuple[BucketOrigin, ...] = ()


@adapter(types=DISTRIBUTIONS, joined=True)
def bucket_origins_from_graph(graph: Graph, resource: Resource) -> BucketOrigins:
    """Build the buckets behind a distribution, with their policies and access controls."""
    listed = settings_of(resource).get(_ORIGINS)

    def built(origins: Any) -> tuple[Any, ...]:
        if not isinstance(origins, list):
            raise ValueError(f"{_ORIGINS} is no list")  # noqa: TRY004 - as every value without a place
        sources = _sources(graph, resource, origins)
        found = [lift(each, lambda origin: _origin(graph, resource, origin, sources)) for each in origins]
        return known_first(each for each in found if reveal(each) is not None)

    return BucketOrigins(origins=lift([] if listed is None else listed, built))


def _sources(graph: Graph, distribution: Resource, origins: list[Value]) -> tuple[Resource, ...]:
    """Return the buckets that hosts come from which are not known yet, where there is one for each of them."""
    plain = [each for each in map(reveal, origins) if isinstance(each, Mapping)]
    hidden = [each for each in plain if isinstance(each.get("domainName"), Unknown) and is_bucket_origin(each) is True]
    urns = distribution.property_dependencies.get(_ORIGINS, ())
    found = [each for each in map(graph.get, urns) if each is not None and each.type in BUCKET_TYPES]
    return tuple(found) if len(found) == len(hidden) == 1 else ()


def _origin(graph: Graph, distribution: Resource, origin: Value, sources: tuple[Resource, ...]) -> Any:
    if not isinstance(origin, Mapping):
        raise ValueError(f"an entry of {_ORIGINS} is no object")  # noqa: TRY004 - as every value without a place
    bucket_like = is_bucket_origin(origin)
    if bucket_like is not True:
        return None if bucket_like is False else UNKNOWN
    legacy = record(origin, "s3OriginConfig", lambda each: lift(each.get("originAccessIdentity"), bool))
    control = _access_control(graph, distribution, origin.get("originAccessControlId"))
    is_bucket, policy = _bucket(graph, origin.get("domainName"), sources)
    return BucketOrigin(
        is_bucket=is_bucket,
        policy=policy,
        readers=_readers(graph, distribution, known_text(origin.get("domainName"))),
        access_control=control,
        legacy_identity=False if legacy is None else legacy,
    )


def _readers(graph: Graph, distribution: Resource, host: str) -> tuple[Any, ...]:
    """Return the ARNs of the distributions that read a bucket, `UNKNOWN` for one of which nobody knows that."""
    others = (each for each in graph.of_type(*DISTRIBUTIONS) if each.kind is Kind.CUSTOM and each != distribution)
    found = [_arn_of(distribution)]
    for each in others:
        reads = _reads(graph, each, host)
        if reads is not False:
            found.append(UNKNOWN if isinstance(reads, Unknown) else _arn_of(each))
    return known_first(found)


def _arn_of(distribution: Resource) -> Any:
    return known_text(attribute(distribution, "arn")) or UNKNOWN


def _reads(graph: Graph, distribution: Resource, host: str) -> Any:
    """Return whether a distribution has the bucket of a host among its origins."""
    origins = reveal(settings_of(distribution).get(_ORIGINS) or [])
    if isinstance(origins, Unknown) or not host:
        return UNKNOWN
    hosts = [reveal(each.get("domainName")) for each in map(reveal, origins) if isinstance(each, Mapping)]
    wanted = _buckets_of(graph, host)
    if any(isinstance(each, str) and wanted & _buckets_of(graph, each) for each in hosts):
        return True
    return UNKNOWN if any(isinstance(each, Unknown) for each in (*hosts, *map(reveal, origins))) else False


def _buckets_of(graph: Graph, host: str) -> set[str]:
    """Return what the bucket of a host is known by: its URNs in the stack, else its name."""
    return {each.urn for each in _named_by(graph, host)} or {bucket_in(host)} - {""}


def _bucket(graph: Graph, host: Value, sources: tuple[Resource, ...]) -> tuple[Any, Any]:
    text = known_text(host)
    if not text:
        return (True, bucket_policy_from_graph(graph, sources[0])) if sources else (UNKNOWN, UNKNOWN)
    found = [each for each in _named_by(graph, text) if each.kind is not Kind.READ]
    policy = bucket_policy_from_graph(graph, found[0]) if len(found) == 1 else None
    wrapped = Secret(policy) if isinstance(host, Secret) and policy is not None else policy
    return bool(found) or bool(bucket_in(text)), wrapped


def _named_by(graph: Graph, host: str) -> tuple[Resource, ...]:
    by_output = [
        each for each in graph.of_type(*BUCKET_TYPES) if host in [known_text(attribute(each, name)) for name in _HOSTS]
    ]
    name = bucket_in(host)
    return tuple(by_output) or (named(graph, name, BUCKET_TYPES) if name else ())


def bucket_in(host: str) -> str:
    """Return the name of the bucket whose host a text is; empty where it is none."""
    match = _HOST.fullmatch(host)
    return match["bucket"] if match else ""


def _access_control(graph: Graph, distribution: Resource, id_: Value) -> Any:
    if reveal(id_) in (None, ""):
        return None
    join = follow_value(graph, distribution, _ORIGINS, id_, _CONTROLS)
    if join.unknown:
        return UNKNOWN
    created = [each for each in join.resources if each.kind is not Kind.READ]
    if len(created) != 1:
        return _FOREIGN
    settings = settings_of(created[0])
    return AccessControl(
        signing=literal(settings, "signingBehavior", default=""),
        origin_type=identity(settings, "originAccessControlOriginType", default=""),
    )
