"""The report of a drill, as text for people."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from ledgergate.evidence.measuring import UNSAMPLED, unsampled
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
"""Columns for the name of a step."""

_LINE: Final = 80
_MARGIN: Final = " " * (_WIDTH + 4)


def plan_text(plan: Plan, width: int = _LINE) -> str:
    """Return a plan as text, its hash last.

    Args:
        plan: The plan.
        width: Columns that a line may have.
    """
    place = plan.place
    where = REHEARSAL if place.rehearsal else f"account {place.account}"
    lines = [
        f"{plan.drill}, {plan.mode.value}, {where}: {place.program} {place.stack} in {place.region}",
        "targets: RTO {rto_s:g} s, RPO {rpo_s:g} s, service stays back for {soak_s:g} s".format(**plan.targets),
        "",
    ]
    care = [*(f"alarm {name}" for name in plan.care.alarms), plan.care.abort_file or "a file beside the journal"]
    lines.insert(2, f"stopped by: {', '.join(care)}")
    for number, step in enumerate(plan.steps, start=1):
        lines.append(f"{number:2} {step['name']:<{_WIDTH}} {step['summary']} At most {step['deadline_s']:g} s.")
        calls = ", ".join(f"{call['call']} ({call['plane']}, {call['home']})" for call in step["calls"])
        if calls:
            lines.append(f"{_MARGIN}calls: {calls}")
        if step["acts"]:
            lines.append(f"{_MARGIN}undo: {step['undo']}")
    lines += ["", f"plan {plan.hash}"]
    return _folded(lines, width, len(_MARGIN))


def report_text(events: Sequence[Event], width: int = _LINE) -> str:
    """Return what a journal says: what was planned, what happened when, what was measured, how it ended.

    Args:
        events: The journal.
        width: Columns that a line may have.
    """
    progress = progress_of(events)
    if progress.opened is None:
        return "the journal is empty: nothing was begun"
    lines = [*_head(progress.opened), "", *_timeline(events), "", *_figures(progress), *_end(progress)]
    return _folded(lines, width, len(_at(0.0, 0.0)) + _WIDTH + 1)


def _folded(lines: Iterable[str], width: int, indent: int) -> str:
    """Return lines that are no longer than the terminal is wide; what goes on is indented if the line is."""
    folded = []
    for line in map(printable, lines):
        margin = " " * (indent if line.startswith(" ") else 2)
        parts = textwrap.wrap(line, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)
        folded += parts or [""]
    return "\n".join(folded)


def _head(opened: Opened) -> Iterator[str]:
    plan = opened.plan
    place = plan.get("place", {})
    label = f", {REHEARSAL}" if opened.rehearsal else ""
    yield f"{plan.get('drill', 'drill')}, {plan.get('mode', '')}{label}"
    yield f"account {place.get('account')}, {place.get('region')}, {place.get('program')} {place.get('stack')}"
    yield f"begun {_date(opened.wall)}"
    yield f"plan {opened.plan_hash}"
    if opened.approvals:
        people = ", ".join(f"{each['approver']} (key {each['key']}, {_date(each['at'])})" for each in opened.approvals)
        # A report needs no keys, so it cannot tell.
        yield f"approved by {people}, by what the journal says"
    else:
        yield "approved by nobody: a rehearsal needs no approval" if opened.rehearsal else "approved by nobody"


def _timeline(events: Iterable[Event]) -> Iterator[str]:
    start = 0.0
    for event in events:
        start = start or event.at
        words = _words(event)
        if words:
            yield f"{_at(event.at - start, event.wall)}{words}"


def _at(seconds: float, wall: float) -> str:
    """Return seconds of the drill, and the time of the wall beside them: a rehearsal runs faster."""
    return f"{seconds:7.1f} s {datetime.fromtimestamp(wall, UTC):%H:%M:%SZ}  "


def _words(event: Event) -> str:  # noqa: PLR0911 - one line for each kind
    match event:
        case Intent():
            acts = f"acts: {_shown(event.wanted)}, from {_shown(event.before)}"
            promise = f"will be brought back, whoever changes it: {_shown(event.before)}"
            return f"{event.step:<{_WIDTH}} {acts if event.wanted else promise}"
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
    rto, rpo = (f"(target {targets.get(name, '?')} s{label})" for name in ("rto_s", "rpo_s"))
    yield f"RTO {_figure(measured.rto_s, measured)} {rto}"
    yield f"RPO {_figure(measured.rpo_s, measured)} {rpo}, {_lost(measured)}"
    yield f"fail-back took service away for: {_figure(measured.fail_back_s, measured)} {rto}"
    if measured.note:
        yield measured.note
    if unsampled(asdict(measured)):
        yield f"undecided: {UNSAMPLED}"


def _end(progress: Progress) -> Iterator[str]:
    closed = progress.closed
    reason = f": {closed.reason}" if closed and closed.reason else ""
    unfinished = "" if closed else ": it has no end; `resume` or `undo` it"
    yield f"outcome {progress.outcome.value}{reason}{unfinished}"
    if closed and closed.left:
        yield f"NOT TAKEN BACK: {', '.join(closed.left)}; `undo` tries again"


def _figure(seconds: float | None, measured: Measured) -> str:
    return "not measured" if seconds is None else f"{seconds:.1f} s ± {measured.resolution_s:.1f} s"


def _lost(measured: Measured) -> str:
    return f"{measured.lost} acknowledged writes lost of {measured.samples} samples"


def _shown(state: object) -> str:
    pairs = state.items() if isinstance(state, dict) else ()
    return " ".join(f"{key}={value or 'none'}" for key, value in pairs) or "nothing"


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
