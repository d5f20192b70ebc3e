"""What the entries of a bundle must say of each other: a signature says who sealed them, not that they fit together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ledgergate.evidence import audits
from ledgergate.evidence.approvals import Approvals, Keys, approvals_of
from ledgergate.evidence.bundle import Bundle, Entry, EntryKind
from ledgergate.evidence.chain import canonical
from ledgergate.evidence.documents import Document, Form, demand_form
from ledgergate.evidence.errors import EvidenceError, VerificationError
from ledgergate.evidence.journals import demand_measured, followed
from ledgergate.evidence.keys import key_id, public_key_from
from ledgergate.evidence.measuring import last_measured, unsampled

_APPROVER: Final[Form] = {"name": str, "key": str, "public": str}
_SAMPLES: Final[Form] = {"journal": str, "text": str}


def demand_coherence(path: Path, bundle: Bundle) -> None:
    """Refuse a bundle whose journals, approvals or audits do not hold in themselves.

    Args:
        path: Its file, for messages.
        bundle: What it holds, its chain and signature verified.

    Raises:
        VerificationError: A line of a journal does not follow from the one before or has no place in the plan; a
            figure does not follow from its samples; what is stated of an approval does not follow from the keys; or a
            part of an audit is missing.
    """
    try:
        _demand_journals(bundle)
        _demand_approvals(bundle)
        _demand_audits(bundle)
    except EvidenceError as error:
        raise VerificationError(f"{path}: {error.message}", error.hint) from None


def approvals_in(bundle: Bundle, named: Keys | None = None) -> Mapping[str, Approvals]:
    """Return what the signatures under the plans of the drills in a coherent bundle prove.

    Args:
        bundle: The bundle.
        named: Those who may approve, by whoever asks; unless given those whom the bundle names.

    Returns:
        Name of a journal → its approvals.
    """
    keys = {each.body["name"]: public_key_from(each.body["public"]) for each in bundle.of_kind(EntryKind.APPROVER)}
    opened = (each for each in bundle.of_kind(EntryKind.JOURNAL) if each.body["kind"] == "opened")
    return {each.source: approvals_of(each.source, each.body, named or keys) for each in opened}


def unreached_in(bundle: Bundle) -> list[Mapping[str, Any]]:
    """Return what an audit was to scan and did not, as its index says it."""
    targets = (each.body for each in bundle.of_kind(EntryKind.TARGET))
    return [each for each in targets if audits.outcome_of(each) != audits.SCANNED]


def journals_in(bundle: Bundle) -> dict[str, list[Mapping[str, Any]]]:
    """Return name of a journal → its lines, JSON data."""
    journals: dict[str, list[Mapping[str, Any]]] = {}
    for entry in bundle.of_kind(EntryKind.JOURNAL):
        journals.setdefault(entry.source, []).append(entry.body)
    return journals


def unsampled_in(bundle: Bundle) -> list[str]:
    """Return the journals that state figures and have no samples which these follow from."""
    return [source for source, events in journals_in(bundle).items() if unsampled(last_measured(events))]


def _demand_journals(bundle: Bundle) -> None:
    journals = journals_in(bundle)
    samples = _samples_in(bundle)
    for source in samples.keys() - journals.keys():
        raise EvidenceError(f"{source}: there are samples of it, and no journal")
    for source, events in journals.items():
        content = b"".join(canonical(event) + b"\n" for event in events)
        for _ in followed(source, content):
            pass
        demand_measured(source, events, samples.get(source))


def _samples_in(bundle: Bundle) -> dict[str, str]:
    """Return name of a journal → what the probe outside saw."""
    samples: dict[str, str] = {}
    for entry in bundle.of_kind(EntryKind.SAMPLES):
        demand_form(Document(entry.source, dict(entry.body)), _SAMPLES)
        if entry.body["journal"] in samples:
            raise EvidenceError(f"{entry.source}: there are samples of {entry.body['journal']} already")
        samples[entry.body["journal"]] = entry.body["text"]
    return samples


def _demand_approvals(bundle: Bundle) -> None:
    for entry in bundle.of_kind(EntryKind.APPROVER):
        demand_form(Document(entry.source, dict(entry.body)), _APPROVER)
        if key_id(public_key_from(entry.body["public"])) != entry.body["key"]:
            raise EvidenceError(f"{entry.source}: the key is not the one that it says it is")
    stated = sorted(canonical(each.body) for each in bundle.of_kind(EntryKind.APPROVAL))
    if stated != sorted(canonical(each.to_json()) for each in approvals_in(bundle).values()):
        raise EvidenceError("what it states of approvals does not follow from the journals and the approvers in it")


def _demand_audits(bundle: Bundle) -> None:
    listed = Counter(_scanned(bundle))
    scans = Counter(_folder(each) for each in bundle.of_kind(EntryKind.SCAN))
    if scans != listed:
        folder = min(name for name in scans.keys() | listed.keys() if scans[name] != listed[name])
        raise EvidenceError(f"{folder}: scans and index of the audit do not fit together")
    strange = {_folder(each) for each in bundle.of_kind(EntryKind.ANSWER)} - listed.keys()
    if strange:
        raise EvidenceError(f"{min(strange)}: these answers belong to no scan of an audit")
    judged = {each.source for each in bundle.of_kind(EntryKind.FINDING)}
    for folder in listed:
        if f"{folder}/{audits.FINDINGS}" not in judged:
            raise EvidenceError(f"{folder}: the findings of a scan are missing")


def _scanned(bundle: Bundle) -> Iterator[str]:
    """Yield the folder of every scan that an index lists as done."""
    for entry in bundle.of_kind(EntryKind.TARGET):
        audits.demand_target(Document(entry.source, dict(entry.body)))
        if audits.outcome_of(entry.body) == audits.SCANNED:
            yield f"{_folder(entry)}/{entry.body['folder']}"


def _folder(entry: Entry) -> str:
    return entry.source.rpartition("/")[0]
