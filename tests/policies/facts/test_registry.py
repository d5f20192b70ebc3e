"""How facts are registered, and what is refused when they are."""

from dataclasses import dataclass

import pytest

from ledgergate.graph import Graph, Kind, Resource
from policies.catalogue import load_catalogue
from policies.facts.registry import adapter, adapters, adapters_of
from policies.facts.s3 import Bucket


@dataclass(frozen=True, slots=True)
class Thing:
    """A fact of these tests."""

    name: str = ""


@dataclass
class Loose:
    """No fact: it can be changed."""


def test_fact_that_can_be_changed_is_refused() -> None:
    """A fact is a value; anything else would let one control change what the next one sees."""

    def loose_from_graph(graph: Graph, resource: Resource) -> Loose:
        return Loose()

    with pytest.raises(TypeError, match="must be annotated to return a frozen slotted dataclass"):
        adapter(types=("a:b:C",))(loose_from_graph)


def test_fact_is_judged_in_one_way() -> None:
    """A fact from one resource blocks before creation, a joined one cannot: it is one or the other."""

    @adapter(types=("a:b:C",))
    def thing_from_graph(graph: Graph, resource: Resource) -> Thing:
        return Thing()

    def joined_thing_from_graph(graph: Graph, resource: Resource) -> Thing:
        return Thing()

    with pytest.raises(TypeError, match="not both"):
        adapter(types=("a:b:D",), joined=True)(joined_thing_from_graph)
    assert [each.build for each in adapters_of(Thing)] == [thing_from_graph]


def test_reads_are_no_subjects() -> None:
    """A resource that is only looked up is never judged."""

    def bucket_from_graph(graph: Graph, resource: Resource) -> Bucket:
        return Bucket()

    with pytest.raises(TypeError, match="reads are never judged"):
        adapter(types=("a:b:C",), joined=True, kinds=(Kind.READ,))(bucket_from_graph)


def test_types_may_name_a_package_or_everything() -> None:
    """A wildcard covers a whole package or every type, of the right kind only."""
    (tagged,) = [each for fact, found in adapters().items() for each in found if fact.__name__ == "Tagged"]
    component = [each for fact, found in adapters().items() for each in found if fact.__name__ == "Component"]

    assert tagged.serves(Kind.CUSTOM, "aws:s3/bucket:Bucket")
    assert not tagged.serves(Kind.CUSTOM, "awsx:ec2:Vpc")
    assert any(each.serves(Kind.OPAQUE, "awsx:ec2:Vpc") for each in component)
    assert any(each.serves(Kind.CUSTOM, "aws-native:s3:Bucket") for each in component)
    assert not any(each.serves(Kind.CUSTOM, "awsx:ec2:Vpc") for each in component)


def test_every_fact_serves_a_control() -> None:
    """No adapter of this repository is left without a judge."""
    own = {fact for fact in adapters() if fact.__module__.startswith("policies.")}

    assert own == {control.fact for control in load_catalogue().controls.values()}
