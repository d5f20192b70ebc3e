"""Markdown for a comment on a pull request: short enough for one, whatever was found."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from ledgergate.finding import Finding, Status
from ledgergate.report.closing import closing_line
from ledgergate.report.printable import printable, shortened
from ledgergate.report.summary import WAIVED, Report, StackReport, by_control, is_new, merged, outcome, short_name

LONGEST: Final = 60_000
"""Characters of a report at most; a comment on GitHub holds 65,536."""

_LONGEST_VALUE: Final = 160
_EACH: Final = 5
"""Resources that are named for each control; the others are counted."""

_COLUMNS: Final = (
    ("failed", Status.FAIL.value),
    ("undecided", Status.UNKNOWN.value),
    ("deferred", Status.DEFERRED.value),
    ("waived", WAIVED),
)


def rendered(report: Report) -> str:
    """Return a report as Markdown, at most `LONGEST` characters; what is left out is counted."""
    head = [f"### Ledgergate: {_text(closing_line(report)[0])}", "", *_table(report)]
    blocks = [*_mistakes(report), *_blocking(report, Status.FAIL), *_blocking(report, Status.UNKNOWN), *_rest(report)]
    size = sum(map(len, head)) + len(head)
    kept: list[str] = []
    for block in blocks:
        if size + len(block) > LONGEST:
            break
        kept.append(block)
        size += len(block) + 1
    left = len(blocks) - len(kept)
    cut = [f"\n*{left} more blocks are left out here: the whole report is in the other formats.*"] if left else []
    return "\n".join([*head, *kept, *cut]) + "\n"


def _table(report: Report) -> Iterator[str]:
    yield f"| {report.unit} | resources | judgements | {' | '.join(name for name, _ in _COLUMNS)} |"
    yield "|---|" + "--:|" * (len(_COLUMNS) + 2)
    for stack in report.stacks:
        name = _code(stack.name).replace("|", "\\|")
        yield f"| {name} | {' | '.join(_cells(stack))} |"


def _cells(stack: StackReport) -> list[str]:
    if not stack.judged:
        return ["**stopped**" if stack.stopped else "**not judged**", *("–" for _ in range(len(_COLUMNS) + 1))]
    counts = [stack.counts.get(key, 0) for _, key in _COLUMNS]
    return [str(number) for number in (stack.resources, stack.judgements, *counts)]


def _mistakes(report: Report) -> Iterator[str]:
    errors = [*(stack.error for stack in report.stacks if stack.error), *report.errors]
    if errors:
        yield "\n".join(["", "#### Errors", "", *(f"- {_text(error)}" for error in errors)])


def _blocking(report: Report, status: Status) -> Iterator[str]:
    """Yield one block for each control that failed or is undecided, the gravest first."""
    for control, group in by_control(report, status):
        yield "\n".join(_control(report, control, status, merged(group)))


def _control(
    report: Report, control: str, status: Status, group: list[tuple[Finding, tuple[str, ...]]]
) -> Iterator[str]:
    first = group[0][0]
    word = "FAILED" if status is Status.FAIL else "UNDECIDED"
    rule = report.rules.get(control)
    demanded = f", PCI DSS {', '.join(first.requirements)}" if first.requirements else ""
    yield ""
    yield f"**{word} {_text(control)}** ({first.severity.value}{demanded}): {_text(rule.title if rule else first.slug)}"
    yield ""
    for finding, stacks in group[:_EACH]:
        yield f"- {_line(finding, stacks)}"
    if len(group) > _EACH:
        yield f"- and {len(group) - _EACH} more"
    if rule:
        yield ""
        yield f"Fix: {_text(rule.remediation)}"


def _line(finding: Finding, stacks: Iterable[str]) -> str:
    source = finding.source
    parts = [f"{_code(short_name(finding) or 'no resource')} in {', '.join(map(_code, stacks))}"]
    parts[0] = f"**new** {parts[0]}" if is_new(finding) else parts[0]
    parts += [f"at {_code(f'{source.file}:{source.line}')}"] if source else []
    parts += [_text(finding.message)] if finding.message else []
    parts += [f"found {_code(finding.found)}"] if finding.found else []
    return ": ".join((parts[0], "; ".join(parts[1:]))) if parts[1:] else parts[0]


def _rest(report: Report) -> Iterator[str]:
    waived = Counter(each.waiver for each in report if outcome(each) == WAIVED)
    deferred = Counter(each.control for each in report if outcome(each) == Status.DEFERRED.value)
    for label, counts in (("Waived by", waived), ("Left to the audit", deferred)):
        if counts:
            named = ", ".join(f"{_code(name)} × {count}" for name, count in sorted(counts.items()))
            yield f"\n{label}: {named}"


def _text(text: str) -> str:
    """Return a text in which nothing is markup, a link or a mention."""
    escaped = re.sub(r"([\\`*_{}\[\]<>()#|~!&@])", r"\\\1", printable(text))
    # A backslash does not keep GitHub from mentioning somebody; an empty comment between does.
    return escaped.replace("\\@", "@<!-- -->")


def _code(text: str) -> str:
    """Return a text as code in one line."""
    shown = shortened(printable(text), _LONGEST_VALUE)
    fence = "`" * (max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
