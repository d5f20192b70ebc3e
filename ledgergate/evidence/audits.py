"""What `--evidence` of the audit wrote, read back: its index says what was to be scanned, and what became of each."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ledgergate.evidence.documents import Document, Form, demand_form, parse_document, read_document
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.files import read_file

INDEX: Final = "index.json"
SCAN: Final = "scan.json"
FINDINGS: Final = "findings.jsonl"
ANSWERS: Final = "answers.jsonl"

SCANNED: Final = "scanned"
STOPPED: Final = "stopped before its end"
REFUSED: Final = "not scanned"

_SCHEMA: Final = 1
_INDEX: Final[Form] = {"schema": int, "targets": list}
_TARGET: Final[Form] = dict.fromkeys(("name", "folder", "scan_sha256", "error"), str)
_SCAN: Final[Form] = {
    "schema": int,
    **dict.fromkeys(("name", "account", "observed_at", "answers_sha256", "findings_sha256"), str),
    "regions": list,
}
_UNFINISHED: Final = "The audit did not come to its end: run it again."
_CHANGED: Final = "It is not what the audit wrote: run it again, or take it from its archive."


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """One thing that an audit was to scan.

    Args:
        listed: What the index says of it.
        folder: The folder of its evidence.
        scan: What its scan was about; None where it did not come to its end.
    """

    listed: Document
    folder: Path
    scan: Document | None


def read_audit(path: Path) -> Iterator[AuditTarget]:
    """Yield everything that an audit was to scan, what it did not reach too.

    Args:
        path: What `--evidence` wrote.

    Raises:
        EvidenceError: The index is missing or malformed, the folder holds something else than it lists, or a file is
            missing or is not the one that the scan wrote.
    """
    if not path.is_dir():
        raise EvidenceError(f"{path}: there is no such folder", "Name what --evidence of the audit wrote.")
    if not (path / INDEX).is_file():
        raise EvidenceError(f"{path}: {INDEX} is missing: nothing says what was to be scanned", _UNFINISHED)
    listed = _listed(read_document(path / INDEX))
    folders = {each.content["folder"] for each in listed} - {""}
    there = {each.name for each in path.iterdir() if each.is_dir()}
    if there != folders:
        names = ", ".join(sorted(there ^ folders))
        raise EvidenceError(f"{path}: {names}: folder and {INDEX} do not fit together", _CHANGED)
    for target in listed:
        folder = path / target.content["folder"]
        if target.content["folder"] and not target.content["scan_sha256"] and (folder / SCAN).exists():
            target.refuse(f"{SCAN} is there, and the scan did not come to its end", _CHANGED)
        yield AuditTarget(target, folder, _scan(target, folder) if target.content["scan_sha256"] else None)


def outcome_of(target: Mapping[str, Any]) -> str:
    """Return what became of a target of an index, in words."""
    if target["scan_sha256"]:
        return SCANNED
    return REFUSED if target["error"] else STOPPED


def demand_target(target: Document) -> None:
    """Refuse what is no target of an index.

    Raises:
        EvidenceError: It is none.
    """
    demand_form(target, _TARGET)
    content = target.content
    if not content["name"]:
        target.refuse("a target without a name")
    if content["scan_sha256"] and (content["error"] or not content["folder"]):
        target.refuse("a target that was scanned has a folder and no error")
    if Path(content["folder"]).name != content["folder"]:
        target.refuse("`folder` is no name of a folder")


def _listed(index: Document) -> list[Document]:
    demand_form(index, _INDEX)
    _demand_schema(index)
    listed = []
    for number, each in enumerate(index.content["targets"], start=1):
        place = f"{index.place}, target {number}"
        if not isinstance(each, dict):
            raise EvidenceError(f"{place}: it is no JSON object")
        listed.append(Document(place, each))
        demand_target(listed[-1])
    if not listed:
        index.refuse("it lists nothing that was to be scanned")
    for what in ("name", "folder"):
        values = [each.content[what] for each in listed if each.content[what]]
        if len(set(values)) < len(values):
            index.refuse(f"two targets have the same {what}")
    return listed


def _scan(target: Document, folder: Path) -> Document:
    scan = parse_document(str(folder / SCAN), _whole(folder / SCAN, target.content["scan_sha256"]))
    demand_form(scan, _SCAN, exactly=False)
    _demand_schema(scan)
    _whole(folder / FINDINGS, scan.content["findings_sha256"])
    _whole(folder / ANSWERS, scan.content["answers_sha256"])
    return scan


def _whole(path: Path, digest: str) -> bytes:
    """Return the content of a file that was written to its end and not changed since."""
    if not path.is_file():
        raise EvidenceError(f"{path.parent}: {path.name} is missing", _CHANGED)
    content = read_file(path)
    if hashlib.sha256(content).hexdigest() != digest:
        raise EvidenceError(f"{path}: it was changed or cut off: its hash is not the one that was written", _CHANGED)
    return content


def _demand_schema(document: Document) -> None:
    if document.content["schema"] != _SCHEMA:
        document.refuse(f"schema {document.content['schema']} is not known here")
