"""Pulumi's YAML files, read with the meaning that the Pulumi CLI gives them.

Runs in the gate's process.
Source: the Pulumi CLI's `config.Value` and its YAML library, read 2026-11-21.
"""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from ledgergate.errors import LedgergateError


class ProjectError(LedgergateError):
    """A project or stack file is missing, malformed or asks for what the gate cannot run."""


_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9_]*|0[0-7_]+|0b[01_]+|0x[0-9a-fA-F_]+)\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?)\Z")
_PREFIX: Final = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """YAML without dates and without numbers to the base of sixty: `12:30` is a text to the CLI."""


_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] not in (f"{_PREFIX}timestamp", f"{_PREFIX}int", f"{_PREFIX}float")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(f"{_PREFIX}int", _INT, list("-+0123456789"))
_Loader.add_implicit_resolver(f"{_PREFIX}float", _FLOAT, list("-+.0123456789"))


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a file with a mapping at its top.

    Raises:
        ProjectError: It cannot be read, is not YAML or not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = yaml.load(text, _Loader) or {}  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "cannot be parsed"
        raise ProjectError(f"{path}{where}: not valid YAML: {problem}") from None
    except RecursionError:
        raise ProjectError(f"{path}: not valid YAML: nested too deep") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ProjectError(f"{path} cannot be read: {reason}") from None
    if not isinstance(content, dict):
        raise ProjectError(f"{path}: expected a mapping at the top, found a {type(content).__name__}")
    return content


def read_stack_manifest(path: Path) -> dict[str, Any]:
    """Read a stack's file; each scalar of its `config` keeps its text as written, `1.10` and `NO` included.

    Raises:
        ProjectError: As `read_manifest`, or `config` is not a mapping.
    """
    content = read_manifest(path)
    block = content.get("config") or {}
    if not isinstance(block, dict):
        raise ProjectError(f"{path}: `config` must be a mapping")
    if not block:
        return {**content, "config": {}}
    written = yaml.load(path.read_text(encoding="utf-8-sig"), yaml.BaseLoader)["config"]  # noqa: S506 - makes texts only
    texts = {key: text for key, text in written.items() if isinstance(text, str)}
    return {**content, "config": {str(key): _as_written(value, texts.get(str(key))) for key, value in block.items()}}


def _as_written(value: object, text: str | None) -> object:
    if value is None:
        return ""
    return value if text is None or isinstance(value, dict | list) else text
