"""The report of a drill, as text for people."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from ledgergate.report.printable import printable
from runbooks.events import (
    Acted,
    Closed,
    Event,
    Intent,
    Measured,
    Noted,
    Opened,
    Passed,
    Stopping,
    UndoFailed,
    Undoing,
    Undone,
)
from runbooks.plan import REHEARSAL, Plan
from runbooks.progress import Progress, progress_of

_WIDTH: Final = 16


def plan_text(plan: Plan) -> str:
    """Return a plan as text, its hash last."""
    place = plan.place
    where = REHEARSAL if place.rehearsal else f"account {place.account}"
    lines = [
        f"{plan.drill}, {plan.mode.value}, {where}: {place.program} {place.stack} in {place.region}",
        "targets: RTO {rto_s:g} s, RPO {rpo_s:g} s, service stays back for {soak_s:g} s".format(**plan.targets),
        "",
    ]
    for number, step in enumerate(plan.steps, start=1):
        lines.append(f"{number:2} {step['name']:<{_WIDTH}} {step['summary']} At most {step['deadline_s']:g} s.")
        calls = ", ".join(f"{call['call']} ({call['plane']}, {call['home']})" for call in step["calls"])
        if calls:
            lines.append(f"   {'':<{_WIDTH}} calls: {calls}")
        if step["acts"]:
            lines.append(f"   {'':<{_WIDTH}} undo: {step['undo']}")
    lines += ["", f"plan {plan.hash}"]
    return "\n".join(map(printable, lines))


def report_text(events: Sequence[Event]) -> str:
    """Return what a journal says: what was planned, what happened when, what was measured, how it ended."""
    progress = progress_of(events)
    if progress.opened is None:
        return "the journal is empty: nothing was begun"
    lines = [*_head(progress.opened), "", *_timeline(events), "", *_figures(progress), *_end(progress)]
    return "\n".join(map(printable, lines))


def _head(opened: Opened) -> Iterator[str]:
    plan = opened.plan
    place = plan.get("place", {})
    label = f", {REHEARSAL}" if opened.rehearsal else ""
    yield f"{plan.get('drill', 'drill')}, {plan.get('mode', '')}{label}"
    yield f"account {place.get('account')}, {place.get('region')}, {place.get('program')} {place.get('stack')}"
    yield f"begun {_date(opened.at)}, plan {opened.plan_hash}"
    if opened.approvals:
        people = ", ".join(f"{each['approver']} (key {each['key']}, {_date(each['at'])})" for each in opened.approvals)
        yield f"approved by {people}"
    else:
        yield "approved by nobody: a rehearsal needs no approval" if opened.rehearsal else "approved by nobody"


def _timeline(events: Iterable[Event]) -> Iterator[str]:
    start = 0.0
    for event in events:
        start = start or event.at
        words = _words(event)
        if words:
            yield f"{event.at - start:8.1f} s  {words}"


def _words(event: Event) -> str:  # noqa: PLR0911 - one line for each kind
    match event:
        case Intent():
            return f"{event.step:<{_WIDTH}} acts: {_shown(event.wanted)}, from {_shown(event.before)}"
        case Acted():
            return f"{event.step:<{_WIDTH}} took effect or was accepted{_note(event.note)}"
        case Passed():
            return f"{event.step:<{_WIDTH}} holds{_note(event.note)}"
        case Stopping():
            return f"{'stop':<{_WIDTH}} {event.outcome.value}: {event.reason}"
        case Undoing():
            return f"{event.step:<{_WIDTH}} is being taken back"
        case Undone():
            return f"{event.step:<{_WIDTH}} is as before{_note(event.note)}"
        case UndoFailed():
            return f"{event.step:<{_WIDTH}} NOT TAKEN BACK: {event.reason}"
        case Noted():
            return f"{'note':<{_WIDTH}} {event.text}"
        case Closed():
            return f"{'end':<{_WIDTH}} {event.outcome.value}"
        case _:
            return ""


def _figures(progress: Progress) -> Iterator[str]:
    measured, opened = progress.measured, progress.opened
    if measured is None or opened is None:
        yield "RTO and RPO were not measured"
        return
    targets = opened.plan.get("targets", {})
    label = f", {REHEARSAL}" if opened.rehearsal else ""
    yield f"RTO {_figure(measured.rto_s, measured)} (target {targets.get('rto_s', '?')} s{label})"
    yield f"RPO {_figure(measured.rpo_s, measured)} (target {targets.get('rpo_s', '?')} s{label}), {_lost(measured)}"
    if measured.note:
        yield measured.note


def _end(progress: Progress) -> Iterator[str]:
    closed = progress.closed
    reason = f": {closed.reason}" if closed and closed.reason else ""
    unfinished = "" if closed else ": it has no end; `resume` or `undo` it"
    yield f"outcome {progress.outcome.value}{reason}{unfinished}"
    if closed and closed.left:
        yield f"NOT TAKEN BACK: {', '.join(closed.left)}; `undo` tries again"


def _figure(seconds: float | None, measured: Measured) -> str:
    return "not measured" if seconds is None else f"{seconds:.1f} s ± {measured.resolution_s:g} s"


def _lost(measured: Measured) -> str:
    return f"{measured.lost} acknowledged writes lost of {measured.samples} samples"


def _shown(state: object) -> str:
    pairs = state.items() if isinstance(state, dict) else ()
    return " ".join(f"{key}={value or 'none'}" for key, value in pairs) or "nothing"


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
