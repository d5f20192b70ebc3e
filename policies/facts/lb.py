"""Facts about load balancers: what they do with malformed requests, and where they record requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Unknown, Value, has_unknown, reveal
from policies.facts.joins import companions
from policies.facts.properties import UNKNOWN, flag, literal, record, settings_of
from policies.facts.registry import adapter

BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
LISTENERS: Final = ("aws:lb/listener:Listener", "aws:alb/listener:Listener")
_CLASSIC: Final = ("aws:elb/loadBalancer:LoadBalancer",)

APPLICATION: Final = "application"
NETWORK: Final = "network"
CLASSIC: Final = "classic"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """What a load balancer does with requests that are not as they should be.

    Args:
        type: `loadBalancerType`, `application`, `network` or `gateway`; `application` when unset.
        drops_invalid_headers: `dropInvalidHeaderFields`; false when unset.
        desync_mode: `desyncMitigationMode`, `monitor`, `defensive` or `strictest`; `defensive` when unset.

    Source of the defaults: `aws.lb.LoadBalancer`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    type: str = APPLICATION
    drops_invalid_headers: bool = False
    desync_mode: str = "defensive"


@adapter(types=BALANCERS)
def load_balancer_from_graph(_graph: Graph, resource: Resource) -> LoadBalancer:
    """Build a load balancer."""
    settings = settings_of(resource)
    return LoadBalancer(
        type=type_of(settings),
        drops_invalid_headers=flag(settings, "dropInvalidHeaderFields", default=False),
        desync_mode=literal(settings, "desyncMitigationMode", default="defensive"),
    )


def type_of(settings: Mapping[str, Value]) -> Any:
    """Return the type of a load balancer."""
    return literal(settings, "loadBalancerType", default=APPLICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancerLog:
    """Where a load balancer records the requests it gets.

    Args:
        enabled: `accessLogs.enabled`; when unset false, for a classic load balancer true.
        has_bucket: Whether `accessLogs.bucket` names a bucket.

    Source of the defaults: `aws.lb.LoadBalancer` and `aws.elb.LoadBalancer`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    enabled: bool
    has_bucket: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedBalancer:
    """A load balancer with its access log.

    Args:
        type: As `LoadBalancer.type`, or `classic`.
        log: Its access log; None without `accessLogs`.
        has_tls_listener: Whether one of its listeners has the protocol `TLS`; counts for a network load balancer,
            which records nothing else.
    """

    type: str = APPLICATION
    log: BalancerLog | None = None
    has_tls_listener: bool = False


@adapter(types=(*BALANCERS, *_CLASSIC), joined=True)
def recorded_balancer_from_graph(graph: Graph, resource: Resource) -> RecordedBalancer:
    """Build the access log of a load balancer."""
    settings = settings_of(resource)
    classic = resource.type in _CLASSIC
    return RecordedBalancer(
        type=CLASSIC if classic else type_of(settings),
        log=record(settings, "accessLogs", lambda log: _log(log, enabled=classic)),
        has_tls_listener=False if classic else _has_tls_listener(graph, resource),
    )


def _log(settings: Mapping[str, Value], *, enabled: bool) -> BalancerLog:
    bucket = settings.get("bucket")
    return BalancerLog(
        enabled=flag(settings, "enabled", default=enabled),
        # What is not known yet names a bucket too, once it is.
        has_bucket=isinstance(bucket, Unknown) or reveal(bucket) not in (None, ""),
    )


def _has_tls_listener(graph: Graph, balancer: Resource) -> Any:
    found = companions(graph, balancer, LISTENERS, "loadBalancerArn", BALANCERS)
    certain = [reveal(literal(settings_of(each), "protocol", default="")) for each in found.certain]
    if "TLS" in certain:
        return True
    possible = [reveal(literal(settings_of(each), "protocol", default="")) for each in found.possible]
    return UNKNOWN if UNKNOWN in certain or UNKNOWN in possible or "TLS" in possible else False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """How a load balancer speaks with its targets.

    Args:
        target_type: `targetType`, `instance`, `ip`, `lambda` or `alb`; `instance` when unset.
        protocol: `protocol`; empty when unset.
        listener_protocols: Protocols of the listeners of the stack that forward to it by their default action, for a
            group whose protocol is TCP; empty for any other.

    Source of the default: `aws.lb.TargetGroup`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    target_type: str = "instance"
    protocol: str = ""
    listener_protocols: tuple[str, ...] = ()


_TARGET_GROUPS: Final = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")


@adapter(types=_TARGET_GROUPS, joined=True)
def target_group_from_graph(graph: Graph, resource: Resource) -> TargetGroup:
    """Build a target group. A listener for TCP has a default action only, never rules."""
    settings = settings_of(resource)
    protocol = literal(settings, "protocol", default="")
    return TargetGroup(
        target_type=literal(settings, "targetType", default="instance"),
        protocol=protocol,
        listener_protocols=_protocols_before(graph, resource) if reveal(protocol) == "TCP" else (),
    )


def _protocols_before(graph: Graph, group: Resource) -> tuple[Any, ...]:
    names = {group.id, reveal(group.outputs.get("arn"))} - {"", None}
    found = []
    for listener in graph.of_type(*LISTENERS):
        settings = settings_of(listener)
        actions = settings.get("defaultActions")
        if _mentions(actions, names) or (
            has_unknown(actions) and group.urn in listener.property_dependencies.get("defaultActions", ())
        ):
            found.append(literal(settings, "protocol", default=""))
    return tuple(found)


def _mentions(value: Value, names: set[Any]) -> bool:
    plain = reveal(value)
    if isinstance(plain, list):
        return any(_mentions(each, names) for each in plain)
    if isinstance(plain, Mapping):
        return any(_mentions(each, names) for each in plain.values())
    return isinstance(plain, str) and plain in names
