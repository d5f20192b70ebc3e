"""The file that makes a folder a policy pack."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ledgergate.engine.packs.policy import PackError


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read `PulumiPolicy.yaml`.

    Raises:
        PackError: None there, not YAML, or not a Python pack.
    """
    path = folder / "PulumiPolicy.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError:
        message = f"{folder}: no PulumiPolicy.yaml in this folder"
        raise PackError(message) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        message = f"{path}: not valid YAML"
        raise PackError(message) from None
    runtime = content.get("runtime") if isinstance(content, dict) else None
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        message = f"{path}: the runtime is {name or 'not set'}; only Python packs can be run here"
        raise PackError(message)
    return content


def interpreter_of(folder: Path, manifest: Mapping[str, Any]) -> Path:
    """Return the Python of the virtualenv that the manifest names, else this process's own."""
    runtime = manifest["runtime"]
    options = (runtime.get("options") or {}) if isinstance(runtime, dict) else {}
    python = folder / str(options.get("virtualenv") or "-") / "bin" / "python"
    return python if python.is_file() else Path(sys.executable)
