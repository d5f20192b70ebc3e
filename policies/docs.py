"""The table of controls for readers: `python -m policies.docs` writes it, `--check` says whether it is fresh."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from policies.catalogue import load_catalogue
from policies.description import examples_of, judged, rows_of
from policies.frameworks import FRAMEWORK, FRAMEWORK_VERSION, REQUIREMENTS
from policies.model import Control

TABLE: Final = Path(__file__).parents[1] / "docs" / "controls.md"

_HEAD: Final = """\
# Controls

Written by `python -m policies.docs` from the controls themselves. Change a control, not this file.

A control *per resource* is judged before the resource is created. One *over the stack* joins several resources: it is
judged in `nox -s policy` and in a preview, and an update without a preview can only report it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, or with `--check` return 1 when it is not what the controls say."""
    parser = argparse.ArgumentParser(prog="python -m policies.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the table is not fresh")
    written = render(load_catalogue().controls.values())
    if parser.parse_args(arguments).check:
        fresh = TABLE.exists() and TABLE.read_text(encoding="utf-8") == written
        sys.stdout.write(f"{TABLE.name} is {'fresh' if fresh else 'not fresh: run python -m policies.docs'}\n")
        return 0 if fresh else 1
    TABLE.write_text(written, encoding="utf-8")
    return 0


def render(controls: Iterable[Control]) -> str:
    """Return the document for these controls."""
    known = tuple(controls)
    sections = (line for each in known for line in _section(each))
    return "\n".join([_HEAD, *_overview(known), *_coverage(known), *sections])


def _overview(controls: Iterable[Control]) -> Iterator[str]:
    yield f"| control | what holds | {FRAMEWORK} {FRAMEWORK_VERSION} | severity | judged |"
    yield "|---|---|---|---|---|"
    for each in controls:
        requirements = ", ".join(each.requirements) or "–"
        yield f"| [{each.id}](#{each.slug}) | {each.title} | {requirements} | {each.severity} | {judged(each)} |"
    yield ""


def _coverage(controls: Iterable[Control]) -> Iterator[str]:
    """Say which requirements are covered, by what, and which by nothing."""
    covered: dict[str, list[str]] = {}
    for each in controls:
        for requirement in each.requirements:
            covered.setdefault(requirement, []).append(f"[{each.id}](#{each.slug})")
    numbers = sorted(REQUIREMENTS, key=_natural)
    yield f"## {FRAMEWORK} {FRAMEWORK_VERSION} requirements"
    yield ""
    yield f"{len(covered)} of {len(numbers)} requirements are served by a control. A control shows a part of what a "
    yield "requirement asks; people, processes and assessors do the rest."
    yield ""
    yield "| requirement | controls |"
    yield "|---|---|"
    yield from (f"| {number} | {', '.join(covered[number])} |" for number in numbers if number in covered)
    yield ""
    yield f"By no control: {', '.join(number for number in numbers if number not in covered)}."
    yield ""


def _natural(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


def _section(control: Control) -> Iterator[str]:
    yield f"## {control.slug}"
    yield ""
    yield f"**{control.id}. {control.title}**"
    yield ""
    yield control.condition
    yield ""
    yield from (f"- {name}: {text}" for name, text in rows_of(control).items())
    yield ""
    yield f"**Why it matters.** {control.rationale}"
    yield ""
    yield f"**Remediation.** {control.remediation}"
    yield ""
    yield from (f"- {each}" for each in examples_of(control))
    yield ""


if __name__ == "__main__":
    sys.exit(main())
