"""What the stages wrote is taken in whole, and whatever is missing, malformed, torn or changed is named."""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.chain import canonical
from ledgergate.evidence.collection import Collection, Inputs
from ledgergate.evidence.heads import head_file
from ledgergate.evidence.journals import EVENTS
from ledgergate.report.jsonl import as_json
from runbooks.events import Event
from tests.ledgergate.evidence import inputs
from tests.ledgergate.report import samples


def collected(wanted: Inputs) -> Collection:
    """Take inputs in."""
    collection = Collection()
    collection.take_in(wanted)
    return collection


def test_every_kind_of_input_becomes_entries(tmp_path: Path) -> None:
    """Each line is one entry under the name of its file; no path of the machine is kept."""
    found = collected(inputs.everything(tmp_path)).entries
    assert Counter((entry.kind.value, entry.source) for entry in found) == {
        ("finding", "gate.jsonl"): 5,
        ("target", "audit/index.json"): 1,
        ("scan", "audit/shop.prod/scan.json"): 1,
        ("finding", "audit/shop.prod/findings.jsonl"): 1,
        ("answer", "audit/shop.prod/answers.jsonl"): 2,
        ("probe", "probes.jsonl"): 1,
        ("journal", "drill.jsonl"): 13,
        ("samples", "drill.jsonl.samples"): 1,
        ("approver", "anna.pub"): 1,
        ("approver", "ben.pub"): 1,
        ("approval", "drill.jsonl"): 1,
    }
    assert str(tmp_path) not in json.dumps([entry.record() for entry in found])


def test_a_journal_can_be_had_back_to_the_byte(tmp_path: Path) -> None:
    """Its own chain is kept, so that it can be verified out of the bundle too."""
    path = inputs.journal(tmp_path / "drill.jsonl")
    entries = collected(Inputs(drills=(path,))).entries
    lines = [canonical(entry.body) + b"\n" for entry in entries if entry.kind == "journal"]
    assert b"".join(lines) == path.read_bytes()


def test_every_event_of_a_drill_is_known() -> None:
    """A kind of event that drills gain has to be added here as well."""
    kinds = {get_args(each.__dataclass_fields__["kind"].type)[0] for each in get_args(Event)}
    assert kinds == EVENTS.keys()


def finding(**changes: Any) -> Mapping[str, Any]:
    """Return a finding with some keys changed."""
    return {**as_json(samples.FAILED), **changes}


def nested(depth: int) -> dict[str, Any]:
    """Return objects within objects."""
    inner: dict[str, Any] = {}
    for _ in range(depth):
        inner = {"a": inner}
    return inner


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"schema": 1}, "is missing"),
        (finding(colour="red"), "unknown key `colour`"),
        (finding(schema=2), "a finding of schema 2"),
        (finding(schema=True), "`schema` is of another type"),
        (finding(verdict="good"), "`verdict` is 'good', which is not known here"),
        (finding(severity="mild"), "`severity` is 'mild'"),
        (finding(stage="lunch"), "`stage` is 'lunch'"),
        (finding(requirements=[1]), "`requirements` is no list of texts"),
        (finding(source={"file": "a"}), "`source`: `line` is missing"),
        (finding(control="S3.9"), "`fingerprint` does not follow"),
        (finding(waiver=None), "`waiver` is of another type"),
        (finding(evidence=nested(400)), "nested too deeply"),
    ],
)
def test_a_malformed_finding_is_named(tmp_path: Path, record: Mapping[str, Any], said: str) -> None:
    """File, line and what is wrong."""
    path = inputs.lines_file(tmp_path / "gate.jsonl", [finding(), record])
    with pytest.raises(EvidenceError, match=r"gate\.jsonl, line 2") as caught:
        collected(Inputs(findings=(path,)))
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("option", "record", "said"),
    [
        ("probes", {**inputs.PROBE, "outcome": "fine"}, "'fine' is no outcome of a probe"),
        ("probes", {**inputs.PROBE, "schema": 3}, "schema 3 is not known here"),
        ("probes", {"probe": "p"}, "is missing"),
        ("answers", {**inputs.ANSWER, "error": {}}, "unknown key `error`"),
        ("answers", {"request": inputs.ANSWER["request"]}, "`error` is missing"),
        ("answers", {**inputs.ANSWER, "request": {"service": "s3"}}, "`request`: `operation` is missing"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, option: str, record: Mapping[str, Any], said: str) -> None:
    """The same holds for probes and answers."""
    if option == "probes":
        wanted = Inputs(probes=(inputs.lines_file(tmp_path / "probes.jsonl", [record]),))
    else:
        wanted = Inputs(audits=(inputs.audit_folder(tmp_path, [record]),))
    with pytest.raises(EvidenceError, match="line 1") as caught:
        collected(wanted)
    assert said in caught.value.message


def test_nothing_is_never_sealed(tmp_path: Path) -> None:
    """No input, an empty one and a missing one are mistakes, not evidence of nothing."""
    (tmp_path / "gate.jsonl").touch()
    (tmp_path / "drill.jsonl").touch()
    cases = (
        (Inputs(), "there is nothing to seal"),
        (Inputs(findings=(tmp_path / "gate.jsonl",)), "it is empty: nothing was judged"),
        (Inputs(drills=(tmp_path / "drill.jsonl",)), "it is empty: nothing was begun"),
        (Inputs(audits=(tmp_path,)), "index.json is missing: nothing says what was to be scanned"),
        (Inputs(probes=(tmp_path / "nowhere",)), "cannot be read: No such file"),
    )
    for wanted, said in cases:
        with pytest.raises(EvidenceError, match=said):
            collected(wanted)


def test_nothing_is_counted_twice(tmp_path: Path) -> None:
    """A file named twice, two of one name, and the report of an audit beside its evidence are refused."""
    gate = inputs.findings_file(tmp_path / "gate.jsonl")
    (tmp_path / "other").mkdir()
    twin = inputs.findings_file(tmp_path / "other" / "gate.jsonl")
    audit = inputs.audit_folder(tmp_path / "audit")
    report = tmp_path / "audit.jsonl"
    report.write_bytes((audit / "shop.prod" / "findings.jsonl").read_bytes())
    cases = (
        (Inputs(findings=(gate, gate)), "Name each file once"),
        (Inputs(findings=(gate, twin)), "rename one"),
        (Inputs(findings=(report,), audits=(audit,)), "the same finding stands in audit.jsonl"),
    )
    for wanted, said in cases:
        with pytest.raises(EvidenceError) as caught:
            collected(wanted)
        assert said in str(caught.value)


class TestJournals:
    """A journal is verified as a chain before anything of it is taken in."""

    @given(st.data())
    def test_any_changed_byte_is_found(self, data: st.DataObject) -> None:
        """Wherever a journal is changed, sealing it fails."""
        with tempfile.TemporaryDirectory() as folder:
            path = inputs.journal(Path(folder) / "drill.jsonl")
            content = bytearray(path.read_bytes())
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
            path.write_bytes(content)
            with pytest.raises(EvidenceError, match=r"drill\.jsonl"):
                collected(Inputs(drills=(path,)))

    def test_a_changed_line_is_named(self, tmp_path: Path) -> None:
        """Somebody shortened the RTO."""
        path = inputs.journal(tmp_path / "drill.jsonl")
        path.write_bytes(path.read_bytes().replace(b'"rto_s":20.5', b'"rto_s":10.5'))
        with pytest.raises(EvidenceError, match=r"drill\.jsonl, line 13: it does not follow from the line before"):
            collected(Inputs(drills=(path,)))

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (
                lambda content: content.replace(b'"reason":""', b'"reason":"x"'),
                "line 13 is not the one that was written",
            ),
            (lambda content: content[: content.rfind(b"\n", 0, -1) + 1], "1 lines are missing at its end"),
        ],
    )
    def test_the_last_line_is_sealed_too(self, tmp_path: Path, change: Callable[[bytes], bytes], said: str) -> None:
        """No line follows that vouches for it: the head beside the journal does."""
        path = inputs.journal(tmp_path / "drill.jsonl")
        path.write_bytes(change(path.read_bytes()))
        with pytest.raises(EvidenceError, match=said):
            collected(Inputs(drills=(path,)))

    def test_a_journal_without_its_head_is_refused(self, tmp_path: Path) -> None:
        """Whoever hands over a journal hands over what seals it."""
        path = inputs.journal(tmp_path / "drill.jsonl")
        head_file(path).unlink()
        with pytest.raises(EvidenceError, match=r"nothing says where drill\.jsonl ends"):
            collected(Inputs(drills=(path,)))

    def test_a_torn_last_line_asks_for_the_end_of_the_drill(self, tmp_path: Path) -> None:
        """A killed drill is gone on with or taken back, then sealed."""
        path = inputs.journal(tmp_path / "drill.jsonl")
        path.write_bytes(path.read_bytes()[:-7])
        with pytest.raises(EvidenceError, match=r"drill\.jsonl, line 13: it is cut off") as caught:
            collected(Inputs(drills=(path,)))
        assert "runbooks resume" in caught.value.hint

    def test_a_drill_without_an_end_is_evidence(self, tmp_path: Path) -> None:
        """It was interrupted, and that is what the journal shows."""
        path = inputs.journal(tmp_path / "drill.jsonl", inputs.drill_events()[:5])
        entries = collected(Inputs(drills=(path,))).entries
        assert [each.kind.value for each in entries] == [*["journal"] * 5, "approval"]

    @pytest.mark.parametrize(
        ("events", "said"),
        [
            ([{"kind": "noted", "at": 1.0, "text": "a"}], "line 1: a journal begins with `opened`, once"),
            ([inputs.opened(), inputs.opened()], "line 2: a journal begins with `opened`, once"),
            ([{"kind": "party", "at": 1.0}], "line 1: 'party' is no event of a drill"),
            ([inputs.opened(), {"kind": "passed", "at": "now", "step": "a"}], "line 2: `at` is of another type"),
            ([inputs.opened(), {"kind": "passed", "at": 1.0}], "line 2: `step` is missing"),
            ([{**inputs.opened(), "plan": {}}], "line 1, `plan`: `drill` is missing"),
            ([{**inputs.opened(), "plan": {**inputs.PLAN, "steps": ["act"]}}], "line 1, `steps`: it is no JSON object"),
            ([{**inputs.opened(), "rehearsal": False}], "do not agree whether it was a rehearsal"),
            (
                [inputs.opened(), {"kind": "passed", "at": 1.0, "step": "drop-all"}],
                "line 2: the plan that was approved",
            ),
            ([{**inputs.opened(), "plan_hash": "ab" * 32}], "not the one whose hash was approved"),
            ([{**inputs.opened(), "approvals": ["anna"]}], "line 1, `approvals`: it is no JSON object"),
        ],
    )
    def test_a_chain_of_something_else_is_refused(self, tmp_path: Path, events: list[Any], said: str) -> None:
        """Anybody can chain lines; they have to be a drill's."""
        path = inputs.journal(tmp_path / "drill.jsonl", events)
        with pytest.raises(EvidenceError) as caught:
            collected(Inputs(drills=(path,)))
        assert said in caught.value.message

    def test_samples_are_those_that_were_measured(self, tmp_path: Path) -> None:
        """What the RTO follows from is in the bundle, up to the measurement, or nothing is sealed."""
        path = inputs.journal(tmp_path / "drill.jsonl")
        beside = tmp_path / "drill.jsonl.samples"
        (entry,) = [each for each in collected(Inputs(drills=(path,))).entries if each.kind == "samples"]
        assert entry.body == {"journal": "drill.jsonl", "text": inputs.samples_text()}
        beside.write_text(inputs.samples_text().replace("false", "true", 1))
        with pytest.raises(EvidenceError, match=r"not the samples that drill\.jsonl measured"):
            collected(Inputs(drills=(path,)))
        beside.unlink()
        with pytest.raises(EvidenceError, match=r"drill\.jsonl\.samples cannot be read"):
            collected(Inputs(drills=(path,)))
