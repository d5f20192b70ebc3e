"""What the stages wrote, read from its files as entries of a bundle: what is doubtful is refused, never skipped."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ledgergate.evidence import audits
from ledgergate.evidence.approvals import approvals_of, approver_keys
from ledgergate.evidence.bundle import Entry, EntryKind
from ledgergate.evidence.chain import canonical
from ledgergate.evidence.documents import Document, Form, demand_form, read_lines
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.findings import demand_finding
from ledgergate.evidence.journals import demand_measured, read_journal, read_samples
from ledgergate.evidence.keys import key_id, public_hex
from ledgergate.evidence.measuring import last_measured
from ledgergate.evidence.redaction import Redaction

PROBE_OUTCOMES: Final = ("passed", "failed", "not provable here")

_REQUEST: Final[Form] = dict.fromkeys(("service", "operation", "region", "parameters"), str)
_PROBE: Final[Form] = {
    "schema": int,
    **dict.fromkeys(
        ("probe", "resource", "outcome", "message", "target", "account", "region", "observed_at"), str
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What is to be sealed.

    Args:
        findings: JSON Lines of the gate, or of an audit that kept no evidence.
        audits: Folders that `--evidence` of the audit wrote.
        probes: JSON Lines of probes.
        drills: Journals.
        approvers: Public keys of those who may approve these drills, or folders of them.
    """

    findings: tuple[Path, ...] = ()
    audits: tuple[Path, ...] = ()
    probes: tuple[Path, ...] = ()
    drills: tuple[Path, ...] = ()
    approvers: tuple[Path, ...] = ()


@dataclass
class Collection:
    """Entries in the making.

    Args:
        entries: Those so far.
        redaction: What was taken out of them.
    """

    entries: list[Entry] = field(default_factory=list)
    redaction: Redaction = field(default_factory=Redaction)
    _sources: dict[str, Path] = field(default_factory=dict)
    _findings: dict[bytes, str] = field(default_factory=dict)

    def take_in(self, inputs: Inputs) -> None:
        """Read everything that is named.

        Raises:
            EvidenceError: A file is missing, malformed, cut off, changed, named twice, or empty.
        """
        readers: tuple[tuple[tuple[Path, ...], Callable[[Path], None]], ...] = (
            (inputs.findings, self._take_findings),
            (inputs.audits, self._take_audit),
            (inputs.probes, self._take_probes),
            (inputs.drills, self._take_drill),
        )
        for paths, read in readers:
            for path in paths:
                read(path)
        self._look_at_approvals(inputs.approvers)
        if not self.entries:
            raise EvidenceError("there is nothing to seal", "Name what the stages wrote: see --help.")

    def _take_findings(self, path: Path) -> None:
        self._add_findings(path, self._named(path, path.name))

    def _add_findings(self, path: Path, source: str) -> None:
        for document in _some_lines(path):
            demand_finding(document)
            key = hashlib.sha256(canonical(document.content)).digest()
            if self._findings.setdefault(key, source) != source:
                document.refuse(f"the same finding stands in {self._findings[key]}", "Name each result once.")
            self._add(EntryKind.FINDING, source, document)

    def _take_audit(self, path: Path) -> None:
        name = path.resolve().name
        index = self._named(path / audits.INDEX, f"{name}/{audits.INDEX}")
        for target in audits.read_audit(path):
            self._add(EntryKind.TARGET, index, target.listed)
            if target.scan is not None:
                self._take_scan(target.folder, f"{name}/{target.folder.name}", target.scan)

    def _take_scan(self, folder: Path, name: str, scan: Document) -> None:
        self._add(EntryKind.SCAN, self._named(folder / audits.SCAN, f"{name}/{audits.SCAN}"), scan)
        self._add_findings(*self._both(folder, name, audits.FINDINGS))
        path, source = self._both(folder, name, audits.ANSWERS)
        for document in read_lines(path):
            _demand_answer(document)
            self._add(EntryKind.ANSWER, source, document)

    def _both(self, folder: Path, name: str, file: str) -> tuple[Path, str]:
        """Return the path of a file, and the name under which its entries stand."""
        return folder / file, self._named(folder / file, f"{name}/{file}")

    def _take_probes(self, path: Path) -> None:
        source = self._named(path, path.name)
        for document in _some_lines(path):
            demand_form(document, _PROBE)
            _demand_schema(document)
            if document.content["outcome"] not in PROBE_OUTCOMES:
                document.refuse(f"{document.content['outcome']!r} is no outcome of a probe")
            self._add(EntryKind.PROBE, source, document)

    def _take_drill(self, path: Path) -> None:
        source = self._named(path, path.name)
        events: list[Mapping[str, Any]] = []
        for document in read_journal(path):
            self._add(EntryKind.JOURNAL, source, document, chained=True)
            events.append(document.content)
        measured = last_measured(events)
        samples = read_samples(path, measured) if measured.get("samples_sha256") else None
        demand_measured(str(path), events, samples)
        if samples is not None:
            body = {"journal": source, "text": samples}
            self._add(EntryKind.SAMPLES, f"{source}.samples", Document(f"{path}.samples", body), chained=True)

    def _look_at_approvals(self, approvers: tuple[Path, ...]) -> None:
        """Append the approvers who were named, and what the signatures in each journal prove by their keys."""
        journal = [each for each in self.entries if each.kind is EntryKind.JOURNAL]
        opened = {each.source: each.body for each in journal if each.body["kind"] == "opened"}
        if approvers and not opened:
            raise EvidenceError("--approver is of no use without --drill")
        keys = approver_keys(approvers)
        for name, key in keys.items():
            file = f"{name}.pub"
            named = {"name": name, "key": key_id(key), "public": public_hex(key)}
            self._add(EntryKind.APPROVER, self._named(Path(file), file), Document(file, named))
        for source, body in opened.items():
            self._add(EntryKind.APPROVAL, source, Document(source, approvals_of(source, body, keys).to_json()))

    def _named(self, path: Path, source: str) -> str:
        """Return the name under which a file's entries stand; it has to tell them from those of any other."""
        if source in self._sources:
            before = self._sources[source]
            hint = "Name each file once." if before == path else "A bundle tells files apart by name: rename one."
            raise EvidenceError(f"{path}: {source} is in already, as {before}", hint)
        self._sources[source] = path
        return source

    def _add(self, kind: EntryKind, source: str, document: Document, *, chained: bool = False) -> None:
        """Append an entry without secrets; what others have hashed or signed cannot be redacted and is refused."""
        before = self.redaction.count
        try:
            body = self.redaction.applied(document.content)
        except RecursionError:
            document.refuse("it is nested too deeply")
        if chained and self.redaction.count > before:
            document.refuse(
                "it holds a secret, and cannot be changed any more", "It must not be kept: rotate the secret."
            )
        self.entries.append(Entry(kind, source, body))


def _some_lines(path: Path) -> Iterator[Document]:
    empty = True
    for document in read_lines(path):
        empty = False
        yield document
    if empty:
        raise EvidenceError(f"{path}: it is empty: nothing was judged")


def _demand_schema(document: Document) -> None:
    if document.content["schema"] != 1:
        document.refuse(f"schema {document.content['schema']} is not known here")


def _demand_answer(document: Document) -> None:
    ended = {"answer": dict} if "answer" in document.content else {"error": dict}
    demand_form(document, {"request": dict, **ended})
    demand_form(Document(f"{document.place}, `request`", document.content["request"]), _REQUEST)
