"""`python -m runbooks.evidence`: the whole story against the sandbox, from the gate to a report of sealed evidence.

Each step is the command that a user would type, in a process of its own, and is shown before it is run.
"""

import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

_HELP: Final = """
Judge a program, audit it in a sandbox, probe it, rehearse a drill on it, and
seal all that as one bundle of evidence, verified and with a report.

Every run has a folder of its own under reports/evidence and follows on the
bundle before it. The key is made for that folder; use one of yours to hand
evidence to somebody.

\b
Examples:
  python -m runbooks.evidence
      infra/payments, signed with a key of this folder
  python -m runbooks.evidence --key audit.pem --previous 2026-10.jsonl
      signed with your key, following on a bundle of yours

\b
Exit codes: those of the steps, the first of 2, 1, 3, 0 that applies; what
failed or is undecided is sealed as well, a mistake is not.
"""

FOLDER: Final = Path("reports", "evidence")
BUNDLE: Final = "bundle.jsonl"
REPORT: Final = "report.html"

_PASSED, _FAILED, _MISTAKE, _UNDECIDED, _INTERRUPTED = 0, 1, 2, 3, 130
_WEIGHT: Final = (_INTERRUPTED, _MISTAKE, _FAILED, _UNDECIDED, _PASSED)
_SEALED: Final = (_PASSED, _FAILED, _UNDECIDED)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the story.

    Args:
        arguments: Module and arguments.
        codes: Exit codes with which it has come to its end.
    """

    arguments: tuple[str, ...]
    codes: tuple[int, ...] = _SEALED


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Where the story plays.

    Args:
        program: Folder of the Pulumi program.
        drill: Name of the drill.
        folder: Takes everything that is written.
        key: Private key to sign with.
        previous: The bundle to follow on; None for a first one.
    """

    program: Path
    drill: str
    folder: Path
    key: Path
    previous: Path | None

    def steps(self) -> Iterator[Step]:
        """Yield what is run, in order."""
        folder, program = self.folder, str(self.program)
        gate, audit, probes, journal = (
            str(folder / name) for name in ("gate.jsonl", "audit", "probes.jsonl", "drill.jsonl")
        )
        if not self.key.exists():
            yield Step(("ledgergate.evidence", "keygen", str(self.key)), (_PASSED,))
        yield Step(("policies.gate", program, "--format", "json", "--output", gate))
        yield Step(("integration.audit", program, "--evidence", audit))
        suite = Path("integration", "probes")
        options = ("--probe-program", program, "--probe-results", probes)
        yield Step(("pytest", "-c", str(suite / "pytest.ini"), str(suite), *options), (_PASSED, _FAILED))
        yield Step(("runbooks", "run", self.drill, "--program", program, "--journal", journal))
        inputs = ("--findings", gate, "--audit", audit, "--probes", probes, "--drill", journal)
        yield from self._sealing(inputs)

    def _sealing(self, inputs: Sequence[str]) -> Iterator[Step]:
        bundle, report = str(self.folder / BUNDLE), str(self.folder / REPORT)
        before = ("--previous", str(self.previous)) if self.previous else ()
        public = ("--key", f"{self.key}.pub", *before)
        evidence = "ledgergate.evidence"
        codes = (_PASSED, _UNDECIDED)
        yield Step((evidence, "seal", bundle, "--key", str(self.key), *before, *inputs), codes)
        yield Step((evidence, "verify", bundle, *public), codes)
        yield Step((evidence, "report", bundle, *public, "--output", report), codes)


def told(story: Story) -> int:
    """Run a story to its end and return the exit code; a step that did not come to its end stops it."""
    codes = [_PASSED]
    for step in story.steps():
        print("$ python -m " + shlex.join(step.arguments), flush=True)  # noqa: T201 - what a user could type
        code = subprocess.run([sys.executable, "-m", *step.arguments], check=False).returncode
        print(flush=True)  # noqa: T201 - between two steps
        if code not in step.codes:
            print(f"error: this step ended with {code}: nothing more was done", file=sys.stderr)  # noqa: T201 - where errors belong
            return code if code == _INTERRUPTED else _MISTAKE
        codes.append(code)
    print(f"bundle  {story.folder / BUNDLE}\nreport  {story.folder / REPORT}")  # noqa: T201 - what this was for
    return min(codes, key=_WEIGHT.index)


def last_bundle(folder: Path) -> Path | None:
    """Return the bundle of the last run that was sealed."""
    return max(folder.glob(f"*/{BUNDLE}"), default=None)


app: Final = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(help=_HELP)
def main(
    *,
    program: Annotated[Path, typer.Option(metavar="DIR", help="The Pulumi program.")] = Path("infra", "payments"),
    drill: Annotated[str, typer.Option(metavar="NAME", help="The drill.")] = "aurora-writer-zone-loss",
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Your private key.")] = None,
    previous: Annotated[Path | None, typer.Option(metavar="BUNDLE", help="The bundle to follow on.")] = None,
) -> None:
    """Run the story in a folder named after the time, and leave with its exit code."""
    folder = FOLDER / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    story = Story(
        program=program,
        drill=drill,
        folder=folder,
        key=key or FOLDER / "sandbox.pem",
        # What was signed with a key of yours is in a place of yours.
        previous=previous if key or previous else last_bundle(FOLDER),
    )
    raise typer.Exit(told(story))


if __name__ == "__main__":
    app()
