"""Takes a drill back: the fault first, then every act that took effect, the last one first."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Generic

from runbooks.clock import Clock
from runbooks.effects import Effect, EffectReader
from runbooks.errors import JournalError, StepError
from runbooks.events import UndoFailed, Undoing, Undone
from runbooks.journal import Record
from runbooks.model import Aim, Scene, Step, Target, Undo

_SHOWN: Final = 300
_UNKNOWN: Final = "this version knows no such step: run the version that began the drill, or look by hand"


def shown(error: Exception) -> str:
    """Return an error in one line; of one that no step raised on purpose, its class too."""
    text = error.message if isinstance(error, StepError) else f"{type(error).__name__}: {error}"
    return " ".join(text.split())[:_SHOWN]


def shown_by(step: Step[Target], called_at: float, now: float) -> float:
    """Return when a call of a step has shown its effect, if it has one.

    A clock that was set back must not make anybody wait for longer than a call takes to show.
    """
    return min(called_at, now) + step.settle_s


class TakingBack(Generic[Target]):
    """Brings back the state before each step.

    Args:
        steps: The steps of the drill, in order.
        scene: Returns what the functions of a step are given.
        journal: Where the drill stands.
        clock: Time of the drill.
        tell: Told what is being done.
        poll_s: Seconds between two looks at the world.
    """

    def __init__(
        self,
        steps: Sequence[Step[Target]],
        scene: Callable[[], Scene[Target]],
        journal: Record,
        clock: Clock,
        tell: Callable[[str], None],
        poll_s: float,
    ) -> None:
        self._steps = steps
        self._scene = scene
        self._journal = journal
        self._clock = clock
        self._tell = tell
        self._poll_s = poll_s
        self._effects = EffectReader(clock, poll_s)

    def all(self) -> tuple[str, ...]:
        """Take back what took effect, and return the steps for which that failed.

        What stands in the journal and is no step here is never passed over: nobody here can take it back.
        """
        begun = [step for step in reversed(self._steps) if step.name in self._journal.progress.intents]
        # While the fault lasts, what it broke cannot be put back to work.
        in_order = sorted(begun, key=lambda step: not step.is_fault)
        left = [step.name for step in in_order if step.undo is not None and not self._one(step, step.undo)]
        return (*left, *self._strangers())

    def _strangers(self) -> Iterator[str]:
        for name in self._journal.progress.intents.keys() - {step.name for step in self._steps}:
            self._journal.append(UndoFailed(at=self._clock.now(), step=name, reason=_UNKNOWN))
            yield name

    def _one(self, step: Step[Target], undo: Undo[Target]) -> bool:
        if step.name in self._journal.progress.undone:
            return True
        self._tell(f"undo {step.name}")
        try:
            note = self._restore(step, undo)
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - the other steps have to be taken back all the same
            self._journal.append(UndoFailed(at=self._clock.now(), step=step.name, reason=shown(error)))
            return False
        self._journal.append(Undone(at=self._clock.now(), step=step.name, note=note))
        return True

    def _restore(self, step: Step[Target], undo: Undo[Target]) -> str:
        intent = self._journal.progress.intents[step.name]
        aim = Aim(intent.before, intent.wanted)
        earlier = self._called_back_at(step)
        if earlier is None:
            if self._first_look(step, aim, intent.at) is Effect.ABSENT:
                return "there was nothing to take back"
        elif self._is_back(step, aim, earlier, self._clock.now() + step.deadline_s):
            return "it was taken back already"
        self._call_until_back(step, undo, aim, self._clock.now() + step.deadline_s)
        return ""

    def _called_back_at(self, step: Step[Target]) -> float | None:
        """Return when something was last called that takes the step back: its undo, or a later step in its place."""
        progress = self._journal.progress
        restoring = [progress.intents[each.name].at for each in self._steps if self._restores(each, step)]
        undone = [progress.undoing[step.name]] if step.name in progress.undoing else []
        return max((*restoring, *undone), default=None)

    def _restores(self, later: Step[Target], step: Step[Target]) -> bool:
        return step.name in later.restores and later.name in self._journal.progress.intents

    def _call_until_back(self, step: Step[Target], undo: Undo[Target], aim: Aim, deadline: float) -> None:
        """Call the undo until it is accepted, then wait for its effect."""
        reason = ""
        while self._clock.now() < deadline:
            reason = self._attempt(step, undo, aim) or "the state before did not come back"
            if step.name in self._journal.progress.undoing and self._is_back(step, aim, self._clock.now(), deadline):
                return
            self._clock.wait(self._poll_s)
        raise StepError(f"not taken back within {step.deadline_s:g} s: {reason}")

    def _attempt(self, step: Step[Target], undo: Undo[Target], aim: Aim) -> str:
        """Call the undo if nothing is in its way, and return what kept it from being carried out."""
        try:
            obstacle = undo.obstacle(self._scene(), aim)
            if obstacle:
                return obstacle
            # Once for each call: a later process has to give the last one time to show.
            self._journal.append(Undoing(at=self._clock.now(), step=step.name))
            undo.run(self._scene(), aim)
        except JournalError:
            raise
        except Exception as error:  # noqa: BLE001 - an undo is tried until its deadline, whatever it fell over
            return shown(error)
        return ""

    def _is_back(self, step: Step[Target], aim: Aim, called_at: float, deadline: float) -> bool:
        """Tell whether the state before is there, giving an undo that was called time to show."""
        back = Aim(before=aim.wanted, wanted=aim.before)
        return self._effect(step, back, called_at, deadline) is Effect.PRESENT

    def _first_look(self, step: Step[Target], aim: Aim, called_at: float) -> Effect:
        """Return whether there is something to take back; that something changed is enough to begin."""
        deadline = self._clock.now() + step.deadline_s
        return self._effect(step, aim, called_at, deadline, frozenset({Effect.UNSETTLED}))

    def _effect(
        self,
        step: Step[Target],
        aim: Aim,
        called_at: float,
        deadline: float,
        is_enough: frozenset[Effect] = frozenset(),
    ) -> Effect:
        return self._effects.settled(
            lambda: step.observe(self._scene()),
            aim,
            not_before=shown_by(step, called_at, self._clock.now()),
            deadline=deadline,
            is_enough=is_enough,
        )
