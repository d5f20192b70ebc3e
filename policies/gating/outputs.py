"""Which report goes where: `--format` and `--output`."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.errors import LedgergateError
from ledgergate.report.forms import FORMS
from policies.suggestion import did_you_mean

_NAMED: Final = re.compile(r"([a-z]+):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Output:
    """One report to write.

    Args:
        form: Name of its format.
        path: File that takes it; None for standard output.
    """

    form: str
    path: Path | None = None


def outputs_of(form: str, texts: Sequence[str]) -> tuple[Output, ...]:
    """Return the reports to write, that on standard output first; there is none where a file takes its place.

    Args:
        form: Value of `--format`: the format on standard output, or in the file that `--output PATH` names.
        texts: Values of `--output`: `PATH`, or `FORMAT:PATH` for one more report.

    Raises:
        LedgergateError: A format is unknown, or two reports would go into one file.
    """
    _demand_known(f"--format {form}", form)
    files = [_output(text, form) for text in texts]
    targets = [os.path.realpath(each.path or "") for each in files]
    twice = next((str(each.path) for each, target in zip(files, targets, strict=True) if targets.count(target) > 1), "")
    if twice:
        raise LedgergateError(f"--output {twice}: two reports would go into one file", "Give each a file of its own.")
    replaced = any(_NAMED.match(text) is None for text in texts)
    return (*(() if replaced else (Output(form),)), *files)


def _output(text: str, form: str) -> Output:
    named = _NAMED.match(text)
    if named is None:
        return Output(form, _path(text, text))
    _demand_known(f"--output {text}", named[1], f" A file of that name is ./{text}.")
    return Output(named[1], _path(text, named[2]))


def _path(text: str, path: str) -> Path:
    if not path.strip():
        hint = "For example --output sarif:ledgergate.sarif."
        raise LedgergateError(f"--output {text}: it is empty and names no file", hint)
    return Path(path)


def _demand_known(where: str, form: str, besides: str = "") -> None:
    if form not in FORMS:
        raise LedgergateError(f"{where}: {form} is no format", did_you_mean(form, FORMS) + besides)
