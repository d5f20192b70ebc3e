"""Carries out one call of the command line; nothing is raised, and no mistake of a user gives a traceback."""

import contextlib
import shutil
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ledgergate.errors import LedgergateError
from ledgergate.evidence.course import Course
from ledgergate.evidence.measuring import unsampled
from ledgergate.report import ExitCode
from ledgergate.report.complaint import complain
from runbooks.approvals import (
    approve,
    approvers_of,
    demand_approvals,
    demand_still_approved,
    read_approval,
    write_approval,
)
from runbooks.catalogue import DRILLS, find_drill
from runbooks.errors import DrillError, UnrecordedError
from runbooks.events import Closed, Event, Noted, Opened, event_to_json
from runbooks.journal import CHANGED, Journal, create_journal, open_journal, read_journal
from runbooks.locks import one_runner
from runbooks.model import Outcome
from runbooks.plan import Plan, hash_of, make_plan, plan_from_json
from runbooks.progress_line import progress_line
from runbooks.report import plan_text, report_text
from runbooks.request import Request, planned
from runbooks.runner import Run, Runner
from runbooks.stage import Wishes, set_stage, strike_stage

_CODES: Final = {
    Outcome.PLANNED: ExitCode.PASSED,
    Outcome.DONE: ExitCode.PASSED,
    Outcome.FAILED: ExitCode.FAILED,
    # Nothing failed and nothing was shown.
    Outcome.ABORTED: ExitCode.UNDECIDED,
    Outcome.INTERRUPTED: ExitCode.INTERRUPTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a call is carried out; nothing of it is part of the plan.

    Args:
        journal: The journal; None for one named after drill and time.
        approvals: Files of approvals.
        quiet: Whether to show no progress.
    """

    journal: Path | None = None
    approvals: tuple[Path, ...] = ()
    quiet: bool = False


def guarded(carry_out: Callable[[], int]) -> int:
    """Return the exit code of a call, whatever happens in it."""
    try:
        return carry_out()
    except UnrecordedError as error:
        complain(str(error))
        return ExitCode.FAILED
    except LedgergateError as error:
        complain(str(error))
        return ExitCode.ERROR
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - 1 would say that a drill failed; a defect of the runner is an error of its own
        traceback.print_exc()
        complain("the runner itself failed; this is a defect of the runner")
        return ExitCode.ERROR


def show_drills() -> int:
    """Print the drills there are."""
    for drill in DRILLS.values():
        _say(f"{drill.name}\n    {drill.summary}")
    return ExitCode.PASSED


def show_plan(request: Request) -> int:
    """Print a plan and its hash."""
    _say(plan_text(planned(request), _width()))
    return ExitCode.PASSED


def sign_plan(plan: str, key: Path, output: Path) -> int:
    """Write an approval."""
    approval = approve(plan, key)
    write_approval(approval, output)
    _say(f"{output}: plan {plan} approved with key {approval.key}")
    return ExitCode.PASSED


def show_report(journal: Path) -> int:
    """Print the report of a journal, and return the code of its outcome."""
    from runbooks.progress import progress_of

    events = read_journal(journal)
    progress = progress_of(events)
    if progress.opened is not None:
        demand_course(journal, progress.opened, events)
    _say(report_text(events, _width()))
    if progress.outcome is Outcome.DONE and progress.measured and unsampled(event_to_json(progress.measured)):
        return ExitCode.UNDECIDED
    return _code_of(progress.closed) if progress.closed else _CODES[progress.outcome]


def start(request: Request, conduct: Conduct) -> int:
    """Run a drill from its beginning."""
    from runbooks.accounts import demand_allowed

    plan = planned(request)
    demand_allowed(plan.place)
    journal = conduct.journal or Path(".drills", f"{plan.drill}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl")
    if journal.exists():
        raise DrillError(f"{journal} exists already", "Go on with it by `resume`, or name another file.")
    approvals: tuple[Any, ...] = ()
    if not plan.place.rehearsal:
        found = {str(path): read_approval(path) for path in conduct.approvals}
        approvals = demand_approvals(plan.hash, found, approvers_of(plan.place.program), time.time())

    def begin(now: float) -> Journal:
        made = create_journal(journal)
        made.append(
            Opened(
                at=now, plan=plan.to_json(), plan_hash=plan.hash, rehearsal=plan.place.rehearsal, approvals=approvals
            )
        )
        return made

    return _code_of(_carry_out(plan, journal, conduct, begin, lambda runner: runner.go(), anew=True))


def resume(journal: Path, program: Path, conduct: Conduct) -> int:
    """Go on with a drill, with the guardrails that it began with."""
    opened, plan = begun(journal)
    if not plan.place.rehearsal:
        demand_own_program(journal, plan, program)
        for moment in (opened.wall, time.time()):
            demand_still_approved(opened, str(program), moment)
    current = make_plan(
        find_drill(plan.drill),
        plan.mode,
        plan.place,
        care=plan.care,
        lost_regions=plan.lost_regions,
        rehearsal=plan.rehearsal,
    )
    if current.hash != opened.plan_hash:
        hint = "Run the version that began it, or take it back with `undo`."
        raise DrillError("the drill has changed since this journal was begun", hint)
    closed = _carry_out(
        plan, journal, conduct, lambda now: _reopened(journal, now), lambda runner: runner.go(), anew=False
    )
    return _code_of(closed)


def undo(journal: Path, program: Path, conduct: Conduct) -> int:
    """Take a drill back; it is never too late to."""
    opened, plan = begun(journal)
    if not plan.place.rehearsal:
        demand_own_program(journal, plan, program)
        demand_still_approved(opened, str(program), opened.wall)

    def take_back(runner: Runner[Any]) -> Closed:
        return runner.take_back("somebody asked for it")

    closed = _carry_out(plan, journal, conduct, lambda now: _reopened(journal, now), take_back, anew=False)
    return ExitCode.FAILED if closed.left else ExitCode.PASSED


def begun(journal: Path) -> tuple[Opened, Plan]:
    """Return how a journal begins, and its plan, which everything in it follows.

    Raises:
        LedgergateError: It was never begun, its plan is not the one whose hash it names, or an event of it has no place
            in that plan.
    """
    events = read_journal(journal)
    opened = next(iter(events), None)
    if not isinstance(opened, Opened):
        raise DrillError(f"{journal} holds no drill: nothing was begun")
    plan = plan_from_json(opened.plan)
    if hash_of(opened.plan) != opened.plan_hash or opened.rehearsal is not plan.place.rehearsal:
        raise DrillError(f"{journal}: its plan is not the one whose hash it names: it was changed")
    demand_course(journal, opened, events)
    return opened, plan


def demand_course(journal: Path, opened: Opened, events: Sequence[Event]) -> None:
    """Refuse a journal with an event that has no place in its plan.

    Raises:
        DrillError: There is one, or the plan is none.
    """
    plan = plan_from_json(opened.plan)
    course = Course(plan.steps, plan.targets)
    for number, event in enumerate(events[1:], start=2):
        if strayed := course.strayed(event_to_json(event)):
            raise DrillError(f"{journal}, line {number}: {strayed}", CHANGED)


def demand_own_program(journal: Path, plan: Plan, program: Path) -> None:
    """Refuse a journal of a drill on another program than was named: it would bring its own approvers with it.

    Raises:
        DrillError: It is of another one.
    """
    if Path(plan.place.program).resolve() != program.resolve():
        hint = "Its approvers count only if you name it by --program; look first whose they are."
        raise DrillError(f"{journal} is of a drill on {plan.place.program}, not on {program}", hint)


def _carry_out(
    plan: Plan,
    journal: Path,
    conduct: Conduct,
    opened: Callable[[float], Journal],
    act: Callable[[Runner[Any]], Closed],
    *,
    anew: bool,
) -> Closed:
    stop = threading.Event()
    with one_runner(journal.parent, plan.place), progress_line(quiet=conduct.quiet) as tell:
        wishes = Wishes(stop=stop, tell=tell)
        with (
            set_stage(plan, journal, wishes, anew=anew) as stage,
            opened(stage.clock.now()) as opened_journal,
            _stopped_by_signals(stop, journal),
        ):
            run = Run(
                drill=find_drill(plan.drill),
                mode=plan.mode,
                target=stage.target,
                journal=opened_journal,
                clock=stage.clock,
                watch=stage.watch,
                tell=tell,
            )
            closed = act(Runner(run))
        if not closed.left:
            strike_stage(plan, journal)
    _say(report_text(read_journal(journal), _width()))
    _say(f"journal {journal}")
    return closed


def _reopened(journal: Path, now: float) -> Journal:
    found = open_journal(journal)
    if found.torn_bytes:
        text = f"resumed; {found.torn_bytes} bytes of a line that was being written when the process died were dropped"
    else:
        text = "resumed"
    closed = found.progress.closed
    if closed is not None and not closed.left:
        found.close()
        raise DrillError(f"{journal} has ended: {closed.outcome.value}; nothing is left to do")
    found.append(Noted(at=now, text=text))
    return found


@contextlib.contextmanager
def _stopped_by_signals(stop: threading.Event, journal: Path) -> Iterator[None]:
    """Let the first signal stop the drill in order, and a second one at once."""

    def ask(number: int, _frame: object) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            raise KeyboardInterrupt
        stop.set()
        complain(f"stopping: what was done is taken back; once more leaves that to `undo {journal}`", "note")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _code_of(closed: Closed) -> int:
    return ExitCode.FAILED if closed.left else _CODES[closed.outcome]


def _width() -> int:
    return shutil.get_terminal_size().columns


def _say(text: str) -> None:
    print(text)  # noqa: T201 - where a report belongs
