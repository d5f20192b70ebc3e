"""The payment system before the gate: every control, both stacks, waivers included."""

import json
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from policies.gating.command import run_gate
from policies.gating.request import Request
from tests.infra.recording import PAYMENTS, ROOT


def judged(program: Path, root: Path, report: Path) -> list[dict[str, Any]]:
    """Return every finding of the gate on both stacks, which nothing blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert run_gate(Request(programs=(program,), format="json", output=(str(report),), jobs=2)) == 0
    return [json.loads(line) for line in report.read_text().splitlines()]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return every finding of the gate on both stacks."""
    return judged(PAYMENTS, ROOT, tmp_path_factory.mktemp("gate") / "findings.jsonl")


@pytest.mark.requirement("B-02")
@pytest.mark.requirement("B-86")
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_nothing_blocks(findings: list[dict[str, Any]], stack: str) -> None:
    """Identity and encryption are judged many times over, and what does not pass is waived or left to the audit."""
    judged = [each for each in findings if each["stack"] == stack and each["verdict"] != "not_applicable"]
    assert len(judged) > 300
    open_ = [each for each in judged if each["verdict"] != "pass" and not each["waiver"]]
    assert {each["verdict"] for each in open_} <= {"deferred"}


@pytest.mark.requirement("B-71")
def test_nothing_blocks_with_a_recorder_of_its_own(findings: list[dict[str, Any]], tmp_path: Path) -> None:
    """`configRules: create` passes on both stacks, and the waiver of log buckets covers the three that there are."""
    copytree(ROOT / "infra", tmp_path / "infra", ignore=ignore_patterns("__pycache__"))
    program = tmp_path / "infra" / "payments"
    for stack in ("dev", "prod"):
        with (program / f"Pulumi.{stack}.yaml").open("a") as config:
            config.write("  payments:configRules: create\n")
    found = judged(program, tmp_path, tmp_path / "findings.jsonl")

    assert log_buckets(found) == {"access-logs", "balancer-logs", "config-logs"}
    assert log_buckets(findings) == {"access-logs", "balancer-logs"}


def log_buckets(findings: list[dict[str, Any]]) -> set[str]:
    """Return the names of the buckets that the waiver with a pattern covers."""
    waived = (each for each in findings if each["waiver"] == "log-buckets-go-with-content")
    return {each["resource"].rpartition("::")[2] for each in waived}


def test_every_waiver_names_a_demand() -> None:
    """A deviation of the payment system is one that its own demands ask for."""
    import tomllib

    from docs.requirements import systems

    demands = {each.id for each in systems()["payments"]}
    written = tomllib.loads((PAYMENTS / "waivers.toml").read_text())
    (waivers,) = written.values()
    assert waivers
    named = [[word.strip(".,:;()") for word in each["reason"].split()] for each in waivers]
    assert [words for words in named if demands.isdisjoint(words)] == []


def test_every_waiver_says_what_is_found() -> None:
    """Whoever accepted one failure accepted no other one of the same control on the same resource."""
    from policies.waivers import load_waivers

    assert [each.id for each in load_waivers(PAYMENTS / "waivers.toml") if each.found is None] == []
