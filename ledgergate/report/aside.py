"""What does not block, in as few lines as say it: waived, deferred and noted."""

from collections.abc import Iterator, Sequence
from typing import Final

from ledgergate.finding import Finding, Status
from ledgergate.report.summary import WAIVED, Report, merged, outcome, short_name

_NAMED: Final = 8
"""Findings of one control that are named one by one; an estate with a baseline has hundreds of waivers."""


def waived_lines(report: Report) -> Iterator[str]:
    """Yield a line for each waived finding, and one for all of a control that has too many of them."""
    by_control: dict[str, list[tuple[Finding, tuple[str, ...]]]] = {}
    for finding, stacks in merged(each for each in report if outcome(each) == WAIVED):
        by_control.setdefault(finding.control, []).append((finding, stacks))
    for control, found in by_control.items():
        if len(found) <= _NAMED:
            for finding, stacks in found:
                yield f"{control} {short_name(finding)} ({', '.join(stacks)}), waiver {finding.waiver}"
            continue
        places = ", ".join(dict.fromkeys(stack for _, stacks in found for stack in stacks))
        waivers = list(dict.fromkeys(finding.waiver for finding, _ in found))
        by = f"waivers {waivers[0]} and {len(waivers) - 1} more" if len(waivers) > 1 else f"waiver {waivers[0]}"
        yield f"{control} on {len(found)} resources ({places}), {by}"


def deferred_lines(report: Report) -> Iterator[str]:
    """Yield a line for each reason to defer, with the controls and resources that have it in common."""
    places: dict[tuple[str, str], list[str]] = {}
    for finding, stacks in merged(each for each in report if outcome(each) == Status.DEFERRED.value):
        name = short_name(finding) or finding.slug
        places.setdefault((finding.message, finding.control), []).append(f"{name} ({', '.join(stacks)})")
    controls: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (message, control), names in places.items():
        controls.setdefault((message, tuple(names)), []).append(control)
    for (message, where), alike in controls.items():
        yield f"{', '.join(alike)} {_first_of(where)}: {message}"


def note_lines(report: Report) -> Iterator[str]:
    """Yield the notes on the run, and those on stacks with the stacks that have them in common."""
    yield from report.notes
    where: dict[str, list[str]] = {}
    for stack in report.stacks:
        for note in stack.notes:
            where.setdefault(note, []).append(stack.name)
    for note, names in where.items():
        yield f"{note} ({', '.join(names)})"


def _first_of(names: Sequence[str]) -> str:
    left = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {left} more" if left > 0 else "")
