"""The ways of arrows: along a grid, around boxes and names, with few corners and crossings.

Arrows of one kind to one box join on their way. No two others share a stretch; a picture with no room for that
is an error, never a line that says something else.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from docs.drawing.layout import STEP, WIDTH, Layout, Rect

Cell: TypeAlias = tuple[int, int]
Bundle: TypeAlias = tuple[str, str]
Tree: TypeAlias = dict[Cell, tuple[Cell, int]]
"""Cell of a bundle → the next one, and how many are left to the box."""
Place: TypeAlias = tuple[Cell, int]
"""A cell, and the way by which it was entered: a position in `_WAYS`."""

_WAYS: Final = ((1, 0), (0, 1), (-1, 0), (0, -1))
_CORNER: Final = 4
_CROSSING: Final = 5
_ARRIVED: Final = 4
"""Stands for a way where a line has joined another."""


class NoRoomError(Exception):
    """There is no way left for an arrow."""


@dataclass(frozen=True, slots=True)
class Line:
    """The way of one arrow.

    Args:
        points: Corners, the ends included, in user units.
        joins: Whether it ends on another line of its bundle, not at its box.
    """

    points: tuple[Cell, ...]
    joins: bool


@dataclass(slots=True)
class _Ground:
    """What lies on the grid."""

    blocked: set[Cell]
    limits: Cell
    taken: dict[Cell, set[Bundle]] = field(default_factory=lambda: defaultdict(set))
    """Cell → whose lines run there."""
    corners: dict[Cell, Bundle] = field(default_factory=dict)
    """Cell where a line ends or turns → whose; nobody else runs there, so that lines may cross but never share one."""

    def cost(self, cell: Cell, bundle: Bundle) -> int | None:
        """Return what it costs to run through a cell, or None where it must not."""
        inside = 0 <= cell[0] <= self.limits[0] and 0 <= cell[1] <= self.limits[1]
        if not inside or cell in self.blocked or self.corners.get(cell, bundle) != bundle:
            return None
        return 1 if self.free(cell, bundle) else 1 + _CROSSING

    def free(self, cell: Cell, bundle: Bundle) -> bool:
        """Tell whether a line may turn in a cell."""
        return self.taken.get(cell, set()) <= {bundle}

    def take(self, cells: Sequence[Cell], bundle: Bundle) -> None:
        """Note a line."""
        for cell in cells:
            self.taken[cell].add(bundle)
        for cell in (cells[0], cells[-1], *_turns(cells)):
            self.corners[cell] = bundle


def route(layout: Layout, arrows: Iterable[tuple[str, str, str]], names: Iterable[Rect]) -> Mapping[int, Line]:
    """Return the position of each arrow → its way.

    Args:
        layout: Where boxes stand.
        arrows: Source, target, kind; those named first get the straightest ways.
        names: What is written outside of boxes, which no line crosses.

    Raises:
        NoRoomError: An arrow finds no way.
    """
    blocked = {cell for rect in (*layout.boxes.values(), *names) for cell in _cells(rect)}
    ground = _Ground(blocked, (WIDTH // STEP, layout.height // STEP))
    trees: dict[Bundle, Tree] = defaultdict(dict)
    lines: dict[int, Line] = {}
    for number, (source, target, kind) in enumerate(arrows):
        tree = trees[target, kind]
        cells = _way(ground, layout.boxes[source], layout.boxes[target], tree, (target, kind))
        if not cells:
            raise NoRoomError(f"no way is left from {source} to {target}")
        ground.take(cells, (target, kind))
        lines[number] = _line(cells, tree)
        _grow(tree, cells)
    return lines


def _line(cells: list[Cell], tree: Tree) -> Line:
    # One step along what it joins, so that the bend tells which way it goes on.
    whole = [*cells, tree[cells[-1]][0]] if cells[-1] in tree else cells
    corners = (whole[0], *_turns(whole), whole[-1])
    return Line(tuple((x * STEP, y * STEP) for x, y in corners), cells[-1] in tree)


def _grow(tree: Tree, cells: list[Cell]) -> None:
    left = tree[cells[-1]][1] if cells[-1] in tree else 0
    for cell, after in reversed(list(pairwise(cells))[1:]):
        left += 1
        tree[cell] = (after, left)


def _cells(rect: Rect) -> Iterator[Cell]:
    for x in range(-(-rect.x // STEP), rect.right // STEP + 1):
        for y in range(-(-rect.y // STEP), rect.bottom // STEP + 1):
            yield x, y


def _ports(rect: Rect) -> Iterator[tuple[Cell, int, int]]:
    """Yield the cells of a box's sides but its corners, the way that leads out, and how far off the middle it is."""
    left, right, top, bottom = rect.x // STEP, rect.right // STEP, rect.y // STEP, rect.bottom // STEP
    for x in range(left + 1, right):
        off = abs(2 * x - left - right) // 4
        yield (x, top), 3, off
        yield (x, bottom), 1, off
    for y in range(top + 1, bottom):
        off = abs(2 * y - top - bottom) // 4
        yield (left, y), 2, off
        yield (right, y), 0, off


def _way(ground: _Ground, source: Rect, target: Rect, tree: Tree, bundle: Bundle) -> list[Cell]:
    """Return the cheapest way from one box to another, or to what already leads there; empty when there is none."""
    search = _Search(ground, bundle, tree, target)
    for cell, way, off in _ports(source):
        if cell not in ground.corners:
            search.reach((cell, way), None, off)
    return search.run()


class _Search:
    """The search for one way, cheapest first."""

    def __init__(self, ground: _Ground, bundle: Bundle, tree: Tree, target: Rect) -> None:
        self._ground, self._bundle, self._tree = ground, bundle, tree
        ports = [port for port in _ports(target) if port[0] not in ground.corners]
        self._goals = {(cell, (way + 2) % 4): off for cell, way, off in ports}
        self._heap: list[tuple[int, int, Place]] = []
        self._cost: dict[Place, int] = {}
        self._from: dict[Place, Place | None] = {}

    def reach(self, place: Place, before: Place | None, cost: int) -> None:
        """Note that a place is reached at this cost, where that is less than known."""
        if cost < self._cost.get(place, cost + 1):
            self._cost[place], self._from[place] = cost, before
            heapq.heappush(self._heap, (cost, len(self._cost), place))

    def run(self) -> list[Cell]:
        """Return the cells of the way, or nothing."""
        while self._heap:
            cost, _, place = heapq.heappop(self._heap)
            if place in self._goals or place[1] == _ARRIVED:
                return self._traced(place)
            if cost == self._cost[place]:
                self._spread(place, cost)
        return []

    def _spread(self, place: Place, cost: int) -> None:
        cell, way = place
        starts = self._from[place] is None
        if cell in self._tree and not starts:
            # To join costs part of the rest, so that nobody makes a detour to join far from the box.
            self.reach((cell, _ARRIVED), place, cost + self._tree[cell][1] * 2 // 3)
        turns = [way] if starts or not self._ground.free(cell, self._bundle) else [way, (way + 1) % 4, (way + 3) % 4]
        for turn in turns:
            after = ((cell[0] + _WAYS[turn][0], cell[1] + _WAYS[turn][1]), turn)
            step = self._step(after)
            if step is not None:
                self.reach(after, place, cost + step + (_CORNER if turn != way else 0))

    def _step(self, after: Place) -> int | None:
        if after in self._goals:
            return 1 + self._goals[after]
        return self._ground.cost(after[0], self._bundle)

    def _traced(self, end: Place) -> list[Cell]:
        cells: list[Cell] = []
        at: Place | None = end
        while at is not None:
            if at[1] != _ARRIVED:
                cells.append(at[0])
            at = self._from[at]
        return cells[::-1]


def _turns(cells: Sequence[Cell]) -> list[Cell]:
    triples = zip(cells, cells[1:], cells[2:], strict=False)
    return [cell for before, cell, after in triples if (before[0] == cell[0]) != (cell[0] == after[0])]
