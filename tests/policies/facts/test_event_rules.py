"""Rules become facts with what they match and where they send it."""

import json
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.event_rules import EventRule, Matcher, Target, event_rule_from_graph
from policies.model import UNKNOWN
from tests.policies.graphs import graph, resource

FAR: Final = "arn:aws:events:us-east-1:111122223333:event-bus/central"


def rule(pattern: Any = None, **inputs: Any) -> Resource:
    """Return a rule."""
    return resource(
        "aws:cloudwatch/eventRule:EventRule", "orders", {"name": "orders", "eventPattern": pattern, **inputs}
    )


def target(arn: Any = FAR, rule: Any = "orders", name: str = "target", **fields: Any) -> Resource:
    """Return a target of the rule."""
    bus: dict[str, Any] = {key: fields.pop(key) for key in ("eventBusName", "region") if key in fields}
    return resource("aws:cloudwatch/eventTarget:EventTarget", name, {"rule": rule, "arn": arn, **bus}, **fields)


def asked(pattern: Any) -> Any:
    """Return what a pattern asks of `detail-type`."""
    return event_rule_from_graph(graph(rule(pattern)), rule(pattern)).detail_types


def targets(*resources: Resource, of: Resource | None = None) -> Any:
    """Return the targets of a rule."""
    owner = of or rule()
    return event_rule_from_graph(graph(owner, *resources), owner).targets


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"detail-type": ["a", {"prefix": "b"}]}, (Matcher(text="a"), Matcher(how="prefix", text="b"))),
        ({"detail-type": [{"anything-but": ["a"]}]}, (Matcher(how="anything-but", text=""),)),
        ({"source": ["x"]}, None),
        ({"$or": [{"detail-type": ["a"]}, {"detail-type": ["b"]}]}, (Matcher(text="a"), Matcher(text="b"))),
        ({"$or": [{"detail-type": ["a"]}, {"source": ["x"]}]}, None),
        ({"detail-type": []}, ()),
        ({"detail-type": [f"a-{SYMBOL_MARK}"]}, (UNKNOWN,)),
    ],
)
def test_what_a_pattern_asks(pattern: Any, expected: Any) -> None:
    """Values and filters of `detail-type`, at the top or in every alternative."""
    assert asked(json.dumps(pattern)) == expected


@pytest.mark.parametrize("pattern", ["{", "[]", '{"detail-type": "a"}', '{"detail-type": [7]}'])
def test_pattern_that_eventbridge_would_refuse(pattern: str) -> None:
    """What is no pattern says why."""
    found = event_rule_from_graph(graph(rule(pattern)), rule(pattern))

    assert found.malformed
    assert found.detail_types is None


def test_pattern_that_is_absent_unknown_or_secret() -> None:
    """No pattern asks nothing, an unknown one is unknown, and a secret one stays secret."""
    assert asked(None) is None
    assert asked(UNKNOWN) == UNKNOWN
    assert asked(f"x{SYMBOL_MARK}") == UNKNOWN
    assert asked(Secret('{"detail-type": ["a"]}')) == Secret((Matcher(text="a"),))


def test_targets_of_a_rule() -> None:
    """A bus has a Region, everything else is no bus."""
    queue = target("arn:aws:sqs:eu-west-1:111122223333:orders", name="queue")

    assert targets(target(), queue) == (Target(region="us-east-1"), Target(is_bus=False))
    assert targets(target("nonsense")) == (UNKNOWN,)


def test_target_of_another_rule_bus_or_region_does_not_count() -> None:
    """A rule's name counts within a bus of a Region."""
    other_bus = target(eventBusName="central")

    assert targets(target(rule="other"), target(region="us-east-1"), target(kind=Kind.READ)) == ()
    assert targets(other_bus) == ()
    assert targets(other_bus, of=rule(eventBusName="arn:aws:events:eu-west-1:111122223333:event-bus/central")) == (
        Target(region="us-east-1"),
    )


def test_target_that_is_not_known_is_followed_by_dependency() -> None:
    """In a real preview the ARN of a new bus is unknown, its Region is not."""
    bus = resource("aws:cloudwatch/eventBus:EventBus", "central", {"name": "central", "region": "us-east-1"})
    function = resource("aws:lambda/function:Function", "work")

    def to(*sources: Resource) -> Any:
        found = target(UNKNOWN, property_dependencies={"arn": tuple(each.urn for each in sources)})
        return targets(found, *sources)

    assert to(bus) == (Target(region="us-east-1"),)
    assert to(function) == (Target(is_bus=False),)
    assert to() == (UNKNOWN,)


def test_target_whose_rule_is_not_known() -> None:
    """It is followed by dependency, and may be anybody's where nothing tells."""
    told = target(rule=UNKNOWN, property_dependencies={"rule": (rule().urn,)})

    assert targets(told) == (Target(region="us-east-1"),)
    assert targets(target(rule=UNKNOWN)) == (UNKNOWN,)


def test_outputs_give_the_same_fact_as_inputs() -> None:
    """A stage that knows outputs only judges the same rule."""
    pattern = '{"detail-type": ["a"]}'
    deployed = resource(
        "aws:cloudwatch/eventRule:EventRule", "orders", outputs={"name": "orders", "eventPattern": pattern}
    )
    its = resource("aws:cloudwatch/eventTarget:EventTarget", "target", outputs={"rule": "orders", "arn": FAR})
    expected = EventRule(region="eu-west-1", detail_types=(Matcher(text="a"),), targets=(Target(region="us-east-1"),))

    assert event_rule_from_graph(graph(deployed, its), deployed) == expected
    assert event_rule_from_graph(graph(rule(pattern), target()), rule(pattern)) == expected
