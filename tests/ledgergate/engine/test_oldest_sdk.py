"""The older end of the supported range: the same programs, with the oldest SDK in an interpreter of their own."""

import os
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.launcher import Evaluation
from ledgergate.graph import Resource
from tests.ledgergate.engine.running import lay_out, run_project, source_of

pytestmark = pytest.mark.oldest_sdk

NEWER_INPUTS = frozenset({"region", "version"})
"""The Region of every resource came with pulumi-aws 7; a provider tells its version."""


@pytest.fixture
def oldest_sdk() -> dict[str, Any]:
    """Return the part of a manifest that names the interpreter with the oldest SDK."""
    folder = str(Path(os.environ["LEDGERGATE_OLDEST_SDK"]).absolute())
    return {"runtime": {"name": "python", "options": {"virtualenv": folder}}}


def evaluated(folder: Path, program: str, manifest: dict[str, Any]) -> Evaluation:
    """Run one of the small programs with a manifest."""
    project = lay_out(folder, {"__main__.py": source_of(program)}, manifest=manifest)
    return run_project(project, config=["aws:region=eu-west-1"])


def described(resource: Resource) -> dict[str, Any]:
    """Return what both SDKs must say of a resource."""
    return {
        "kind": resource.kind,
        "parent": resource.parent,
        "dependencies": resource.dependencies,
        "inputs": {name: value for name, value in resource.inputs.items() if name not in NEWER_INPUTS},
    }


def described_graph(found: Evaluation) -> dict[str, dict[str, Any]]:
    """Return every resource by URN, default providers without the version in their name."""
    return {resource.urn.split("::default_")[0]: described(resource) for resource in found.graph}


@pytest.mark.parametrize("program", ["components", "explicit_providers", "logging_and_print"])
def test_program_gives_the_same_graph(tmp_path: Path, oldest_sdk: dict[str, Any], program: str) -> None:
    """What is judged does not depend on the SDK that a program pins."""
    newest = evaluated(tmp_path / "newest", program, {})

    oldest = evaluated(tmp_path / "oldest", program, oldest_sdk)

    assert newest.sdk != oldest.sdk
    assert described_graph(newest) == described_graph(oldest)
