"""Which box holds a resource, and what a property refers to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from docs.drawing.placement import BOXES, PARTS, VPC, PartOf
from ledgergate.graph import Graph, Resource
from ledgergate.values import Value, reveal

_RULES: Final = {rule.type: rule for rule in BOXES}


def references(graph: Graph, resource: Resource, path: str, type_: str) -> tuple[Resource, ...]:
    """Return the resources of a type that a property refers to.

    Args:
        graph: Where they are.
        resource: What refers.
        path: Property, or a path into it (`rules[].targetVaultName`), which a referred one has to be named at;
            "" stands for dependencies that no property explains.
        type_: Type token.
    """
    property_, _, rest = path.partition("[].")
    urns = resource.property_dependencies.get(property_, ()) if property_ else _plain(resource)
    found = tuple(graph[urn] for urn in urns if graph[urn].type == type_)
    if not rest:
        return found
    named = set(_values(reveal(resource.inputs.get(property_)), rest.split("[].")))
    return tuple(each for each in found if named & {each.id, each.outputs.get("arn"), each.outputs.get("name")})


def _plain(resource: Resource) -> list[str]:
    explained = {urn for urns in resource.property_dependencies.values() for urn in urns}
    return [urn for urn in resource.dependencies if urn not in explained]


def _values(value: Value, names: list[str]) -> Iterator[str]:
    if not names and isinstance(value, str):
        yield value
    for item in value if names and isinstance(value, list) else ():
        yield from _values(item.get(names[0]), names[1:])


class Owners:
    """The boxes of a graph, and which of them hold a resource.

    Args:
        graph: The resources of one stack.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._found: dict[str, tuple[str, ...]] = {}
        self._users = _users(graph)
        self._ids = _ids(graph)

    @property
    def boxes(self) -> tuple[str, ...]:
        """Ids of the boxes, in the order of the table, then of the graph; VPCs are none."""
        return tuple(dict.fromkeys(self._ids.values()))

    def of(self, resource: Resource) -> tuple[str, ...]:
        """Return the ids of the boxes that hold a resource, its VPC's URN, or nothing."""
        if resource.urn not in self._found:
            self._found[resource.urn] = ()  # what refers to itself in a circle has no box
            self._found[resource.urn] = self._search(resource)
        return self._found[resource.urn]

    def _search(self, resource: Resource) -> tuple[str, ...]:
        if resource.urn in self._ids:
            return (self._ids[resource.urn],)
        if resource.type == VPC:
            return (resource.urn,)
        return tuple(dict.fromkeys(id for near in self._near(resource) for id in self.of(near)))

    def _near(self, resource: Resource) -> Iterator[Resource]:
        yield from self._users.get(resource.urn, ())
        for rule in PARTS:
            if isinstance(rule, PartOf) and rule.type == resource.type:
                for type_ in sorted({self._graph[urn].type for urn in resource.dependencies}):
                    yield from references(self._graph, resource, rule.path, type_)


def _ids(graph: Graph) -> Mapping[str, str]:
    ids: dict[str, str] = {}
    for rule in BOXES:
        for resource in graph.of_type(rule.type):
            # One of a kind in each Region stands for all of them.
            ids[resource.urn] = f"{rule.type} {resource.inputs.get('region') or ''}" if rule.together else resource.urn
    return ids


def _users(graph: Graph) -> Mapping[str, list[Resource]]:
    users: dict[str, list[Resource]] = defaultdict(list)
    for rule in PARTS:
        if isinstance(rule, PartOf):
            continue
        for user in graph.of_type(rule.user):
            for used in references(graph, user, rule.path, rule.type):
                users[used.urn].append(user)
    return users
