"""Which of two faults the object lock floor tells of, as a waiver of one must not cover the other."""

from dataclasses import replace
from typing import Any

from policies.catalogue import load_catalogue
from policies.controls.s3.lock import LOCKED, SEVEN_YEARS
from policies.runner import Judge
from policies.settings import Settings
from policies.vocabulary import EnvironmentClass


def test_lock_that_is_too_short_is_told_before_its_mode() -> None:
    """With both faults the time is found; with the mode alone the mode."""
    (control,) = (each for each in load_catalogue().select() if each.id == "LG-RET-01")
    judge = Judge([control], Settings(environment_class=EnvironmentClass.PROD, audit_retention_days=365))

    def found(**changes: Any) -> str:
        return judge.verdict(control, replace(LOCKED, certain=(replace(SEVEN_YEARS, **changes),))).found

    assert found(mode="GOVERNANCE", years=None, days=1) == "1 day"
    assert found(mode="GOVERNANCE") == "mode GOVERNANCE"
