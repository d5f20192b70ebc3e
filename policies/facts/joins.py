"""Which resource another one speaks about: by value when it is known, else by what the property depends on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

from ledgergate.graph import Graph, Resource
from ledgergate.values import PLACEHOLDER_ACCOUNT, Secret, Unknown, Value, has_unknown, is_symbolic, reveal
from policies.facts.arns import Arn, parse_arn
from policies.facts.names import IDS, NAMES, Reach
from policies.facts.properties import UNKNOWN, attribute, known_text, region_of, settings_of

Types = tuple[str, ...]

_IDS_IN_ARNS: Final = ("cloudfront", "ec2")
"""Services whose resources other ones name by the last part of their ARN."""

_NESTED: Final = "nested"
"""Under which a nested value stands while it is looked at as a property."""

_INSIDE: Final = "inside"
"""Under which a nested value stands while it is looked at as a property."""


@dataclass(frozen=True, slots=True)
class Join:
    """What a reference leads to.

    Args:
        resources: Resources of the graph that it names; reads among them are only looked up, not created here.
        outside: It names something that is not in the graph.
        unknown: Its value is unknown, and nothing tells which resource it names; those in `resources` may be it.
    """

    resources: tuple[Resource, ...] = ()
    outside: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Companions:
    """The resources that carry settings of another one.

    Args:
        certain: They speak about it.
        possible: They may: their reference is unknown, or its own name is.
    """

    certain: tuple[Resource, ...] = ()
    possible: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class _Attributed:
    owned: Mapping[str, tuple[Resource, ...]]
    loose: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    names: dict[Types, Mapping[str, tuple[Resource, ...]]] = field(default_factory=dict)
    companions: dict[tuple[Types, str, Types], _Attributed] = field(default_factory=dict)


_INDEXES: Final[WeakKeyDictionary[Graph, _Index]] = WeakKeyDictionary()


def follow(graph: Graph, resource: Resource, property_: str, types: Types) -> Join:
    """Return what `property_` of `resource` names among the resources of `types`.

    Name, id and ARN are one identity. A plain name means a resource of the same Region, unless its type is global.
    """
    value = settings_of(resource).get(property_)
    if value is None or value == "":
        return Join()
    if has_unknown(value):
        return _by_dependency(graph, resource, property_, types)
    found = _by_name(graph, resource, known_text(value), types)
    return Join(found, outside=not found)


def follow_value(graph: Graph, resource: Resource, property_: str, value: Value, types: Types) -> Join:
    """Return what a value inside `property_` of `resource` names, as `follow` does for a property of its own.

    While the value is unknown, it may come from whatever the property depends on.
    """
    lifted = replace(
        resource,
        inputs={**resource.inputs, _INSIDE: value},
        property_dependencies={_INSIDE: resource.property_dependencies.get(property_, ())},
    )
    return follow(graph, lifted, _INSIDE, types)


def follow_nested(graph: Graph, resource: Resource, property_: str, value: Value, types: Types) -> Join:
    """Return what a value names that stands inside `property_`, at whatever depth; else as `follow`."""
    lifted = replace(
        resource,
        inputs={**resource.inputs, _NESTED: value},
        property_dependencies={_NESTED: resource.property_dependencies.get(property_, ())},
    )
    return follow(graph, lifted, _NESTED, types)


def companions(graph: Graph, owner: Resource, types: Types, property_: str, owner_types: Types) -> Companions:
    """Return the resources of `types` whose `property_` names `owner`, a resource of one of `owner_types`."""
    index = _INDEXES.setdefault(graph, _Index())
    key = (types, property_, owner_types)
    if key not in index.companions:
        index.companions[key] = _attribute_companions(graph, types, property_, owner_types)
    found = index.companions[key]
    nameless = not _identities(owner)
    possible = [each for each in found.loose if nameless or has_unknown(settings_of(each).get(property_))]
    return Companions(found.owned.get(owner.urn, ()), tuple(possible))


def _attribute_companions(graph: Graph, types: Types, property_: str, owner_types: Types) -> _Attributed:
    owned: dict[str, list[Resource]] = defaultdict(list)
    loose = []
    for companion in graph.of_type(*types):
        join = follow(graph, companion, property_, owner_types)
        if join.outside or join.unknown:
            loose.append(companion)
            continue
        for owner in join.resources:
            owned[owner.urn].append(companion)
    return _Attributed({urn: tuple(found) for urn, found in owned.items()}, tuple(loose))


def _by_dependency(graph: Graph, resource: Resource, property_: str, types: Types) -> Join:
    urns = resource.property_dependencies.get(property_, ())
    found = tuple(each for each in map(graph.get, urns) if each is not None and each.type in types)
    return Join(found, unknown=len(found) != 1)


def _by_name(graph: Graph, resource: Resource, reference: str, types: Types) -> tuple[Resource, ...]:
    arn = parse_arn(reference)
    names = _names(graph, types)
    region = arn.region if arn else reveal(region_of(graph, resource))
    direct = names.get(reference, ())
    if arn is None:
        return tuple(each for each in direct if _reachable(graph, each, region))
    by_name = {each.urn: each for name in (arn.name, arn.resource) for each in names.get(name, ())}
    return direct or tuple(each for each in by_name.values() if _may_be(graph, each, arn))


def _may_be(graph: Graph, candidate: Resource, arn: Arn) -> bool:
    """Tell whether an ARN that a program put together names a resource whose name or id it holds.

    Where the resource's own ARN is known, that takes an id that is minted, and so belongs to no other resource.
    """
    own = known_text(attribute(candidate, "arn"))
    if not own:
        return _reachable(graph, candidate, arn.region)
    known = parse_arn(own)
    return known is not None and is_symbolic(arn.name) and _agree(arn, known)


def _agree(written: Arn, known: Arn) -> bool:
    same = (written.partition, written.service, written.resource) == (known.partition, known.service, known.resource)
    places = ((written.region, known.region), (written.account, known.account))
    return same and all(one == other or _stands_in(one) or _stands_in(other) for one, other in places)


def _stands_in(place: str) -> bool:
    return is_symbolic(place) or place == PLACEHOLDER_ACCOUNT


def _reachable(graph: Graph, candidate: Resource, region: object) -> bool:
    if reach_of(candidate.type) is not Reach.REGION or not region:
        return True
    own = reveal(region_of(graph, candidate))
    return isinstance(own, Unknown) or isinstance(region, Unknown) or own == region


def reach_of(type_: str) -> Reach:
    """Return how far names of a type reach; a type outside the table is taken as regional."""
    rule = NAMES.get(type_)
    return rule.reach if rule else Reach.REGION


def named(graph: Graph, identity: str, types: Types) -> tuple[Resource, ...]:
    """Return the resources of `types` whose name, id or ARN is exactly `identity`, in whatever Region."""
    return _names(graph, types).get(identity, ())


def _names(graph: Graph, types: Types) -> Mapping[str, tuple[Resource, ...]]:
    index = _INDEXES.setdefault(graph, _Index())
    if types not in index.names:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in graph.of_type(*types):
            for name in _identities(resource):
                found[name].append(resource)
        index.names[types] = {name: tuple(resources) for name, resources in found.items()}
    return index.names[types]


def _identities(resource: Resource) -> frozenset[str]:
    rule = NAMES.get(resource.type)
    name = rule.property if rule else IDS.get(resource.type, "")
    arn, named_as = known_text(attribute(resource, "arn")), known_text(attribute(resource, name))
    return frozenset(filter(None, (resource.id or _id_in(arn), arn, named_as)))


def _id_in(text: str) -> str:
    """Return the id that the ARN of a resource of EC2 or CloudFront ends in; a pack is never told ids.

    Source: resource types of Amazon EC2 and of Amazon CloudFront, service authorization reference, read 2026-11-20.
    """
    arn = parse_arn(text)
    return arn.name if arn is not None and arn.service in _IDS_IN_ARNS else ""


def all_agree(certain: Sequence[Any], possible: Sequence[Any]) -> Any:
    """Return a flag as several companions leave it: true only when all of them say so.

    Args:
        certain: What the companions say that certainly speak about the resource; may hold unknowns and secrets.
        possible: What those say that may; they can make the flag unknown, never true or false.
    """
    known = _agreed([reveal(value) for value in certain], [reveal(value) for value in possible])
    secret = any(isinstance(value, Secret) for value in (*certain, *possible))
    return Secret(known) if secret and isinstance(known, bool) else known


def _agreed(certain: Sequence[Any], possible: Sequence[Any]) -> Any:
    if any(value is False for value in certain):
        return False
    if not certain:
        return UNKNOWN if any(value is not False for value in possible) else False
    return True if all(value is True for value in (*certain, *possible)) else UNKNOWN
