"""A journal whose chain, head and samples hold is not believed: its end and its figures have to follow from it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence import EvidenceError, VerificationError
from ledgergate.evidence.bundle import Entry, EntryKind, write_bundle
from ledgergate.evidence.chain import read_links
from ledgergate.evidence.collection import Collection, Inputs
from ledgergate.evidence.command import Predecessor, seal_bundle, show_verification, write_report
from ledgergate.evidence.keys import generate_key
from ledgergate.evidence.verification import verify_bundle
from tests.ledgergate.evidence import inputs

Event = Mapping[str, Any]

KEY: Final = inputs.PEOPLE["eve"]
EVENTS: Final = inputs.drill_events()
STOPPED: Final[Event] = {
    "kind": "stopping",
    "at": inputs.BEGUN + 39.2,
    "step": "",
    "outcome": "failed",
    "reason": "RTO",
}
FAILED: Final[Event] = {**EVENTS[-1], "outcome": "failed"}
UNTOUCHED: Final[Sequence[Event]] = [
    {"kind": kind, "at": inputs.BEGUN + 39.3, "step": step}
    for step in ("lose-zone", "fail-over")
    for kind in ("undoing", "undone")
]


def measured(**changes: Any) -> list[Event]:
    """Return the drill with other figures."""
    return [*EVENTS[:-2], {**EVENTS[-2], **changes}, EVENTS[-1]]


FORGED: Final[dict[str, tuple[Sequence[Event], str]]] = {
    "nothing was performed": ([EVENTS[0], EVENTS[-1]], "the drill ends as done, and nobody has measured it"),
    "nothing but a measurement": ([EVENTS[0], *EVENTS[-2:]], "is measured before step `steady` is through"),
    "stopped, then done": ([*EVENTS[:-1], STOPPED, *UNTOUCHED, EVENTS[-1]], "ends as done, and was stopped as failed"),
    "failed, then done": (
        [*EVENTS[:-1], STOPPED, *UNTOUCHED, FAILED, EVENTS[-1]],
        "`closed` comes after the end of the drill",
    ),
    "done twice": ([*EVENTS, EVENTS[-1]], "`closed` comes after the end of the drill"),
    "not measured": ([*EVENTS[:-2], EVENTS[-1]], "the drill ends as done, and nobody has measured it"),
    "a shorter RTO": (measured(rto_s=1.0), "it says RTO 1.000, and from the samples follows 20.500"),
    "a longer RTO": (measured(rto_s=30.0), "it says RTO 30.000, and from the samples follows 20.500"),
    "a shorter way back": (measured(fail_back_s=-1.0), "it says fail-back -1.000, and from the samples follows 0.000"),
    "an RPO out of nothing": (measured(rpo_s=-1.0), "it says RPO -1.000, and from the samples follows 0.000"),
    "more lost than written": (measured(lost=41), "41 writes cannot have been lost"),
    "a finer resolution": (measured(resolution_s=0.1), "it says resolution 0.100"),
    "fewer samples": (measured(samples=39), "it says number of samples 39, and from the samples follows 40"),
}
"""What is wrong → the journal, and what is said of it."""


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_journal_is_not_sealed(tmp_path: Path, forgery: str) -> None:
    """Whoever writes the chain, the head and the samples anew still has to tell a drill that could have been."""
    events, said = FORGED[forgery]
    path = inputs.journal(tmp_path / "drill.jsonl", events)
    with pytest.raises(EvidenceError) as caught:
        Collection().take_in(Inputs(drills=(path,)))
    assert said in caught.value.message


def entries_of(folder: Path, events: Sequence[Event]) -> list[Entry]:
    """Return what a seal without any care would make of a journal."""
    collection = Collection()
    collection.take_in(Inputs(drills=(inputs.journal(folder / "drill.jsonl"),)))
    links = list(read_links(inputs.journal(folder / "drill.jsonl", events).read_bytes()))
    before = ["0" * 64, *(link.digest for link in links)]
    lines = [
        Entry(EntryKind.JOURNAL, "drill.jsonl", {**link.record, "number": link.number, "previous": before[number]})
        for number, link in enumerate(links)
    ]
    kept = {EntryKind.SAMPLES} if any(each.get("samples_sha256") for each in events) else set[EntryKind]()
    kept |= {EntryKind.APPROVAL}
    return [*lines, *(each for each in collection.entries if each.kind in kept)]


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_journal_does_not_verify(tmp_path: Path, forgery: str) -> None:
    """Nor when somebody has signed it all the same; a page is made of what verifies only."""
    events, said = FORGED[forgery]
    path = tmp_path / "bundle.jsonl"
    write_bundle(path, entries_of(tmp_path, events), KEY)
    with pytest.raises(VerificationError) as caught:
        verify_bundle(path, KEY.public_key())
    assert said in caught.value.message


def test_the_genuine_one_verifies(tmp_path: Path) -> None:
    """Nothing above is refused for another reason than its own."""
    path = tmp_path / "bundle.jsonl"
    write_bundle(path, entries_of(tmp_path, EVENTS), KEY)
    assert len(list(verify_bundle(path, KEY.public_key()).of_kind(EntryKind.JOURNAL))) == len(EVENTS)


def test_figures_without_samples_are_undecided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They may be true and nobody can tell: said at seal, at verification and on the page, which shows none of them."""
    path = inputs.journal(tmp_path / "drill.jsonl", measured(samples_sha256=""))
    generate_key(tmp_path / "k.pem")
    bundle, public = tmp_path / "b.jsonl", tmp_path / "k.pem.pub"
    said = "drill.jsonl: its figures have no samples: nobody can tell whether they were measured"
    calls: tuple[Callable[[], int], ...] = (
        lambda: seal_bundle(bundle, Inputs(drills=(path,)), tmp_path / "k.pem", Predecessor()),
        lambda: show_verification(bundle, public, Predecessor()),
        lambda: write_report(bundle, public, Predecessor(), None),
    )
    for call in calls:
        assert (call(), said in capsys.readouterr().err) == (3, True)
    page = bundle.with_suffix(".html").read_text()
    assert "drill undecided" in page
    assert "drill zone-loss: undecided" in page
    assert "RTO 20.5 s" not in page
