"""What the user asked for, and the parts of it that need reading."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ledgergate.errors import LedgergateError
from ledgergate.finding import Severity
from policies.gating.baseline import Baseline

_JSON: Final = re.compile(r'[\[{"]|(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)\Z')
"""What is meant as JSON: by how it begins, or as a whole."""

_ACCOUNT: Final = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of the gate.

    Args:
        programs: Folders of Pulumi projects; empty for all under `infra/`.
        stacks: `stack` or `project/stack`; empty for all.
        config: `KEY=VALUE` texts.
        format: Format on standard output, or in the file that `output` names without one.
        output: `PATH` and `FORMAT:PATH` texts.
        select: Families, control ids and slugs; empty for all.
        waivers: Waiver file to use instead of each program's own.
        state: Exported stack to judge instead of running a program; None to run programs.
        answers: File with real answers to function calls.
        stack_outputs: `STACK:OUTPUT=VALUE` texts.
        environment: Names of variables that the programs may see.
        allow_writes: Whether a program may write its own folder.
        time_limit_s: Seconds for each attempt at a stack, > 0.
        jobs: Stacks that run at once, >= 1.
        since: Git ref to compare with; empty to compare with nothing.
        baseline: Who accepts what blocks today, so that waivers are written for it; None to write none.
        fail_on: Severity below which nothing decides how the run ends.
        quiet: Whether only what blocks is shown.
    """

    programs: tuple[Path, ...] = ()
    stacks: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    format: str = "text"
    output: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    waivers: Path | None = None
    state: Path | None = None
    answers: Path | None = None
    stack_outputs: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    allow_writes: bool = False
    time_limit_s: float = 300.0
    jobs: int = 1
    since: str = ""
    baseline: Baseline | None = None
    fail_on: Severity = Severity.LOW
    quiet: bool = False


def parse_stack_outputs(texts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return stack name → output name → value for `STACK:OUTPUT=VALUE` texts.

    A JSON list, object, string, number, `true`, `false` or `null` is what it is in JSON; anything else is text, and so
    are the twelve digits of an AWS account.

    Raises:
        LedgergateError: A text has another form.
    """
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        target, equals, value = text.partition("=")
        stack, colon, output = target.rpartition(":")
        if not (equals and colon and stack and output):
            raise LedgergateError(
                f"--stack-output {text}: expected STACK:OUTPUT=VALUE",
                "For example --stack-output network/prod:vpcId=vpc-0123.",
            )
        found.setdefault(stack, {})[output] = _parsed(text, value)
    return found


def _parsed(text: str, value: str) -> Any:
    if not _JSON.match(value) or _ACCOUNT.fullmatch(value):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise LedgergateError(
            f"--stack-output {text}: the value is not JSON: {error}", "Quote a text that begins so as JSON."
        ) from None


def load_answers(path: Path | None) -> tuple[Mapping[str, Any], ...]:
    """Return the answers of a YAML or JSON file: a list of `{token, args, result}`, `args` may be left out.

    Raises:
        LedgergateError: It cannot be read or has another form.
    """
    if path is None:
        return ()
    import yaml

    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LedgergateError(f"--answers {path}: neither YAML nor JSON: {_problem(error)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LedgergateError(f"--answers {path}: cannot be read: {_problem(error)}") from None
    if not isinstance(written, list):
        raise LedgergateError(f"--answers {path}: expected a list", "Each entry holds token, args and result.")
    return tuple(_answer(f"--answers {path}, entry {number}", each) for number, each in enumerate(written, start=1))


def _answer(where: str, entry: Any) -> Mapping[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("token"), str):
        raise LedgergateError(f"{where}: `token` is missing", "It is the function's, aws:ec2/getAmi:getAmi.")
    for key in ("args", "result"):
        if not isinstance(entry.get(key, {}), dict):
            raise LedgergateError(f"{where}: `{key}` must be a mapping")
    if "result" not in entry:
        raise LedgergateError(f"{where}: `result` is missing")
    unknown = set(entry) - {"token", "args", "result"}
    if unknown:
        raise LedgergateError(f"{where}: unknown key `{min(unknown)}`", "Known: token, args, result.")
    # YAML knows dates, the wire does not.
    plain: Mapping[str, Any] = json.loads(json.dumps(entry, default=str))
    return plain


def _problem(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    text = getattr(error, "problem", None) or getattr(error, "strerror", None) or "cannot be parsed"
    return f"{where}{text}"
