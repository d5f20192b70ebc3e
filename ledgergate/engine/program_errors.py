"""The words for everything that can stop a program."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ledgergate.engine.output import redact
from ledgergate.errors import LedgergateError

if TYPE_CHECKING:
    from ledgergate.engine.launcher import Run

_SHOWN_LINES: Final = 12


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
        printed = self.output.strip().splitlines()
        if printed:
            parts.append("The program printed last:")
            parts += [f"  {line}" for line in printed[-_SHOWN_LINES:]]
        return "\n".join(parts)


def explain(failure: Mapping[str, Any], run: "Run", assumed: Mapping[str, int], output: str) -> ProgramError:
    """Word a failure for the user.

    Args:
        failure: As `failures.describe` gives it.
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
    kind, said = failure["kind"], str(failure["message"])
    if kind == "step":
        urn = str(failure.get("urn", ""))
        unknown = said.startswith("unknown stack ")
        hint = "Give its outputs with --stack-output STACK:OUTPUT=VALUE, or judge that stack too." if unknown else ""
        return (f"{said} ({urn})" if urn and urn not in said else said), hint
    if kind == "import":
        module = str(failure["module"])
        package = module.partition(".")[0].replace("_", "-")
        return (
            f"the program imports `{module}`, which is not installed in {run.project.interpreter}",
            f"Install it there, e.g. `{run.project.interpreter} -m pip install {package}`, "
            "or name the program's own virtualenv in Pulumi.yaml.",
        )
    if kind == "config":
        key = str(failure["key"])
        return f"configuration `{key}` is required and not set", (
            f"Set it in Pulumi.{run.config.stack}.yaml or with `--config {key}=VALUE`."
        )
    if kind == "exit":
        code = failure["code"]
        return f"the program called exit({code if code is not None else 0}) before its end", ""
    if kind in ("refusal", "guard"):
        return said, ""
    return f"the program failed: {said}", ""
