"""Write what carries each demand of a system to docs/requirements.md, or check that it is fresh and whole.

A demand is carried by tests that are marked with its id, by controls, and by documents, as
`infra/<system>/requirements.toml` names them; one that only a later stage can show is due there.
"""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = ROOT / "docs" / "requirements.md"

STAGES: Final = {"run": "`nox -s integration` on a deployed stack", "failure": "`nox -s drill`"}
"""Stage that alone can show a demand → what runs there."""

_HEAD: Final = """\
# Requirements

Written by `nox -s docs` from `infra/*/requirements.toml`, the marks of the tests and the catalogue. Change those, not
this file. A control is described in [controls.md](controls.md).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One demand of a system.

    Args:
        id: `B-05`.
        area: Part of the system.
        demand: What it must do.
        settled: How it is built where demands clash; empty where none does.
        controls: Control ids that enforce it.
        documents: `path` or `path#heading` of what documents it.
        due: Stage that alone can show it; empty for all others.
    """

    id: str
    area: str
    demand: str
    settled: str = ""
    controls: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    due: str = ""


@dataclass(frozen=True, slots=True)
class Carriers:
    """What demands may be carried by.

    Args:
        tests: Demand id → `path::test` of the tests that are marked with it.
        controls: Ids of the catalogue.
        root: Folder that documents are relative to.
    """

    tests: Mapping[str, tuple[str, ...]]
    controls: frozenset[str]
    root: Path = field(default=ROOT)

    def has_document(self, name: str) -> bool:
        """Tell whether a document, and the heading in it, exist."""
        path, _, heading = name.partition("#")
        file = self.root / path
        return file.is_file() and (not heading or heading in _anchors(file.read_text(encoding="utf-8")))


def load_demands(path: Path) -> tuple[Demand, ...]:
    """Return the demands of one system in the order of the file."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_demand(id_, row) for id_, row in written.items())


def _demand(id_: str, row: dict[str, Any]) -> Demand:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Demand(id=id_, **values)


def marked_tests(folder: Path, root: Path = ROOT) -> Mapping[str, tuple[str, ...]]:
    """Return demand id → the tests below `folder` that are marked `pytest.mark.requirement(id)`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for name, id_ in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found[id_].append(f"{path.relative_to(root)}::{name}")
    return {id_: tuple(tests) for id_, tests in found.items()}


def _marks(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (test, demand id) for the marks of tests and of their parameters."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside = (each for decorator in node.decorator_list for each in ast.walk(decorator))
            calls = (each for each in inside if isinstance(each, ast.Call))
            marks = (each for each in calls if ast.unparse(each.func) == "pytest.mark.requirement")
            yield from ((node.name, str(ast.literal_eval(argument))) for mark in marks for argument in mark.args)


def _anchors(text: str) -> frozenset[str]:
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def problems(demands: Iterable[Demand], carriers: Carriers) -> Iterator[str]:
    """Yield what is wrong: a demand that nothing carries, a carrier that does not exist, a mark of no demand."""
    known = {each.id for each in demands}
    for each in demands:
        yield from (f"{each.id}: there is no control {name}" for name in each.controls if name not in carriers.controls)
        yield from (
            f"{each.id}: there is no document {name}" for name in each.documents if not carriers.has_document(name)
        )
        if each.due and each.due not in STAGES:
            yield f"{each.id}: there is no stage {each.due}"
        if not (each.due or each.controls or each.documents or carriers.tests.get(each.id)):
            yield f"{each.id}: nothing carries it"
    yield from (
        f"{tests[0]} is marked with {id_}, which no system demands"
        for id_, tests in carriers.tests.items()
        if id_ not in known
    )


def render(system: str, demands: Iterable[Demand], carriers: Carriers) -> Iterator[str]:
    """Yield the lines of one system's table."""
    yield f"## {system}"
    yield ""
    yield "| id | demand | carried by |"
    yield "|---|---|---|"
    for each in demands:
        settled = f" *{each.settled}*" if each.settled else ""
        yield f"| {each.id} | {each.demand}{settled} | {'<br>'.join(_carried(each, carriers))} |"
    yield ""


def _carried(demand: Demand, carriers: Carriers) -> Iterator[str]:
    if demand.due:
        yield f"due: {STAGES[demand.due]}"
    yield from (f"control {name}" for name in demand.controls)
    yield from (f"`{test.rpartition('/')[2]}`" for test in carriers.tests.get(demand.id, ()))
    yield from map(_link, demand.documents)


def _link(document: str) -> str:
    """Return a link to a document of the site; one that lies elsewhere in the repository is named."""
    folder, _, page = document.partition("/")
    return f"[{document}]({page})" if folder == TABLE.parent.name else f"`{document}`"


def systems() -> Mapping[str, tuple[Demand, ...]]:
    """Return system → its demands, for every system that states them."""
    files = sorted(ROOT.glob("infra/*/requirements.toml"))
    return {path.parent.name: load_demands(path) for path in files}


def carriers_here() -> Carriers:
    """Return what this repository can carry demands with."""
    from policies.catalogue import load_catalogue

    return Carriers(marked_tests(ROOT / "tests"), frozenset(load_catalogue().controls))


def main() -> None:
    """Write the table, or with `--check` exit 1 when it is stale; exit 1 when a demand is not carried."""
    carriers, known = carriers_here(), systems()
    wrong = list(problems([each for demands in known.values() for each in demands], carriers))
    if wrong:
        sys.exit("\n".join(wrong))
    lines = (line for system, demands in known.items() for line in render(system, demands, carriers))
    written = "\n".join([_HEAD, *lines])
    if TABLE.is_file() and TABLE.read_text(encoding="utf-8") == written:
        return
    if "--check" in sys.argv[1:]:
        sys.exit("docs/requirements.md is stale: run `nox -s docs`")
    TABLE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
