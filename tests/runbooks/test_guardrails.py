"""Shows that guardrails stop a drill whenever they cannot say that all is well."""

from pathlib import Path
from typing import Any

import pytest

from runbooks.guardrails import AbortFile, Alarms, GuardrailError, SafetyProbe, Watch
from runbooks.model import Outcome


class Cloud:
    """Answers with alarms, or fails."""

    def __init__(self, *alarms: tuple[str, str], composite: tuple[str, str] | None = None, fails: bool = False) -> None:
        self.alarms, self.composite, self.fails = alarms, composite, fails

    def describe_alarms(self, *, AlarmNames: Any) -> Any:  # noqa: N803 - as AWS names it
        """Return the alarms."""
        if self.fails:
            raise ConnectionError("throttled")
        both = [*self.alarms, *([self.composite] if self.composite else [])]
        answer = [{"AlarmName": name, "StateValue": state} for name, state in both]
        return {"MetricAlarms": answer[: len(self.alarms)], "CompositeAlarms": answer[len(self.alarms) :]}


@pytest.mark.parametrize(
    ("cloud", "trouble"),
    [
        (Cloud(("errors", "OK"), composite=("all", "OK")), ""),
        (Cloud(("errors", "ALARM"), ("all", "OK")), "alarm errors is ALARM"),
        (Cloud(("errors", "OK"), ("all", "INSUFFICIENT_DATA")), "alarm all is INSUFFICIENT_DATA"),
        (Cloud(("errors", "OK")), "alarm all is missing"),
        (Cloud(fails=True), "alarms could not be read: ConnectionError"),
    ],
)
def test_only_alarms_that_are_ok_let_a_drill_go_on(cloud: Cloud, trouble: str) -> None:
    """An alarm that fires, lacks data, does not exist or cannot be read stops the drill."""
    assert Alarms(cloud, ("errors", "all")).trouble() == trouble


def test_a_safety_probe_that_cannot_tell_stops_the_drill() -> None:
    """An error of the probe counts as trouble."""

    def broken() -> bool:
        raise TimeoutError

    assert SafetyProbe("readers answer", lambda: True).trouble() == ""
    assert SafetyProbe("readers answer", lambda: False).trouble() == "safety probe: readers answer does not hold"
    assert "could not be asked: TimeoutError" in SafetyProbe("readers answer", broken).trouble()


def test_a_guardrail_aborts_and_a_person_interrupts(tmp_path: Path) -> None:
    """Both stop a drill, each with its own outcome; the person comes first."""
    abort = tmp_path / "abort"
    watch = Watch((AbortFile(abort),))
    watch.demand_quiet()
    abort.touch()
    with pytest.raises(GuardrailError, match="abort is there") as aborted:
        watch.demand_quiet()
    watch.stop.set()
    with pytest.raises(GuardrailError, match="somebody stopped it") as interrupted:
        watch.demand_quiet()
    assert (aborted.value.outcome, interrupted.value.outcome) == (Outcome.ABORTED, Outcome.INTERRUPTED)
