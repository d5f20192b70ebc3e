"""What a benchmark says: a figure beside its bound and the floor that nobody can go below."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured ratio.

    Args:
        name: What is measured.
        value: The ratio.
        bound: What it must not exceed, or must reach.
        at_least: Whether `bound` is a lower bound.
        measured: What the ratio was made of, ready to show.
        floor: What is spent in any case, ready to show.
        details: Medians and counts, for the JSON.
    """

    name: str
    value: float
    bound: float
    measured: str
    floor: str
    at_least: bool = False
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Tell whether the bound is met."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def bound_text(self) -> str:
        """Return the bound, ready to show."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"

    def to_json(self) -> dict[str, Any]:
        """Return the figure as JSON data."""
        return {**asdict(self), "met": self.met}


def table(figures: Iterable[Figure]) -> str:
    """Return figures as a Markdown table."""
    lines = ["| what | ratio | bound | | measured | floor |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {each.name} | {each.value:.2f} | {each.bound_text} | {'met' if each.met else '**missed**'} "
        f"| {each.measured} | {each.floor} |"
        for each in figures
    ]
    return "\n".join(lines) + "\n"
