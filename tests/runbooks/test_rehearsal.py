"""Shows how a world is told what it is to be, and that a rehearsal stays on this machine."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from runbooks.errors import DrillError
from runbooks.rehearsal import read_world, world_file, world_options

WORLD: Final[dict[str, Any]] = {
    "cluster": "store",
    "origin": 1.0,
    "scale": 20.0,
    "urns": {},
    "service": "http://127.0.0.1:1",
    "control": "http://127.0.0.1:2",
    "environment": {"AWS_ENDPOINT_URL": "http://127.0.0.1:3"},
}


def test_a_world_is_what_the_plan_says() -> None:
    """Numbers that equal a truth value are numbers, flags are flags, and what is empty is left out."""
    said = {"seed": 1, "scale": 1.0, "flaw": "", "notices": True}
    assert world_options(said) == ["--notices", "--seed", "1", "--scale", "1.0"]
    assert world_options({"seed": 0, "flaw": "flaps", "notices": False}) == ["--seed", "0", "--flaw", "flaps"]


def test_a_world_that_is_gone_or_failed_is_said(tmp_path: Path) -> None:
    """Nobody waits for what is not there, and the sandbox's own words are shown."""
    with pytest.raises(DrillError, match="world is gone"):
        read_world(tmp_path / "drill.jsonl")
    world_file(tmp_path / "drill.jsonl").write_text('{"error": "the stack has 0 Aurora clusters"}')
    with pytest.raises(DrillError, match="did not come up: the stack has 0 Aurora clusters"):
        read_world(tmp_path / "drill.jsonl")


@pytest.mark.parametrize("part", ["service", "control", "environment"])
def test_a_rehearsal_never_leaves_the_machine(tmp_path: Path, part: str) -> None:
    """An announcement that names another host is refused, whoever wrote it."""
    away = "https://rds.us-east-1.amazonaws.com"
    changed = {**WORLD, part: {"AWS_ENDPOINT_URL": away} if part == "environment" else away}
    journal = tmp_path / "drill.jsonl"
    world_file(journal).write_text(json.dumps(WORLD))
    assert read_world(journal).cluster == "store"
    world_file(journal).write_text(json.dumps(changed))
    with pytest.raises(DrillError, match="a rehearsal never leaves this machine"):
        read_world(journal)
