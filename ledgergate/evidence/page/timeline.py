"""A drill as its journal tells it: what happened when, how long service was away, and what was allowed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from ledgergate.evidence.course import DONE
from ledgergate.evidence.measuring import FIGURES, UNSAMPLED, first_act, last_measured, unsampled
from ledgergate.evidence.samples import LARGEST_GAP_S

_TICKS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_MOST_TICKS: Final = 6

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a bar.

    Args:
        start: Seconds since the drill began.
        end: Seconds since the drill began.
        look: What it is: `up`, `down`, `soak`, `step`, `act`, `undo` or `wrong`.
        text: What it says, for those who read instead of look.
    """

    start: float
    end: float
    look: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the timeline."""

    label: str
    spans: tuple[Span, ...]
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, at seconds since the drill began."""

    at: float
    what: str
    text: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured against its target, in seconds.

    Args:
        measured: None when nobody could tell.
        target: What is allowed.
        resolution: How exactly it was measured.
    """

    measured: float | None
    target: float
    resolution: float

    @property
    def kept(self) -> bool:
        """Tell whether it is within its target; what was not measured is not."""
        return self.measured is not None and self.measured <= self.target

    @property
    def full(self) -> float:
        """Return the seconds that the whole of its bar stands for."""
        return 1.25 * max(self.target, self.measured or 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill, ready to be shown.

    Args:
        opened: Its first event: plan, approvals, rehearsal.
        begun: When, in words.
        length_s: Seconds from its beginning to its last event.
        outcome: How it ended; `interrupted` when it has no end, `undecided` when nobody can tell that it was done.
        reason: Why it did not go on.
        left: Steps that could not be taken back.
        rto: Time without service.
        rpo: Time of lost writes.
        fail_back: Time without service on the way back; it may take as long as the way there.
        measured: The event that says so; empty when nothing was measured.
        key: Fault, detection, first answer, return, end of the soak.
        marks: Those of them that are drawn through every bar.
        bars: The timeline.
        moments: Everything that happened.
        ticks: Seconds at which the axis has a number.
        source: Name of the journal.
    """

    opened: Record
    begun: str
    length_s: float
    outcome: str
    reason: str
    left: tuple[str, ...]
    rto: Figure | None
    rpo: Figure | None
    fail_back: Figure | None
    measured: Record
    key: tuple[Moment, ...]
    marks: tuple[Moment, ...]
    bars: tuple[Bar, ...]
    moments: tuple[Moment, ...]
    ticks: tuple[float, ...]
    source: str


def drill_of(source: str, events: Sequence[Record], samples: str) -> Drill:
    """Return the drill that a journal is about.

    Args:
        source: Name of the journal.
        events: Its lines.
        samples: What the probe outside saw, JSON Lines; empty when nothing was measured.
    """
    opened = events[0]
    start = opened["at"]
    measured = last_measured(events)
    if unsampled(measured):
        measured = {**measured, **dict.fromkeys(FIGURES), "note": UNSAMPLED}
    outcome, reason, left = _end(events)
    length = max(max(event["at"] for event in events) - start, 1.0)
    key = _key_moments(events, measured, samples)
    return Drill(
        opened=opened,
        begun=date(opened["wall"]),
        length_s=length,
        outcome=outcome,
        reason=reason,
        left=left,
        rto=_figure("rto_s", "rto_s", measured, opened),
        rpo=_figure("rpo_s", "rpo_s", measured, opened),
        fail_back=_figure("fail_back_s", "rto_s", measured, opened),
        measured=measured,
        key=tuple(key.values()),
        marks=tuple(key[name] for name in ("fault", "back", "stayed") if name in key and key[name].at <= length),
        bars=tuple(_bars(events, key, samples, length)),
        moments=tuple(sorted((*key.values(), *_moments(events)), key=lambda each: each.at)),
        ticks=_ticks(length),
        source=source,
    )


def _end(events: Sequence[Record]) -> tuple[str, str, tuple[str, ...]]:
    """Return how a drill ended, why, and what could not be taken back; an end that somebody went on from is none."""
    end = next((event for event in reversed(events) if event["kind"] in ("closed", "stopping")), None)
    if end is None or end["kind"] == "stopping":
        return "interrupted", "the journal has no end: nobody has gone on with it or taken it back", ()
    if end["outcome"] == DONE and unsampled(last_measured(events)):
        return "undecided", UNSAMPLED, ()
    return end["outcome"], end["reason"], tuple(map(str, end["left"]))


def date(at: float) -> str:
    """Return seconds since 1970 as a date for people."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return f"{at:g} s after 1970"


def _figure(name: str, target: str, measured: Record, opened: Record) -> Figure | None:
    if not measured:
        return None
    return Figure(measured[name], opened["plan"]["targets"][target], float(measured["resolution_s"]))


def _key_moments(events: Sequence[Record], measured: Record, samples: str) -> dict[str, Moment]:
    """Return fault, detection, first answer, return and end of the soak, as far as they are known.

    The clock of the RTO starts with the first act: the fault, or in a graceful drill the move.
    """
    first = first_act(events)
    if first is None:
        return {}
    start = events[0]["at"]
    intents = [event for event in events if event["kind"] == "intent" and event["wanted"]]
    fault = first["at"] - start
    word = "fault" if events[0]["plan"]["mode"] == "ungraceful" else "move"
    found = {"fault": Moment(fault, word, first["step"], grave=True)}
    seen = next((sample["at"] for sample in _parsed(samples) if not sample["ok"] and sample["at"] >= first["at"]), None)
    if seen is not None:
        found["noticed"] = Moment(seen - start, "noticed", "the first write that failed, seen from outside", grave=True)
    answer = next((event for event in intents if event["step"] != first["step"]), None)
    if answer is not None:
        found["answer"] = Moment(
            answer["at"] - start, answer["step"], f"acts, {answer['at'] - first['at']:.1f} s after the {word}"
        )
    if measured.get("rto_s") is not None:
        back = fault + measured["rto_s"]
        soak = events[0]["plan"]["targets"]["soak_s"]
        found["back"] = Moment(back, "back", f"service is back, {measured['rto_s']:.1f} s after the {word}")
        found["stayed"] = Moment(back + soak, "stayed", f"service has stayed back for the soak of {soak:g} s")
    return found


def _bars(events: Sequence[Record], key: Mapping[str, Moment], samples: str, length: float) -> Iterator[Bar]:
    start = events[0]["at"]
    seen = tuple(_seen(_parsed(samples), start, length))
    if seen:
        yield Bar("service, from outside", seen, _summary(seen))
    if "fault" in key and "back" in key:
        fault, back, stayed = key["fault"].at, key["back"].at, key["stayed"].at
        spans = (
            Span(fault, back, "down", f"RTO {back - fault:.1f} s"),
            Span(back, min(stayed, length), "soak", f"soak {stayed - back:g} s"),
        )
        yield Bar("RTO and soak", spans, f"{back - fault:.1f} s, then {stayed - back:g} s")
    yield from _step_bars(events, start)


def _step_bars(events: Sequence[Record], start: float) -> Iterator[Bar]:
    """Yield one bar for each step, from when it was begun until it held, failed, or was taken back."""
    spans: dict[str, list[Span]] = {}
    free = start
    begun: dict[str, tuple[float, str]] = {}
    for event in events[1:]:
        at, kind, step = event["at"], event["kind"], str(event.get("step", ""))
        if kind == "intent":
            begun[step] = (at, "act")
        elif kind == "undoing":
            begun[step] = (at, "undo")
        elif kind in _ENDS and step:
            since, look = begun.pop(step, (free, "step"))
            look = "wrong" if kind in ("stopping", "undo-failed") else look
            spans.setdefault(step, []).append(
                Span(since - start, at - start, look, f"{_ENDS[kind]} {at - since:.1f} s")
            )
            free = at
    for step, (since, _) in begun.items():
        spans.setdefault(step, []).append(Span(since - start, events[-1]["at"] - start, "wrong", "has no end"))
    for step, own in spans.items():
        yield Bar(step, tuple(own), f"{sum(each.end - each.start for each in own):.1f} s")


_ENDS: Final = {
    "passed": "held after",
    "stopping": "stopped after",
    "undone": "taken back in",
    "undo-failed": "not taken back within",
}


def _seen(samples: Sequence[Record], start: float, length: float) -> Iterator[Span]:
    """Yield when writes were acknowledged, when not, and nothing for a hole that nobody looked into."""
    since: float | None = None
    for this, after in pairwise([*samples, None]):
        assert this is not None  # noqa: S101 - only the last one is
        since = this["at"] if since is None else since
        gap = after is not None and after["at"] - this["at"] > LARGEST_GAP_S
        if after is not None and not gap and after["ok"] == this["ok"]:
            continue
        end = this["at"] if after is None or gap else after["at"]
        first, last = max(since - start, 0.0), min(end - start, length)
        if last > first:
            yield Span(
                first, last, "up" if this["ok"] else "down", f"{'up' if this['ok'] else 'down'} {last - first:.1f} s"
            )
        since = None


def _summary(seen: Sequence[Span]) -> str:
    down = sum(span.end - span.start for span in seen if span.look == "down")
    return f"down for {down:.1f} s" if down else "never down"


def _parsed(samples: str) -> list[Record]:
    return [json.loads(line) for line in samples.splitlines()]


def _ticks(length: float) -> tuple[float, ...]:
    step = next((each for each in _TICKS if length / each <= _MOST_TICKS), length)
    return tuple(step * number for number in range(int(length / step) + 1))


def _moments(events: Sequence[Record]) -> Iterator[Moment]:
    start = events[0]["at"]
    for event in events[1:]:
        what, text, grave = _words(event)
        if text:
            yield Moment(event["at"] - start, what, text, grave)


def _words(event: Record) -> tuple[str, str, bool]:  # noqa: PLR0911 - one line for each kind
    step = str(event.get("step", ""))
    match event["kind"]:
        case "intent":
            return step, _intent(event["wanted"], event["before"]), False
        case "acted":
            return step, f"took effect or was accepted{_note(event)}", False
        case "passed":
            return step, f"holds{_note(event)}", False
        case "stopping":
            return "stop", f"{event['outcome']}: {event['reason']}", True
        case "undoing":
            return step, "is being taken back", False
        case "undone":
            return step, f"is as before{_note(event)}", False
        case "undo-failed":
            return step, f"NOT TAKEN BACK: {event['reason']}", True
        case "noted":
            return "note", event["text"], False
        case "closed":
            return "end", event["outcome"], False
        case _:
            return "", "", False


def _intent(wanted: Record, before: Record) -> str:
    """Return what a step is about to do; one that wants nothing promises to bring back what it found."""
    return f"acts: {_state(wanted)}, from {_state(before)}" if wanted else f"will be brought back: {_state(before)}"


def _state(state: Record) -> str:
    return " ".join(f"{key}={value or 'none'}" for key, value in state.items()) or "nothing"


def _note(event: Record) -> str:
    return f" ({event['note']})" if event.get("note") else ""
