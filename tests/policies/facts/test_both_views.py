"""A fact is the same whatever a stage is told: inputs, outputs, or both, on every resource of the payment system."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Graph, Kind, Resource
from policies.facts.registry import Adapter
from tests.policies.captured import STACKS, Captured, captured
from tests.policies.differing import unequal

NO_ARN: Final = "an ARN is an output; where the profile names the account, nobody asks"
UNAVOIDABLE: Final[Mapping[tuple[str, str], str]] = {
    ("BucketOrigins", "origins[].readers[]"): "a distribution is known by its ARN, which is an output",
    ("GivenName", "name"): "a default security group is called so by EC2; no program gives that name",
    ("GuardedKey", "account"): NO_ARN,
    ("GuardedVault", "arn"): NO_ARN,
    ("MessagingPolicy", "arn"): NO_ARN,
    ("TrustedRole", "account"): NO_ARN,
    ("WebAclLog", "certain"): "a logging configuration names its web ACL by the ARN, which is an output",
}
"""Fact and field → why inputs do not tell what outputs do."""

LOOKED_UP: Final = "a function's answer tells who keeps a prefix list; the engine tells a pack of no function"
GATE_ALONE: Final[Mapping[tuple[str, str], str]] = {
    ("EnteredBalancer", "groups[].ingress.rules[].prefix_lists[].aws_name"): LOOKED_UP,
    ("EnteredBalancer", "groups[].ingress.rules[].prefix_lists[].seen"): LOOKED_UP,
    ("EntryPoint", "behind_cloudfront"): LOOKED_UP,
    ("Ingress", "rules[].prefix_lists[].aws_name"): LOOKED_UP,
    ("Ingress", "rules[].prefix_lists[].seen"): LOOKED_UP,
}
"""Fact and field → why the pack does not see what the gate sees."""

Change = Callable[[Resource], Resource]


@pytest.fixture(scope="module", params=STACKS)
def stack(request: pytest.FixtureRequest) -> Captured:
    """Return each stack of the payment system."""
    return captured(request.param)


def with_inputs(resource: Resource) -> Resource:
    """Return a resource as `Analyze` sees it; its id stands for what the engine knows of the others."""
    return replace(resource, outputs={})


def with_outputs(resource: Resource) -> Resource:
    """Return a resource as `AnalyzeStack` sees it, which tells no id."""
    return replace(resource, inputs={}, id="")


def in_pack(resource: Resource) -> Resource:
    """Return a resource as the pack judges it over the stack: it keeps the inputs that `Analyze` told it."""
    return replace(resource, id="")


def seen(stack: Captured, change: Change) -> Graph:
    """Return the graph as a stage sees it: providers as they are, and no look-ups, of which the gate alone knows."""
    graph = stack.graph
    resources = (change(each) if each.kind in (Kind.CUSTOM, Kind.READ) else each for each in graph)
    return Graph(graph.program, graph.stack, resources)


def differences(stack: Captured, one: Graph, other: Graph, *, joined: bool | None = None) -> set[tuple[str, str]]:
    """Return (fact, field) for every fact that is not the same in two views of a stack.

    Args:
        stack: The stack.
        one: As one stage sees it.
        other: As another one does.
        joined: Whether to look at facts that are judged over the stack, or at the others; None for all.
    """
    found: set[tuple[str, str]] = set()
    for adapter in {adapter for control in stack.controls for adapter in control.adapters}:
        if joined in (None, adapter.joined):
            for resource in (each for each in stack.graph if adapter.serves(each.kind, each.type)):
                pair = (built(adapter, graph, resource.urn) for graph in (one, other))
                found |= {(adapter.fact.__name__, path) for path in unequal(*pair)}
    return found


def built(adapter: Adapter, graph: Graph, urn: str) -> Any:
    """Return the fact, or what its adapter says of a resource that it cannot read."""
    try:
        return adapter.build(graph, graph[urn])
    except ValueError as error:
        return str(error)


def test_inputs_tell_what_outputs_tell(stack: Captured) -> None:
    """Both adapters' facts are equal in every field but those that are listed, and all of those differ."""
    assert differences(stack, seen(stack, with_inputs), seen(stack, with_outputs)) == set(UNAVOIDABLE)


def test_pack_sees_what_the_gate_sees(stack: Captured) -> None:
    """Over the stack the pack misses only what is listed, though it is told no ids: joins follow names and ARNs."""
    assert differences(stack, stack.graph, seen(stack, in_pack), joined=True) == set(GATE_ALONE)


def test_comparison_sees_a_difference(stack: Captured) -> None:
    """Facts of resources that say nothing are not those of the resources as they are."""
    silent = seen(stack, lambda resource: replace(resource, inputs={}, outputs={}))

    assert len({fact for fact, _ in differences(stack, stack.graph, silent)}) > 75
