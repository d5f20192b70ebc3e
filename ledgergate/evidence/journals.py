"""Journals of drills as evidence takes them in: a chain that holds, of known events, with what was measured."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ledgergate.evidence.chain import GENESIS, ChainError, Link, canonical, read_links
from ledgergate.evidence.course import Course
from ledgergate.evidence.documents import Document, Form, demand_form, parse_document
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.files import read_file
from ledgergate.evidence.heads import missing_end, read_head
from ledgergate.evidence.measuring import Claim, last_measured
from ledgergate.evidence.samples import parse_samples

_STEP: Final[Form] = {"step": str}
_NUMBER: Final = (int, float)
_PERHAPS: Final = (int, float, type(None))

EVENTS: Final[Mapping[str, Form]] = {
    "opened": {"plan": dict, "plan_hash": str, "rehearsal": bool, "approvals": list},
    "intent": {**_STEP, "before": dict, "wanted": dict, "undo": str},
    "acted": _STEP,
    "passed": _STEP,
    "stopping": {**_STEP, "outcome": str, "reason": str},
    "undoing": _STEP,
    "undone": _STEP,
    "undo-failed": {**_STEP, "reason": str},
    "measured": {
        **dict.fromkeys(("rto_s", "rpo_s", "fail_back_s"), _PERHAPS),
        "lost": int,
        "resolution_s": _NUMBER,
        "samples": int,
        "samples_sha256": str,
    },
    "noted": {"text": str},
    "closed": {"outcome": str, "reason": str, "left": list},
}
"""Kind of an event → what a reader of the evidence relies on in it. Every other key is kept as it is."""

_PLAN: Final[Form] = {"drill": str, "mode": str, "place": dict, "steps": list, "targets": dict}
_PLACE: Final[Form] = {"account": str, "region": str, "program": str, "stack": str, "rehearsal": bool}
_PLANNED: Final[Form] = {"name": str, "acts": bool, "undo": str}
_APPROVAL: Final[Form] = {"approver": str, "key": str, "at": _NUMBER, "signature": str}
_TARGETS: Final[Form] = {"rto_s": _NUMBER, "rpo_s": _NUMBER, "soak_s": _NUMBER}
_SAMPLE: Final[Form] = {"at": _NUMBER, "number": int, "ok": bool, "steady": _NUMBER}

_CHANGED: Final = "A journal that was changed proves nothing: look at the account by hand."
_TORN: Final = "The drill was killed: `python -m runbooks resume` goes on with it, `undo` takes it back."


def read_journal(path: Path) -> Iterator[Document]:
    """Yield the lines of a journal, each as it stands in the chain and verified before it is yielded.

    Raises:
        EvidenceError: A line was changed, dropped, moved or cut off, has no place in the plan, or it is no journal of a
            drill. Lines that are missing at the end show when all the others were yielded.
    """
    digests = [GENESIS]
    for link, document in followed(str(path), read_file(path)):
        digests.append(link.digest)
        yield document
    if missing := missing_end(read_head(path), digests[1:]):
        raise EvidenceError(f"{path}: {missing}", _CHANGED)


def followed(place: str, content: bytes) -> Iterator[tuple[Link, Document]]:
    """Yield the lines of a journal along its chain and its plan, each verified before it is yielded.

    Args:
        place: Where it stands, for messages.
        content: The journal.

    Raises:
        EvidenceError: A line does not hold, or it is no journal of a drill.
    """
    previous, course = GENESIS, Course((), {})
    try:
        for link in read_links(content):
            event = Document(f"{place}, line {link.number}", dict(link.record))
            _demand_event(event, first=link.number == 1)
            if link.number == 1:
                plan = event.content["plan"]
                course = Course(plan["steps"], plan["targets"])
            elif strayed := course.strayed(event.content):
                event.refuse(strayed, _CHANGED)
            yield link, Document(event.place, {**event.content, "number": link.number, "previous": previous})
            previous = link.digest
    except ChainError as error:
        raise EvidenceError(f"{place}, {error.message}", _TORN if error.torn else _CHANGED) from None
    if previous == GENESIS:
        raise EvidenceError(f"{place}: it is empty: nothing was begun")


def _demand_event(event: Document, *, first: bool) -> None:
    kind = event.content.get("kind")
    if kind not in EVENTS:
        event.refuse(f"{kind!r} is no event of a drill that is known here")
    if first != (kind == "opened"):
        event.refuse("a journal begins with `opened`, once")
    demand_form(event, {"at": _NUMBER, "wall": _NUMBER, **EVENTS[str(kind)]}, exactly=False)
    if kind == "opened":
        _demand_opened(event)


def _demand_opened(event: Document) -> None:
    opened = event.content
    plan = _demand_part(event, "plan", opened["plan"], _PLAN)
    place = _demand_part(event, "place", plan["place"], _PLACE)
    for step in plan["steps"]:
        _demand_part(event, "steps", step, _PLANNED)
    _demand_part(event, "targets", plan["targets"], _TARGETS)
    for approval in opened["approvals"]:
        _demand_part(event, "approvals", approval, _APPROVAL)
    if hashlib.sha256(canonical(plan)).hexdigest() != opened["plan_hash"]:
        event.refuse("the plan is not the one whose hash was approved")
    if opened["rehearsal"] is not place["rehearsal"]:
        event.refuse("plan and journal do not agree whether it was a rehearsal")


def _demand_part(event: Document, name: str, part: Any, form: Form) -> Mapping[str, Any]:
    place = f"{event.place}, `{name}`"
    if not isinstance(part, dict):
        raise EvidenceError(f"{place}: it is no JSON object")
    demand_form(Document(place, part), form, exactly=False)
    return part


def read_samples(journal: Path, measured: Mapping[str, Any]) -> str:
    """Return what the probe outside a drill had seen when the drill was measured.

    Args:
        journal: The journal; the samples lie beside it.
        measured: Its event `measured`.

    Raises:
        EvidenceError: They are missing, or are not those whose hash the journal holds.
    """
    path = journal.with_name(journal.name + ".samples")
    content = read_file(path)
    running = hashlib.sha256()
    end = 0
    # The probe went on after the measurement: what counts is the beginning with that hash.
    for line in content.splitlines(keepends=True):
        running.update(line)
        end += len(line)
        if running.hexdigest() == measured["samples_sha256"]:
            return content[:end].decode()
    raise EvidenceError(f"{path}: these are not the samples that {journal.name} measured: the hash differs", _CHANGED)


def demand_measured(source: str, events: Sequence[Mapping[str, Any]], samples: str | None) -> None:
    """Refuse a journal whose figures do not follow from the samples that are kept with it.

    Args:
        source: The journal, for messages.
        events: Its lines, verified.
        samples: What the probe outside saw, JSON Lines; None when nothing is kept.

    Raises:
        EvidenceError: They do not, or what is kept are not the samples that were measured.
    """
    digest = last_measured(events).get("samples_sha256", "")
    content = (samples or "").encode()
    if digest != (hashlib.sha256(content).hexdigest() if samples is not None else ""):
        raise EvidenceError(f"{source}: what is kept are not the samples that it measured", _CHANGED)
    if samples is None:
        return
    for number, line in enumerate(content.splitlines(), start=1):
        demand_form(parse_document(f"{source}.samples, line {number}", line), _SAMPLE)
    Claim(source, events, parse_samples(content)).demand_figures()
