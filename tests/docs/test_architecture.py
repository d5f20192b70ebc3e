"""The pictures of systems: nothing of a stack is left out, no arrow is invented, and they can be read."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Final

import pytest

from docs.architecture import documents
from docs.drawing.layout import INTERNET, STEP, Layout, Rect, lay_out
from docs.drawing.picture import Arrow, Box, Edge, Picture
from docs.drawing.placement import BOXES, FLOWS, PARTS, Kind, Section, Tier
from docs.drawing.reading import read_picture
from docs.drawing.routing import Line, NoRoomError, route
from docs.drawing.svg import write_svg
from ledgergate.graph import Graph, Resource
from ledgergate.graph import Kind as Being
from tests.policies.captured import captured

SVG: Final = "{http://www.w3.org/2000/svg}"
REGION: Final = "eu-central-1"
STRUCTURE: Final = {Being.STACK, Being.COMPONENT, Being.PROVIDER}


def resource(type_: str, name: str, **refers: "Resource | list[Resource]") -> Resource:
    """Return a resource of a made-up stack.

    Args:
        type_: Type token.
        name: Logical name.
        refers: Property → what it refers to.
    """
    to = {
        key: tuple(each.urn for each in (value if isinstance(value, list) else [value]))
        for key, value in refers.items()
    }
    return Resource(
        f"urn:pulumi:prod::bank::{type_}::{name}",
        type_,
        name,
        Being.CUSTOM,
        {"region": REGION, "availabilityZone": f"{REGION}{name[-1]}"},
        id=name,
        dependencies=tuple(sorted({urn for urns in to.values() for urn in urns})),
        property_dependencies=to,
    )


def with_inputs(known: Resource, **inputs: object) -> Resource:
    """Return a resource with further inputs."""
    return Resource(
        known.urn,
        known.type,
        known.name,
        known.kind,
        {**known.inputs, **inputs},
        id=known.id,
        dependencies=known.dependencies,
        property_dependencies=known.property_dependencies,
    )


@cache
def payments() -> tuple[Graph, Picture]:
    """Return the production stack of the payment system, and its picture."""
    graph = captured("prod").graph
    return graph, read_picture(graph)


@cache
def drawn() -> str:
    """Return the SVG of the payment system."""
    return write_svg(payments()[1])


@cache
def routed() -> list[tuple[Arrow, Line]]:
    """Return each arrow of the payment system with its way."""
    _, picture = payments()
    ends = [(arrow.source, arrow.target, arrow.kind.value) for arrow in picture.arrows]
    lines = route(lay_out(picture), ends, [])
    return [(arrow, lines[number]) for number, arrow in enumerate(picture.arrows)]


def held(picture: Picture) -> dict[str, tuple[str, ...]]:
    """Return the id of each box and VPC → URNs of what it stands for."""
    return {box.id: box.holds for box in (*picture.boxes, *(vpc.box for vpc in picture.vpcs))}


def named(picture: Picture) -> dict[str, str]:
    """Return the id of each box and VPC → its title."""
    return {box.id: box.title for box in (*picture.boxes, *(vpc.box for vpc in picture.vpcs))}


def test_every_arrow_is_a_reference_of_the_graph() -> None:
    """An arrow leads from the box of one end of each of its references to the box of the other."""
    graph, picture = payments()
    boxes = held(picture)
    for arrow in picture.arrows:
        assert arrow.edges
        for edge in arrow.edges:
            source = graph[edge.source]
            known = source.property_dependencies[edge.property] if edge.property else source.dependencies
            ends = {edge.source in boxes[arrow.source], edge.target in boxes[arrow.target]}
            turned = {edge.source in boxes[arrow.target], edge.target in boxes[arrow.source]}
            assert edge.target in known
            assert {True} in (ends, turned)


def test_every_resource_is_in_a_box_or_counted() -> None:
    """What stands in no box is told by type and number, and nothing is in both."""
    graph, picture = payments()
    placed = {urn for urns in held(picture).values() for urn in urns}
    rest = Counter(each.type for each in graph if each.urn not in placed and each.kind not in STRUCTURE)

    assert dict(rest) == picture.also
    assert not any(graph[urn].kind in STRUCTURE for urn in placed)


def test_payments_reads_at_a_glance() -> None:
    """The picture has few boxes, and the way of a payment is on it from the visitor to the copy of the backup."""
    _, picture = payments()
    titles = named(picture)
    arrows = {(titles[arrow.source], titles[arrow.target], arrow.kind, arrow.ports) for arrow in picture.arrows}
    tiers = {box.title: box.tier for box in picture.boxes if box.tier}

    assert len(titles) <= 40
    assert {box.title: box.entry for box in picture.boxes if box.entry} == {"CloudFront edge": "pay.example.com"}
    assert arrows > {
        ("CloudFront edge", "WAF edge", Kind.REQUEST, ()),
        ("CloudFront edge", "Load balancer", Kind.REQUEST, ()),
        ("CloudFront edge", "S3 static", Kind.REQUEST, ()),
        ("Load balancer", "ECS frontend", Kind.REQUEST, (3000,)),
        ("Load balancer", "ECS backend", Kind.REQUEST, (8080,)),
        ("ECS backend", "Aurora database", Kind.REQUEST, (5432,)),
        ("Aurora database", "CloudWatch Logs", Kind.RECORD, ()),
    }
    assert {arrow[:2] for arrow in arrows if arrow[1] == "Aurora database"} == {("ECS backend", "Aurora database")}
    assert {arrow[:2] for arrow in arrows if arrow[2] is Kind.COPY} == {
        ("Aurora database", "Vault backup"),
        ("Vault backup", "Vault backup-copy"),
    }
    assert tiers["NAT gateways"] is Tier.PUBLIC
    assert tiers["ECS backend"] is Tier.PRIVATE
    assert tiers["Aurora database"] is Tier.DATA


def test_keys_and_zones_are_those_of_the_graph() -> None:
    """A box names the key of its data and counts the zones of its subnets."""
    _, picture = payments()
    boxes = {box.title: box for box in picture.boxes}

    assert boxes["Aurora database"].keys == ("database",)
    assert boxes["S3 access-logs"].keys == ()
    assert boxes["Aurora database"].zones == ("us-east-1a", "us-east-1b", "us-east-1c")
    assert boxes["Vault backup-copy"].region == "us-west-2"


def test_files_are_fresh() -> None:
    """What lies in docs/ is what the stack is now."""
    stale = [path for path, text in documents({"payments": payments()[0]}).items() if path.read_text("utf-8") != text]

    assert stale == []


def test_picture_says_everything_as_text() -> None:
    """Each box's name and each arrow are text in one file that is well-formed and needs nothing from elsewhere."""
    _, picture = payments()
    written = drawn()
    root = ET.fromstring(written)  # noqa: S314 - written by us
    texts = [element.text for element in root.iter(f"{SVG}text")]
    ways = [title.text for path in root.iter(f"{SVG}path") for title in path.iter(f"{SVG}title")]
    titles = named(picture)

    assert {box.title for box in picture.boxes} <= set(texts)
    assert sorted(filter(None, ways)) == sorted(
        ["The internet → CloudFront edge"]
        + [f"{titles[arrow.source]} → {titles[arrow.target]}" for arrow in picture.arrows]
    )
    assert root.findtext(f"{SVG}title") == "Architecture of payments, stack prod"
    assert "ECS backend to Aurora database: request on port 5432." in str(root.findtext(f"{SVG}desc"))
    assert "prefers-color-scheme: dark" in written
    assert not re.search(r"@import|url\((?!#)|href|<script|https?:(?!//www\.w3\.org/2000/svg)", written)


def test_every_line_ends_on_its_box_and_runs_through_no_other() -> None:
    """A line leaves one box and enters the other, or joins one that does; boxes of others and names are spared."""
    boxes = lay_out(payments()[1]).boxes
    for arrow, line in routed():
        assert on_side(line.points[0], boxes[arrow.source])
        assert line.joins or on_side(line.points[-1], boxes[arrow.target])
        assert {id for id, rect in boxes.items() if any(inside(cell, rect) for cell in cells(line.points))} == set()


def test_lines_of_different_meaning_share_no_stretch() -> None:
    """Only what has one target and one meaning runs together, so that no line can be followed to a wrong box."""
    owner: dict[frozenset[tuple[int, int]], tuple[str, Kind]] = {}
    for arrow, line in routed():
        for stretch in pairwise(cells(line.points)):
            meaning = (arrow.target, arrow.kind)
            assert owner.setdefault(frozenset(stretch), meaning) == meaning


def test_no_line_touches_the_corner_of_another() -> None:
    """Lines of different meaning cross straight, so that a bend is never taken for a branch."""
    for arrow, line in routed():
        for other, way in routed():
            if (arrow.target, arrow.kind) != (other.target, other.kind):
                assert not set(line.points) & set(cells(way.points))


def test_picture_is_the_same_every_time() -> None:
    """Two drawings of one stack are equal to the byte, in whatever order its resources were registered."""
    graph, _ = payments()
    turned = Graph(graph.program, graph.stack, reversed(list(graph)))

    assert write_svg(read_picture(turned)) == drawn()


def test_no_two_boxes_overlap() -> None:
    """Boxes keep their distance, of one step at least."""
    rects = list(lay_out(payments()[1]).boxes.values())
    for number, one in enumerate(rects):
        for other in rects[number + 1 :]:
            apart = one.right < other.x or other.right < one.x or one.bottom < other.y or other.bottom < one.y
            assert apart, (one, other)


def test_type_without_a_rule_is_counted() -> None:
    """What the table does not know yet is told on the picture, not dropped."""
    queue = resource("aws:sqs/queue:Queue", "payouts")
    picture = read_picture(Graph("bank", "prod", [queue, resource("aws:s3/bucket:Bucket", "statements")]))

    assert picture.also == {"aws:sqs/queue:Queue": 1}
    assert "Also there, in no box: Queue × 1" in write_svg(picture)


def test_tier_is_what_the_default_route_says() -> None:
    """A subnet named public with no way out is a data subnet, and one with a gateway is public whatever its name."""
    vpc = with_inputs(resource("aws:ec2/vpc:Vpc", "net"), cidrBlock="10.0.0.0/16")
    subnets = [resource("aws:ec2/subnet:Subnet", name, vpcId=vpc) for name in ("public-a", "inner-b", "data-c")]
    tables = [resource("aws:ec2/routeTable:RouteTable", each.name, vpcId=vpc) for each in subnets]
    joins = [
        resource(
            "aws:ec2/routeTableAssociation:RouteTableAssociation", subnet.name, subnetId=subnet, routeTableId=table
        )
        for subnet, table in zip(subnets, tables, strict=True)
    ]
    everywhere = "0.0.0.0/0"
    routes = [
        with_inputs(route_to(tables[1]), destinationCidrBlock=everywhere, natGatewayId="nat-1"),
        with_inputs(route_to(tables[2]), destinationCidrBlock=everywhere, gatewayId="igw-1"),
    ]
    hosts = [resource("aws:ecs/service:Service", f"in-{each.name}", networkConfiguration=each) for each in subnets]
    picture = read_picture(Graph("bank", "prod", [vpc, *subnets, *tables, *joins, *routes, *hosts]))

    assert {box.title: box.tier for box in picture.boxes} == {
        "ECS in-public-a": Tier.DATA,
        "ECS in-inner-b": Tier.PRIVATE,
        "ECS in-data-c": Tier.PUBLIC,
    }
    assert write_svg(picture)


def route_to(table: Resource) -> Resource:
    """Return a route of a table."""
    return resource("aws:ec2/route:Route", table.name, routeTableId=table)


def test_group_of_two_boxes_leads_to_both() -> None:
    """A rule that names a group opens the way to everything in it, and only what shares a group is called."""
    groups = [resource("aws:ec2/securityGroup:SecurityGroup", name) for name in ("in", "out")]
    caller = resource("aws:lb/loadBalancer:LoadBalancer", "front", securityGroups=groups[0])
    called = [resource("aws:ecs/service:Service", name, networkConfiguration=groups[1]) for name in ("pay", "book")]
    rule = with_inputs(
        resource(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "rule",
            securityGroupId=groups[1],
            referencedSecurityGroupId=groups[0],
        ),
        fromPort=8443.0,
    )
    picture = read_picture(Graph("bank", "prod", [*groups, caller, *called, rule]))

    assert {(arrow.source, arrow.target, arrow.ports) for arrow in picture.arrows} == {
        (caller.urn, each.urn, (8443,)) for each in called
    }


def test_way_that_is_not_there_is_an_error() -> None:
    """Where boxes leave no room, nothing is drawn rather than a line that hides."""
    walls = {str(number): Rect(100 + 50 * x, 100 + 50 * y, 50, 50) for number, (x, y) in enumerate(RING)}
    layout = Layout({"inside": Rect(150, 150, 50, 50), "far": Rect(500, 150, 50, 50), **walls}, height=400)

    with pytest.raises(NoRoomError, match="from far to inside"):
        route(layout, [("far", "inside", "request")], [])


def test_two_lines_do_not_share_the_only_way() -> None:
    """Where one line takes the only gap, another of a different meaning is refused, and one of the same joins it."""
    walls = {"upper": Rect(200, 0, 50, 190), "lower": Rect(200, 210, 50, 190)}
    boxes = {name: Rect(x, y, 60, 60) for name, x, y in (("a", 50, 100), ("b", 50, 250), ("c", 400, 170))}
    layout = Layout({**boxes, **walls}, height=400)

    assert route(layout, [("a", "c", "request"), ("b", "c", "request")], [])[1].joins
    with pytest.raises(NoRoomError, match="from b to c"):
        route(layout, [("a", "c", "request"), ("b", "c", "copy")], [])


RING: Final = [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]


def test_names_from_a_program_are_text_only() -> None:
    """A name with marks of XML in it stays a name."""
    box = Box(id="<a>", title="S3 <b>&", notes=(), region=REGION, section=Section.STORAGE, holds=("urn",))
    other = Box(id="<c>", title="Vault", notes=(), region=REGION, section=Section.BACKUP, holds=("urn",))
    arrow = Arrow("<a>", "<c>", Kind.COPY, (), (Edge("urn", "x", "urn"),))
    root = ET.fromstring(write_svg(Picture("bank", "prod", (box, other), (), (arrow,), {})))  # noqa: S314 - as above

    assert "S3 <b>&" in [element.text for element in root.iter(f"{SVG}text")]


def test_table_has_no_row_that_nothing_of_payments_uses() -> None:
    """A row that matches no resource is a mistake in a type or a path, or is dead."""
    graph, picture = payments()
    used = {(graph[edge.source].type, edge.property) for arrow in picture.arrows for edge in arrow.edges}

    assert {rule.type for rule in (*BOXES, *PARTS)} <= {each.type for each in graph}
    assert {(rule.type, rule.path.partition("[")[0]) for rule in FLOWS} == used


def cells(points: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Return the points of a way, a step apart."""
    found = [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        steps = max(abs(x2 - x1), abs(y2 - y1)) // STEP
        found += [(x1 + (x2 - x1) * n // steps, y1 + (y2 - y1) * n // steps) for n in range(1, steps + 1)]
    return found


def inside(point: tuple[int, int], rect: Rect) -> bool:
    """Tell whether a point lies in a box, its sides not counted."""
    return rect.x < point[0] < rect.right and rect.y < point[1] < rect.bottom


def on_side(point: tuple[int, int], rect: Rect) -> bool:
    """Tell whether a point lies on a side of a box."""
    within = rect.x <= point[0] <= rect.right and rect.y <= point[1] <= rect.bottom
    return within and not inside(point, rect)


def test_internet_is_drawn_only_where_something_is_entered() -> None:
    """A system that nobody outside calls has no internet on its picture."""
    inner = read_picture(Graph("bank", "prod", [resource("aws:s3/bucket:Bucket", "statements")]))

    assert INTERNET not in lay_out(inner).boxes
    assert INTERNET in lay_out(payments()[1]).boxes
