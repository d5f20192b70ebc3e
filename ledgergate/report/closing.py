"""The one line that says how a run ended."""

from typing import Final

from ledgergate.finding import BLOCKING, Status
from ledgergate.report.summary import OUTCOMES, ExitCode, Report

_WORDS: Final = {
    ExitCode.PASSED: ("PASSED", "bold green"),
    ExitCode.FAILED: ("FAILED", "bold red"),
    ExitCode.ERROR: ("ERROR", "bold red"),
    ExitCode.UNDECIDED: ("UNDECIDED", "bold yellow"),
    ExitCode.INTERRUPTED: ("INTERRUPTED, incomplete", "bold red"),
}
_QUIET: Final = "bold"


def closing_line(report: Report) -> tuple[str, str]:
    """Return the sentence and the rich style to show it in."""
    word, style = _WORDS[report.exit_code]
    judged = [stack for stack in report.stacks if stack.judged]
    if not judged:
        return f"{word}: nothing was judged.", style
    judgements = sum(stack.judgements for stack in judged)
    if not judgements and report.exit_code is ExitCode.PASSED:
        return f"NOTHING TO JUDGE: no control speaks about anything in {_plural(len(judged), report.unit)}.", _QUIET
    left = report.counts.get(Status.DEFERRED.value, 0)
    if left and report.exit_code is ExitCode.PASSED:
        word = f"{word}, {left} left to the audit"
    counts = ", ".join(f"{report.counts[key]} {name}" for key, name in OUTCOMES.items() if report.counts.get(key))
    text = f"{word}: {_plural(judgements, 'judgement')} in {_plural(len(judged), report.unit)}"
    text += f": {counts}." if counts else "."
    below = {
        OUTCOMES[key]: report.counts[key] - report.deciding.get(key, 0) for key in BLOCKING if report.counts.get(key)
    }
    if any(below.values()):
        listed = ", ".join(f"{count} {name}" for name, count in below.items() if count)
        text += f" Of these {listed} below --fail-on {report.fail_on.value}."
    missing = len(report.stacks) - len(judged)
    if missing:
        text += f" Not judged: {_plural(missing, report.unit)}."
    return text, style


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
