"""What the stages write, small: findings, an audit with its answers, probes, a drill with its samples."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledgergate.evidence.approvals import signed_content
from ledgergate.evidence.chain import GENESIS, canonical, seal
from ledgergate.evidence.collection import Inputs
from ledgergate.evidence.heads import Head, head_file
from ledgergate.evidence.keys import key_id
from ledgergate.finding import Finding, Stage
from ledgergate.report.jsonl import as_json
from tests.ledgergate.report import samples

BEGUN: Final = 1_796_000_000.0
PLAN: Final[Mapping[str, Any]] = {
    "drill": "zone-loss",
    "mode": "ungraceful",
    "place": {
        "account": "111122223333",
        "region": "us-east-1",
        "program": "infra/shop",
        "stack": "prod",
        "rehearsal": True,
    },
    "steps": [
        {"name": "steady", "acts": False, "undo": ""},
        {"name": "lose-zone", "acts": True, "undo": "bring it back"},
        {"name": "fail-over", "acts": True, "undo": "promote a"},
        {
            "name": "fail-back",
            "acts": True,
            "undo": "it takes fail-over back itself",
            "restores": ["fail-over"],
        },
    ],
    "targets": {"rto_s": 60.0, "rpo_s": 0.0, "soak_s": 10.0},
}
PEOPLE: Final = {
    name: Ed25519PrivateKey.from_private_bytes(bytes(range(start, start + 32)))
    for name, start in (("anna", 50), ("ben", 60), ("eve", 70))
}
"""Who may approve drills, and somebody who may not."""

FAILED_TARGET: Final = {
    "name": "shop/dev",
    "folder": "",
    "scan_sha256": "",
    "error": "the program raised: no such zone",
}
STOPPED_TARGET: Final = {"name": "shop/test", "folder": "", "scan_sha256": "", "error": ""}
PROBE: Final[Mapping[str, Any]] = {
    "schema": 1,
    "probe": "plain_http_refused",
    "resource": "arn:aws:s3:::logs",
    "outcome": "passed",
    "message": "",
    "target": "sandbox",
    "account": "111122223333",
    "region": "us-east-1",
    "observed_at": "2026-11-30T12:00:00Z",
}
ANSWER: Final[Mapping[str, Any]] = {
    "request": {"service": "s3", "operation": "GetBucketPolicy", "region": "us-east-1", "parameters": "{}"},
    "answer": {"Policy": "{}"},
}
DENIED: Final[Mapping[str, Any]] = {
    "request": ANSWER["request"],
    "error": {"cause": "denied", "code": "AccessDenied"},
}
SCAN: Final[Mapping[str, Any]] = {
    "schema": 1,
    "name": "shop/prod",
    "account": "111122223333",
    "regions": ["us-east-1"],
    "observed_at": "2026-11-30T12:00:00Z",
    "controls": ["S3.8"],
}
JUDGED: Final = (samples.FAILED, samples.PASSED, samples.UNDECIDED, samples.WAIVED, samples.DEFERRED)


def lines_file(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write JSON Lines."""
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records), encoding="utf-8")
    return path


def findings_file(path: Path, findings: Iterable[Finding] = JUDGED) -> Path:
    """Write what the gate writes."""
    return lines_file(path, map(as_json, findings))


def audit_folder(
    path: Path,
    answers: Iterable[Mapping[str, Any]] = (ANSWER, DENIED),
    unreached: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write what the audit keeps as evidence: one stack that was scanned, and what was not."""
    folder = path / "shop.prod"
    folder.mkdir(parents=True)
    findings_file(folder / "findings.jsonl", [dataclasses.replace(samples.PASSED, stage=Stage.RUN)])
    lines_file(folder / "answers.jsonl", answers)
    index_audit(path, unreached=unreached)
    return path


def index_audit(path: Path, scan: Mapping[str, Any] = SCAN, unreached: Sequence[Mapping[str, Any]] = ()) -> None:
    """Write what says that an audit came to its end: the scan with the hashes of its files, and the index."""
    folder = path / "shop.prod"
    digests = {f"{name}_sha256": digest(folder / f"{name}.jsonl") for name in ("answers", "findings")}
    (folder / "scan.json").write_text(json.dumps({**scan, **digests}), encoding="utf-8")
    scanned = {"name": "shop/prod", "folder": "shop.prod", "scan_sha256": digest(folder / "scan.json"), "error": ""}
    index = {"schema": 1, "targets": [scanned, *unreached]}
    (path / "index.json").write_text(json.dumps(index), encoding="utf-8")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def samples_text() -> str:
    """Return one sample a second: service is away from second 5 to second 25."""
    rows = (
        {"at": BEGUN + second, "number": second, "ok": not 5 <= second < 25, "steady": second} for second in range(40)
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def opened(*approvers: str) -> dict[str, Any]:
    """Return how a journal begins: on an account that these people approved, or as a rehearsal that nobody did."""
    rehearsal = not approvers
    plan = {**PLAN, "place": {**PLAN["place"], "rehearsal": rehearsal}}
    plan_hash = hashlib.sha256(canonical(plan)).hexdigest()
    return {
        "kind": "opened",
        "at": BEGUN,
        "wall": BEGUN,
        "plan": plan,
        "plan_hash": plan_hash,
        "rehearsal": rehearsal,
        "approvals": [approval(name, plan_hash) for name in approvers],
    }


def approval(name: str, plan_hash: str, at: float = BEGUN - 100) -> dict[str, Any]:
    """Return somebody's approval of a plan, as a journal holds it."""
    key = PEOPLE[name]
    signature = key.sign(signed_content(plan_hash, at)).hex()
    return {"approver": name, "key": key_id(key.public_key()), "at": at, "signature": signature}


def approvers_folder(path: Path, *names: str) -> Path:
    """Write the public keys of some people."""
    path.mkdir()
    for name in names:
        pem = (
            PEOPLE[name]
            .public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
        (path / f"{name}.pub").write_bytes(pem)
    return path


def drill_events(first: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
    """Return a drill that was done: a zone is lost, writes fail over and stay."""
    lost, writer = {"lost_zone": ""}, {"writer": "a"}
    return [
        first or opened(),
        {"kind": "passed", "at": BEGUN + 3, "step": "steady", "note": ""},
        {
            "kind": "intent",
            "at": BEGUN + 4.5,
            "step": "lose-zone",
            "before": lost,
            "wanted": {"lost_zone": "us-east-1a"},
            "undo": "bring it back",
        },
        {"kind": "acted", "at": BEGUN + 4.6, "step": "lose-zone", "note": ""},
        {"kind": "passed", "at": BEGUN + 6, "step": "lose-zone", "note": ""},
        {
            "kind": "intent",
            "at": BEGUN + 8,
            "step": "fail-over",
            "before": writer,
            "wanted": {"writer": "b"},
            "undo": "promote a",
        },
        {"kind": "acted", "at": BEGUN + 9, "step": "fail-over", "note": ""},
        {"kind": "passed", "at": BEGUN + 26, "step": "fail-over", "note": ""},
        {
            "kind": "intent",
            "at": BEGUN + 26.5,
            "step": "fail-back",
            "before": {"writer": "b"},
            "wanted": writer,
            "undo": "it takes fail-over back itself",
        },
        {"kind": "acted", "at": BEGUN + 26.6, "step": "fail-back", "note": ""},
        {"kind": "passed", "at": BEGUN + 27, "step": "fail-back", "note": ""},
        {
            "kind": "measured",
            "at": BEGUN + 39,
            "rto_s": 20.5,
            "rpo_s": 0.0,
            "fail_back_s": 0.0,
            "lost": 0,
            "resolution_s": 1.0,
            "samples": 40,
            "samples_sha256": hashlib.sha256(samples_text().encode()).hexdigest(),
            "note": "",
        },
        {"kind": "closed", "at": BEGUN + 39.5, "outcome": "done", "reason": "", "left": []},
    ]


def journal(path: Path, events: Iterable[Mapping[str, Any]] | None = None) -> Path:
    """Write the journal of a drill with its samples, which went on after the measurement."""
    content, previous = b"", GENESIS
    for number, event in enumerate(drill_events() if events is None else events, start=1):
        line, previous = seal(number, previous, {"wall": event["at"], **event})
        content += line
        head_file(path).write_bytes(Head(number, previous).render())
    path.write_bytes(content)
    more = json.dumps({"at": BEGUN + 40, "number": 40, "ok": True, "steady": 40}) + "\n"
    path.with_name(path.name + ".samples").write_text(samples_text() + more, encoding="utf-8")
    return path


def everything(folder: Path, unreached: Sequence[Mapping[str, Any]] = ()) -> Inputs:
    """Write one input of each kind."""
    first = opened("anna", "ben")
    return Inputs(
        findings=(findings_file(folder / "gate.jsonl"),),
        audits=(audit_folder(folder / "audit", unreached=unreached),),
        probes=(lines_file(folder / "probes.jsonl", [PROBE]),),
        drills=(journal(folder / "drill.jsonl", drill_events(first)),),
        approvers=(approvers_folder(folder / "approvers", "anna", "ben"),),
    )
