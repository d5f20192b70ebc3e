"""What a drill measured, held against its targets and against the samples that it was measured from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.samples import Sample, lost_time_s, outage_of, was_set

FAIL_BACK: Final = "fail-back"
"""The step of a drill that moves service back; its name is what tells it from the others."""

FIGURES: Final = ("rto_s", "rpo_s", "fail_back_s")
UNSAMPLED: Final = "its figures have no samples: nobody can tell whether they were measured"

_EXACT_S: Final = 0.001
"""Seconds by which a figure may differ: the probe writes times down to the millisecond."""


def missed_targets(measured: Mapping[str, Any], targets: Mapping[str, float]) -> str:
    """Return which targets a measurement misses, or an empty string; not measured is missed.

    Args:
        measured: `rto_s`, `rpo_s` and `fail_back_s`, seconds or None; and perhaps a `note`.
        targets: `rto_s` and `rpo_s`, seconds. The way back may take service away for as long as the fault.
    """
    rto, rpo, back = (measured[name] for name in FIGURES)
    missed = [
        *_missed(rto, targets["rto_s"], "RTO not measured", "RTO {:.1f} s is above {:g} s"),
        *_missed(rpo, targets["rpo_s"], "RPO not measured", "RPO {:.1f} s is above {:g} s"),
        *_missed(
            back,
            targets["rto_s"],
            "fail-back not measured",
            "fail-back took service away for {:.1f} s, above {:g} s",
        ),
    ]
    if missed and measured.get("note"):
        missed.append(measured["note"])
    return "; ".join(missed)


def _missed(value: float | None, target: float, unmeasured: str, above: str) -> Sequence[str]:
    if value is None or not math.isfinite(value):
        return (unmeasured,)
    return () if value <= target else (above.format(value, target),)


def unsampled(measured: Mapping[str, Any]) -> bool:
    """Tell whether a measurement, if there is one, states a figure and no samples that it follows from."""
    return bool(measured) and not measured["samples_sha256"] and any(measured[name] is not None for name in FIGURES)


def last_measured(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the measurement of a journal that counts, the last one; empty when there is none."""
    return next((event for event in reversed(events) if event["kind"] == "measured"), {})


def first_act(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the intent with which the clock of the RTO starts: the fault, or the move of a healthy system.

    A step that wants nothing does nothing: it promises to bring back what it found. Where the act was tried twice the
    last try counts, as it does for the drill itself.
    """
    intents = [event for event in events if event["kind"] == "intent" and event["wanted"]]
    return next((event for event in reversed(intents) if event["step"] == intents[0]["step"]), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """A measurement and what it was made from.

    Args:
        place: The journal, for messages.
        events: Its lines, JSON data.
        samples: What the probe outside saw, in order.
    """

    place: str
    events: Sequence[Mapping[str, Any]]
    samples: Sequence[Sample]

    def demand_figures(self) -> None:
        """Compute RTO, fail-back and their resolution anew, and what follows for the RPO.

        What the store held is not among the samples: that so many records were lost is the word of the runner, and the
        RPO is held against that word and against the longest time that writes can have been lost for.

        Raises:
            EvidenceError: A figure does not follow from the samples.
        """
        measured = last_measured(self.events)
        first = first_act(self.events)
        if first is None:
            raise EvidenceError(f"{self.place}: it was measured, and nothing was lost or moved")
        if measured["samples"] != len(self.samples):
            self._refuse("number of samples", measured["samples"], len(self.samples))
        soak_s = self.events[0]["plan"]["targets"]["soak_s"]
        outage = outage_of(self.samples, first["at"], soak_s)
        backs = [event["at"] for event in self.events if event["kind"] == "intent" and event["step"] == FAIL_BACK]
        self._demand("RTO", measured["rto_s"], outage.seconds)
        self._demand("resolution", measured["resolution_s"], outage.resolution_s)
        back = outage_of(self.samples, backs[-1], soak_s).seconds if backs else None
        self._demand("fail-back", measured["fail_back_s"], back)
        self._demand_rpo(measured, first["at"])

    def _demand_rpo(self, measured: Mapping[str, Any], since: float) -> None:
        rpo, lost = measured["rpo_s"], measured["lost"]
        if not 0 <= lost <= sum(sample.ok for sample in self.samples):
            raise EvidenceError(f"{self.place}: {lost} writes cannot have been lost: there were fewer")
        if was_set(self.samples) or not lost:
            return self._demand("RPO", rpo, None if was_set(self.samples) else 0.0)
        longest = lost_time_s(self.samples, frozenset(), since)
        if rpo is None or not 0 <= rpo <= longest + _EXACT_S:
            self._refuse("RPO", rpo, f"at most {longest:.3f}")
        return None

    def _demand(self, name: str, stated: float | None, follows: float | None) -> None:
        if stated is None and follows is None:
            return
        if stated is None or follows is None or abs(stated - follows) > _EXACT_S:
            self._refuse(name, stated, follows)

    def _refuse(self, name: str, stated: object, follows: object) -> None:
        said = f"it says {name} {_shown(stated)}, and from the samples follows {_shown(follows)}"
        raise EvidenceError(f"{self.place}: {said}")


def _shown(value: object) -> str:
    return "not measured" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
