"""What the probe outside a drill's runner saw, and what RTO and RPO follow from it.

It stands below the drills, so that whoever seals, verifies or reports a measurement computes it as the drill did.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

INTERVAL_S: Final = 1.0
"""Seconds of the drill between two samples."""

LARGEST_GAP_S: Final = 5 * INTERVAL_S
"""Seconds without a sample after which nobody can say whether service was there."""

_SET_S: Final = INTERVAL_S
"""Seconds by which time and the clock that nobody sets may disagree between two samples."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One try to write a numbered record.

    Args:
        at: When it was begun, time of the drill.
        number: The record's number.
        ok: Whether the service acknowledged it.
        steady: What a clock that nobody can set read at the same moment, in seconds of the drill.
    """

    at: float
    number: int
    ok: bool
    steady: float


def parse_samples(content: bytes) -> tuple[Sample, ...]:
    """Return the samples of a file's whole lines.

    Raises:
        ValueError: A line is no sample.
    """
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    rows = (json.loads(line) for line in lines)
    return tuple(Sample(float(row["at"]), int(row["number"]), bool(row["ok"]), float(row["steady"])) for row in rows)


def back_for_good_at(samples: Iterable[Sample], since: float, soak_s: float) -> float | None:
    """Return when service was back and then stayed back for the soak, or None when it has not been.

    A hole in the samples breaks the soak: nobody saw that service stayed.

    Args:
        samples: What was seen, in order.
        since: Time of the fault.
        soak_s: How long it has to stay back.
    """
    begun: float | None = None
    last: float | None = None
    for sample in samples:
        if sample.at < since:
            continue
        if last is not None and sample.at - last > LARGEST_GAP_S:
            begun = None
        last = sample.at
        if not sample.ok:
            begun = None
        elif begun is None:
            begun = sample.at
        if begun is not None and sample.at - begun >= soak_s:
            return begun
    return None


@dataclass(frozen=True, slots=True)
class Outage:
    """How long service was away.

    Args:
        seconds: From the fault until service was back for good; None when nobody can tell.
        resolution_s: The largest gap between samples around the fault and the return.
        unknown: Why nobody can tell; empty when it was measured.
    """

    seconds: float | None
    resolution_s: float = 0.0
    unknown: str = ""


def outage_of(samples: Sequence[Sample], since: float, soak_s: float) -> Outage:
    """Measure how long service was away after a fault: what nobody saw was not measured.

    Args:
        samples: What was seen, in order.
        since: Time of the fault.
        soak_s: How long service has to stay back.
    """
    if was_set(samples):
        return Outage(None, unknown="the clock was set while samples were taken")
    back = back_for_good_at(samples, since, soak_s)
    if back is None:
        return Outage(None, unknown=f"service has not stayed back for {soak_s:g} s")
    before = [sample.at for sample in samples if sample.at < since][-1:]
    seen = [sample for sample in samples if since <= sample.at <= back]
    gaps = [after - this for this, after in pairwise([*(before or [since]), *(sample.at for sample in seen)])]
    if max(gaps) > LARGEST_GAP_S:
        return Outage(None, unknown=f"nobody looked for {max(gaps):.1f} s of it")
    was_out = any(not sample.ok for sample in seen)
    return Outage(back - since if was_out else 0.0, max(gaps[0], gaps[-1]))


def was_set(samples: Iterable[Sample]) -> bool:
    """Tell whether the clock was set between two samples, or the machine was started again."""
    return any(
        this.at > after.at or abs((after.at - this.at) - (after.steady - this.steady)) > _SET_S
        for this, after in pairwise(samples)
    )


def lost_numbers(samples: Iterable[Sample], present: Collection[int]) -> tuple[int, ...]:
    """Return the numbers of the records that were acknowledged and are gone."""
    return tuple(sample.number for sample in samples if sample.ok and sample.number not in present)


def lost_time_s(samples: Sequence[Sample], present: Collection[int], since: float) -> float:
    """Return the RPO: seconds of acknowledged writes that are gone, 0 when none is.

    It reaches from the last record before the first loss to the fault, or to the last loss if that came later.

    Args:
        samples: What was written, in order.
        present: Numbers that the store holds now.
        since: Time of the fault.
    """
    acknowledged = [sample for sample in samples if sample.ok]
    lost = [sample for sample in acknowledged if sample.number not in present]
    if not lost:
        return 0.0
    kept = [sample.at for sample in acknowledged if sample.at < lost[0].at]
    return max(since, lost[-1].at) - (kept[-1] if kept else acknowledged[0].at)
