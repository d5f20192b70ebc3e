"""The report for people: one table, then everything that needs somebody's attention."""

import io
import textwrap
from collections.abc import Iterable, Sequence
from typing import IO, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledgergate.finding import Finding, Severity, Status
from ledgergate.report.aside import deferred_lines, note_lines, waived_lines
from ledgergate.report.closing import closing_line
from ledgergate.report.printable import printable, shortened
from ledgergate.report.summary import WAIVED, Report, StackReport, by_control, is_new, merged, short_name

_SEVERITY_STYLE: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "dim",
}
_COLUMNS: Final = (
    "re-\nsources",
    "judge-\nments",
    "\nfailed",
    "un-\ndecided",
    "de-\nferred",
    "\nwaived",
    "as-\nsumed",
)


_WIDTH_OF_NUMBERS: Final = sum(max(map(len, name.split("\n"))) for name in _COLUMNS) + len(_COLUMNS) + 2


def rendered(report: Report, stream: IO[str], *, brief: bool = False) -> str:
    """Return a report as text.

    Args:
        report: What was found.
        stream: Where it will go: it decides about width and colour. Nothing is written.
        brief: Whether to leave out what neither blocks nor concludes: table, waived, deferred, notes, and what is less
            grave than what decides.
    """
    reader = Console(file=stream)
    written = io.TextIOWrapper(io.BytesIO(), encoding=reader.encoding, newline="", write_through=True)
    console = Console(
        file=written,
        width=reader.width,
        color_system=reader.color_system,  # type: ignore[arg-type]  # what one console says another takes
        force_terminal=reader.is_terminal,
        no_color=reader.no_color,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )
    _write(report, console, brief=brief)
    written.seek(0)
    return written.read()


def _write(report: Report, console: Console, *, brief: bool) -> None:
    writer = _Writer(console)
    if not brief and any(stack.judged for stack in report.stacks):
        console.print(_table(report, console.width), soft_wrap=False)
        console.print()
    for status, word, style in ((Status.FAIL, "FAILED", "bold red"), (Status.UNKNOWN, "UNDECIDED", "bold yellow")):
        for _, findings in by_control(report, status):
            if not brief or report.decides(findings[0]):
                writer.control(word, style, findings, report)
    if not brief:
        writer.listed("waived", waived_lines(report))
        writer.listed("deferred", deferred_lines(report))
        writer.listed("note", note_lines(report))
    text, style = closing_line(report)
    writer.line(text, style=style)
    writer.show()


def _table(report: Report, width: int) -> Table:
    stacks = report.stacks
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=0, header_style="bold")
    table.add_column(f"\n{report.unit}", overflow="fold")
    for name in _COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("\nlevel", no_wrap=True)
    table.add_column("\ntime", justify="right", no_wrap=True)
    rows = [_cells(stack) for stack in stacks]
    taken = _WIDTH_OF_NUMBERS + max((len(row[-2]) + len(row[-1]) for row in rows), default=0)
    fits = all(len(stack.name) <= width - taken for stack in stacks)
    for stack, cells in zip(stacks, rows, strict=True):
        name = stack.name if fits else f"{stack.program}/\n{stack.stack}"
        table.add_row(Text("\n".join(map(printable, name.split("\n")))), *cells)
    return table


def _cells(stack: StackReport) -> list[Text]:
    if not stack.judged:
        word = Text("stopped" if stack.stopped else "error", style="bold red")
        return [*(Text("-", style="dim") for _ in _COLUMNS), word, Text("-", style="dim")]
    counts = stack.counts
    return [
        _number(stack.resources),
        _number(stack.judgements),
        _number(counts.get(Status.FAIL.value, 0), "bold red"),
        _number(counts.get(Status.UNKNOWN.value, 0), "bold yellow"),
        _number(counts.get(Status.DEFERRED.value, 0)),
        _number(counts.get(WAIVED, 0), "cyan"),
        _number(sum(stack.assumed.values())),
        Text(stack.level),
        Text(f"{stack.seconds:.1f} s"),
    ]


def _number(count: int, style: str = "") -> Text:
    return Text(str(count), style=style if count else "dim")


class _Writer:
    """Writes blocks of text, wrapped to the width there is; what a reader may want to copy stays in one piece.

    Nothing shows before `show`: a console takes long over each of many prints, and not over one.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = max(console.width, 40)
        self._lines: list[Text] = []

    def show(self) -> None:
        """Print what was written."""
        self._console.print(Text("\n").join(self._lines))

    def line(self, text: str, indent: str = "", label: str = "", style: str = "") -> None:
        """Write one paragraph behind a label; lines after the first are indented below it."""
        head = indent + label
        wrapped = textwrap.wrap(
            printable(text),
            width=self._width,
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, part in enumerate(wrapped):
            shown = Text(part, style=style)
            if number == 0 and label:
                shown.stylize("dim", len(indent), len(head))
            self._lines.append(shown)

    def listed(self, label: str, texts: Iterable[str]) -> None:
        """Write one line for each text, and a blank one behind the last."""
        texts = list(texts)
        for text in texts:
            self.line(text, label=f"{label}: ")
        if texts:
            self._lines.append(Text())

    def control(self, word: str, style: str, findings: list[Finding], report: Report) -> None:
        """Write what one control found, the same complaint once."""
        first = findings[0]
        self._lines.append(Text.assemble((word, style), "  ", (first.control, "bold"), f" {first.slug}"))
        about = Text(f"  {first.severity.value}", style=_SEVERITY_STYLE[first.severity])
        if first.requirements:
            about.append(f", PCI DSS {', '.join(first.requirements)}", style="default")
        self._lines.append(about)
        rule = report.rules.get(first.control)
        if rule:
            self.line(rule.remediation, "  ", "fix: ")
        alike: dict[tuple[str, str, str], list[tuple[Finding, tuple[str, ...]]]] = {}
        for finding, stacks in merged(findings):
            alike.setdefault((finding.message, finding.found, finding.wanted), []).append((finding, stacks))
        for (message, found, wanted), group in alike.items():
            self._lines.append(Text())
            self._complaint(message, found, wanted)
            for finding, stacks in group:
                self._place(finding, stacks if len(report.stacks) > 1 else ())
        self._lines.append(Text())

    def _complaint(self, message: str, found: str, wanted: str) -> None:
        if message:
            self.line(message, "  ")
        for label, value in (("found:  ", found), ("wanted: ", wanted)):
            if value:
                self.line(shortened(value), "  ", label)

    def _place(self, finding: Finding, stacks: Sequence[str]) -> None:
        name = short_name(finding)
        subject = f"{name} ({finding.type})" if name else "no resource"
        subject = f"NEW {subject}" if is_new(finding) else subject
        self.line(", ".join((subject, *stacks)), "  - ", style="bold")
        if finding.source:
            self.line(f"{finding.source.file}:{finding.source.line}", "    ", "at:   ")
            if finding.source.caller_file:
                self.line(f"{finding.source.caller_file}:{finding.source.caller_line}", "    ", "from: ")
