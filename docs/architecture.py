"""Draw every system in production from its captured graph, or check that the pictures are still true.

Writes docs/architecture.md and a picture for each system beside it; `drawing/placement.py` says what is drawn where.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
# Run as a script, Python sees this folder only.
sys.path.insert(0, str(ROOT))

from docs.drawing.picture import Picture  # noqa: E402 - after the path
from docs.drawing.reading import read_picture  # noqa: E402 - as above
from docs.drawing.svg import titles_of, write_svg  # noqa: E402 - as above
from ledgergate.graph import Graph  # noqa: E402 - as above

DOCS: Final = ROOT / "docs"
STACK: Final = "prod"

_HEAD: Final = """\
# Architecture

Drawn by `nox -s docs` from the graph that the engine captures of each program's stack `prod`; nothing is placed by
hand. A box is a resource with all that belongs to it, or all of a kind; point at one to see how many it stands
for. An arrow is a reference of the program: a security group's rule, a target group, an origin, a log's
destination, a copy of backups. The tables say which. A tier is what the default route of its subnets makes it.
"""


def documents(graphs: Mapping[str, Graph]) -> Mapping[Path, str]:
    """Return file → its text.

    Args:
        graphs: System → graph.
    """
    pictures = {system: read_picture(graph) for system, graph in graphs.items()}
    tables = (line for system, picture in pictures.items() for line in _section(system, picture, graphs[system]))
    drawn = {DOCS / "architecture" / f"{system}.svg": write_svg(picture) for system, picture in pictures.items()}
    return {DOCS / "architecture.md": "\n".join([_HEAD, *tables]), **drawn}


def _section(system: str, picture: Picture, graph: Graph) -> Iterator[str]:
    yield f"## {system}"
    yield ""
    yield f"![Architecture of {system}: the arrows are listed below](architecture/{system}.svg)"
    yield ""
    if (DOCS / f"{system}.md").is_file():
        yield f"What its parts are for, and how it is deployed: [{system}.md]({system}.md#architecture)."
        yield ""
    yield "| from | to | what | port | read from |"
    yield "|---|---|---|---|---|"
    titles = titles_of(picture)
    for arrow in picture.arrows:
        ports = ", ".join(map(str, arrow.ports))
        read = sorted({_reference(graph, edge.source, edge.property) for edge in arrow.edges})
        said = f"{titles[arrow.source]} | {titles[arrow.target]} | {arrow.kind.value} | {ports}"
        yield f"| {said} | {', '.join(read)} |"
    yield ""
    yield from _also(picture)


def _reference(graph: Graph, urn: str, property_: str) -> str:
    type_ = graph[urn].type.rsplit(":", 1)[-1]
    return f"`{type_}.{property_}`" if property_ else f"`{type_}`, option `depends_on`"


def _also(picture: Picture) -> Iterator[str]:
    if picture.also:
        yield "Also there, in no box: " + ", ".join(f"`{type_}` × {number}" for type_, number in picture.also.items())
        yield ""


def captured() -> Mapping[str, Graph]:
    """Return system → graph of its production."""
    from ledgergate.engine.attempts import evaluate
    from ledgergate.engine.launcher import Run
    from ledgergate.engine.project import load_project, load_stack

    projects = [load_project(manifest.parent) for manifest in sorted((ROOT / "infra").glob("*/Pulumi.yaml"))]
    return {each.name: evaluate(Run(each, load_stack(each, STACK))).graph for each in projects if STACK in each.stacks}


def main() -> None:
    """Write the documents, or with `--check` exit 1 when one is stale."""
    written = documents(captured())
    stale = [path for path, text in written.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if stale and "--check" in sys.argv[1:]:
        sys.exit(f"{', '.join(str(path.relative_to(ROOT)) for path in stale)}: stale, run `nox -s docs`")
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(written[path], encoding="utf-8")


if __name__ == "__main__":
    main()
