"""Configurations of one service, with what the controls say of each at design time and in the account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.settings import Settings
from tests.integration.programs_as_data import Twice, Wanted, in_sandbox


@dataclass(frozen=True, slots=True)
class Case:
    """One configuration.

    Args:
        title: What is special about it.
        wanted: Its resources; the first one is judged.
        verdicts: Control id → what both sides say of it, `not_applicable` where they say nothing.
    """

    title: str
    wanted: tuple[Wanted, ...]
    verdicts: Mapping[str, str]


def check(
    folder: Path, cases: Sequence[Case], *, shared: Iterable[Wanted] = (), settings: Settings | None = None
) -> Twice:
    """Deploy all cases in one program, and demand of each its verdicts, equal on both sides.

    Args:
        folder: Where the program is laid out.
        cases: The configurations; every control that they name is applied to all of them.
        shared: Resources that several cases refer to; they come first.
        settings: The profile.

    Returns:
        What was judged, for what a test has to say beyond the cases.
    """
    select = tuple(sorted({control for case in cases for control in case.verdicts}))
    wanted = [*shared, *(each for case in cases for each in case.wanted)]
    with in_sandbox(folder, wanted, select, settings) as both:
        twice = both.twice()
    assert twice.differences() == {}
    for case in cases:
        for control, verdict in case.verdicts.items():
            said = twice.said_of(case.wanted[0], control) or {"not_applicable"}
            assert said == {verdict}, f"{control}: {case.title}"
    missing = {(control, verdict) for control in select for verdict in ("pass", "fail")} - {
        (control, verdict) for case in cases for control, verdict in case.verdicts.items()
    }
    assert not missing, "each control is shown to pass and to fail"
    return twice
