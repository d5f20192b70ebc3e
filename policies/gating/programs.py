"""Which programs and stacks a call of the gate is about."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.engine.estate import StackName
from ledgergate.engine.project import Project, load_project
from ledgergate.errors import LedgergateError
from policies.suggestion import EVERY_STACK, all_known

DEFAULT_FOLDER: Final = Path("infra")
_DEFAULT_STACK: Final = "dev"
_MANIFESTS: Final = ("Pulumi.yaml", "Pulumi.yml")
_SKIPPED: Final = ("node_modules", "__pycache__", "venv")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be judged.

    Args:
        projects: The projects, in the order they were named.
        stacks: Their stacks to judge, in the order of the projects, then by name.
        notes: What a reader must know about the choice.
    """

    projects: tuple[Project, ...]
    stacks: tuple[StackName, ...]
    notes: tuple[str, ...] = ()


def select_programs(folders: Sequence[Path], wanted: Sequence[str]) -> Selection:
    """Return the projects and stacks that a command line names.

    Args:
        folders: Folders of projects; none for every project under `infra/`.
        wanted: `stack` or `project/stack`; none for every stack.

    Raises:
        LedgergateError: A folder holds no project that the gate can run, or nobody has a stack of that name.
    """
    projects = tuple({each.folder: each for each in map(load_project, folders or _all_projects())}.values())
    notes: list[str] = []
    stacks: list[StackName] = []
    met: set[str] = set()
    for project in projects:
        own, used = _stacks(project, wanted)
        met |= used
        stacks += [StackName(project.name, stack) for stack in own]
        if not own:
            notes.append(f"{project.name} has no stack {' or '.join(wanted)} and was not judged")
        elif not project.stacks and not wanted:
            notes.append(f"{project.name} has no stack file and was judged as stack `{_DEFAULT_STACK}`")
    for text in wanted:
        if text not in met:
            known = [f"{each.name}/{stack}" for each in projects for stack in each.stacks]
            hint = all_known(known, EVERY_STACK)
            raise LedgergateError(f"--stack {text}: there is no such stack", hint)
    return Selection(projects, tuple(stacks), tuple(notes))


def _stacks(project: Project, wanted: Sequence[str]) -> tuple[list[str], set[str]]:
    if not wanted:
        return list(project.stacks) or [_DEFAULT_STACK], set()
    found: set[str] = set()
    used: set[str] = set()
    for text in wanted:
        owner, _, stack = text.rpartition("/")
        # A project without stack files can be run as any stack.
        if owner in ("", project.name) and (stack in project.stacks or not project.stacks):
            found.add(stack)
            used.add(text)
    return sorted(found), used


def _all_projects() -> list[Path]:
    found = sorted(_projects_below(DEFAULT_FOLDER))
    if not found:
        raise LedgergateError(
            f"there is no Pulumi project under {DEFAULT_FOLDER}/",
            "Name the folder of one, e.g. `python -m policies.gate path/to/program`.",
        )
    return found


def _projects_below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        if any(name in files for name in _MANIFESTS):
            yield Path(place)
