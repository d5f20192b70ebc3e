"""The tables for readers, of controls and of the profile: `python -m policies.docs` writes, `--check` compares them."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from policies.catalogue import load_catalogue
from policies.description import examples_of, judged, rows_of
from policies.frameworks import FRAMEWORK, FRAMEWORK_VERSION, REQUIREMENTS
from policies.model import Control
from policies.profile_reference import profile_page

FOLDER: Final = Path(__file__).parents[1] / "docs"

_HEAD: Final = """\
# Controls

Written by `python -m policies.docs` from the controls themselves. Change a control, not this file.

A control *per resource* is judged before the resource is created. One *over the stack* joins several resources: it is
judged in `nox -s policy` and in a preview, and an update without a preview can only report it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the tables, or with `--check` return 1 when one is not what the code says."""
    parser = argparse.ArgumentParser(prog="python -m policies.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a table is not fresh")
    check = parser.parse_args(arguments).check
    stale = 0
    for name, written in (("controls.md", render(load_catalogue().controls.values())), ("profile.md", profile_page())):
        table = FOLDER / name
        if not check:
            table.write_text(written, encoding="utf-8")
            continue
        fresh = table.exists() and table.read_text(encoding="utf-8") == written
        sys.stdout.write(f"{name} is {'fresh' if fresh else 'not fresh: run python -m policies.docs'}\n")
        stale += not fresh
    return min(stale, 1)


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
