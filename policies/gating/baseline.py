"""Turns what blocks today into waivers, so that a team with an estate starts to gate what is new.

A waiver of a baseline is like any other: it has an owner, an approver and an end, and names one control and one
resource. Nothing in a file that is there is changed; the new ones are written behind it.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.errors import LedgergateError
from ledgergate.finding import Finding, Status
from policies.suggestion import did_you_mean

_WRITE: Final = "write"
_LONGEST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Baseline:
    """Who accepts what blocks today.

    Args:
        owner: Who answers for it.
        approver: Who approved it; somebody else.
        expires: Last day on which it counts.
    """

    owner: str
    approver: str
    expires: dt.date


def baseline_of(word: str, owner: str, approver: str, expires: str, today: dt.date) -> Baseline | None:
    """Return what `--baseline write` and its options ask for; None when it was not given.

    Args:
        word: Value of `--baseline`; empty when it was not given.
        owner: Value of `--owner`.
        approver: Value of `--approver`.
        expires: Value of `--expires`, RFC 3339.
        today: Date in UTC.

    Raises:
        LedgergateError: Something is missing or cannot be: nobody's waiver without an end is none.
    """
    given = {"--owner": owner.strip(), "--approver": approver.strip(), "--expires": expires.strip()}
    if not word:
        unused = next((option for option, text in given.items() if text), "")
        if unused:
            raise LedgergateError(f"{unused} belongs to --baseline write")
        return None
    if word != _WRITE:
        raise LedgergateError(f"--baseline {word}: there is no such word", did_you_mean(word, [_WRITE]))
    missing = [option for option, text in given.items() if not text]
    if missing:
        hint = 'For example --owner "books team" --approver "books security" --expires 2027-03-31.'
        raise LedgergateError(f"--baseline write needs {', '.join(missing)}", hint)
    if given["--owner"].casefold() == given["--approver"].casefold():
        raise LedgergateError("--approver must be somebody else than --owner")
    return Baseline(given["--owner"], given["--approver"], _end(given["--expires"], today))


def _end(text: str, today: dt.date) -> dt.date:
    try:
        end = dt.date.fromisoformat(text)
    except ValueError:
        raise LedgergateError(f"--expires {text}: it is no date", "Write it like 2027-03-31.") from None
    if not today < end <= today + dt.timedelta(days=_LONGEST_DAYS):
        raise LedgergateError(f"--expires {text}: it must lie within a year from now")
    return end


def waivers_for(findings: Iterable[Finding], baseline: Baseline, today: dt.date) -> list[str]:
    """Return the text of one waiver for each control and resource that blocks, for the stacks in which it does.

    Args:
        findings: Findings of one program, the waivers that are there applied.
        baseline: Who accepts them.
        today: Date in UTC.
    """
    stacks: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        if each.blocks and _pattern(each):
            stacks.setdefault((each.control, _pattern(each)), []).append(each)
    return ["\n".join(_waiver(found, baseline, today)) for found in stacks.values()]


def _pattern(finding: Finding) -> str:
    """Return what a waiver names: the URN in any stack, or the ARN; empty when it cannot be named."""
    if not finding.resource or finding.identity not in ("", finding.resource):
        return "" if "*" in finding.arn else finding.arn
    prefix, _, rest = finding.resource.partition("::")
    return f"{prefix.rsplit(':', 1)[0]}:*::{rest}" if "*" not in rest else ""


def _waiver(found: Sequence[Finding], baseline: Baseline, today: dt.date) -> Iterator[str]:
    first = found[0]
    how = "could not be decided" if first.status is Status.UNKNOWN else "failed"
    pattern = _pattern(first)
    digest = hashlib.sha256(pattern.encode()).hexdigest()[:8]
    yield "[[waiver]]"
    yield f"id = {_text(f'baseline-{first.control}-{digest}')}"
    yield f"control = {_text(first.control)}"
    yield f"resource = {_text(pattern)}"
    yield f"reason = {_text(f'it {how} when the baseline was written on {today.isoformat()}: {first.message}')}"
    yield f"requirement = {_text(first.requirements[0] if first.requirements else first.control)}"
    yield f"owner = {_text(baseline.owner)}"
    yield f"approver = {_text(baseline.approver)}"
    yield f"expires = {baseline.expires.isoformat()}"
    yield f"stacks = [{', '.join(map(_text, sorted({each.stack for each in found})))}]"


def _text(text: str) -> str:
    """Return a TOML basic string, which JSON's is but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def append_waivers(path: Path, waivers: Sequence[str]) -> None:
    """Write waivers behind those of a file, which stays as it is or has all of them.

    Raises:
        LedgergateError: It cannot be read or written.
    """
    from ledgergate.evidence.files import growing_file

    # A link stays a link: what it points to is replaced.
    target = Path(os.path.realpath(path))
    try:
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8"
        raise LedgergateError(f"{path} cannot be read: {said}") from None
    parts = [*([before.rstrip("\n")] if before.strip() else []), *waivers]
    with growing_file(target) as file:
        file.write(("\n\n".join(parts) + "\n").encode())
        os.fchmod(file.fileno(), mode)
