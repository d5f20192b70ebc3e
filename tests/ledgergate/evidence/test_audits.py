"""An audit is taken in as its index lists it: what is missing, torn or changed is refused, what failed is told."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from integration.scanning.calls import Call
from integration.scanning.evidence import Entry as Listed
from integration.scanning.evidence import Index
from integration.scanning.outcome import Outcome
from ledgergate.evidence import EvidenceError
from ledgergate.evidence.bundle import EntryKind
from ledgergate.evidence.collection import Collection, Inputs
from tests.ledgergate.evidence import inputs


def targets(path: Path) -> list[Mapping[str, Any]]:
    """Return the targets of an audit, taken in."""
    collection = Collection()
    collection.take_in(Inputs(audits=(path,)))
    return [each.body for each in collection.entries if each.kind is EntryKind.TARGET]


def test_what_failed_and_what_was_stopped_are_in_it(tmp_path: Path) -> None:
    """What has no findings is no less a part of the audit."""
    path = inputs.audit_folder(tmp_path / "audit", unreached=[inputs.FAILED_TARGET, inputs.STOPPED_TARGET])
    found = targets(path)
    assert [each["name"] for each in found] == ["shop/prod", "shop/dev", "shop/test"]
    assert [each["error"] for each in found] == ["", "the program raised: no such zone", ""]


def test_an_audit_that_reached_nothing_is_evidence_of_that(tmp_path: Path) -> None:
    """A stack that could not be deployed leaves its name and its reason."""
    index = Index(tmp_path / "audit")
    index.add(Listed("shop/dev", error="no such zone"))
    index.close()
    assert [each["error"] for each in targets(tmp_path / "audit")] == ["no such zone"]


def test_what_the_audit_writes_is_what_is_read(tmp_path: Path) -> None:
    """Index, scan and digests of the audit's own writer, with a scan that was interrupted."""
    index = Index(tmp_path / "audit")
    folder = index.open("shop/prod")
    folder.keep(Outcome(Call("s3", "ListBuckets", "us-east-1", "{}"), {"Buckets": []}))
    finding = inputs.findings_file(tmp_path / "gate.jsonl").read_text()
    index.add(folder.close("shop/prod", {name: inputs.SCAN[name] for name in inputs.SCAN if name != "schema"}, finding))
    torn = index.open("shop/test")
    torn.abandon()
    index.add(Listed("shop/test", torn.path.name))
    index.close()
    assert [(each["name"], bool(each["scan_sha256"])) for each in targets(tmp_path / "audit")] == [
        ("shop/prod", True),
        ("shop/test", False),
    ]


@pytest.mark.parametrize("file", ["index.json", "shop.prod/scan.json", "shop.prod/findings.jsonl", "shop.prod"])
def test_what_is_missing_is_refused(tmp_path: Path, file: str) -> None:
    """Without its index nobody knows what was to be scanned; with it, what it lists has to be there."""
    path = inputs.audit_folder(tmp_path / "audit")
    (path / file).rename(tmp_path / "elsewhere")
    with pytest.raises(EvidenceError, match=r"is missing|do not fit together"):
        targets(path)


@pytest.mark.parametrize("file", ["scan.json", "findings.jsonl", "answers.jsonl"])
@pytest.mark.parametrize("how", ["changed", "cut off", "gone on with"])
def test_what_was_changed_or_cut_off_is_refused(tmp_path: Path, file: str, how: str) -> None:
    """Each file is the one whose hash the scan, or the index, holds."""
    path = inputs.audit_folder(tmp_path / "audit")
    content = (path / "shop.prod" / file).read_bytes()
    changed = {"changed": b" " + content[1:], "cut off": content[:-1], "gone on with": content + b"\n"}[how]
    (path / "shop.prod" / file).write_bytes(changed)
    with pytest.raises(EvidenceError, match=rf"{file}: it was changed or cut off"):
        targets(path)


SCANNED: Final = {"name": "shop/prod", "folder": "shop.prod", "scan_sha256": "ab" * 32, "error": ""}


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("", "index.json: it is not JSON"),
        ("[]", "index.json: it is no JSON object"),
        ("{}", "`schema` is missing"),
        ('{"schema": 2, "targets": []}', "schema 2 is not known here"),
        ('{"schema": 1, "targets": []}', "it lists nothing that was to be scanned"),
        ('{"schema": 1, "targets": ["shop"]}', "target 1: it is no JSON object"),
        (json.dumps({"schema": 1, "targets": [{**SCANNED, "error": 5}]}), "`error` is of another type"),
        (json.dumps({"schema": 1, "targets": [{**SCANNED, "more": ""}]}), "unknown key `more`"),
        (json.dumps({"schema": 1, "targets": [{**SCANNED, "name": ""}]}), "a target without a name"),
        (json.dumps({"schema": 1, "targets": [{**SCANNED, "error": "no"}]}), "has a folder and no error"),
        (json.dumps({"schema": 1, "targets": [{**SCANNED, "folder": "../shop"}]}), "is no name of a folder"),
        (json.dumps({"schema": 1, "targets": [SCANNED, SCANNED]}), "two targets have the same name"),
        (json.dumps({"schema": 1, "targets": [{**SCANNED, "scan_sha256": ""}]}), "the scan did not come to its end"),
        (json.dumps({"schema": 1, "targets": [inputs.FAILED_TARGET]}), "shop.prod: folder and index.json do not fit"),
    ],
)
def test_an_index_of_something_else_is_refused(tmp_path: Path, index: str, said: str) -> None:
    """One sentence with its place, whatever stands in it."""
    path = inputs.audit_folder(tmp_path / "audit")
    (path / "index.json").write_text(index)
    with pytest.raises(EvidenceError) as caught:
        targets(path)
    assert said in caught.value.message


def test_a_scan_of_another_form_is_refused(tmp_path: Path) -> None:
    """Even one whose hash is the one that the index holds."""
    path = inputs.audit_folder(tmp_path / "audit")
    for scan, said in (({**inputs.SCAN, "schema": 2}, "schema 2"), ({**inputs.SCAN, "regions": "all"}, "`regions`")):
        inputs.index_audit(path, scan)
        with pytest.raises(EvidenceError, match=said):
            targets(path)
