"""The page for people: what it says, that nothing in it can act, and that it stays small and readable."""

import dataclasses
import re
import time
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.evidence.bundle import Bundle, Entry, EntryKind, Manifest
from ledgergate.evidence.chain import GENESIS
from ledgergate.evidence.collection import Collection
from ledgergate.evidence.keys import key_id
from ledgergate.evidence.page import rendered
from ledgergate.evidence.page.timeline import drill_of
from ledgergate.finding import Finding, Stage
from ledgergate.report.jsonl import as_json
from tests.ledgergate.evidence import inputs
from tests.ledgergate.report import samples

HOSTILE: Final = "<script>parent.hacked=1</script><img src=x onerror=parent.hacked=1>'\"&{{7*7}}\u202egpj.exe\x1b[2J"
ANNA: Final = key_id(inputs.PEOPLE["anna"].public_key())
VOID: Final = {"meta", "br", "img", "link", "input", "hr"}


def bundle_of(entries: Iterable[Entry]) -> Bundle:
    """Return a bundle as verification would."""
    found = tuple(entries)
    manifest = Manifest(len(found), "ab" * 32, 3, GENESIS, "2026-11-30T12:00:00+00:00", "0123456789abcdef")
    return Bundle(found, manifest, "cd" * 32)


def page_of(entries: Iterable[Entry], name: str = "bundle.jsonl") -> str:
    """Return the page of some entries."""
    return rendered(bundle_of(entries), name, "generation 3, which follows it")


def judged(findings: Iterable[Finding]) -> list[Entry]:
    """Return findings as entries."""
    return [Entry(EntryKind.FINDING, "gate.jsonl", as_json(each)) for each in findings]


def drilled(events: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """Return a journal as entries, with its samples."""
    seen = Entry(EntryKind.SAMPLES, "drill.jsonl.samples", {"journal": "drill.jsonl", "text": inputs.samples_text()})
    return [*(Entry(EntryKind.JOURNAL, "drill.jsonl", each) for each in events), seen]


class Reader(HTMLParser):
    """Reads a page as a browser would: its tags, and the text that people see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Demand that tags close in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect what is read, with one space for any white space."""
        if "style" not in self.open:
            self.text = " ".join((self.text + " " + data).split())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Return the page of one input of each kind."""
    collection = Collection()
    collection.take_in(inputs.everything(tmp_path_factory.mktemp("inputs")))
    return Reader(page_of(collection.entries))


@pytest.mark.parametrize(
    "said",
    [
        "The chain holds. All 28 entries were followed to the head that key 0123456789abcdef signed.",
        "1 judgement failed; 1 judgement could not be decided.",
        "design, by the gate shop/prod 1 1 1 1 1 5",
        "run time, by the audit shop/prod 0 0 0 0 1 1",
        "failed S3.8 s3-bucket-public-access-blocked high, PCI DSS 1.4.4 public access is not blocked",
        "found ignorePublicAcls is false wanted all four flags true logs aws:s3/bucket:Bucket shop/prod",
        "shop/prod components/bucket.py:41",
        "undecided S3.8",
        "waiver W-1",
        "plain_http_refused 0 0 1",
        "zone-loss done where infra/shop prod, account 111122223333, us-east-1",
        f"approved by anna, 2026-11-30 00:51:40Z: signature verified by the key of anna, key {ANNA}",
        "ben, 2026-11-30 00:51:40Z: signature verified by the key of ben, key",
        "Verified with the public keys that whoever sealed it named as those of approvers.",
        "RTO 20.5 s ± 1.0 s within 60 s RPO 0.0 s ± 1.0 s within 0 s Fail-back 0.0 s ± 1.0 s within 60 s",
        "What was audited Everything that the audits were to scan, what they did not reach too.",
        "shop/prod audit scanned account 111122223333, us-east-1 2026-11-30T12:00:00Z 2",
        "4.5 s fault : lose-zone 5.0 s noticed",
        "8.0 s fail-over : acts, 3.5 s after the fault",
        "25.0 s back : service is back, 20.5 s after the fault 35.0 s stayed",
        "service, from outside down for 20.0 s RTO and soak 20.5 s, then 10 s steady 3.0 s lose-zone 1.5 s",
        "audit/shop.prod/answers.jsonl answer 2",
        f"head {'ab' * 32} signed by 0123456789abcdef",
        "proves nothing by itself",
        "python -m ledgergate.evidence verify bundle.jsonl --key PUBLIC_KEY",
    ],
)
def test_the_page_says(whole: Reader, said: str) -> None:
    """What was judged, what failed, the drill with its RTO, who approved, and the chain."""
    assert said in whole.text


def test_the_page_stands_alone(whole: Reader) -> None:
    """It loads nothing, runs nothing, sends nothing, and links only into itself; its tags are closed in order."""
    assert whole.open == []
    assert {tag for tag, _ in whole.tags}.isdisjoint({"script", "img", "link", "iframe", "object", "form", "base"})
    policy = next(attrs for tag, attrs in whole.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none';")
    links = [str(attrs["href"]) for tag, attrs in whole.tags if tag == "a"]
    ids = {attrs.get("id") for _, attrs in whole.tags}
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert not any(name.startswith("on") or name == "src" for _, attrs in whole.tags for name in attrs)
    assert "url(" not in (Path(__file__).parents[3] / "ledgergate/evidence/page/page.css").read_text()


def hostile_entries() -> list[Entry]:
    """Return entries in which every text that somebody else chose is hostile."""
    bad = dataclasses.replace(
        samples.FAILED,
        control=HOSTILE,
        slug=HOSTILE,
        message=HOSTILE,
        found=HOSTILE,
        wanted=HOSTILE,
        resource=f"urn:pulumi:prod::shop::t::{HOSTILE}",
        type=HOSTILE,
        program=HOSTILE,
        stack=HOSTILE,
        requirements=(HOSTILE,),
        source=dataclasses.replace(samples.FAILED.source, file=HOSTILE) if samples.FAILED.source else None,
    )
    probe = {**inputs.PROBE, **dict.fromkeys(("probe", "resource", "message", "account", "region", "target"), HOSTILE)}
    place = dict.fromkeys(("account", "region", "program", "stack"), HOSTILE)
    opened = {
        **inputs.opened(),
        "plan": {**inputs.PLAN, "drill": HOSTILE, "mode": HOSTILE, "place": place},
        "plan_hash": HOSTILE,
        "approvals": [{"approver": HOSTILE, "key": HOSTILE, "at": 1e300, "signature": HOSTILE}],
    }
    state = {HOSTILE: HOSTILE}
    more = {"step": HOSTILE, "note": HOSTILE, "at": inputs.BEGUN + 5}
    events = [
        opened,
        {"kind": "intent", "before": state, "wanted": state, "undo": HOSTILE, **more},
        {"kind": "passed", **more},
        {"kind": "undo-failed", "reason": HOSTILE, **more},
        {"kind": "noted", "text": HOSTILE, "at": inputs.BEGUN + 6},
        {"kind": "closed", "outcome": HOSTILE, "reason": HOSTILE, "left": [HOSTILE], "at": inputs.BEGUN + 7},
    ]
    waived = dataclasses.replace(bad, waiver=HOSTILE)
    return [
        *judged([bad, waived]),
        Entry(EntryKind.PROBE, HOSTILE, {**probe, "outcome": "failed"}),
        *(Entry(EntryKind.JOURNAL, HOSTILE, event) for event in events),
        Entry(EntryKind.TARGET, HOSTILE, {"name": HOSTILE, "folder": HOSTILE, "scan_sha256": "", "error": HOSTILE}),
    ]


def test_hostile_text_is_only_text() -> None:
    """Wherever it stands, it makes no tag, no attribute, no expression, and nothing that the eye does not see."""
    page = page_of(hostile_entries(), HOSTILE)
    reader = Reader(page)
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "img"})
    assert not any(name.startswith("on") for _, attrs in reader.tags for name in attrs)
    assert "{{7*7}}" in reader.text
    assert "<script>parent.hacked=1</script>" in reader.text
    assert not re.search("[\u202e\x1b]", page)


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(text, text, text), max_size=4))
def test_no_text_breaks_the_page(found: list[tuple[str, str, str]]) -> None:
    """Whatever was found, tags close in order and none is added."""
    plain = [tag for tag, _ in Reader(page_of(judged([samples.FAILED] * len(found)))).tags if tag == "script"]
    findings = [dataclasses.replace(samples.FAILED, message=a, found=b, type=c) for a, b, c in found]
    reader = Reader(page_of(judged(findings)))
    assert ([tag for tag, _ in reader.tags if tag == "script"], reader.open) == (plain, [])


def test_a_bundle_without_a_stage_has_no_section_for_it() -> None:
    """What was not sealed is not claimed to be well."""
    page = Reader(page_of([Entry(EntryKind.PROBE, "probes.jsonl", inputs.PROBE)]))
    assert "What was judged" not in page.text
    assert "Drills" not in page.text
    assert "Nothing failed and nothing is undecided." in page.text


def test_five_thousand_findings() -> None:
    """They are shown within seconds, on a page that a browser can hold, and what failed comes before what passed."""
    some = [
        dataclasses.replace(
            samples.FAILED if number % 10 == 0 else samples.PASSED,
            control=f"S3.{number % 140}",
            resource=f"urn:pulumi:prod::shop::{samples.BUCKET}::logs-{number}",
            stage=Stage.RUN if number % 2 else Stage.DESIGN,
        )
        for number in range(5000)
    ]
    begun = time.monotonic()
    page = page_of(judged(some))
    assert time.monotonic() - begun < 20
    assert len(page) < 3_000_000
    assert page.index("logs-4990 ") < page.index('id="controls"') < page.index("logs-4999 ")


def test_what_an_audit_did_not_reach_needs_attention() -> None:
    """It stands at the head, among what needs attention with its reason, and in the list of targets."""
    targets = (inputs.FAILED_TARGET, inputs.STOPPED_TARGET)
    page = Reader(page_of([Entry(EntryKind.TARGET, "audit/index.json", each) for each in targets])).text
    assert "2 targets of an audit were not scanned." in page
    assert "not scanned shop/dev the program raised: no such zone Nothing is known of it at run time." in page
    assert "stopped before its end shop/test Somebody interrupted the audit." in page
    assert "shop/dev audit not scanned: the program raised: no such zone" in page
    assert "Nothing failed" not in page


class TestDrills:
    """What a journal says of a drill that did not go well."""

    def test_a_missed_target_stands_out(self) -> None:
        """The bar says so in words, and so does the head of the page."""
        events = inputs.drill_events()
        events[-2] = {**events[-2], "rto_s": 80.0, "fail_back_s": 61.0}
        events[-1] = {**events[-1], "outcome": "failed", "reason": "RTO 80.0 s is above 60 s"}
        page = Reader(page_of(drilled(events)))
        assert "RTO 80.0 s ± 1.0 s MISSES 60 s" in page.text
        assert "Fail-back 61.0 s ± 1.0 s MISSES 60 s" in page.text
        assert "drill zone-loss: failed." in page.text
        assert "RTO 80.0 s is above 60 s" in page.text

    def test_what_was_not_measured_is_not_kept(self) -> None:
        """Nobody could tell is no zero."""
        events = inputs.drill_events()
        events[-2] = {**events[-2], "rto_s": None, "rpo_s": None, "fail_back_s": None}
        page = Reader(page_of(drilled(events))).text
        assert "RTO not measured MISSES 60 s RPO not measured MISSES 0 s Fail-back not measured MISSES" in page

    def test_a_rehearsal_is_labelled_and_needs_no_approval(self) -> None:
        """Its figures cannot be taken for those of an account."""
        page = Reader(page_of(drilled(inputs.drill_events()))).text
        assert "zone-loss done rehearsal where" in page
        assert "Measured against its targets, as a rehearsal" in page
        assert "approved by nobody: a rehearsal needs no approval" in page

    @pytest.mark.parametrize(
        ("people", "named", "said"),
        [
            (("anna", "ben"), (), ("signature not verified", "drill.jsonl: its approvals were not verified.")),
            (("anna", "eve"), ("anna", "ben"), ("eve, 2026-11-30 00:51:40Z: signature bad", "it was NOT APPROVED as")),
            (("anna",), ("anna", "ben"), ("signature verified", "NOT APPROVED as it says: 1 of 2 people have")),
        ],
    )
    def test_who_approved_is_never_taken_on_trust(
        self, people: tuple[str, ...], named: tuple[str, ...], said: tuple[str, str]
    ) -> None:
        """Each signature says what is known of it, and what is not well stands at the head of the page."""
        keys = {name: inputs.PEOPLE[name].public_key() for name in named}
        entries = drilled(inputs.drill_events(inputs.opened(*people)))
        page = Reader(rendered(bundle_of(entries), "bundle.jsonl", "first", keys)).text
        assert all(each in page for each in said), page
        assert "Nothing failed and nothing is undecided" not in page

    def test_an_interrupted_drill_shows_what_has_no_end(self) -> None:
        """Its last step is drawn to the last thing that is known."""
        drill = drill_of("drill.jsonl", inputs.drill_events()[:6], "")
        assert drill.outcome == "interrupted"
        assert [span.text for bar in drill.bars for span in bar.spans] == [
            "held after 3.0 s",
            "held after 1.5 s",
            "has no end",
        ]
        assert drill.rto is None

    def test_what_could_not_be_taken_back_is_shouted(self) -> None:
        """It is on the page's head, in the drill, and in its timeline."""
        events = [
            *inputs.drill_events()[:6],
            {
                "kind": "stopping",
                "at": inputs.BEGUN + 20,
                "outcome": "aborted",
                "reason": "an alarm",
                "step": "fail-over",
            },
            {"kind": "undoing", "at": inputs.BEGUN + 21, "step": "fail-over"},
            {"kind": "undo-failed", "at": inputs.BEGUN + 30, "step": "fail-over", "reason": "b is failed"},
            {
                "kind": "closed",
                "at": inputs.BEGUN + 31,
                "outcome": "aborted",
                "reason": "an alarm",
                "left": ["fail-over"],
            },
        ]
        page = Reader(page_of(drilled(events))).text
        assert "drill zone-loss: aborted." in page
        assert "Not taken back: fail-over" in page
        assert "NOT TAKEN BACK: b is failed" in page

    def test_a_hole_in_the_samples_is_no_service(self) -> None:
        """Where nobody looked, neither up nor down is drawn."""
        rows = [line for number, line in enumerate(inputs.samples_text().splitlines()) if not 10 <= number < 20]
        drill = drill_of("drill.jsonl", inputs.drill_events(), "\n".join(rows))
        looks = [(span.look, round(span.start), round(span.end)) for span in drill.bars[0].spans]
        assert looks == [("up", 0, 5), ("down", 5, 9), ("down", 20, 25), ("up", 25, 39)]
