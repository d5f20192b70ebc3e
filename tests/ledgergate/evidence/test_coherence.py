"""A signature does not make entries fit together: what somebody sealed past `seal` is held against itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence import GENESIS, VerificationError, seal
from ledgergate.evidence.bundle import Entry, EntryKind, write_bundle
from ledgergate.evidence.chain import read_links
from ledgergate.evidence.collection import Collection
from ledgergate.evidence.verification import verify_bundle
from tests.ledgergate.evidence import inputs

KEY: Final = inputs.PEOPLE["eve"]

Change = Callable[[Sequence[Entry]], Sequence[Entry]]


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    """Return the entries of one input of each kind."""
    collection = Collection()
    collection.take_in(inputs.everything(tmp_path, [inputs.FAILED_TARGET]))
    return collection.entries


def without(kind: EntryKind) -> Change:
    """Return what leaves the entries of a kind out."""
    return lambda entries: [each for each in entries if each.kind is not kind]


def with_body(kind: EntryKind, **changes: Any) -> Change:
    """Return what changes the entries of a kind."""
    return lambda entries: [
        replace(each, body={**each.body, **changes}) if each.kind is kind else each for each in entries
    ]


def with_journal(events: Sequence[Any]) -> Change:
    """Return what puts another journal in place of that of the drill, with a chain that holds."""

    def change(entries: Sequence[Entry]) -> Sequence[Entry]:
        content, previous = b"", GENESIS
        for number, event in enumerate(events, start=1):
            line, previous = seal(number, previous, {"wall": event["at"], **event})
            content += line
        before = [GENESIS, *(link.digest for link in read_links(content))]
        lines = [
            Entry(EntryKind.JOURNAL, "drill.jsonl", {**link.record, "number": link.number, "previous": before[number]})
            for number, link in enumerate(read_links(content))
        ]
        return [*without(EntryKind.JOURNAL)(entries), *lines]

    return change


def forged_intent() -> Sequence[Any]:
    """Return a drill that two people approved, and an intent that its plan has no place for."""
    wanted = {"writer": "c"}
    intent = {"kind": "intent", "step": "drop-all", "before": wanted, "wanted": wanted, "undo": ""}
    return [*inputs.drill_events(inputs.opened("anna", "ben"))[:3], {"at": inputs.BEGUN + 5, **intent}]


STRANGER: Final = {"name": "anna", "key": "ab" * 8, "public": "00" * 32}


UNFIT: Final = "scans and index of the audit do not fit together"
UNPROVEN: Final = "what it states of approvals does not follow"
CASES: Final[Mapping[str, tuple[Change, str]]] = {
    "no target": (without(EntryKind.TARGET), f"audit/shop.prod: {UNFIT}"),
    "no scan": (without(EntryKind.SCAN), f"audit/shop.prod: {UNFIT}"),
    "a scan that failed": (with_body(EntryKind.TARGET, scan_sha256="", error="no"), UNFIT),
    "a scan elsewhere": (with_body(EntryKind.TARGET, folder="other"), UNFIT),
    "a target without a name": (with_body(EntryKind.TARGET, name=""), "a target without a name"),
    "no findings": (without(EntryKind.FINDING), "audit/shop.prod: the findings of a scan are missing"),
    "strange answers": (
        lambda entries: [*entries, Entry(EntryKind.ANSWER, "a/b/c", {})],
        "a/b: these answers belong to no scan",
    ),
    "no approval": (without(EntryKind.APPROVAL), UNPROVEN),
    "no approver": (without(EntryKind.APPROVER), UNPROVEN),
    "a better approval": (with_body(EntryKind.APPROVAL, standing="not needed"), UNPROVEN),
    "no journal": (without(EntryKind.JOURNAL), "drill.jsonl: there are samples of it, and no journal"),
    "another key": (with_body(EntryKind.APPROVER, **STRANGER), "the key is not the one that it says it is"),
    "no key": (with_body(EntryKind.APPROVER, public="zz"), "'zz' is no Ed25519 key"),
    "more than a key": (with_body(EntryKind.APPROVER, more=""), "unknown key `more`"),
    "a broken chain": (with_body(EntryKind.JOURNAL, at=1.0), "line 2: it does not follow from the line before"),
    "a forged intent": (with_journal(forged_intent()), "line 4: the plan that was approved has no step `drop-all`"),
    "no samples": (without(EntryKind.SAMPLES), "drill.jsonl: what is kept are not the samples that it measured"),
    "other samples": (
        with_body(EntryKind.SAMPLES, text=inputs.samples_text().replace("false", "true", 1)),
        "drill.jsonl: what is kept are not the samples that it measured",
    ),
    "samples twice": (
        lambda entries: [*entries, *(each for each in entries if each.kind is EntryKind.SAMPLES)],
        "there are samples of drill.jsonl already",
    ),
    "another plan": (
        with_journal([{**inputs.opened("anna", "ben"), "plan_hash": "ab" * 32}]),
        "line 1: the plan is not the one whose hash was approved",
    ),
}
"""What is wrong → how it came about, and what is said of it."""


@pytest.mark.parametrize("case", CASES)
def test_what_does_not_fit_together_is_found(tmp_path: Path, entries: Sequence[Entry], case: str) -> None:
    """Whatever part is missing, added or otherwise than the rest says, though every byte is signed."""
    change, said = CASES[case]
    path = tmp_path / "bundle.jsonl"
    write_bundle(path, change(entries), KEY)
    with pytest.raises(VerificationError) as caught:
        verify_bundle(path, KEY.public_key())
    assert said in caught.value.message


def test_what_fits_together_holds(tmp_path: Path, entries: Sequence[Entry]) -> None:
    """Nothing of the above is found where nothing was changed."""
    write_bundle(tmp_path / "bundle.jsonl", entries, KEY)
    assert verify_bundle(tmp_path / "bundle.jsonl", KEY.public_key()).entries == tuple(entries)
