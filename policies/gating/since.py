"""Tells what a branch brings: `--since GIT_REF` judges the programs as they were where the branch began, too.

Nothing of the repository is touched: the commit's files are laid out in a private folder, and forgotten.
"""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ledgergate.errors import LedgergateError
from ledgergate.finding import BLOCKING, Finding
from ledgergate.report import Report, StackReport

_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a branch began.

    Args:
        ref: What the user called it.
        commit: Its commit, hex: the last one that the branch shares with `ref`.
        top: Folder of the repository.
    """

    ref: str
    commit: str
    top: Path

    def __str__(self) -> str:
        return f"{self.ref} ({self.commit[:_SHORT]})"


def beginning_of(ref: str, folder: Path) -> Beginning:
    """Return where the branch that is checked out began.

    Args:
        ref: A branch, tag or commit.
        folder: A folder of the repository.

    Raises:
        LedgergateError: There is no repository, no git, or no such commit.
    """
    top = Path(_git(folder, ref, "rev-parse", "--show-toplevel"))
    commit = _git(folder, ref, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    return Beginning(ref, _git(folder, ref, "merge-base", commit, "HEAD"), top.resolve())


@contextmanager
def laid_out(beginning: Beginning) -> Iterator[Path]:
    """Lay the files of a commit out in a private folder, as long as the context lasts.

    Raises:
        LedgergateError: git fails, or the disk is full.
    """
    packed = _run(beginning.top, beginning.ref, "archive", "--format=tar", beginning.commit)
    with tempfile.TemporaryDirectory(prefix="ledgergate-since-") as folder:
        try:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(folder, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise LedgergateError(f"--since {beginning.ref}: its files cannot be laid out: {error}") from None
        yield Path(folder).resolve()


def marked(report: Report, before: Report, beginning: Beginning) -> Report:
    """Return a report in which each finding that blocks says whether the branch brings it.

    Args:
        report: What is there now.
        before: What was there; a stack that could not be judged then makes everything in it new.
        beginning: Where the branch began.
    """
    known = {finding.fingerprint for finding in before if finding.status in BLOCKING}
    stacks = tuple(
        replace(stack, findings=tuple(_marked(each, known) for each in stack.findings)) for stack in report.stacks
    )
    blocking = [each for stack in stacks for each in stack.findings if each.blocks]
    new = sum(each.evidence["new"] for each in blocking)
    notes = [f"since {beginning}: {new} of {len(blocking)} findings that block are new", *_unjudged(before, beginning)]
    return replace(report, stacks=stacks, notes=(*report.notes, *notes), since=beginning.ref)


def _marked(finding: Finding, known: set[str]) -> Finding:
    if finding.status not in BLOCKING:
        return finding
    return replace(finding, evidence={**finding.evidence, "new": finding.fingerprint not in known})


def _unjudged(before: Report, beginning: Beginning) -> Iterator[str]:
    for stack in before.stacks:
        if not stack.judged:
            name = stack.name.rstrip("/")
            yield f"{name} could not be judged as of {beginning}, so everything in it counts as new: {_why(stack)}"


def _why(stack: StackReport) -> str:
    return stack.error or "the run was interrupted"


def _git(folder: Path, ref: str, *arguments: str) -> str:
    return _run(folder, ref, *arguments).decode("utf-8", "surrogateescape").strip()


def _run(folder: Path, ref: str, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise LedgergateError(f"--since {ref}: git cannot be run: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else f"git {arguments[0]} knows no such commit"
        raise LedgergateError(
            f"--since {ref}: {reason}",
            "Name a branch, tag or commit; a shallow clone lacks them: git fetch --unshallow.",
        )
    return done.stdout
