"""Lays a small program out as a project and runs it as the gate does."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Evaluation, Host, Run
from ledgergate.engine.project import Project, load_project, load_stack
from ledgergate.graph import Resource

PROGRAMS: Final = Path(__file__).with_name("programs")


def lay_out(
    folder: Path,
    files: Mapping[str, str],
    *,
    manifest: Mapping[str, Any] | None = None,
    stacks: Mapping[str, Mapping[str, Any]] | None = None,
) -> Project:
    """Write a project into a folder and load it.

    Args:
        folder: Where; made when missing.
        files: Relative path → text.
        manifest: Further keys of `Pulumi.yaml`.
        stacks: Stack → content of its file.
    """
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    content = {"name": "program", "runtime": "python", **(manifest or {})}
    (folder / "Pulumi.yaml").write_text(json.dumps(content), encoding="utf-8")
    for stack, settings in (stacks or {}).items():
        (folder / f"Pulumi.{stack}.yaml").write_text(json.dumps(settings), encoding="utf-8")
    return load_project(folder)


def source_of(name: str) -> str:
    """Return the text of one of the small programs."""
    return (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")


def run_project(
    project: Project, *, config: Iterable[str] = (), host: Host | None = None, **options: Any
) -> Evaluation:
    """Run a project's stack `dev`.

    Args:
        project: The project.
        config: `KEY=VALUE` texts.
        host: What answers for the gate.
        options: Further arguments of `Run`.

    Raises:
        ProgramError: The program failed.
    """
    settings = {"time_limit_s": 60.0, **options}
    return evaluate(Run(project, load_stack(project, "dev", tuple(config)), **settings), host)


def run_text(folder: Path, text: str, **options: Any) -> Evaluation:
    """Run a program given as the text of its `__main__.py`; see `run_project`."""
    return run_project(lay_out(folder / "program", {"__main__.py": text}), **options)


def run_program(folder: Path, name: str, **options: Any) -> Evaluation:
    """Run one of the small programs; see `run_project`."""
    return run_text(folder, source_of(name), **options)


def named(found: Evaluation, name: str) -> Resource:
    """Return the one resource with a logical name."""
    (resource,) = (resource for resource in found.graph if resource.name == name)
    return resource
