"""What the gate can tell about its controls without judging anything: `--list` and `--explain`."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from ledgergate.engine.project import load_project
from ledgergate.errors import LedgergateError
from ledgergate.report.complaint import complain
from policies.catalogue import Catalogue, load_catalogue
from policies.description import examples_of, rows_of
from policies.gating.destination import open_destination
from policies.model import Control
from policies.settings import PROFILE_FILE, load_profile
from policies.suggestion import control_meant

_WIDTH: Final = 80


def run_explaining(programs: Sequence[Path], select: Sequence[str], explained: Sequence[str]) -> int:
    """Print controls and return the exit code; a mistake gives one message.

    Args:
        programs: Programs whose own controls count, too.
        select: Families, ids and slugs to list; empty for all.
        explained: Ids or slugs to explain; empty to list.
    """
    try:
        catalogue = _catalogue(programs)
        text = "\n".join(_explained(catalogue, explained) if explained else _listed(catalogue.select(select)))
        open_destination(None).write(f"{text}\n")
    except LedgergateError as error:
        complain(str(error))
        return 2
    return 0


def _catalogue(programs: Iterable[Path]) -> Catalogue:
    folders: dict[Path, None] = {}
    for program in programs:
        project = load_project(program)
        profile = project.folder / PROFILE_FILE
        # A project without stack files is judged as one stack, with the same controls.
        for stack in (project.stacks or ("",)) if profile.exists() else ():
            folders |= dict.fromkeys(load_profile(profile, stack, project.stacks).control_folders)
    return load_catalogue(tuple(folders))


def _listed(controls: Sequence[Control]) -> Iterator[str]:
    width = max(len(each.id) for each in controls)
    for each in controls:
        head = f"{each.id:<{width}}  {each.severity.value:<8}  "
        yield from textwrap.wrap(each.title, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    yield ""
    yield f"{len(controls)} controls. --explain ID tells everything about one."


def _explained(catalogue: Catalogue, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        control = next((each for each in catalogue.controls.values() if name in (each.id, each.slug)), None)
        if control is None:
            hint = control_meant(name, catalogue.names)
            raise LedgergateError(f"--explain {name}: there is no such control", hint)
        yield from _explanation(control)


def _explanation(control: Control) -> Iterator[str]:
    yield f"{control.id}  {control.slug}"
    yield ""
    yield from _wrapped(control.title)
    yield ""
    for paragraph in control.condition.split("\n\n"):
        yield from _wrapped(" ".join(paragraph.split()))
        yield ""
    yield from _wrapped(f"Why it matters: {control.rationale}")
    yield ""
    for label, text in rows_of(control).items():
        yield from _wrapped(f"{label}: {text.replace('`', '')}", "  ")
    yield ""
    yield from _wrapped(f"What to do: {control.remediation}")
    yield ""
    yield "Examples"
    for each in examples_of(control):
        yield from _wrapped(each.replace("`", ""), "  ")
    yield ""


def _wrapped(text: str, indent: str = "") -> list[str]:
    later = indent + "  " if indent else ""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
