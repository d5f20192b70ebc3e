"""What `python -m integration.sandbox` does: deploys, tells, stays."""

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from integration.sandbox.baseline import lay_baseline
from integration.sandbox.errors import SandboxError
from integration.sandbox.report import Action, OnStep, Report, silent
from integration.sandbox.sandbox import Sandbox
from ledgergate.engine.project import Project, StackConfig, load_project, load_stack
from ledgergate.errors import LedgergateError
from ledgergate.report.complaint import complain
from policies.gating.place import Place, read_place

_OK, _ERROR, _INTERRUPTED = 0, 2, 130

_UNLESS: Final = (Action.CREATED, Action.UPDATED, Action.REPLACED, Action.UNCHANGED, Action.DELETED)


def run_sandbox(
    program: Path, stack: str, overrides: tuple[str, ...], *, port: int | None, baseline: bool = True
) -> int:
    """Deploy a program and, with a port, stay until somebody interrupts.

    Args:
        program: Folder of the project.
        stack: Stack name.
        overrides: `KEY=VALUE` texts.
        port: TCP port, 0 for a free one; None to deploy in this process and end.
        baseline: Whether the account has what a landing zone gives it.

    Returns:
        The exit code.
    """
    try:
        project = load_project(program)
        config = load_stack(project, stack, overrides)
        place = read_place(project.folder, stack)
        with _opened(place, port) as sandbox:
            given = lay_baseline(sandbox, (place.region, *place.others)) if baseline else ()
            _deploy(sandbox, project, config, given)
            if port is not None:
                _stay(sandbox)
    except LedgergateError as error:
        complain(str(error))
        return _ERROR
    except KeyboardInterrupt:
        return _INTERRUPTED
    return _OK


def _opened(place: Place, port: int | None) -> contextlib.AbstractContextManager[Sandbox]:
    if port is None:
        return Sandbox.in_process(place.account, place.region)
    return Sandbox.server(place.account, place.region, port)


def _deploy(sandbox: Sandbox, project: Project, config: StackConfig, given: Sequence[str]) -> None:
    with _progress() as on_step:
        deployed = sandbox.deploy(project, config, on_step=on_step)
    where = f"account {sandbox.account}, {sandbox.region}"
    _say(f"{project.name}/{config.stack} is in the sandbox: {where}")
    if given:
        _say(f"  there before it: {', '.join(given)}")
    for line in report_lines(deployed.report):
        _say(f"  {line}")


def report_lines(report: Report) -> Iterator[str]:
    """Yield what a reader must know of a deployment, a line each."""
    counts = Counter(report.actions.values())
    done = ", ".join(f"{counts[action]} {action}" for action in _UNLESS if counts[action])
    yield f"{done or 'nothing to do'} in {report.seconds:.1f} s, {len(report.calls)} calls"
    yield from _listed("not deployed", (f"{_short(urn)}: {reason}" for urn, reason in report.not_deployed.items()))
    yield from _listed(
        "not applied, so nothing is known of it",
        (f"{_short(urn)}: {', '.join(names)}" for urn, names in report.not_applied.items()),
    )
    yield from _listed("answers made up", (f"{token}: {count}" for token, count in report.assumed.items()))


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"{title} ({len(found)}):"
        yield from (f"  {line}" for line in found)


def _short(urn: str) -> str:
    path, _, name = urn.rpartition("::")
    return f"{path.rpartition('::')[2].rpartition('$')[2]} {name}"


def _stay(sandbox: Sandbox) -> None:
    _say("\nPoint the AWS CLI, boto3 or any SDK at it:")
    for name, value in sandbox.environment().items():
        _say(f"  export {name}={value}")
    try:
        _say("\nCtrl-C ends it, and everything in it.")
        sandbox.wait()
    except KeyboardInterrupt:
        return
    raise SandboxError("the sandbox ended by itself")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what a command line is for


@contextlib.contextmanager
def _progress() -> Iterator[OnStep]:
    """Show what is being done: on a terminal only, on standard error, and nothing that stays."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console

    with Console(stderr=True, highlight=False, markup=False).status("starting moto") as status:
        yield _counting(status.update)


def _counting(update: Callable[[str], None]) -> OnStep:
    done = Counter[Action]()

    def step(action: Action, urn: str) -> None:
        done[action] += 1
        update(f"deploying: {done.total()} resources through, last {_short(urn)}")

    return step
