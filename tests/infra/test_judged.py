"""The payment system before the gate: every control, both stacks, waivers included."""

import json
from typing import Any

import pytest

from policies.gating.command import run_gate
from policies.gating.request import Request
from tests.infra.recording import PAYMENTS, ROOT


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return every finding of the gate on both stacks."""
    report = tmp_path_factory.mktemp("gate") / "findings.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        assert run_gate(Request(programs=(PAYMENTS,), format="json", output=(str(report),), jobs=2)) == 0
    return [json.loads(line) for line in report.read_text().splitlines()]


@pytest.mark.requirement("B-02")
@pytest.mark.requirement("B-86")
@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_nothing_blocks(findings: list[dict[str, Any]], stack: str) -> None:
    """Identity and encryption are judged many times over, and what does not pass is waived or left to the audit."""
    judged = [each for each in findings if each["stack"] == stack and each["verdict"] != "not_applicable"]
    assert len(judged) > 300
    open_ = [each for each in judged if each["verdict"] != "pass" and not each["waiver"]]
    assert {each["verdict"] for each in open_} <= {"deferred"}


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
