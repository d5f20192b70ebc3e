"""Facts about listeners: what they speak, and what they do with requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, has_unknown, is_symbolic, reveal
from policies.facts.joins import companions
from policies.facts.lb import LISTENERS
from policies.facts.properties import UNKNOWN, known_text, literal, record, records, settings_of
from policies.facts.registry import adapter

_RULES: Final = ("aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule")
_DISTRIBUTIONS: Final = ("aws:cloudfront/distribution:Distribution",)

_PLAIN: Final = "HTTP"
_DEFAULT_POLICY: Final = "ELBSecurityPolicy-2016-08"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What a listener speaks.

    Args:
        protocol: `protocol`; when unset `HTTP`, the default of an application load balancer, or empty where there is no
            `port` either, as on a gateway load balancer.
        tls_policy: `sslPolicy`; when unset `ELBSecurityPolicy-2016-08`.

    Source of the defaults: `aws.lb.Listener`, pulumi-aws 7.51.1, and CreateListener, Elastic Load Balancing API
    reference, read 2026-11-30.
    """

    protocol: str = "HTTPS"
    tls_policy: str = _DEFAULT_POLICY


@adapter(types=LISTENERS)
def listener_from_graph(_graph: Graph, resource: Resource) -> Listener:
    """Build what a listener speaks."""
    settings = settings_of(resource)
    return Listener(protocol=_protocol(settings), tls_policy=literal(settings, "sslPolicy", default=_DEFAULT_POLICY))


def _protocol(settings: Mapping[str, Value]) -> Any:
    return literal(settings, "protocol", default="" if settings.get("port") is None else _PLAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done with a request.

    Args:
        type: `forward`, `redirect`, `fixed-response`, `authenticate-oidc`, …; `forward` for the old form that names a
            target group alone.
        protocol: `redirect.protocol`; when unset `#{protocol}`, the protocol of the request.
        status: `redirect.statusCode`, `HTTP_301`, or `fixedResponse.statusCode`, `403`; empty when unset.
    """

    type: str
    protocol: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerRule:
    """What is done with some requests.

    Args:
        actions: What is done.
        header_names: Names of the headers that its conditions ask for, lower case. A condition that a wildcard or a
            regular expression may meet asks for nothing, nor does one without a value.
        veiled_names: Names of those with a value that nobody knows before deployment, lower case: it may hold a
            wildcard. Also where a resource makes it, since a program may add to what a resource made.
    """

    actions: tuple[Action, ...] = ()
    header_names: tuple[str, ...] = ()
    veiled_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingListener:
    """What a listener does with requests.

    Args:
        protocol: As `Listener.protocol`.
        default_actions: What is done with a request that no rule is for.
        rules: Rules of the stack that are its own.
        possible_rules: Rules of which nobody knows whose they are.
        sent_headers: Names of the headers that distributions of the stack add to what they ask origins, lower case.
        distributions: How many distributions the stack creates.
    """

    protocol: str = "HTTPS"
    default_actions: tuple[Action, ...] = ()
    rules: tuple[ListenerRule, ...] = ()
    possible_rules: tuple[ListenerRule, ...] = ()
    sent_headers: tuple[str, ...] = ()
    distributions: int = 0


@adapter(types=LISTENERS, joined=True)
def routing_listener_from_graph(graph: Graph, resource: Resource) -> RoutingListener:
    """Build a listener with its rules."""
    settings = settings_of(resource)
    found = companions(graph, resource, _RULES, "listenerArn", LISTENERS)
    distributions = [each for each in graph.of_type(*_DISTRIBUTIONS) if each.kind is Kind.CUSTOM]
    return RoutingListener(
        protocol=_protocol(settings),
        default_actions=records(settings, "defaultActions", _action),
        rules=tuple(map(_rule, found.certain)),
        possible_rules=tuple(map(_rule, found.possible)),
        sent_headers=tuple(name for each in distributions for name in _sent_by(each)),
        distributions=len(distributions),
    )


def _action(settings: Mapping[str, Value]) -> Action:
    redirect = reveal(record(settings, "redirect", lambda found: literal(found, "protocol", default="#{protocol}")))
    codes = [
        reveal(record(settings, name, lambda found: literal(found, "statusCode", default="")))
        for name in ("redirect", "fixedResponse")
    ]
    return Action(
        type=literal(settings, "type", default="forward"),
        protocol=redirect or "",
        status=next((each for each in codes if each is not None), ""),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A header that a condition asks for, and whether a value of it is still to come."""

    name: Any
    veiled: bool


def _rule(resource: Resource) -> ListenerRule:
    settings = settings_of(resource)
    conditions = records(settings, "conditions", lambda found: record(found, "httpHeader", _header_name))
    listed = reveal(conditions)
    found = [reveal(each) for each in listed] if isinstance(listed, tuple) else [_Asked(UNKNOWN, veiled=False)]
    asked = [each for each in found if each is not None]
    return ListenerRule(
        actions=records(settings, "actions", _action),
        header_names=tuple(UNKNOWN if isinstance(each, Unknown) else each.name for each in asked if not _veiled(each)),
        veiled_names=tuple(each.name for each in asked if _veiled(each)),
    )


def _veiled(asked: Any) -> bool:
    return isinstance(asked, _Asked) and asked.veiled


def _header_name(settings: Mapping[str, Value]) -> _Asked | None:
    values, patterns = reveal(settings.get("values")), reveal(settings.get("regexValues"))
    if not values and not patterns:
        return None
    texts = values if isinstance(values, list) else [values]
    if asks_loosely(each for each in texts if isinstance(each, str)) or (patterns and not has_unknown(patterns)):
        return None
    veiled = has_unknown(patterns) or any(isinstance(each, Unknown) or is_symbolic(each) for each in texts)
    return _Asked(_lower(literal(settings, "httpHeaderName", default="")), veiled=veiled)


def asks_loosely(values: Iterable[str]) -> bool:
    """Tell whether some value of a condition on a header holds a wildcard, which others than the sender may meet.

    Source: rule condition types, Elastic Load Balancing user guide, read 2026-12-01.
    """
    return any("*" in each or "?" in each for each in values)


def _lower(name: Any) -> Any:
    return UNKNOWN if isinstance(name, Unknown) else known_text(name).lower()


def _sent_by(distribution: Resource) -> tuple[Any, ...]:
    origins = records(settings_of(distribution), "origins", lambda origin: records(origin, "customHeaders", _sent))
    found: list[Any] = []
    for each in _listed(origins):
        found += _listed(each)
    return tuple(found)


def _listed(value: Any) -> tuple[Any, ...]:
    plain = reveal(value)
    return plain if isinstance(plain, tuple) else (UNKNOWN,)


def _sent(settings: Mapping[str, Value]) -> Any:
    return _lower(literal(settings, "name", default=""))
