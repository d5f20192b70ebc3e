"""How one setting of a resource is judged, wherever it is declared."""

from collections.abc import Callable
from typing import Any, Final

from ledgergate.finding import Stage, Status
from policies.model import PASS, Verdict, deferred, undecided

Fault = Callable[[Any], Verdict | None]
"""Judges one declaration: what is wrong with it, or None."""

_GRAVITY: Final = (Status.FAIL, Status.UNKNOWN, Status.DEFERRED, Status.PASS, Status.NOT_APPLICABLE)


def settled(setting: Any, what: str, fault: Fault, absent: Verdict) -> Verdict:
    """Return the verdict on one setting of a resource.

    What is declared for it overwrites each other, so all of it has to be right. What is declared for a resource
    that nobody knows yet must not change the verdict. A companion that is looked up is left to the audit where nothing
    is declared.

    Args:
        setting: A fact with `certain`, `possible` and `looked_up`.
        what: What the companion is called, `access block`.
        fault: Judges one declaration.
        absent: The verdict where nothing is declared.
    """
    said = _of_the_certain(setting, what, fault, absent)
    if said.status is Status.FAIL and setting.certain:
        return said
    for each in setting.possible:
        if (fault(each) or PASS).status is not said.status:
            return undecided(f"whose another {what} is, is not known; it may be its own")
    return said


def _of_the_certain(setting: Any, what: str, fault: Fault, absent: Verdict) -> Verdict:
    if setting.certain:
        return gravest(*(fault(each) or PASS for each in setting.certain))
    if setting.looked_up:
        return deferred(Stage.RUN, f"its {what} is looked up, not created here")
    return absent


def gravest(*verdicts: Verdict) -> Verdict:
    """Return the verdict that stands in the way most: the first failure, else what is undecided, else deferred."""
    return min(verdicts, key=lambda verdict: _GRAVITY.index(verdict.status))
