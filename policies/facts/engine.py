"""Facts about how a program is built, whatever cloud its resources belong to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Value, reveal
from policies.facts.names import NAMES, NameRule, Reach
from policies.facts.properties import UNKNOWN, identity, known_text, lift, region_of, settings_of
from policies.facts.registry import ANY_TYPE, adapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component, or a resource whose provider is part of a program.

    Args:
        type: Type token.
        opaque: Whether what it creates is decided out of sight: a remote component, a dynamic provider's resource, one
            of a provider whose properties no control reads, or one that makes others of a template.
    """

    type: str
    opaque: bool = False


FOREIGN: Final = ("aws-native:*", "aws-apigateway:*", "awscc:*")
"""Other providers for AWS: the controls read the properties of `aws` only."""

MAKERS: Final = (
    "aws:cloudcontrol/resource:Resource",
    "aws:cloudformation/stack:Stack",
    "aws:cloudformation/stackInstances:StackInstances",
    "aws:cloudformation/stackSet:StackSet",
    "aws:cloudformation/stackSetInstance:StackSetInstance",
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
    "aws:servicecatalog/provisionedProduct:ProvisionedProduct",
)
"""Resources that make others, of a template or a text that no control reads."""


@adapter(types=(*FOREIGN, *MAKERS), kinds=(Kind.CUSTOM,))
def foreign_from_graph(_graph: Graph, resource: Resource) -> Component:
    """Build a resource that stands for others, or has properties that nobody reads."""
    return Component(type=resource.type, opaque=True)


@adapter(types=(ANY_TYPE,), kinds=(Kind.COMPONENT, Kind.OPAQUE))
def component_from_graph(_graph: Graph, resource: Resource) -> Component:
    """Build a component."""
    return Component(type=resource.type, opaque=resource.kind is Kind.OPAQUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhysicalName:
    """The name that a program gave to a resource, and who else of its type has it.

    Args:
        name: The name; None when the provider makes one up.
        reach: Within what it must be unique, in words.
        namesakes: Logical names of the other resources of the type that have the name within that reach.
    """

    name: str | None
    reach: str = Reach.REGION.value
    namesakes: tuple[str, ...] = ()


@adapter(types=NAMES, joined=True)
def physical_name_from_graph(graph: Graph, resource: Resource) -> PhysicalName:
    """Build the physical name of a resource and look for others that have it."""
    rule = NAMES[resource.type]
    return PhysicalName(
        name=lift(identity(settings_of(resource), rule.property), lambda name: name or None),
        reach=_reach(resource, rule).value,
        namesakes=_namesakes(graph, resource, rule),
    )


Holders = Mapping[tuple[str, str], tuple[Resource, ...]]

_HOLDERS: Final[WeakKeyDictionary[Graph, Holders]] = WeakKeyDictionary()


def _namesakes(graph: Graph, resource: Resource, rule: NameRule) -> Any:
    name = _spelled(resource, rule)
    others = [each for each in _holders(graph).get((resource.type, name), ()) if each.urn != resource.urn]
    near = [each for each in others if _account(graph, each, rule) == _account(graph, resource, rule)]
    if not near or _reach(resource, rule) is not Reach.REGION:
        return tuple(each.name for each in near)
    region = reveal(region_of(graph, resource))
    regions = [(each, reveal(region_of(graph, each))) for each in near]
    same = tuple(each.name for each, there in regions if there == region and there != UNKNOWN)
    return same if same or UNKNOWN not in (region, *(there for _, there in regions)) else UNKNOWN


def _holders(graph: Graph) -> Holders:
    if graph not in _HOLDERS:
        found = defaultdict(list)
        for resource in graph:
            rule = NAMES.get(resource.type) if resource.kind is Kind.CUSTOM else None
            if rule is not None and (name := _spelled(resource, rule)):
                found[resource.type, name].append(resource)
        _HOLDERS[graph] = {key: tuple(resources) for key, resources in found.items()}
    return _HOLDERS[graph]


def _spelled(resource: Resource, rule: NameRule) -> str:
    name = known_text(settings_of(resource).get(rule.property))
    return name.casefold() if rule.folds_case else name


def _reach(resource: Resource, rule: NameRule) -> Reach:
    own_namespace = settings_of(resource).get("bucketNamespace", "global") != "global"
    return Reach.REGION if own_namespace else rule.reach


_ACCOUNT_INPUTS: Final = ("accessKey", "allowedAccountIds", "assumeRole", "assumeRoles", "profile")
"""Inputs of an aws provider that decide in which account it works."""


def _account(graph: Graph, resource: Resource, rule: NameRule) -> tuple[Value, ...]:
    """Return what stands for the account: equal for two resources that certainly share one."""
    if _reach(resource, rule) is Reach.WORLD:
        return ()
    provider = graph.provider_of(resource)
    inputs = settings_of(provider) if provider else {}
    return tuple(reveal(inputs.get(name)) for name in _ACCOUNT_INPUTS)
