"""Facts about CloudFront that distributions and VPC origins state themselves: how viewers and origins are met."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.properties import (
    UNKNOWN,
    flag,
    identity,
    lift,
    literal,
    literals,
    record,
    records,
    settings_of,
)
from policies.facts.registry import adapter

DISTRIBUTIONS: Final = ("aws:cloudfront/distribution:Distribution",)
_VPC_ORIGINS: Final = ("aws:cloudfront/vpcOrigin:VpcOrigin",)
_ELSEWHERE: Final = ("customOriginConfig", "vpcOriginConfig")
"""What an origin has that is no bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerCertificate:
    """What a distribution shows viewers.

    Args:
        custom: Whether it has an `acmCertificateArn` or an `iamCertificateId`, and no `cloudfrontDefaultCertificate`.
        support_method: `sslSupportMethod`; empty when unset.
        policy: `minimumProtocolVersion`; `TLSv1` when unset.

    Source of the defaults: `aws.cloudfront.Distribution`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    custom: bool = False
    support_method: str = ""
    policy: str = "TLSv1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How a distribution meets viewers.

    Args:
        root_object: `defaultRootObject`; empty when unset.
        viewer_policies: `viewerProtocolPolicy` of the default and of each ordered cache behaviour.
        certificate: `viewerCertificate`.
    """

    root_object: str = ""
    viewer_policies: tuple[str, ...] = ()
    certificate: ViewerCertificate = ViewerCertificate()


@adapter(types=DISTRIBUTIONS)
def distribution_from_graph(_graph: Graph, resource: Resource) -> Distribution:
    """Build how a distribution meets viewers."""
    settings = settings_of(resource)
    return Distribution(
        root_object=identity(settings, "defaultRootObject", default=""),
        viewer_policies=_viewer_policies(settings),
        certificate=_certificate(settings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that CloudFront asks over HTTP.

    Args:
        protocol_policy: `originProtocolPolicy`.
        protocols: `originSslProtocols`.
    """

    protocol_policy: str
    protocols: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginServers:
    """The servers that CloudFront asks, as a distribution or a VPC origin states it.

    Args:
        servers: Entries of a distribution's `origins` with a `customOriginConfig`; they hold headers that may be
            secret, so that all of them may be. For a VPC origin the one of its `vpcOriginEndpointConfig`.
        viewer_policies: As `Distribution.viewer_policies`; empty for a VPC origin, which any distribution may use.
    """

    servers: tuple[Server, ...] = ()
    viewer_policies: tuple[str, ...] = ()


@adapter(types=DISTRIBUTIONS)
def distribution_servers_from_graph(_graph: Graph, resource: Resource) -> OriginServers:
    """Build the servers that a distribution asks itself; those within a VPC have settings of their own."""
    settings = settings_of(resource)
    return OriginServers(
        servers=lift(records(settings, "origins", _custom), _present), viewer_policies=_viewer_policies(settings)
    )


@adapter(types=_VPC_ORIGINS)
def vpc_origin_server_from_graph(_graph: Graph, resource: Resource) -> OriginServers:
    """Build the server behind a VPC origin."""
    found = record(settings_of(resource), "vpcOriginEndpointConfig", _endpoint)
    return OriginServers(servers=lift(found, lambda server: (_required(server),)))


def _viewer_policies(settings: Mapping[str, Value]) -> Any:
    ordered = records(settings, "orderedCacheBehaviors", _viewer_policy)
    default = record(settings, "defaultCacheBehavior", _viewer_policy)
    first = UNKNOWN if default is None else default
    return lift(ordered, lambda others: (first, *others))


def _viewer_policy(behavior: Mapping[str, Value]) -> Any:
    return _required(literal(behavior, "viewerProtocolPolicy"))


def _required(value: Any) -> Any:
    return UNKNOWN if value is None else value


def _present(origins: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in origins if reveal(each) is not None)


def _custom(origin: Mapping[str, Value]) -> Any:
    return record(origin, "customOriginConfig", lambda found: _server(found, _listed(found, "originSslProtocols")))


def _endpoint(settings: Mapping[str, Value]) -> Server:
    """Build the server behind a VPC origin, whose protocols stand as `items` under their name."""
    return _server(settings, _required(record(settings, "originSslProtocols", lambda held: _listed(held, "items"))))


def _server(settings: Mapping[str, Value], protocols: Any) -> Server:
    return Server(protocol_policy=_required(literal(settings, "originProtocolPolicy")), protocols=protocols)


def _listed(settings: Mapping[str, Value], name: str) -> Any:
    return UNKNOWN if settings.get(name) is None else literals(settings, name)


def is_bucket_origin(origin: Mapping[str, Value]) -> Any:
    """Tell whether CloudFront reads an origin from a bucket: it has no configuration of another kind.

    Source: Origin, Amazon CloudFront API reference, read 2026-11-30.
    """
    others = [reveal(origin.get(name)) for name in _ELSEWHERE]
    if any(isinstance(each, Unknown) for each in others):
        return UNKNOWN
    return all(each in (None, [], {}) for each in others)


def _certificate(settings: Mapping[str, Value]) -> Any:
    def built(found: Mapping[str, Value]) -> ViewerCertificate:
        names = [lift(found.get(name), bool) for name in ("acmCertificateArn", "iamCertificateId")]
        default = flag(found, "cloudfrontDefaultCertificate", default=False)
        return ViewerCertificate(
            custom=_custom_certificate(names, default),
            support_method=literal(found, "sslSupportMethod", default=""),
            policy=literal(found, "minimumProtocolVersion", default="TLSv1"),
        )

    return record({"own": settings.get("viewerCertificate") or {}}, "own", built)


def _custom_certificate(names: list[Any], default: Any) -> Any:
    plain = [reveal(each) for each in names]
    if reveal(default) is True:
        return False
    if isinstance(reveal(default), Unknown):
        return UNKNOWN
    return True if True in plain else UNKNOWN if UNKNOWN in plain else False
