"""A Pulumi project and the configuration of one of its stacks, read as the Pulumi CLI reads them."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from ledgergate.engine.secrets import Decrypter
from ledgergate.errors import LedgergateError
from ledgergate.values import SYMBOL_MARK

_FILE: Final = ("Pulumi.yaml", "Pulumi.yml")


class ProjectError(LedgergateError):
    """A project or stack file is missing, malformed or asks for what the gate cannot run."""


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
        undecryptable: Keys that hold a placeholder because nobody here can decrypt them.
        notes: What a reader of the result must know.
    """

    stack: str
    values: Mapping[str, str]
    secret_keys: tuple[str, ...] = ()
    undecryptable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def load_project(folder: Path) -> Project:
    """Read `Pulumi.yaml`.

    Args:
        folder: The project's folder, or the file itself.

    Raises:
        ProjectError: No project there, not YAML, not a Python program.
    """
    path = _project_file(folder)
    content = _read_yaml(path)
    name = content.get("name")
    if not isinstance(name, str) or not name:
        message, hint = f"{path}: `name` is missing", "Give the project a name, e.g. `name: payments`."
        raise ProjectError(message, hint)
    runtime, options = _runtime(content.get("runtime"))
    if runtime != "python":
        message = f"{path}: the runtime is {runtime or 'not set'}; the gate runs Python programs"
        raise ProjectError(message, "Judge other languages from their state instead (`pulumi stack export`).")
    base = path.parent
    entry_folder, entry = _entry(base, content.get("main"), path)
    interpreter, notes = _interpreter(base, options)
    config, config_folder = content.get("config") or {}, base
    if content.get("stackConfigDir"):
        config_folder = base / str(content["stackConfigDir"])
    if isinstance(config, str):
        config, config_folder = {}, base / config
    if not isinstance(config, dict):
        message = f"{path}: `config` must be a mapping"
        raise ProjectError(message)
    return Project(name, base, entry_folder, entry, interpreter, config, config_folder, notes)


def _project_file(folder: Path) -> Path:
    if folder.is_file() and folder.name in _FILE:
        return folder.resolve()
    for name in _FILE:
        if (folder / name).is_file():
            return (folder / name).resolve()
    message = f"{folder}: no Pulumi.yaml in this folder"
    raise ProjectError(message, "Name the folder of a Pulumi project, e.g. `python -m policies.gate infra/payments`.")


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        message = f"{path}{where}: not valid YAML: {getattr(error, 'problem', None) or 'cannot be parsed'}"
        raise ProjectError(message) from None
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ProjectError(message) from None
    if not isinstance(content, dict):
        message = f"{path}: expected a mapping at the top, found a {type(content).__name__}"
        raise ProjectError(message)
    return content


def _runtime(value: object) -> tuple[str, Mapping[str, Any]]:
    if isinstance(value, dict):
        options = value.get("options") or {}
        return str(value.get("name") or ""), options if isinstance(options, dict) else {}
    return str(value or ""), {}


def _entry(base: Path, main: object, path: Path) -> tuple[Path, str]:
    target = base / str(main or ".")
    if target.is_dir():
        if not (target / "__main__.py").is_file():
            message = f"{path}: no __main__.py in {target}"
            raise ProjectError(message, "Put the program there, or name its file with `main:`.")
        return target.resolve(), "."
    if target.is_file():
        return target.resolve().parent, target.name
    message = f"{path}: `main: {main}` does not exist"
    raise ProjectError(message)


def _interpreter(base: Path, options: Mapping[str, Any]) -> tuple[Path, tuple[str, ...]]:
    own = Path(sys.executable)
    named = options.get("virtualenv")
    if not named and options.get("toolchain") == "uv":
        named = ".venv" if (base / ".venv").is_dir() else None
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
    content = _read_yaml(path) if path else {}
    reader = _Reader(project.name, path or project.folder, Decrypter.of_stack(content))
    _defaults(reader, project)
    block = content.get("config") or {}
    if not isinstance(block, dict):
        message = f"{path}: `config` must be a mapping"
        raise ProjectError(message)
    for key, value in block.items():
        reader.set(str(key), value)
    _environment(reader)
    for text in overrides:
        key, separator, value = text.partition("=")
        if not separator or not key:
            message = f"--config {text}: expected KEY=VALUE"
            raise ProjectError(message)
        reader.set(key, value)
    _demand(reader, project, path)
    notes = ("ESC environments are not read",) if content.get("environment") else ()
    return StackConfig(stack, reader.values, tuple(sorted(reader.secret)), tuple(sorted(reader.undecryptable)), notes)


def _stack_file(project: Project, stack: str) -> Path | None:
    for suffix in ("yaml", "yml"):
        path = project.config_folder / f"Pulumi.{stack}.{suffix}"
        if path.is_file():
            return path
    if not project.stacks:
        return None
    message = f"{project.folder}: no stack `{stack}` (no Pulumi.{stack}.yaml)"
    raise ProjectError(message, "Stacks here: " + ", ".join(project.stacks) + ".")


class _Reader:
    """Collects configuration values under their full keys."""

    def __init__(self, project: str, path: Path, decrypter: Decrypter) -> None:
        self.values: dict[str, str] = {}
        self.secret: set[str] = set()
        self.undecryptable: set[str] = set()
        self._project = project
        self._path = path
        self._decrypter = decrypter

    def full_key(self, key: str) -> str:
        """Return the key with its namespace; the older `project:config:key` form becomes `project:key`."""
        parts = key.split(":")
        if len(parts) == 3 and parts[1] == "config":  # noqa: PLR2004 - namespace, the word, name
            return f"{parts[0]}:{parts[2]}"
        return key if len(parts) > 1 else f"{self._project}:{key}"

    def set(self, key: str, value: object, *, secret: bool = False) -> None:
        """Keep one value; it replaces an earlier one."""
        full = self.full_key(key)
        self.secret.discard(full)
        self.undecryptable.discard(full)
        plain = self._plain(full, value)
        if secret:
            self.secret.add(full)
        self.values[full] = plain if isinstance(plain, str) else json.dumps(plain)

    def _plain(self, key: str, value: object) -> Any:
        if isinstance(value, dict):
            if set(value) == {"secure"}:
                self.secret.add(key)
                return self._decrypt(key, value["secure"])
            return {str(name): self._plain(key, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._plain(key, item) for item in value]
        if value is None or isinstance(value, str | bool | int | float):
            return value
        return str(value)

    def _decrypt(self, key: str, cipher: object) -> str:
        text = self._decrypter.decrypt(cipher) if isinstance(cipher, str) else None
        if text is None:
            self.undecryptable.add(key)
            return f"{SYMBOL_MARK}-secret-{key.replace(':', '-')}"
        return text


def _defaults(reader: _Reader, project: Project) -> None:
    for key, declared in project.config.items():
        name = str(key)
        if not isinstance(declared, dict) or not {"type", "default", "value", "description", "secret"} & set(declared):
            reader.set(name, declared)
            continue
        value = declared.get("value", declared.get("default"))
        if value is not None:
            reader.set(name, value, secret=bool(declared.get("secret")))


def _environment(reader: _Reader) -> None:
    """Take `PULUMI_CONFIG`, the variable that the language host itself uses, when the caller sets it."""
    text = os.environ.get("PULUMI_CONFIG")
    if not text:
        return
    try:
        values = json.loads(text)
        secret = set(json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS") or "[]"))
    except json.JSONDecodeError:
        message = "the environment variable PULUMI_CONFIG is not JSON"
        raise ProjectError(message) from None
    for key, value in values.items():
        reader.set(key, value, secret=key in secret)


def _demand(reader: _Reader, project: Project, path: Path | None) -> None:
    for key, declared in project.config.items():
        typed = isinstance(declared, dict) and "type" in declared
        if typed and reader.full_key(str(key)) not in reader.values:
            message = f"{path or project.folder}: configuration `{reader.full_key(str(key))}` is required and not set"
            raise ProjectError(message, f"Set it in the stack's file or with `--config {key}=…`.")
