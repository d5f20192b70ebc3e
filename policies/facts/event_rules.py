"""Facts about EventBridge rules: which events they match, and to which Regions these go."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, has_unknown, is_symbolic, reveal
from policies.facts.arns import parse_arn
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, attribute, has_secret, known_text, lift, region_of, settings_of
from policies.facts.registry import adapter

_RULE: Final = ("aws:cloudwatch/eventRule:EventRule",)
_TARGET: Final = ("aws:cloudwatch/eventTarget:EventTarget",)
_BUS: Final = ("aws:cloudwatch/eventBus:EventBus",)
_DEFAULT_BUS: Final = "default"

EXACT: Final = "equals"
_KEY: Final = "detail-type"
_EITHER: Final = "$or"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """One value that a pattern asks of `detail-type`.

    Args:
        how: `equals`, or the name of a content filter: `prefix`, `suffix`, `equals-ignore-case`, `wildcard`,
            `anything-but`, `exists`, …
        text: What it compares with; empty where that is no text.
    """

    how: str = EXACT
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a rule sends what it matches.

    Args:
        is_bus: Whether it is an event bus.
        region: Region that it is in; empty where it is no bus.
    """

    is_bus: bool = True
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """A rule with its targets.

    Args:
        region: Region of the rule.
        detail_types: What its pattern asks of `detail-type`, at the top or in every alternative of `$or`; None when it
            asks nothing of it, as a rule without a pattern does.
        malformed: Why EventBridge would refuse the pattern; empty when it would not.
        targets: Its targets.
    """

    region: str
    detail_types: tuple[Matcher, ...] | None = None
    malformed: str = ""
    targets: tuple[Target, ...] = ()


@adapter(types=_RULE, joined=True)
def event_rule_from_graph(graph: Graph, resource: Resource) -> EventRule:
    """Build a rule with its targets."""
    pattern = settings_of(resource).get("eventPattern")
    return event_rule(region_of(graph, resource), pattern, tuple(_targets(graph, resource)))


def event_rule(region: str, pattern: Value, targets: tuple[Target, ...]) -> EventRule:
    """Return a rule.

    Args:
        region: Region of the rule.
        pattern: Its `eventPattern`, JSON text or the same as an object; None without one.
        targets: Its targets.
    """
    asked: Any = None
    malformed = ""
    try:
        asked = _detail_types(pattern)
    except ValueError as error:
        malformed = str(error)
    if has_secret(pattern) and not isinstance(asked, Unknown):
        asked = Secret(asked)
    return EventRule(region=region, detail_types=asked, malformed=malformed, targets=targets)


def _detail_types(pattern: Value) -> Any:
    plain = reveal(pattern)
    if plain is None or plain == "":
        return None
    if isinstance(plain, str):
        try:
            plain = json.loads(plain)
        except ValueError:
            if is_symbolic(plain):
                return UNKNOWN
            raise ValueError("it is not JSON") from None
    if isinstance(plain, Unknown):
        return UNKNOWN
    if not isinstance(plain, Mapping):
        raise ValueError("it is not an object")  # noqa: TRY004 - what is wrong with a text, not with a program
    return _asked(plain)


def _asked(pattern: Mapping[str, Any]) -> Any:
    if _KEY in pattern:
        values = pattern[_KEY]
        if isinstance(values, Unknown):
            return UNKNOWN
        if not isinstance(values, list):
            raise ValueError("detail-type is not a list")
        return tuple(map(_matcher, values))
    either = pattern.get(_EITHER)
    if isinstance(either, Unknown):
        return UNKNOWN
    if isinstance(either, list) and either and all(isinstance(each, Mapping) for each in either):
        asked = [_asked(each) for each in either]
        if any(isinstance(each, Unknown) for each in asked):
            return UNKNOWN
        return None if None in asked else tuple(matcher for each in asked for matcher in each)
    return None


def _matcher(value: Any) -> Any:
    if isinstance(value, Unknown) or is_symbolic(value):
        return UNKNOWN
    if isinstance(value, str):
        return Matcher(text=value)
    if isinstance(value, Mapping) and len(value) == 1:
        ((how, text),) = value.items()
        if has_unknown(text) or is_symbolic(text):
            return UNKNOWN
        return Matcher(how=how, text=text if isinstance(text, str) else "")
    raise ValueError("a value of detail-type is neither a text nor one content filter")


def _targets(graph: Graph, rule: Resource) -> Iterator[Any]:
    for target in graph.of_type(*_TARGET):
        if target.kind is Kind.READ:
            continue
        belongs = _belongs(graph, target, rule)
        if belongs is True:
            yield _target(graph, target)
        elif belongs is None:
            yield UNKNOWN


def _belongs(graph: Graph, target: Resource, rule: Resource) -> bool | None:
    """Tell whether a target is one of the rule; None when nobody knows. A name counts within a bus of a Region."""
    named = reveal(settings_of(target).get("rule"))
    if isinstance(named, Unknown):
        urns = target.property_dependencies.get("rule", ())
        rules = [urn for urn in urns if (found := graph.get(urn)) is not None and found.type in _RULE]
        return rules[0] == rule.urn if len(rules) == 1 else None
    names = {rule.id, known_text(attribute(rule, "name")), known_text(attribute(rule, "arn"))}
    if named not in names - {""}:
        return None if names == {""} else False
    places = [(reveal(region_of(graph, each)), _bus_of(each)) for each in (target, rule)]
    if any(isinstance(part, Unknown) for place in places for part in place):
        return None
    return places[0] == places[1]


def _bus_of(resource: Resource) -> Any:
    named = reveal(settings_of(resource).get("eventBusName")) or _DEFAULT_BUS
    arn = parse_arn(named) if isinstance(named, str) else None
    return arn.name if arn else named


def _target(graph: Graph, target: Resource) -> Any:
    arn = settings_of(target).get("arn")
    return _by_dependency(graph, target) if isinstance(reveal(arn), Unknown) else lift(arn, target_of)


def target_of(arn: Any) -> Any:
    """Return what an ARN names as a target; `UNKNOWN` of what is no ARN."""
    known = parse_arn(arn) if isinstance(arn, str) else None
    if known is None:
        return UNKNOWN
    if known.service == "events" and known.resource.startswith("event-bus/"):
        return Target(region=UNKNOWN if is_symbolic(known.region) else known.region)
    return Target(is_bus=False)


def _by_dependency(graph: Graph, target: Resource) -> Any:
    join = follow(graph, target, "arn", _BUS)
    if len(join.resources) == 1:
        return Target(region=region_of(graph, join.resources[0]))
    sources = [graph.get(urn) for urn in target.property_dependencies.get("arn", ())]
    others = bool(sources) and all(each is not None and each.type not in _BUS for each in sources)
    # An ARN that comes from a function, a queue or the like is that of the function or queue.
    return Target(is_bus=False) if others and all(each and each.kind is Kind.CUSTOM for each in sources) else UNKNOWN
