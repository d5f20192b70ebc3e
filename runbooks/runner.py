"""Runs the steps of a drill forward. All it knows of the past comes from the journal, so it can begin anywhere."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Final, Generic

from ledgergate.evidence.measuring import missed_targets
from runbooks.clock import Clock
from runbooks.effects import Effect, EffectReader
from runbooks.errors import JournalError, NotYetError, StepError, UnrecordedError
from runbooks.events import Acted, Closed, Intent, Measured, Noted, Passed, Stopping
from runbooks.guardrails import GuardrailError, Watch
from runbooks.journal import Journal, Record, Unwritten
from runbooks.model import Aim, Drill, Measurement, Mode, Outcome, Scene, State, Step, Target
from runbooks.plan import REHEARSAL
from runbooks.taking_back import TakingBack, shown, shown_by

POLL_S: Final = 1.0
MEASURE_PATIENCE_S: Final = 60.0

Tell = Callable[[str], None]


def tell_nobody(_text: str) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Generic[Target]):
    """What a runner works with.

    Args:
        drill: What to run.
        mode: How.
        target: On what.
        journal: Where it stands; begun with `Opened`.
        clock: Time of the drill.
        watch: What may stop it.
        tell: Told in a few words what is being done.
        poll_s: Seconds of the drill between two looks at the world.
    """

    drill: Drill[Target]
    mode: Mode
    target: Target
    journal: Journal
    clock: Clock
    watch: Watch = field(default_factory=Watch)
    tell: Tell = tell_nobody
    poll_s: float = POLL_S

    @property
    def scene(self) -> Scene[Target]:
        """What the functions of a step are given now."""
        return Scene(self.target, self.mode, self.journal.progress.past)

    @property
    def steps(self) -> tuple[Step[Target], ...]:
        """The steps of the mode."""
        return self.drill.steps_in(self.mode)


class Runner(Generic[Target]):
    """Brings a drill to its end: forward while all is well, back when it is not.

    Args:
        run: What to work with.
    """

    def __init__(self, run: Run[Target]) -> None:
        self._run = run
        self._journal = run.journal
        self._clock = run.clock
        self._effects = EffectReader(run.clock, run.poll_s)

    def go(self) -> Closed:
        """Go on from where the journal stands to the end, and return it.

        Raises:
            JournalError: The journal cannot be written, and no act was begun.
            UnrecordedError: It cannot be written any more; what was in effect was taken back without it.
        """
        return self._recorded(self._forward)

    def _recorded(self, prepare: Callable[[], None]) -> Closed:
        try:
            prepare()
            return self._end()
        except JournalError as error:
            if not any(intent.wanted for intent in self._journal.progress.intents.values()):
                raise
            raise self._taken_back_unrecorded(error) from None

    def _taken_back_unrecorded(self, error: JournalError) -> UnrecordedError:
        """Take back what is in effect, as far as that goes: what is observed decides, not what is written."""
        record = Unwritten(self._journal.progress)
        begun = ", ".join(name for name, intent in record.progress.intents.items() if intent.wanted)
        left = self._taking_back(record).all()
        ended = f"NOT TAKEN BACK: {', '.join(left)}" if left else "they were taken back without it"
        hint = "Make room, then `undo` this journal: it looks again at each of them, and writes down what it finds."
        return UnrecordedError(f"{error.message}, after these steps had acted: {begun}; {ended}", hint)

    def take_back(self, reason: str) -> Closed:
        """Take back every act that took effect, whatever state the drill is in, and return its end.

        Args:
            reason: Why, for the journal.

        Raises:
            UnrecordedError: The journal cannot be written any more; what was in effect was taken back without it.
        """
        return self._recorded(lambda: self._decide_to_stop(reason))

    def _decide_to_stop(self, reason: str) -> None:
        progress = self._journal.progress
        before = progress.closed or progress.stopping
        outcome = before.outcome if before else Outcome.INTERRUPTED
        why = before.reason if before and before.reason else reason
        if before is None or progress.closed is not None:
            self._journal.append(Noted(at=self._clock.now(), text=f"undo: {reason}"))
            self._journal.append(Stopping(at=self._clock.now(), outcome=outcome, reason=why))

    def _forward(self) -> None:
        """Perform the steps that are not through; the first that cannot be performed stops the drill."""
        if self._journal.progress.stopping is not None:
            return None
        for step in self._run.steps:
            if step.name in self._journal.progress.passed:
                continue
            try:
                self._perform(step)
            except JournalError:
                raise
            except GuardrailError as tripped:
                return self._stop(tripped.outcome, tripped.message, step.name)
            except Exception as error:  # noqa: BLE001 - whatever a step fell over, what was done must be taken back
                return self._stop(Outcome.FAILED, f"{step.name}: {shown(error)}", step.name)
        return self._judge_measurement()

    def _perform(self, step: Step[Target]) -> None:
        self._run.watch.demand_quiet()
        self._run.tell(step.name)
        deadline = self._clock.now() + step.deadline_s
        intent = self._journal.progress.intents.get(step.name)
        if intent is not None:
            aim = Aim(intent.before, intent.wanted)
            self._go_on(step, aim, intent.at, deadline)
        else:
            aim = self._begin(step, deadline)
        aim = self._run.scene.past.get(step.name, aim)
        self._poll(step, lambda: step.verify(self._run.scene, aim), deadline)
        already = step.act is not None and step.name not in self._journal.progress.acted
        self._journal.append(Passed(at=self._clock.now(), step=step.name, note="it was so already" if already else ""))

    def _begin(self, step: Step[Target], deadline: float) -> Aim:
        """Act for the first time, unless there is nothing to do."""
        aim = self._aim(step, deadline)
        if step.promises:
            aim = Aim(aim.before)
            self._write_intent(step, aim)
        elif step.act is not None and aim.wanted != aim.before:
            self._run.watch.demand_quiet()
            self._act(step, aim, deadline)
        return aim

    def _go_on(self, step: Step[Target], aim: Aim, since: float, deadline: float) -> None:
        """Act again only if what was begun by an earlier process did not take effect."""
        if step.act is None or step.name in self._journal.progress.acted:
            return
        if self._clock.now() - since >= step.lasts_s:
            raise StepError(
                f"it was begun more than {step.lasts_s:g} s ago and has ended by itself: it is not repeated"
            )
        effect = self._settled(step, aim, since, deadline)
        if effect is Effect.PRESENT:
            note = "found in effect when the drill was resumed"
            self._journal.append(Acted(at=self._clock.now(), step=step.name, note=note))
        elif effect is Effect.ABSENT:
            self._act(step, aim, deadline)
        else:
            raise StepError("nobody can tell whether the act took effect before the drill was resumed")

    def _act(self, step: Step[Target], aim: Aim, deadline: float) -> None:
        """Write the intent, and act."""
        assert step.act is not None  # noqa: S101 - callers act only on steps that do
        note = ""
        # Before a second try too: a later process has to give the last call time to show.
        self._write_intent(step, aim)
        try:
            step.act(self._run.scene, aim)
        except Exception as error:
            if self._settled(step, aim, self._clock.now(), deadline) is not Effect.PRESENT:
                raise
            note = f"it took effect, although the call failed: {shown(error)}"
        self._journal.append(Acted(at=self._clock.now(), step=step.name, note=note))

    def _write_intent(self, step: Step[Target], aim: Aim) -> None:
        intent = Intent(
            at=self._clock.now(), step=step.name, before=aim.before, wanted=aim.wanted, undo=step.taken_back_by
        )
        self._journal.append(intent)

    def _settled(self, step: Step[Target], aim: Aim, called_at: float, deadline: float) -> Effect:
        return self._effects.settled(
            lambda: step.observe(self._run.scene),
            aim,
            not_before=shown_by(step, called_at, self._clock.now()),
            deadline=deadline,
        )

    def _aim(self, step: Step[Target], deadline: float) -> Aim:
        found: list[Aim] = []

        def ready() -> str:
            before: State = step.observe(self._run.scene)
            found.append(Aim(before, step.precheck(self._run.scene, before)))
            return ""

        self._poll(step, ready, deadline)
        return found[-1]

    def _poll(self, step: Step[Target], waiting_for: Callable[[], str], deadline: float) -> None:
        """Wait until nothing is waited for any more; guardrails are asked all the while.

        Raises:
            StepError: The deadline has passed.
            GuardrailError: A guardrail tripped.
        """
        while True:
            try:
                reason = waiting_for()
            except NotYetError as error:
                reason = error.message
            if self._clock.now() > deadline:
                raise StepError(f"not within {step.deadline_s:g} s: {reason or 'it took longer'}")
            if not reason:
                return
            self._run.watch.demand_quiet()
            self._clock.wait(self._run.poll_s)

    def _judge_measurement(self) -> None:
        measured = self._measure()
        drill = self._run.drill
        targets = {"rto_s": drill.rto_target_s, "rpo_s": drill.rpo_target_s}
        missed = missed_targets(asdict(measured), targets)
        if missed:
            opened = self._journal.progress.opened
            self._stop(Outcome.FAILED, f"{missed} ({REHEARSAL})" if opened and opened.rehearsal else missed)

    def _measure(self) -> Measurement:
        try:
            measured = self._measured_patiently()
        except Exception as error:  # noqa: BLE001 - what could not be measured counts as missed, never as met
            note = f"not measured: {shown(error)}"
            measured = Measurement(rto_s=None, rpo_s=None, lost=0, resolution_s=0.0, note=note)
        self._journal.append(Measured(at=self._clock.now(), **asdict(measured)))
        return measured

    def _measured_patiently(self) -> Measurement:
        """Measure, giving a service that has just been moved time to answer."""
        deadline = self._clock.now() + MEASURE_PATIENCE_S
        while True:
            try:
                return self._run.drill.measure(self._run.scene)
            except NotYetError:
                if self._clock.now() >= deadline:
                    raise
            self._clock.wait(self._run.poll_s)

    def _stop(self, outcome: Outcome, reason: str, step: str = "") -> None:
        self._journal.append(Stopping(at=self._clock.now(), outcome=outcome, reason=reason, step=step))

    def _end(self) -> Closed:
        stopping = self._journal.progress.stopping
        left: tuple[str, ...] = ()
        if stopping is not None:
            left = self._taking_back(self._journal).all()
            if self._journal.progress.measured is None:
                self._measure()
        closed = Closed(
            at=self._clock.now(),
            outcome=stopping.outcome if stopping else Outcome.DONE,
            reason=stopping.reason if stopping else "",
            left=left,
        )
        self._journal.append(closed)
        return closed

    def _taking_back(self, record: Record) -> TakingBack[Target]:
        run = self._run

        def scene() -> Scene[Target]:
            return Scene(run.target, run.mode, record.progress.past)

        return TakingBack(run.steps, scene, record, run.clock, run.tell, run.poll_s)
