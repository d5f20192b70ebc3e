"""A Pulumi project and the configuration of one of its stacks, read as the Pulumi CLI reads them."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ledgergate.engine.configuration import Configuration, demand_declared, take_defaults, take_environment
from ledgergate.engine.manifest import ProjectError, read_manifest, read_stack_manifest
from ledgergate.engine.secrets import Decrypter

__all__ = ["Project", "ProjectError", "StackConfig", "load_project", "load_stack"]

_FILE: Final = ("Pulumi.yaml", "Pulumi.yml")


@dataclass(frozen=True, slots=True)
class Project:
    """One Pulumi project.

    Args:
        name: Project name.
        folder: Folder of `Pulumi.yaml`.
        entry_folder: Folder the program runs in.
        entry: `.` for a folder with `__main__.py`, else a file name.
        interpreter: Python that runs the program.
        config: The `config` block, as written.
        notes: What a reader of the result must know.
    """

    name: str
    folder: Path
    entry_folder: Path
    entry: str
    interpreter: Path
    config: Mapping[str, Any] = field(default_factory=dict)
    config_folder: Path = Path()
    notes: tuple[str, ...] = ()

    @property
    def stacks(self) -> tuple[str, ...]:
        """Return the names of the stacks that have a configuration file."""
        found = {path.stem.split(".", 1)[1] for suffix in ("yaml", "yml") for path in self._files(suffix)}
        return tuple(sorted(found))

    def _files(self, suffix: str) -> list[Path]:
        return [path for path in self.config_folder.glob(f"Pulumi.*.{suffix}") if path.is_file()]


@dataclass(frozen=True, slots=True)
class StackConfig:
    """The configuration of one stack.

    Args:
        stack: Stack name.
        values: Full key (`project:key`) → plain text; structured values are JSON text.
        secret_keys: Keys whose value is secret.
        secret_texts: Secret leaves of structured values, to keep them out of every text.
        undecryptable: Keys that hold a placeholder because nobody here can decrypt them.
        environments: Names of the ESC environments that it imports; they are not read.
        notes: What a reader of the result must know.
    """

    stack: str
    values: Mapping[str, str] = field(repr=False)
    secret_keys: tuple[str, ...] = ()
    secret_texts: tuple[str, ...] = field(default=(), repr=False)
    undecryptable: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def load_project(folder: Path) -> Project:
    """Read `Pulumi.yaml`.

    Args:
        folder: The project's folder, or the file itself.

    Raises:
        ProjectError: No project there, not YAML, not a Python program.
    """
    path = _project_file(folder)
    content = read_manifest(path)
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise ProjectError(f"{path}: `name` is missing", "Give the project a name, e.g. `name: payments`.")
    runtime, options = _runtime(content.get("runtime"))
    if runtime != "python":
        raise ProjectError(
            f"{path}: the runtime is {runtime or 'not set'}; the gate runs Python programs",
            "Judge other languages from their state instead (`pulumi stack export`).",
        )
    base = path.parent
    entry_folder, entry = _entry(base, content.get("main"), path)
    interpreter, notes = _interpreter(base, options)
    config: Any = content.get("config") or {}
    config_folder = base / str(content.get("stackConfigDir") or ".")
    if isinstance(config, str):
        config, config_folder = {}, base / config
    if not isinstance(config, dict):
        raise ProjectError(f"{path}: `config` must be a mapping")
    return Project(name, base, entry_folder, entry, interpreter, config, config_folder, notes)


def _project_file(folder: Path) -> Path:
    if folder.is_file() and folder.name in _FILE:
        return folder.resolve()
    for name in _FILE:
        if (folder / name).is_file():
            return (folder / name).resolve()
    raise ProjectError(
        f"{folder}: no Pulumi.yaml in this folder",
        "Name the folder of a Pulumi project, e.g. `python -m policies.gate infra/payments`.",
    )


def _runtime(value: object) -> tuple[str, Mapping[str, Any]]:
    if isinstance(value, dict):
        options = value.get("options") or {}
        return str(value.get("name") or ""), options if isinstance(options, dict) else {}
    return str(value or ""), {}


def _entry(base: Path, main: object, path: Path) -> tuple[Path, str]:
    target = base / str(main or ".")
    if target.is_dir():
        if not (target / "__main__.py").is_file():
            raise ProjectError(
                f"{path}: no __main__.py in {target}", "Put the program there, or name its file with `main:`."
            )
        return target.resolve(), "."
    if target.is_file():
        return target.resolve().parent, target.name
    raise ProjectError(f"{path}: `main: {main}` does not exist")


def _interpreter(base: Path, options: Mapping[str, Any]) -> tuple[Path, tuple[str, ...]]:
    own = Path(sys.executable)
    named = options.get("virtualenv")
    if not named and options.get("toolchain") in ("uv", "poetry"):
        named = ".venv"
    if not named:
        return own, ()
    folder = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = base / str(named) / folder
    if python.is_file():
        return python, ()
    return own, (f"virtualenv `{named}` does not exist; the gate's own interpreter runs the program",)


def load_stack(project: Project, stack: str, overrides: Sequence[str] = ()) -> StackConfig:
    """Read `Pulumi.<stack>.yaml` and everything that changes it.

    Args:
        project: The project.
        stack: Stack name.
        overrides: `KEY=VALUE` texts, strongest.

    Raises:
        ProjectError: Unknown stack, malformed file or override.
    """
    path = _stack_file(project, stack)
    content = read_stack_manifest(path) if path else {}
    found = Configuration(project.name, Decrypter.of_stack(content))
    take_defaults(found, project.config)
    for key, value in content.get("config", {}).items():
        found.set(key, value)
    take_environment(found)
    for text in overrides:
        key, separator, value = text.partition("=")
        if not separator or not key:
            raise ProjectError(f"--config {key}: expected KEY=VALUE")
        found.set(key, value)
    demand_declared(found, project.config, str(path or project.folder))
    return StackConfig(
        stack,
        found.values,
        secret_keys=tuple(sorted(found.secret)),
        secret_texts=tuple(sorted(found.secret_texts)),
        undecryptable=tuple(sorted(found.undecryptable)),
        environments=_environments(content.get("environment")),
        notes=tuple(_notes(content, found)),
    )


def _environments(written: Any) -> tuple[str, ...]:
    """Return the environments that a stack's file imports: names, or a definition of its own that may import others."""
    if not written:
        return ()
    names = written.get("imports", ()) if isinstance(written, dict) else written
    listed = names if isinstance(names, list) else []
    return tuple(str(next(iter(each), "")) if isinstance(each, dict) else str(each) for each in listed) or ("its own",)


def _notes(content: Mapping[str, Any], found: Configuration) -> list[str]:
    notes = []
    if content.get("environment"):
        notes.append("the stack imports ESC environments, which are not read; give what they hold with --config")
    if found.undecryptable:
        keys = ", ".join(f"`{key}`" for key in sorted(found.undecryptable))
        notes.append(f"{keys} cannot be decrypted here; a placeholder stands for each (PULUMI_CONFIG_PASSPHRASE)")
    return notes


def _stack_file(project: Project, stack: str) -> Path | None:
    for suffix in ("yaml", "yml"):
        path = project.config_folder / f"Pulumi.{stack}.{suffix}"
        if path.is_file():
            return path
    if not project.stacks:
        return None
    raise ProjectError(
        f"{project.folder}: no stack `{stack}` (no Pulumi.{stack}.yaml)",
        f"Stacks here: {', '.join(project.stacks)}.",
    )
