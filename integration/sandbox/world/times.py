"""How long things take in the world, from a table with sources."""

import csv
import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files


class Event(StrEnum):
    """What takes time."""

    CALL_VISIBLE = "call_visible"
    """From an accepted call until describe calls show it."""
    PROMOTION = "promotion"
    """From then until a reader is the writer."""
    ENDPOINT = "endpoint"
    """From then until clients reach it under the cluster's name."""
    RESTART = "restart"
    """From the return of a zone until its instance is available."""
    DETECTION = "detection"
    """From the loss of the writer until the cluster moves by itself."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long an event takes.

    Args:
        lowest_s: Seconds.
        highest_s: Seconds, not below `lowest_s`.
        source: Who says so.
    """

    lowest_s: float
    highest_s: float
    source: str


@dataclass(frozen=True, slots=True)
class Times:
    """The table.

    Args:
        spans: Event → how long it takes.
    """

    spans: Mapping[Event, Span]

    def draw(self, event: Event, chance: random.Random) -> float:
        """Return how long an event takes this time, in seconds."""
        span = self.spans[event]
        return chance.uniform(span.lowest_s, span.highest_s)


def load_times() -> Times:
    """Return the table beside this module."""
    text = files(__package__ or "").joinpath("times.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return Times(
        {Event(row["event"]): Span(float(row["lowest_s"]), float(row["highest_s"]), row["source"]) for row in rows}
    )
