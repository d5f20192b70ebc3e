"""Shows how a drill goes forward, what stops it, and how it is measured."""

from pathlib import Path

import pytest

from runbooks.errors import NotYetError
from runbooks.guardrails import AbortFile, Watch
from runbooks.model import Measurement, Outcome, Scene
from tests.runbooks.pretend import BROKEN, FORWARD, Stage, System, drill, measure_well, stage, switch


def test_a_drill_goes_through_its_steps_in_order(tmp_path: Path) -> None:
    """Every act is called once, in order, and the outcome is done."""
    made = stage(tmp_path)
    closed = made.start()
    assert made.system.calls == FORWARD
    assert (closed.outcome, closed.reason, closed.left) == (Outcome.DONE, "", ())


def test_a_failed_step_takes_the_drill_back_fault_first(tmp_path: Path) -> None:
    """What took effect is taken back, the fault before everything else."""
    made = stage(tmp_path, broken=True)
    closed = made.start()
    assert made.system.calls == BROKEN
    assert (closed.outcome, closed.reason, closed.left) == (Outcome.FAILED, "check: it is broken", ())


def test_a_call_that_failed_and_took_effect_is_not_repeated(tmp_path: Path) -> None:
    """A call that times out after it was carried out counts as carried out."""
    made = stage(tmp_path)
    made.system.lies = {"move": 1}
    assert made.start().outcome is Outcome.DONE
    assert made.system.calls == FORWARD


def test_a_call_that_failed_ends_the_drill(tmp_path: Path) -> None:
    """A refused call fails the drill, and only what took effect before is taken back."""
    made = stage(tmp_path)
    made.system.fails = {"move": 1}
    closed = made.start()
    assert closed.outcome is Outcome.FAILED
    assert "move: ConnectionError: refused" in closed.reason
    assert made.system.calls == [("fault", "on"), ("fault", "off")]


def test_an_act_without_effect_fails_the_drill(tmp_path: Path) -> None:
    """A call that is accepted and does nothing is no success."""
    made = stage(tmp_path)
    made.system.stuck = frozenset({"move"})
    closed = made.start()
    assert closed.outcome is Outcome.FAILED
    assert "move: not within 60 s: move does not show it yet" in closed.reason


def test_an_abort_file_stops_the_drill_and_takes_it_back(tmp_path: Path) -> None:
    """A guardrail that trips while the drill waits aborts it."""
    made = stage(tmp_path)
    abort = tmp_path / "abort"
    made.watch = Watch((AbortFile(abort),))
    made.clock.on_tick.append(lambda _: abort.touch() if ("move", "on") in made.system.calls else None)
    closed = made.start()
    assert (closed.outcome, closed.left) == (Outcome.ABORTED, ())
    assert made.system.calls == BROKEN


def test_somebody_who_stops_the_drill_interrupts_it(tmp_path: Path) -> None:
    """A request to stop is an outcome of its own, and the undos run."""
    made = stage(tmp_path)
    made.clock.on_tick.append(lambda _: made.watch.stop.set())
    closed = made.start()
    assert closed.outcome is Outcome.INTERRUPTED
    assert made.system.settle() == {}


def test_nothing_is_done_where_nothing_is_to_do(tmp_path: Path) -> None:
    """A step whose state is there already acts on nothing and is never taken back."""
    made = Stage(tmp_path, drill(switch("move", wanted="off"), switch("traffic")))
    assert made.start().outcome is Outcome.DONE
    assert made.system.calls == [("traffic", "on")]


@pytest.mark.parametrize(
    ("rto_s", "rpo_s", "fail_back_s", "reason"),
    [
        (61.0, 0.0, 1.0, "RTO 61.0 s is above 60 s (rehearsal)"),
        (1.0, 2.0, 1.0, "RPO 2.0 s is above 1 s (rehearsal)"),
        (1.0, 0.0, 61.0, "fail-back took service away for 61.0 s, above 60 s (rehearsal)"),
        (None, 0.0, 1.0, "RTO not measured (rehearsal)"),
        (1.0, None, 1.0, "RPO not measured (rehearsal)"),
        (1.0, 0.0, None, "fail-back not measured (rehearsal)"),
    ],
)
def test_a_target_that_is_missed_fails_the_drill(
    tmp_path: Path, rto_s: float | None, rpo_s: float | None, fail_back_s: float | None, reason: str
) -> None:
    """RTO, RPO and the way back above their targets, or not measured, are no success; a rehearsal says it is one."""
    measured = Measurement(rto_s=rto_s, rpo_s=rpo_s, lost=0, resolution_s=1.0, fail_back_s=fail_back_s)
    closed = Stage(tmp_path, drill(switch("traffic"), measure=lambda _: measured)).start()
    assert (closed.outcome, closed.reason) == (Outcome.FAILED, reason)


def test_a_measurement_that_raises_is_a_missed_one(tmp_path: Path) -> None:
    """A probe that cannot be read never counts as a met target."""

    def measure(_scene: Scene[System]) -> Measurement:
        raise OSError("no samples")

    closed = Stage(tmp_path, drill(switch("traffic"), measure=measure)).start()
    assert closed.outcome is Outcome.FAILED
    assert "no samples" in closed.reason


def test_a_service_that_was_just_moved_is_given_time_to_be_measured(tmp_path: Path) -> None:
    """What is not ready is asked again for a while, and what never is, is not measured."""
    made = Stage(tmp_path, drill())
    asked: list[float] = []

    def measure(scene: Scene[System]) -> Measurement:
        asked.append(made.clock.now())
        if asked[-1] - asked[0] < 30:
            raise NotYetError("not answered")
        return measure_well(scene)

    made.drill = drill(switch("traffic"), measure=measure)
    assert made.start().outcome is Outcome.DONE
