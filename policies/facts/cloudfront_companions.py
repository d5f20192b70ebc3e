"""Facts about what stands beside a CloudFront distribution: its web ACL and its access log."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.cloudfront import DISTRIBUTIONS
from policies.facts.declared import known_first
from policies.facts.joins import companions, follow
from policies.facts.properties import UNKNOWN, identity, literal, record, settings_of
from policies.facts.registry import adapter
from policies.facts.wafv2 import WEB_ACLS

_SOURCES: Final = ("aws:cloudwatch/logDeliverySource:LogDeliverySource",)
_DELIVERIES: Final = ("aws:cloudwatch/logDelivery:LogDelivery",)
_SCOPES: Final = {"global": "CLOUDFRONT", "regional": "REGIONAL"}
"""Beginning of the resource in a web ACL's ARN → its scope. Source: service authorization reference, AWS WAF V2, read
2026-11-30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionAcl:
    """The web ACL of a distribution.

    Args:
        named: Whether it has a `webAclId`.
        scope: Scope of the web ACL of AWS WAF whose ARN that is, `CLOUDFRONT` or `REGIONAL`; empty where it is no such
            ARN, as an id of AWS WAF Classic is none.
    """

    named: bool = False
    scope: str = ""


@adapter(types=DISTRIBUTIONS, joined=True)
def distribution_acl_from_graph(graph: Graph, resource: Resource) -> DistributionAcl:
    """Build the web ACL of a distribution."""
    written = reveal(identity(settings_of(resource), "webAclId", default=""))
    join = follow(graph, resource, "webAclId", WEB_ACLS)
    if len(join.resources) == 1 and not join.unknown:
        return DistributionAcl(named=True, scope=_scope_of(join.resources[0], written))
    if isinstance(written, Unknown):
        return DistributionAcl(named=UNKNOWN, scope=UNKNOWN)
    found = scope_in(written)
    return DistributionAcl(named=bool(written), scope=UNKNOWN if not found and is_symbolic(written) else found)


def _scope_of(acl: Resource, written: Any) -> Any:
    """Return the scope of a web ACL that a distribution calls by its ARN; one that is looked up shows it by its id."""
    if isinstance(written, str) and parse_arn(written) is None:
        return ""
    if acl.kind is not Kind.READ:
        return literal(settings_of(acl), "scope", default="")
    ending = acl.id.rpartition("/")[2]
    return ending if ending in _SCOPES.values() else UNKNOWN


def scope_in(text: str) -> str:
    """Return the scope of the web ACL of AWS WAF whose ARN a text is; empty where it is none."""
    arn = parse_arn(text)
    if arn is None or arn.service != "wafv2":
        return ""
    scope, _, rest = arn.resource.partition("/")
    return _SCOPES.get(scope, "") if rest.startswith("webacl/") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSource:
    """A log delivery source that names a distribution.

    Args:
        log_type: `logType`.
        delivered: Whether a log delivery of the stack names it.
    """

    log_type: str
    delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionLog:
    """What records the requests to a distribution.

    Args:
        bucket: `loggingConfig.bucket`; empty when unset.
        sources: Log delivery sources that name it, or may.
    """

    bucket: str = ""
    sources: tuple[LogSource, ...] = ()


@adapter(types=DISTRIBUTIONS, joined=True)
def distribution_log_from_graph(graph: Graph, resource: Resource) -> DistributionLog:
    """Build what records the requests to a distribution."""
    own = {"own": settings_of(resource).get("loggingConfig") or {}}
    return DistributionLog(
        bucket=record(own, "own", lambda each: identity(each, "bucket", default="")),
        sources=known_first(_sources(graph, resource)),
    )


def _sources(graph: Graph, distribution: Resource) -> Iterator[Any]:
    found = companions(graph, distribution, _SOURCES, "resourceArn", DISTRIBUTIONS)
    for each in found.certain:
        yield UNKNOWN if each.kind is Kind.READ else _source(graph, each)
    yield from (UNKNOWN for _ in found.possible)


def _source(graph: Graph, source: Resource) -> LogSource:
    log_type = literal(settings_of(source), "logType")
    found = companions(graph, source, _DELIVERIES, "deliverySourceName", _SOURCES)
    return LogSource(
        log_type=UNKNOWN if log_type is None else log_type,
        delivered=True if found.certain else UNKNOWN if found.possible else False,
    )
