"""The SVG of a picture: text as text, light and dark, nothing from elsewhere."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from docs.drawing.layout import BOX_WIDTH, INTERNET, STEP, WIDTH, Frame, Layout, Rect, lay_out
from docs.drawing.picture import Box, Picture, Vpc
from docs.drawing.placement import Kind, Section, Tier
from docs.drawing.routing import Line, route

_LETTERS: Final = {"name": 7.9, "label": 7.4, "title": 8.6, "note": 6.6}
"""Style → width of a letter in a wide font, about, in user units."""

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_LEGEND: Final = 52
_LEADING: Final = 16
_ROUNDED: Final = 5

_STYLE: Final = """\
svg { --paper: #ffffff; --ink: #1c2430; --soft: #5a6675; --line: #c3cbd6; --box: #ffffff; --region: #f6f8fa;
  --request: #1257b8; --start: #8a4b08; --record: #69737f; --copy: #1a7a3c;
  --worldwide: #6b4fbb; --public: #b4540a; --private: #1257b8; --data: #1a7a3c;
  --storage: #1a7a3c; --watch: #69737f; --keys: #a3262a; --backup: #0f766e; --images: #8a4b08;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; background: var(--paper); }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0f141a; --ink: #e6ebf1; --soft: #a3aebb; --line: #3d4957; --box: #1c242e; --region: #151b23;
    --request: #6cb0ff; --start: #e0a45c; --record: #97a3b0; --copy: #5fce87;
    --worldwide: #b09cf0; --public: #f0a060; --private: #6cb0ff; --data: #5fce87;
    --storage: #5fce87; --watch: #97a3b0; --keys: #f08a8d; --backup: #4fd1c5; --images: #e0a45c; } }
.paper { fill: var(--paper); }
.region { fill: var(--region); stroke: var(--line); }
.vpc { fill: var(--paper); stroke: var(--soft); stroke-width: 1.5; }
.tier, .section { fill: none; stroke: var(--line); stroke-dasharray: 4 3; }
.box { fill: var(--box); stroke: var(--line); }
.plate { fill: var(--region); stroke: var(--soft); }
.internet { fill: var(--region); stroke: var(--soft); }
text { fill: var(--ink); font-size: 11.5px; }
.name { font-size: 13px; font-weight: 600; }
.label { font-size: 12px; font-weight: 600; fill: var(--soft); }
.title { font-size: 14px; font-weight: 700; fill: var(--ink); }
.note, .key text { fill: var(--soft); }
.key path { fill: none; stroke: var(--keys); stroke-width: 1.4; }
.zone { fill: var(--soft); }
.way { fill: none; stroke-width: 1.6; stroke-linecap: round; }
.way.request { stroke: var(--request); stroke-width: 2.4; }
.way.start { stroke: var(--start); stroke-dasharray: 1 4; stroke-width: 2; }
.way.record { stroke: var(--record); stroke-dasharray: 6 4; }
.way.copy { stroke: var(--copy); stroke-width: 2.4; stroke-dasharray: 10 4; }
"""

_KINDS: Final = {Kind.REQUEST: "request", Kind.START: "start", Kind.RECORD: "record", Kind.COPY: "copy"}
_SECTIONS: Final = {
    Section.WORLDWIDE: "worldwide",
    Section.NETWORK: "public",
    Section.COMPUTE: "private",
    Section.STORAGE: "storage",
    Section.WATCH: "watch",
    Section.KEYS: "keys",
    Section.BACKUP: "backup",
    Section.IMAGES: "images",
}


def write_svg(picture: Picture) -> str:
    """Return the SVG of a picture; the same for the same picture."""
    layout = lay_out(picture)
    ends = sorted(_ends(picture), key=lambda end: _length(end, layout))
    lines = route(layout, ends, [_label(frame)[0] for frame in layout.frames if frame.label])
    height = layout.height + _LEGEND + _LEADING * len(_also(picture))
    titles = titles_of(picture)
    return "\n".join(
        [
            f'<svg xmlns="{_NAMESPACE}" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(f"Architecture of {picture.system}, stack {picture.stack}")}</title>',
            f'<desc id="desc">{escape(" ".join(sentences(picture)))}</desc>',
            f"<style>\n{_colours()}{_STYLE}</style>",
            f"<defs>{''.join(_heads())}</defs>",
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            *(line for frame in layout.frames for line in _frame(frame)),
            *(_line(kind, lines[number], titles, ends[number]) for number, (*_, kind) in enumerate(ends)),
            *(line for box in picture.boxes for line in _box(box, layout.boxes[box.id])),
            *(line for vpc in picture.vpcs for line in _plate(vpc, layout.boxes[vpc.box.id])),
            *(_internet(layout.boxes[INTERNET]) if INTERNET in layout.boxes else ()),
            *_legend(picture, layout.height),
            "</svg>",
            "",
        ]
    )


def _ends(picture: Picture) -> Iterator[tuple[str, str, str]]:
    for box in picture.boxes:
        if box.entry:
            yield INTERNET, box.id, _KINDS[Kind.REQUEST]
    for arrow in picture.arrows:
        yield arrow.source, arrow.target, _KINDS[arrow.kind]


def _length(end: tuple[str, str, str], layout: Layout) -> tuple[int, int]:
    """Return what sorts arrows so that what matters most, and has the least choice, finds its way first."""
    source, target, kind = end
    return list(_KINDS.values()).index(kind), layout.boxes[source].distance(layout.boxes[target])


def titles_of(picture: Picture) -> Mapping[str, str]:
    """Return the id of every box, VPC and the internet → its name."""
    named = {box.id: box.title for box in (*picture.boxes, *(vpc.box for vpc in picture.vpcs))}
    return {INTERNET: "The internet", **named}


def sentences(picture: Picture) -> Iterator[str]:
    """Yield what the arrows say, one sentence each."""
    titles = titles_of(picture)
    for box in picture.boxes:
        if box.entry:
            yield f"The internet calls {box.title} as {box.entry}."
    for arrow in picture.arrows:
        port = f" on port {', '.join(map(str, arrow.ports))}" if arrow.ports else ""
        yield f"{titles[arrow.source]} to {titles[arrow.target]}: {arrow.kind.value}{port}."


def _colours() -> str:
    return "".join(
        f".fill-{name} {{ fill: var(--{name}); }}\n" for name in (*_SECTIONS.values(), *Tier, *_KINDS.values())
    )


def _heads() -> Iterator[str]:
    for name in _KINDS.values():
        yield (
            f'<marker id="head-{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path class="fill-{name}" d="M0 0 8 4 0 8Z"/></marker>'
        )


def _rect(style: str, rect: Rect, radius: int) -> str:
    place = f'x="{rect.x}" y="{rect.y}" width="{rect.width}" height="{rect.height}"'
    return f'<rect class="{style}" {place} rx="{radius}"/>'


def _text(style: str, x: float, y: float, text: str, room: float = 0, anchor: str = "start") -> str:
    """Return a text; pressed together where it would be wider than the room that it has."""
    wide = len(text) * _LETTERS[style] > room > 0
    fit = f' textLength="{room:g}" lengthAdjust="spacingAndGlyphs"' if wide else ""
    end = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text class="{style}" x="{x:g}" y="{y:g}"{fit}{end}>{escape(text)}</text>'


def _label(frame: Frame) -> tuple[Rect, str]:
    style = "title" if frame.style == "region" else "label"
    return Rect(frame.rect.x + 10, frame.rect.y + 4, int(len(frame.label) * _LETTERS[style]), 16), style


def _frame(frame: Frame) -> Iterator[str]:
    yield _rect(frame.style, frame.rect, 8)
    if frame.label:
        rect, style = _label(frame)
        yield _text(style, rect.x, rect.y + 13, frame.label)


def _box(box: Box, rect: Rect) -> Iterator[str]:
    held = f"{len(box.holds)} resources" if len(box.holds) > 1 else "1 resource"
    zones = f", in {', '.join(box.zones)}" if box.zones else ""
    yield f"<g><title>{escape(f'{box.title}: {held}{zones}')}</title>"
    yield _rect("box", rect, 6)
    stripe = box.tier.value if box.tier else _SECTIONS[box.section]
    yield f'<rect class="fill-{stripe}" x="{rect.x}" y="{rect.y + 6}" width="4" height="{rect.height - 12}" rx="2"/>'
    note = ", ".join([*box.notes, *([box.entry] if box.entry else [])])
    y = rect.y + (20 if note or box.keys or box.zones else 35)
    yield _text("name", rect.x + 13, y, box.title, rect.width - 19)
    if note:
        yield _text("note", rect.x + 13, y + 16, note, rect.width - 19)
    if box.keys:
        yield from _key(box, rect.x + 13, rect.bottom - 9)
    for number in range(len(box.zones)):
        yield f'<circle class="zone" cx="{rect.right - 11 - 9 * number}" cy="{rect.bottom - 12}" r="3"/>'
    yield "</g>"


def _key(box: Box, x: int, y: int) -> Iterator[str]:
    yield '<g class="key">'
    yield f'<path d="M{x + 6} {y - 4}h7v3m-3 -3v3M{x} {y - 4}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"/>'
    yield _text("note", x + 18, y, ", ".join(box.keys), BOX_WIDTH - 40 - 9 * len(box.zones))
    yield "</g>"


def _plate(vpc: Vpc, rect: Rect) -> Iterator[str]:
    zones = " ".join(zone.removeprefix(vpc.box.region) for zone in vpc.box.zones)
    text = f"{vpc.box.title} {vpc.cidr}, zones {zones}"
    yield f"<g><title>{escape(f'{text}: {len(vpc.box.holds)} resources')}</title>"
    yield _rect("plate", rect, 4)
    yield _text("name", rect.x + 10, rect.y + 14.5, text, rect.width - 20)
    yield "</g>"


def _internet(rect: Rect) -> Iterator[str]:
    yield _rect("internet", rect, rect.height // 2)
    yield _text("name", rect.x + rect.width / 2, rect.y + 35, "Internet", anchor="middle")


def _line(kind: str, line: Line, titles: Mapping[str, str], ends: tuple[str, str, str]) -> str:
    head = "" if line.joins else f' marker-end="url(#head-{kind})"'
    text = f"{titles[ends[0]]} → {titles[ends[1]]}"
    return f'<path class="way {kind}"{head} d={quoteattr(_path(line.points))}><title>{escape(text)}</title></path>'


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Return a way with rounded corners."""
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        (x1, y1), (x2, y2) = (_towards(corner, other) for other in (before, after))
        parts.append(f"L{x1} {y1}Q{corner[0]} {corner[1]} {x2} {y2}")
    return "".join([*parts, f"L{points[-1][0]} {points[-1][1]}"])


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    sign = [(b > a) - (b < a) for a, b in zip(corner, other, strict=True)]
    return corner[0] + _ROUNDED * sign[0], corner[1] + _ROUNDED * sign[1]


def _legend(picture: Picture, top: int) -> Iterator[str]:
    y = top + 2 * STEP
    x = 20
    for kind, name in _KINDS.items():
        yield f'<path class="way {name}" marker-end="url(#head-{name})" d="M{x} {y}h42"/>'
        yield _text("note", x + 52, y + 4, kind.value)
        x += 76 + int(len(kind.value) * _LETTERS["note"])
    yield f'<circle class="zone" cx="{x + 4}" cy="{y}" r="3"/>'
    yield _text("note", x + 14, y + 4, "one availability zone")
    x += 30 + int(21 * _LETTERS["note"])
    yield f'<g class="key"><path d="M{x + 6} {y}h7v3m-3 -3v3M{x} {y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"/></g>'
    yield _text("note", x + 18, y + 4, "encrypted under this KMS key")
    for number, line in enumerate(_also(picture)):
        yield _text("note", 20, y + 26 + _LEADING * number, line)


def _also(picture: Picture) -> list[str]:
    if not picture.also:
        return ["Every resource of the stack is in a box."]
    said = ", ".join(f"{type_.rsplit(':', 1)[-1]} × {number}" for type_, number in picture.also.items())
    return textwrap.wrap(f"Also there, in no box: {said}", int((WIDTH - 40) / _LETTERS["note"]))
