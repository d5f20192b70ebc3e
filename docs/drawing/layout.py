"""Where boxes and frames stand: Regions under each other, in each its VPCs left and its sections right.

Lengths are user units of the SVG. Boxes lie on multiples of `STEP`, along which arrows run; frames lie beside
them, so that no arrow runs along a frame.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from docs.drawing.picture import WORLDWIDE, Box, Picture, Vpc
from docs.drawing.placement import Kind, Section, Tier

STEP: Final = 10
BOX_WIDTH: Final = 150
BOX_HEIGHT: Final = 60
INTERNET: Final = "the internet"
"""Id of what stands for everybody outside."""

_PITCH_X: Final = 180
_PITCH_Y: Final = 100
_LEFT: Final = 60
_LEFT_COLUMNS: Final = 3
_RIGHT: Final = 670
_RIGHT_COLUMNS: Final = 2
_PAD: Final = 12
_EDGE: Final = 14
_UNDER_VPC: Final = (Section.BACKUP, Section.IMAGES)
_CHIP: Final = (310, 20)

WIDTH: Final = _RIGHT + (_RIGHT_COLUMNS - 1) * _PITCH_X + BOX_WIDTH + 2 * _PAD + 2 * _EDGE + 2


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; `x` and `y` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Return the x of its right side."""
        return self.x + self.width

    def distance(self, other: "Rect") -> int:
        """Return how far it is to the middle of another, across and down."""
        across = abs(2 * self.x + self.width - 2 * other.x - other.width)
        return (across + abs(2 * self.y + self.height - 2 * other.y - other.height)) // 2

    @property
    def bottom(self) -> int:
        """Return the y of its lower side."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Frame:
    """A named rectangle around boxes.

    Args:
        rect: Where it is.
        label: Its name.
        style: `region`, `vpc`, `tier` or `section`.
    """

    rect: Rect
    label: str
    style: str


@dataclass(slots=True)
class Layout:
    """Where everything stands.

    Args:
        boxes: Box's id → where it is, VPCs (their name plates) and `INTERNET` included.
        frames: From the outermost to the innermost.
        height: Of the picture.
    """

    boxes: dict[str, Rect] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    height: int = 0


def lay_out(picture: Picture) -> Layout:
    """Return where a picture's boxes stand; the same for the same picture."""
    layout = Layout()
    bottom = _worldwide(layout, [box for box in picture.boxes if box.region == WORLDWIDE])
    counted: dict[str, int] = defaultdict(int)
    for box in (*picture.boxes, *(vpc.box for vpc in picture.vpcs)):
        counted[box.region] += 1
    # The Region that holds most comes first.
    for region in sorted(counted.keys() - {WORLDWIDE}, key=lambda name: (-counted[name], name)):
        bottom = _region(layout, picture, region, bottom + STEP)
    layout.height = bottom
    return layout


def _worldwide(layout: Layout, boxes: list[Box]) -> int:
    first = sorted(boxes, key=lambda box: not box.entry)
    ids = [box.id for box in first]
    if any(box.entry for box in boxes):
        ids = [INTERNET, *ids]
    if not ids:
        return 0
    layout.frames.append(frame := Frame(Rect(0, 0, 0, 0), "Worldwide", "region"))
    bottom = _rows(layout, [ids], _LEFT, 40, len(ids))
    layout.frames[layout.frames.index(frame)] = _outer(0, bottom, "Worldwide")
    return bottom + 2 * STEP


def _region(layout: Layout, picture: Picture, region: str, top: int) -> int:
    place = len(layout.frames)
    boxes = [box for box in picture.boxes if box.region == region and not box.vpc]
    vpcs = [vpc for vpc in picture.vpcs if vpc.box.region == region]
    if vpcs:
        left = top + 3 * STEP
        for vpc in vpcs:
            left = _vpc(layout, vpc, [box for box in picture.boxes if box.vpc == vpc.box.id], left, picture)
        under = [box for box in boxes if box.section in _UNDER_VPC]
        left = _sections(layout, under, _LEFT, left, _LEFT_COLUMNS, wide=False)
        beside = [box for box in boxes if box.section not in _UNDER_VPC]
        bottom = max(left, _sections(layout, beside, _RIGHT, top + 3 * STEP, _RIGHT_COLUMNS, wide=True))
    else:
        bottom = _sections(layout, boxes, _LEFT, top + 3 * STEP, _LEFT_COLUMNS + _RIGHT_COLUMNS, wide=False)
    layout.frames.insert(place, _outer(top, bottom - 2 * STEP, f"Region {region}"))
    return bottom


def _outer(top: int, bottom: int, label: str) -> Frame:
    return Frame(Rect(_EDGE, top + 5, WIDTH - 2 * _EDGE, bottom + 2 * STEP - 2 - top), label, "region")


def _vpc(layout: Layout, vpc: Vpc, boxes: list[Box], top: int, picture: Picture) -> int:
    place = len(layout.frames)
    layout.boxes[vpc.box.id] = Rect(_LEFT, top + STEP, *_CHIP)
    bottom = top + 4 * STEP
    for tier in Tier:
        if within := [box for box in boxes if box.tier is tier]:
            rows = _ranked(within, picture)
            end = _rows(layout, rows, _LEFT, bottom + 3 * STEP, _LEFT_COLUMNS)
            layout.frames.append(_frame(_LEFT, _LEFT_COLUMNS, bottom, end, f"{tier.value} subnets", "tier"))
            bottom = end + 2 * STEP
    rect = _frame(_LEFT, _LEFT_COLUMNS, top, bottom - STEP, "", "vpc").rect
    layout.frames.insert(place, Frame(Rect(rect.x - STEP, rect.y, rect.width + 2 * STEP, rect.height), "", "vpc"))
    return bottom + STEP


def _ranked(boxes: list[Box], picture: Picture) -> list[list[str]]:
    """Return rows so that what is called stands below what calls it."""
    ids = [box.id for box in boxes]
    calls = [(a.source, a.target) for a in picture.arrows if a.kind in {Kind.REQUEST, Kind.START}]
    within = [(source, target) for source, target in calls if source in ids and target in ids]
    rank = dict.fromkeys(ids, 0)
    for _ in ids:  # the longest way has fewer steps than there are boxes; a circle ends here too
        for source, target in within:
            rank[target] = min(max(rank[target], rank[source] + 1), len(ids) - 1)
    rows = [[id for id in ids if rank[id] == level] for level in range(len(ids))]
    return [row[start : start + _LEFT_COLUMNS] for row in rows if row for start in range(0, len(row), _LEFT_COLUMNS)]


def _sections(layout: Layout, boxes: Sequence[Box], x: int, top: int, columns: int, *, wide: bool) -> int:
    column, line, bottom = 0, top, top
    for section in Section:
        ids = [box.id for box in boxes if box.section is section]
        if not ids:
            continue
        taken = columns if wide else min(columns, len(ids))
        if column + taken > columns:
            column, line = 0, bottom
        at = x + column * _PITCH_X
        end = _rows(layout, list(_chunks(ids, taken)), at, line + 3 * STEP, taken, centred=False)
        layout.frames.append(_frame(at, taken, line, end, section.value, "section"))
        column, bottom = column + taken, max(bottom, end + 2 * STEP)
    return bottom


def _chunks(ids: list[str], size: int) -> Iterable[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _rows(
    layout: Layout, rows: Sequence[Sequence[str]], x: int, top: int, columns: int, *, centred: bool = True
) -> int:
    for number, row in enumerate(rows):
        indent = (columns - len(row)) * _PITCH_X // 2 if centred else 0
        for column, id in enumerate(row):
            at = Rect(x + indent + column * _PITCH_X, top + number * _PITCH_Y, BOX_WIDTH, BOX_HEIGHT)
            layout.boxes[id] = at
    return top + (len(rows) - 1) * _PITCH_Y + BOX_HEIGHT


def _frame(x: int, columns: int, top: int, bottom: int, label: str, style: str) -> Frame:
    width = (columns - 1) * _PITCH_X + BOX_WIDTH + 2 * _PAD
    return Frame(Rect(x - _PAD, top + 5, width, bottom - top + STEP), label, style)
