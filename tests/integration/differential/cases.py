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


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two verdicts are known to differ.

    Args:
        reason: Why.
        control: Control id.
        wanted: A program that shows it; the first resource is the one that is judged.
        designed: Verdict at design time.
        deployed: Verdict on what was deployed.
    """

    reason: str
    control: str
    wanted: tuple[Wanted, ...]
    designed: str
    deployed: str


def check_differences(
    folder: Path,
    known: Sequence[Difference],
    controls: Iterable[str],
    *,
    shared: Iterable[Wanted] = (),
    settings: Settings | None = None,
) -> None:
    """Deploy what shows the differences in one program, and demand that they are there and no others.

    Args:
        folder: Where the program is laid out.
        known: The differences.
        controls: Controls that are applied to all their resources.
        shared: Resources that several of them refer to; they come first.
        settings: The profile.
    """
    distinct = {wanted.name: wanted for each in known for wanted in each.wanted}
    with in_sandbox(folder, [*shared, *distinct.values()], tuple(controls), settings) as both:
        twice = both.twice()
    found = {
        (control, twice.urns[arn].rpartition("::")[2]): verdicts
        for (control, arn), verdicts in twice.differences().items()
    }
    assert found == {(each.control, each.wanted[0].name): (each.designed, each.deployed) for each in known}
