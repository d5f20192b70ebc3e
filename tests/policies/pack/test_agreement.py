"""The gate, the pack and the pack on the SDK's own server say the same of the same program."""

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from ledgergate.engine.attempts import evaluate
from ledgergate.engine.launcher import Evaluation, Run, launch
from ledgergate.engine.packs import Enforcement, PackHost, PackProcess, StackInfo, Violation
from ledgergate.engine.project import load_project, load_stack
from ledgergate.finding import Finding, Status
from policies.gating.judging import judged_stack, load_rules, waived
from policies.gating.place import read_place
from policies.serving import STOCK_SWITCH
from policies.stock import NOTES

ROOT = Path(__file__).parents[3]
BLOCKING = (Status.FAIL, Status.UNKNOWN)
GATE_ALONE = "common-resource-region-explicit"
"""The provider fills a Region in before a pack is asked, so that no pack can tell who wrote it."""
WAIVERS = """
[[waiver]]
control = "S3.8"
resource = "urn:pulumi:*::insecure::*::uploads"
reason = "served to everybody on purpose"
requirement = "B-44"
owner = "ann"
approver = "bob"
expires = 2999-12-31
"""

Said = set[tuple[str, str, bool]]
"""Slug, URN, and whether it is only advisory."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What each path said of one program and stack."""

    gate: Said
    pack: Said
    stock: Said
    texts_of_pack: dict[tuple[str, str], str]
    texts_of_stock: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def insecure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the bad example that waives one of its failures."""
    folder = tmp_path_factory.mktemp("programs") / "insecure"
    shutil.copytree(ROOT / "examples" / "insecure", folder)
    (folder / "waivers.toml").write_text(WAIVERS)
    return folder


def judged_by_all(folder: Path, stack: str) -> Judged:
    """Judge a program by the gate, and in one further run by both packs."""
    project = load_project(folder)
    place = read_place(project.folder, stack)
    run = Run(project, load_stack(project, stack), place.account, place.partition, place.region)
    said_by_pack, said_by_stock = _by_packs(run)
    return Judged(
        gate=_by_gate(evaluate(run)),
        pack=_said(said_by_pack),
        stock=_said(said_by_stock),
        texts_of_pack=_texts(said_by_pack),
        texts_of_stock=_texts(said_by_stock),
    )


def _by_gate(evaluation: Evaluation) -> Said:
    project, stack = evaluation.run.project, evaluation.run.config.stack
    rules = load_rules(project, [stack], (), own_waivers=True)
    report = judged_stack(evaluation, rules, "2026-11-21T00:00:00Z", ROOT)

    reports, problems = waived([report], [rules], (), dt.datetime.now(dt.UTC).date())
    assert problems == ()
    return {_key(finding) for finding in reports[0].findings if finding.status in BLOCKING}


def _key(finding: Finding) -> tuple[str, str, bool]:
    return finding.slug, finding.resource, bool(finding.waiver)


@dataclass(frozen=True, slots=True)
class _Both:
    """Two hosts that hear the same run, each with a pack of its own."""

    first: PackHost
    second: PackHost

    def answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask both; what either could not answer ends the run."""
        return {**self.second.answer(question), **self.first.answer(question)}


def _by_packs(run: Run) -> tuple[list[Violation], list[Violation]]:
    stack = StackInfo.of(run)
    environment = {**os.environ, "LEDGERGATE_PROJECT": str(run.project.folder)}
    with (
        PackProcess(ROOT / "policies", stack, environment=environment) as pack,
        PackProcess(ROOT / "policies", stack, environment={**environment, STOCK_SWITCH: "1"}) as stock,
    ):
        for each in (pack, stock):
            each.configure({})
        both = _Both(PackHost([pack]), PackHost([stock]))
        assert launch(replace(run, packs=True), both).failure is None
    return both.first.violations, both.second.violations


def _said(violations: Iterable[Violation]) -> Said:
    return {
        (item.diagnostic.policy.removesuffix(NOTES), item.urn, item.diagnostic.level is Enforcement.ADVISORY)
        for item in violations
    }


def _texts(violations: Iterable[Violation]) -> dict[tuple[str, str], str]:
    """Return the messages without the value found, which the stock path leaves out."""
    return {
        (item.diagnostic.policy.removesuffix(NOTES), item.urn): "; ".join(
            part for part in item.diagnostic.message.split("; ") if not part.startswith("found: ")
        )
        for item in violations
    }


@pytest.fixture(scope="module")
def of_insecure(insecure: Path) -> Judged:
    """Return what each path says of the bad example."""
    return judged_by_all(insecure, "dev")


def test_the_gate_finds_what_the_example_is_made_of(of_insecure: Judged) -> None:
    """An agreement about nothing would prove nothing."""
    assert {slug for slug, _, _ in of_insecure.gate} >= {
        "common-resource-required-tags-set",
        "ec2-securitygroup-internet-ports-authorized",
        "iam-policy-admin-statement-absent",
        "rds-database-encrypted-with-customer-key",
        "s3-bucket-public-access-blocked",
    }
    assert any(waived for _, _, waived in of_insecure.gate)


def test_gate_and_pack_agree(of_insecure: Judged) -> None:
    """The same failures on the same resources; what is waived is a note in both."""
    by_both = {said for said in of_insecure.gate if said[0] != GATE_ALONE}

    assert by_both == of_insecure.pack
    assert by_both != of_insecure.gate


def test_pack_and_stock_pack_agree(of_insecure: Judged) -> None:
    """The SDK's own server reports the same policies, resources, levels and sentences."""
    assert of_insecure.pack == of_insecure.stock
    assert of_insecure.texts_of_pack == of_insecure.texts_of_stock


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_gate_and_packs_agree_on_payments(stack: str) -> None:
    """On a system that passes, every path objects to the same, with all controls, and all of it is waived."""
    judged = judged_by_all(ROOT / "infra" / "payments", stack)
    assert judged.gate == judged.pack == judged.stock
    assert {waived for _, _, waived in judged.gate} == {True}
