"""The words for everything that can stop a program.

Runs in the gate's process.
"""

import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from ledgergate.engine.output import last_lines, redact
from ledgergate.errors import LedgergateError

if TYPE_CHECKING:
    from ledgergate.engine.launcher import Run

_SHOWN_LINES: Final = 12
_MESSAGE_LENGTH: Final = 500
_UNKNOWN_STACK: Final = "unknown stack "
_FINAL: Final = frozenset(
    {"config", "copy", "environment", "exit", "guard", "import", "interrupt", "offline", "output"}
)


class ProgramError(LedgergateError):
    """A program could not be judged.

    Args:
        message: What happened, one sentence.
        run: The program and stack.
        hint: What to do.
        traceback: The program's own frames.
        output: End of what it printed.
    """

    def __init__(self, message: str, run: "Run", hint: str = "", traceback: str = "", output: str = "") -> None:
        where = f"{run.project.name}/{run.config.stack}"
        super().__init__(f"{where}: {redact(message, run.secrets())}", hint)
        self.program = run.project.name
        self.stack = run.config.stack
        self.traceback = redact(traceback, run.secrets())
        self.output = output

    def __str__(self) -> str:
        parts = [super().__str__()]
        if self.traceback:
            parts.append(self.traceback.rstrip())
        printed = last_lines(self.output, _SHOWN_LINES)
        if printed:
            parts.append("The program printed last:")
            parts += [f"  {line}" for line in printed]
        return "\n".join(parts)


def worded(failure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a failure whose message is complete: what was quoted is cut to one line that fits into it.

    Args:
        failure: As `failures.describe` gives it, secrets hidden: in what is cut they could not be found any more.
    """
    rest = {key: value for key, value in failure.items() if key not in ("quoted", "places")}
    places = ", ".join(failure.get("places", ()))
    message = f"{failure['message']}{_first_line(failure.get('quoted', ''))}"
    return {**rest, "message": f"{message} ({places})" if places else message}


def _first_line(text: str) -> str:
    first = next(iter(text.strip().splitlines()), "")
    return first if len(first) <= _MESSAGE_LENGTH else f"{first[:_MESSAGE_LENGTH]}…"


def is_final(failure: Mapping[str, Any]) -> bool:
    """Tell whether a failure has nothing to do with what the program was told about its resources."""
    if failure["kind"] == "step":
        return str(failure["message"]).startswith(_UNKNOWN_STACK)
    return failure["kind"] in _FINAL


def explain(failure: Mapping[str, Any], run: "Run", assumed: Mapping[str, int], output: str) -> ProgramError:
    """Word a failure for the user.

    Args:
        failure: As `worded` gives it.
        run: The program and stack.
        assumed: Invoke token → how often its answer was made up.
        output: End of what the program printed.
    """
    message, hint = _words(failure, run)
    if failure["kind"] == "exception" and assumed:
        names = ", ".join(sorted(assumed))
        hint = f"{hint} Answers to {names} were made up; give real ones with --answers FILE.".strip()
    return ProgramError(message, run, hint, str(failure.get("traceback", "")), output)


def _words(failure: Mapping[str, Any], run: "Run") -> tuple[str, str]:
    wording = _WORDING.get(failure["kind"])
    if wording is not None:
        return wording(failure, run)
    return f"the program failed: {failure['message']}", ""


def _plain_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    return str(failure["message"]), ""


def _exit_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    said = repr(failure["message"]) if failure["message"] else failure["code"]
    return f"the program called exit({said}) before its end", ""


def _copy_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    return str(failure["message"]), "Register resources in the process that the program was started in."


def _defect_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    return f"the engine failed: {failure['message']}", "This is a defect of Ledgergate: please report it."


def _config_words(failure: Mapping[str, Any], run: "Run") -> tuple[str, str]:
    key = failure["key"]
    return f"configuration `{key}` is required and not set", (
        f"Set it in Pulumi.{run.config.stack}.yaml or with `--config {key}=VALUE`."
    )


def _environment_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    key = str(failure["key"])
    where = "hidden from the program" if key in os.environ else "not set"
    return f"the program needs the environment variable {key}, which is {where}", f"Name it with `--env {key}`."


def _offline_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    hint = "It runs apart from this machine's network; give what it would fetch with --answers or --config."
    return f"the program failed: {failure['message']}", hint


def _output_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    stack, output = failure["stack"], failure["output"]
    has = f"it has {', '.join(failure['outputs'])}" if failure["outputs"] else "it has none"
    return f"stack {stack} has no output `{output}`, which is required; {has}", (
        f"Export it there, or give the outputs of that stack by hand, e.g. --stack-output {stack}:{output}=VALUE."
    )


def _step_words(failure: Mapping[str, Any], _run: "Run") -> tuple[str, str]:
    said, urn = str(failure["message"]), str(failure["urn"])
    unknown = said.startswith(_UNKNOWN_STACK)
    hint = "Give its outputs with --stack-output STACK:OUTPUT=VALUE, or judge that stack too." if unknown else ""
    return (f"{said} ({urn})" if urn and urn not in said else said), hint


def _import_words(failure: Mapping[str, Any], run: "Run") -> tuple[str, str]:
    module, interpreter = str(failure["module"]), run.project.interpreter
    top = module.partition(".")[0]
    if failure["installed"]:
        return f"the program imports `{module}`, which `{top}` does not have", (
            f"Look at the spelling, and at the version of what is installed in {interpreter}."
        )
    hint = _import_hint(top, run)
    if "PYTHONPATH" in os.environ and "PYTHONPATH" not in run.environment:
        hint += " PYTHONPATH is hidden from the program; `--env PYTHONPATH` passes it on."
    return f"the program imports `{module}`, which is not installed in {interpreter}", hint


def _import_hint(top: str, run: "Run") -> str:
    """Say what to do about a module; which package holds it is said only where that is sure."""
    own = {path.stem for path in run.project.entry_folder.iterdir() if path.is_dir() or path.suffix == ".py"}
    near = get_close_matches(top, own, 1)
    if near:
        return f"Did you mean `{near[0]}`, which lies in {run.project.entry_folder}?"
    package = top.replace("_", "-") if top.startswith("pulumi_") else _PACKAGES.get(top)
    if package is None:
        return (
            "Install the package that holds it there, or name the program's own virtualenv in Pulumi.yaml; if it is a "
            f"module of your own, it does not lie in {run.project.entry_folder}."
        )
    return (
        f"Install it there, e.g. `{run.project.interpreter} -m pip install {package}`, "
        "or name the program's own virtualenv in Pulumi.yaml."
    )


_PACKAGES: Final[Mapping[str, str]] = {
    **{name: name for name in ("boto3", "botocore", "cryptography", "jinja2", "netaddr", "pydantic", "requests")},
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jwt": "PyJWT",
    "OpenSSL": "pyOpenSSL",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
"""Module → package that holds it, for those that programs use often."""


_WORDING: Final[Mapping[str, Callable[[Mapping[str, Any], "Run"], tuple[str, str]]]] = {
    "config": _config_words,
    "copy": _copy_words,
    "defect": _defect_words,
    "environment": _environment_words,
    "exit": _exit_words,
    "guard": _plain_words,
    "import": _import_words,
    "offline": _offline_words,
    "output": _output_words,
    "refusal": _plain_words,
    "step": _step_words,
}
