"""What nobody has looked at although the program ran to its end: undecided, so that it cannot pass as judged."""

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from ledgergate.engine.launcher import Evaluation
from ledgergate.finding import Finding, Severity, Source, Status
from ledgergate.graph import Kind

_UNHINDERED: Final = ("LG-RUN-02", "program-run-unhindered")
_LOOKED_AT: Final = ("LG-RUN-03", "program-functions-looked-at")

_NOT_RUN: Final = (
    "the function {}, given to `apply`, was not run, because its input is known only after deployment; it may register "
    "resources, which nobody has looked at: create them outside of it"
)
_BLIND: Final = (
    "{} was run on a value that is known only after deployment, and so as it will not be; it may register other "
    "resources then, which nobody has looked at: decide on what is known"
)

NAMES: Final = frozenset((*_UNHINDERED, *_LOOKED_AT))
"""Ids and slugs that a waiver may name beside those of the catalogue."""


def unseen(evaluation: Evaluation, observed_at: str, root: Path) -> Iterator[Finding]:
    """Yield one undecided finding for each thing that a real deployment would do and nobody has looked at.

    Args:
        evaluation: What the program registered.
        observed_at: RFC 3339 time in UTC.
        root: Folder to which paths in the program are made relative.
    """
    for text in evaluation.refused:
        message = f"{text}; it went on without, and may register something else in a real deployment"
        yield _finding(evaluation, _UNHINDERED, message, observed_at, text)
    for function in evaluation.not_run:
        file = _relative(function.file, root)
        yield _finding(
            evaluation,
            _LOOKED_AT,
            (_BLIND if function.blind else _NOT_RUN).format(function.name),
            observed_at,
            f"{file}\x1f{function.name}\x1f{function.number}",
            Source(file, function.line) if file else None,
        )


def _finding(
    evaluation: Evaluation,
    control: tuple[str, str],
    message: str,
    observed_at: str,
    identity: str,
    source: Source | None = None,
) -> Finding:
    stack = next((resource for resource in evaluation.graph if resource.kind is Kind.STACK), None)
    return Finding(
        control=control[0],
        slug=control[1],
        status=Status.UNKNOWN,
        severity=Severity.HIGH,
        message=message,
        resource=stack.urn if stack is not None else "",
        type=stack.type if stack is not None else "",
        program=evaluation.run.project.name,
        stack=evaluation.run.config.stack,
        source=source,
        observed_at=observed_at,
        identity=identity,
    )


def _relative(file: str, root: Path) -> str:
    path = PurePath(file)
    return str(path.relative_to(root)) if file and path.is_relative_to(root) else file
