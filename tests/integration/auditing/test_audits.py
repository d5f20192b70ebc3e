"""The audit of programs in a sandbox: exit codes, reports, evidence, replay, waivers, interrupts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.auditing import session as auditing
from integration.auditing.command import run_audit
from integration.auditing.request import Request
from integration.scanning.observed import Observed, Unread
from integration.scanning.scan import scan
from tests.integration.scanning.test_evidence import resealed
from tests.policies.gating.workspace import gate, program

TAGGED = """
tags = dict.fromkeys(["Environment", "Owner", "CostCenter", "ManagedBy", "Project"], "x")
Bucket("logs", {"bucket": "logs-of-the-shop", "tags": tags})
"""
UNTAGGED = 'Bucket("logs", {"bucket": "logs-of-the-shop"})\n'
LOOKED_UP = (
    TAGGED
    + """
class Block(pulumi.CustomResource):
    def __init__(self, *given):
        super().__init__("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", *given)
Block("block", {"bucket": "logs-of-the-shop"}, pulumi.ResourceOptions(id="logs-of-the-shop"))
"""
)
DATABASE = """
class Cluster(pulumi.CustomResource):
    def __init__(self, name, args): super().__init__("aws:rds/cluster:Cluster", name, args)
Cluster("books", {"clusterIdentifier": "books", "engine": "aurora-postgresql", "masterUsername": "root",
                  "masterPassword": "hunter2-hunter2", "skipFinalSnapshot": True, "storageEncrypted": True})
"""
WAIVER = """
[[waiver]]
control = "LG-TAG-01"
resource = "{resource}"
reason = "a test"
requirement = "12.5.1"
owner = "somebody"
approver = "somebody else"
expires = 2999-12-31
"""
ARN = "arn:aws:s3:::logs-of-the-shop"


def audit(*folders: Path, **options: Any) -> int:
    """Audit programs in sandboxes, quickly."""
    return run_audit(Request(programs=folders, workers=4, **options))


def findings(path: Path) -> list[dict[str, Any]]:
    """Return what a report in JSON Lines holds."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_finding_of_the_account_is_one_of_the_program_too(tmp_path: Path) -> None:
    """A failed control gives exit code 1; the finding carries ARN and URN, and the fingerprint of the gate's."""
    shop = program(tmp_path / "shop", UNTAGGED)
    report, designed = tmp_path / "report.jsonl", tmp_path / "gate.jsonl"
    assert audit(shop, select=("LG-TAG-01",), format="json", output=(str(report),)) == 1
    assert gate(shop, select=("LG-TAG-01",), format="json", output=(str(designed),)) == 1
    (found,) = (each for each in findings(report) if each["verdict"] == "fail")
    (same,) = (each for each in findings(designed) if each["verdict"] == "fail")
    assert (found["arn"], found["type"], found["stage"]) == (ARN, "aws:s3/bucket:Bucket", "run")
    assert (found["program"], found["stack"], found["region"]) == ("shop", "dev", "us-east-1")
    assert found["resource"].endswith("::logs")
    assert found["fingerprint"] == same["fingerprint"]


def test_what_the_gate_defers_is_decided_here(tmp_path: Path) -> None:
    """An access block that the program only looks up: open at design time, passed once it can be seen."""
    shop = program(tmp_path / "shop", LOOKED_UP)
    designed, deployed = tmp_path / "gate.jsonl", tmp_path / "audit.jsonl"
    gate(shop, format="json", output=(str(designed),))
    assert audit(shop, select=("S3.8",), format="json", output=(str(deployed),)) == 0
    assert [each["verdict"] for each in findings(designed)] == ["deferred"]
    assert [each["verdict"] for each in findings(deployed)] == ["pass"]


def test_evidence_is_judged_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A replay finds what the scan found, to the letter, with the same exit code and without a password anywhere."""
    shop = program(tmp_path / "shop", TAGGED + DATABASE)
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(WAIVER.format(resource="arn:aws:rds:us-east-1:123456789012:cluster:books"))
    kept, first, again = tmp_path / "evidence", tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    code = audit(shop, evidence=kept, format="json", output=(str(first),), waivers=waivers)
    assert code == run_audit(Request(replay=kept, format="json", output=(str(again),))) == 1
    assert first.read_text() == again.read_text()
    assert {each["verdict"] for each in findings(first) if each["waiver"]} == {"fail"}
    files = [each.read_text() for each in kept.rglob("*") if each.is_file()]
    assert len(files) == 4
    assert not [text for text in files if "hunter2" in text]
    assert (kept / "shop.dev" / "findings.jsonl").read_text() == first.read_text()


def test_other_waivers_take_the_place_of_those_of_then(tmp_path: Path) -> None:
    """What was accepted then is accepted in a replay too, unless a file is named, even one that waives nothing."""
    shop = program(tmp_path / "shop", UNTAGGED, waivers=WAIVER.format(resource=ARN))
    kept, none = tmp_path / "evidence", tmp_path / "none.toml"
    none.write_text("")
    assert audit(shop, evidence=kept, select=("LG-TAG-01",)) == 0
    assert run_audit(Request(replay=kept)) == 0
    assert run_audit(Request(replay=kept, waivers=none)) == 1


def test_a_replay_can_be_narrowed(tmp_path: Path) -> None:
    """Of what was judged some controls can be judged alone; one that was not is not in the answers."""
    shop = program(tmp_path / "shop", UNTAGGED)
    kept, report = tmp_path / "evidence", tmp_path / "report.jsonl"
    audit(shop, evidence=kept, select=("S3.8", "LG-TAG-01"))
    assert run_audit(Request(replay=kept, select=("S3.8",), format="json", output=(str(report),))) == 0
    assert {each["control"] for each in findings(report)} == {"S3.8"}


def test_answers_that_were_changed_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An answer that is missing passes nobody, and one that was changed neither."""
    shop = program(tmp_path / "shop", UNTAGGED)
    kept = tmp_path / "evidence"
    assert audit(shop, evidence=kept, select=("LG-TAG-01",)) == 1
    answers = kept / "shop.dev" / "answers.jsonl"
    answers.write_text("".join(line for line in answers.read_text().splitlines(keepends=True) if "Tag" not in line))
    assert run_audit(Request(replay=kept)) == 2
    assert "it is not what the scan wrote" in capsys.readouterr().err


@pytest.mark.parametrize("emptied", ["controls", "regions"])
def test_evidence_that_names_nothing_passes_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], emptied: str
) -> None:
    """A scan for no control, or of no Region, is no scan, whoever sealed it."""
    kept = tmp_path / "evidence"
    assert audit(program(tmp_path / "shop", TAGGED), evidence=kept, select=("S3.8",)) == 0
    path = kept / "shop.dev"
    resealed(path, "scan.json", json.dumps({**json.loads((path / "scan.json").read_text()), emptied: []}))
    assert run_audit(Request(replay=kept)) == 2
    assert f"scan.json names no {emptied}" in capsys.readouterr().err


def test_findings_that_are_not_those_of_the_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers from which other findings follow than were written down are a mistake, not a pass."""
    kept = tmp_path / "evidence"
    assert audit(program(tmp_path / "shop", UNTAGGED), evidence=kept, select=("LG-TAG-01",)) == 1
    path = kept / "shop.dev"
    resealed(path, "findings.jsonl", (path / "findings.jsonl").read_text().replace('"fail"', '"pass"'))
    assert run_audit(Request(replay=kept)) == 2
    assert "these answers gave other findings in the scan" in capsys.readouterr().err


@pytest.mark.parametrize("narrowed", ["select", "waivers", "nothing was found"])
def test_other_findings_show_however_a_replay_is_narrowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], narrowed: str
) -> None:
    """The controls that are selected are compared, other waivers hide no verdict, and no findings are other ones."""
    kept, none = tmp_path / "evidence", tmp_path / "none.toml"
    none.write_text("")
    assert audit(program(tmp_path / "shop", UNTAGGED), evidence=kept, select=("S3.8", "LG-TAG-01")) == 1
    asked: dict[str, dict[str, Any]] = {"select": {"select": ("LG-TAG-01",)}, "waivers": {"waivers": none}}
    options = asked.get(narrowed, {})
    assert run_audit(Request(replay=kept, **options)) == 1
    assert "the digests in its index, which nobody signed" in " ".join(capsys.readouterr().out.split())
    path = kept / "shop.dev"
    found = (path / "findings.jsonl").read_text().replace('"fail"', '"pass"')
    resealed(path, "findings.jsonl", "" if narrowed == "nothing was found" else found)
    assert run_audit(Request(replay=kept, **options)) == 2
    assert "these answers gave other findings in the scan" in capsys.readouterr().err


def test_a_replay_knows_what_was_not_scanned(tmp_path: Path) -> None:
    """A stack that could not be deployed is as undecided in the replay as in the scan."""
    body = 'if pulumi.get_stack() == "prod": raise RuntimeError("boom")\n' + TAGGED
    shop, kept = program(tmp_path / "shop", body, {"dev": "", "prod": ""}), tmp_path / "evidence"
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    assert audit(shop, select=("S3.8",), evidence=kept, format="json", output=(str(first),)) == 2
    assert run_audit(Request(replay=kept, format="json", output=(str(again),))) == 2
    told = [(each["stack"], each["verdict"], each["message"]) for each in findings(again)]
    assert told == [(each["stack"], each["verdict"], each["message"]) for each in findings(first)]


def test_a_replay_depends_on_nothing_around_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither endpoint nor profile of the day changes what an answer is an answer to."""
    shop, kept = program(tmp_path / "shop", TAGGED), tmp_path / "evidence"
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    code = audit(shop, evidence=kept, select=("S3.8", "LG-IAM-01", "LG-TAG-01"), format="json", output=(str(first),))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "nowhere"))
    assert run_audit(Request(replay=kept, format="json", output=(str(again),))) == code == 0
    assert first.read_text() == again.read_text()


def test_a_replay_looks_at_the_account_when_the_scan_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How old something is does not depend on the day of the replay."""
    shop, kept = program(tmp_path / "shop", TAGGED), tmp_path / "evidence"
    seen: list[str] = []

    def noted(carrier: Any, *given: Any) -> Iterator[Observed | Unread]:
        seen.append(carrier.now.isoformat())
        return scan(carrier, *given)

    monkeypatch.setattr(auditing, "scan", noted)
    audit(shop, evidence=kept, select=("S3.8",))
    path = kept / "shop.dev"
    earlier = json.loads((path / "scan.json").read_text()) | {"observed_at": "2020-01-01T00:00:00Z"}
    resealed(path, "scan.json", json.dumps(earlier))
    run_audit(Request(replay=kept))
    assert seen[1] == "2020-01-01T00:00:00+00:00" < seen[0]


@pytest.mark.parametrize("resource", [ARN, "urn:pulumi:*::shop::*::logs"])
def test_waivers(tmp_path: Path, resource: str) -> None:
    """A deviation that was accepted by URN or by ARN does not fail the audit, and is shown."""
    shop = program(tmp_path / "shop", UNTAGGED, waivers=WAIVER.format(resource=resource))
    report = tmp_path / "report.jsonl"
    assert audit(shop, select=("LG-TAG-01",), format="json", output=(str(report),)) == 0
    assert [(each["verdict"], each["waiver"]) for each in findings(report) if each["arn"] == ARN] == [
        ("fail", "waivers.toml#1")
    ]


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("arn:aws:rds:us-east-1:123456789012:cluster:gone", 2),
        ("arn:aws:rds:eu-west-1:123456789012:cluster:elsewhere", 0),
        ("arn:aws:rds:us-east-1:999999999999:cluster:elsewhere", 0),
        ("urn:pulumi:*::shop::*::gone", 0),
    ],
)
def test_a_waiver_of_no_use(tmp_path: Path, resource: str, code: int) -> None:
    """One that matches nothing is a mistake when what it names was scanned, and nobody's business when it was not."""
    shop = program(tmp_path / "shop", TAGGED, waivers=WAIVER.format(resource=resource))
    assert audit(shop, select=("LG-TAG-01",)) == code


def test_a_program_that_cannot_be_deployed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its stack is an error, exit code 2, and an undecided line for programs; the other stacks are audited."""
    shop = program(
        tmp_path / "shop",
        'if pulumi.get_stack() == "dev": raise RuntimeError("boom")\n' + TAGGED,
        {"dev": "", "prod": ""},
    )
    report = tmp_path / "report.jsonl"
    assert audit(shop, select=("S3.8",), format="json", output=(str(report),)) == 2
    assert [(each["stack"], each["verdict"]) for each in findings(report)] == [("dev", "unknown"), ("prod", "pass")]
    assert "boom" in capsys.readouterr().err


def test_what_the_sandbox_cannot_hold_is_undecided(tmp_path: Path) -> None:
    """A resource that is not in the sandbox was not read, so nothing passes of it."""
    unheld = 'pulumi.CustomResource("aws:globalaccelerator/accelerator:Accelerator", "jobs", {"name": "jobs"})\n'
    shop, report = program(tmp_path / "shop", unheld + TAGGED), tmp_path / "report.jsonl"
    kept = tmp_path / "evidence"
    assert audit(shop, select=("LG-TAG-01",), format="json", output=(str(report),), evidence=kept) == 3
    (found,) = (each for each in findings(report) if each["verdict"] == "unknown")
    assert found["resource"].endswith("::jobs")
    assert "it is not in the sandbox" in found["message"]
    again = tmp_path / "again.jsonl"
    assert run_audit(Request(replay=kept, format="json", output=(str(again),))) == 3
    assert again.read_text() == report.read_text()


def test_an_interrupt_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C the report holds what had been read, marked incomplete; the evidence is not that of a scan."""
    shop, report, kept = program(tmp_path / "shop", TAGGED), tmp_path / "report.jsonl", tmp_path / "evidence"

    def interrupted(*given: Any) -> Iterator[Observed | Unread]:
        yield next(iter(scan(*given)))
        raise KeyboardInterrupt

    monkeypatch.setattr(auditing, "scan", interrupted)
    assert audit(shop, select=("S3.8",), format="json", output=(str(report),), evidence=kept) == 130
    found = findings(report)
    assert [each["verdict"] for each in found] == ["pass", "unknown"]
    assert found[-1]["evidence"] == {"incomplete": "interrupted"}
    assert not (kept / "shop.dev" / "scan.json").exists()
    assert run_audit(Request(replay=kept)) == 130


def test_a_mistake_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback for a selection that names nothing, a format that is none, or evidence that is none."""
    shop = program(tmp_path / "shop", TAGGED)
    for options in ({"select": ("S3.88",)}, {"format": "yaml"}, {"replay": tmp_path}, {"regions": ("nowhere",)}):
        folders = () if "replay" in options else (shop,)
        assert audit(*folders, **options) == 2
        said = capsys.readouterr().err
        assert said.startswith("error: ")
        assert "Traceback" not in said
