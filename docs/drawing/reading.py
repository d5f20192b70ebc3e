"""The picture of a stack, read from its graph by the rules of `placement.py`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from docs.drawing.ownership import Owners, references
from docs.drawing.picture import WORLDWIDE, Arrow, Box, Edge, Picture, Vpc
from docs.drawing.placement import BOXES, ENCRYPTED, FLOWS, KEY, SUBNET, VPC, BoxRule, FlowRule, Kind, Section, Tier
from docs.drawing.subnets import subnet_tiers
from ledgergate.graph import Graph, Resource
from ledgergate.graph import Kind as Being
from ledgergate.values import reveal

_STRUCTURE: Final = {Being.STACK, Being.COMPONENT, Being.PROVIDER}
_RULES: Final = {rule.type: rule for rule in BOXES}


def read_picture(graph: Graph) -> Picture:
    """Return what the picture of a stack shows.

    Args:
        graph: What the engine captured.

    Returns:
        Every resource is in a box, in a VPC or counted in `also`; the stack, components and providers are none.
    """
    # What runs side by side registers in another order every time.
    graph = Graph(graph.program, graph.stack, sorted(graph, key=lambda each: each.urn), graph.look_ups)
    owners = Owners(graph)
    held = _held(graph, owners)
    tiers = subnet_tiers(graph)
    vpcs = tuple(_vpc(resource, held[resource.urn]) for resource in graph.of_type(VPC))
    arrows = _arrows(graph, owners)
    ports = {
        id: sorted({port for arrow in arrows if arrow.target == id for port in arrow.ports}) for id in owners.boxes
    }
    boxes = tuple(_box(graph, id, held[id], tiers, ports[id]) for id in owners.boxes)
    placed = {each.urn for held_here in held.values() for each in held_here}
    also = Counter(each.type for each in graph if each.kind not in _STRUCTURE and each.urn not in placed)
    return Picture(graph.program, graph.stack, boxes, vpcs, arrows, dict(sorted(also.items())))


def _held(graph: Graph, owners: Owners) -> Mapping[str, list[Resource]]:
    held: dict[str, list[Resource]] = defaultdict(list)
    for resource in graph:
        for owner in owners.of(resource):
            held[owner].append(resource)
    return held


def _box(graph: Graph, id: str, held: list[Resource], tiers: Mapping[str, Tier], ports: list[int]) -> Box:
    mains = [each for each in held if each.type in _RULES]
    rule, region = _RULES[mains[0].type], region_of(mains[0])
    subnets = [graph[urn] for each in held for urn in _dependencies_on(graph, each, SUBNET)]
    tier = min((tiers[each.urn] for each in subnets), key=list(Tier).index, default=rule.tier)
    within = [urn for each in (*subnets, *mains) for urn in _dependencies_on(graph, each, VPC)]
    hosts = reveal(mains[0].inputs.get(rule.entered)) if rule.entered else None
    return Box(
        id=id,
        title=rule.title.format(name=_short(mains[0].name, region)),
        notes=tuple(_notes(rule, mains, held, ports)),
        region=region,
        section=rule.section,
        vpc=within[0] if tier and within else "",
        tier=tier if within else None,
        zones=tuple(sorted({str(each.inputs["availabilityZone"]) for each in subnets})),
        keys=tuple(sorted(set(_keys(graph, held)))),
        entry=", ".join(map(str, hosts or ())) or ("the internet" if rule.entered else ""),
        holds=tuple(sorted(each.urn for each in held)),
    )


def _vpc(vpc: Resource, held: list[Resource]) -> Vpc:
    zones = {str(each.inputs["availabilityZone"]) for each in held if each.type == SUBNET}
    box = Box(
        id=vpc.urn,
        title=f"VPC {_short(vpc.name, region_of(vpc))}",
        notes=(),
        region=region_of(vpc),
        section=Section.NETWORK,
        zones=tuple(sorted(zones)),
        holds=tuple(sorted(each.urn for each in held)),
    )
    cidr = reveal(vpc.inputs.get("cidrBlock"))
    return Vpc(box, cidr if isinstance(cidr, str) else "")


def region_of(resource: Resource) -> str:
    """Return the Region of a resource, or `WORLDWIDE`."""
    rule = _RULES.get(resource.type)
    if rule is not None and rule.section is Section.WORLDWIDE:
        return WORLDWIDE
    return str(reveal(resource.inputs.get("region")) or WORLDWIDE)


def _short(name: str, region: str) -> str:
    return name.removesuffix(f"-{region}")


def _dependencies_on(graph: Graph, resource: Resource, type_: str) -> Iterator[str]:
    for urns in resource.property_dependencies.values():
        yield from (urn for urn in urns if graph[urn].type == type_)


def _notes(rule: BoxRule, mains: list[Resource], held: list[Resource], ports: list[int]) -> Iterator[str]:
    if rule.together:
        yield _number(len(mains), rule.noun)
    for type_, noun in rule.parts:
        if number := sum(each.type == type_ for each in held):
            yield _number(number, noun)
    if rule.count:
        property_, noun = rule.count
        running = reveal(mains[0].inputs.get(property_))
        yield f"{running:g} {noun}" if isinstance(running, float) else f"? {noun}"
    for property_, value, words in rule.told:
        if reveal(mains[0].inputs.get(property_)) == value:
            yield words
    if ports:
        yield f"port {'/'.join(map(str, ports))}"


def _number(number: int, noun: str) -> str:
    one = f"{noun.removesuffix('ies')}y" if noun.endswith("ies") else noun.removesuffix("s")
    return f"{number} {noun if number > 1 else one}"


def _keys(graph: Graph, held: list[Resource]) -> Iterator[str]:
    for resource in held:
        for type_, path in ENCRYPTED:
            if resource.type == type_:
                keys = references(graph, resource, path, KEY)
                yield from (_short(key.name, region_of(key)) for key in keys)


def _arrows(graph: Graph, owners: Owners) -> tuple[Arrow, ...]:
    found: dict[tuple[str, str, Kind], list[tuple[Edge, int | None]]] = defaultdict(list)
    for rule in FLOWS:
        for resource in graph.of_type(rule.type):
            for target in references(graph, resource, rule.path, rule.to):
                edge = Edge(resource.urn, re.split(r"\W", rule.path)[0], target.urn)
                for source, end in _ends(owners, rule, resource, target):
                    found[source, end, rule.kind].append((edge, _port(rule, resource)))
    return tuple(
        Arrow(*ends, tuple(sorted({port for _, port in read if port})), tuple(edge for edge, _ in read))
        for ends, read in found.items()
    )


def _ends(owners: Owners, rule: FlowRule, resource: Resource, target: Resource) -> Iterator[tuple[str, str]]:
    for near in owners.of(resource):
        for far in owners.of(target):
            if near != far:
                yield (far, near) if rule.back else (near, far)


def _port(rule: FlowRule, resource: Resource) -> int | None:
    port = reveal(resource.inputs.get("fromPort")) if rule.port else None
    return int(port) if isinstance(port, float) else None
