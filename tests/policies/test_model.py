"""What the decorator makes of a function, and what it refuses."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from ledgergate.finding import Severity, Stage, Status
from policies.model import PASS, UNKNOWN, Control, Verdict, control, example, fail, require, shown


@dataclass(frozen=True, slots=True)
class Door:
    """A fact of these tests."""

    shut: bool = True


METADATA: Final[dict[str, Any]] = {
    "id": "BANK-1",
    "slug": "bank-door-shut",
    "severity": Severity.LOW,
    "requirements": ("1.4.4",),
    "families": ("pci",),
    "source": "these tests, read 2026-11-20",
    "rationale": "Thieves walk in.",
    "remediation": "Shut it.",
    "passes": [example("shut", Door())],
    "fails": [example("open", Door(shut=False))],
    "unknowns": [example("nobody looked", Door(shut=UNKNOWN))],
}


def made(**changes: Any) -> Control:
    """Return a control with some of its metadata changed."""

    @control(**(METADATA | changes))
    def shut(door: Door) -> Verdict:
        """A door is shut.

        Ajar is not
        shut.
        """
        return require(door.shut, "it is open")

    return shut


def test_docstring_gives_title_and_condition() -> None:
    """The first line is the title, the rest the condition, and the title alone is both."""
    assert (made().title, made().condition) == ("A door is shut.", "Ajar is not shut.")


def test_function_takes_the_fact_and_may_take_settings() -> None:
    """The runner calls every control in one way."""

    @control(**METADATA)
    def with_settings(door: Door, settings: Any) -> Verdict:
        """A door is as the settings want it."""
        return require(door.shut is settings, "it is not")

    assert (made().judge(Door(), None), with_settings.judge(Door(), True)) == (PASS, PASS)  # noqa: FBT003 - any settings
    assert with_settings.fact is Door


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"id": "one two"}, "the id is malformed"),
        ({"slug": "Bank_Door"}, "the slug is malformed"),
        ({"requirements": ("9.9.9",)}, "PCI DSS v4.0.1 has no requirement 9.9.9"),
        ({"families": ("doors",)}, "there is no family doors"),
        ({"families": ()}, "it belongs to no family"),
        ({"source": " "}, "source is blank"),
        ({"rationale": " "}, "rationale is blank"),
        ({"rationale": "x" * 301}, "rationale is longer than 300 characters"),
        ({"rationale": "A door is shut."}, "rationale says again what holds"),
        ({"rationale": "Ajar is not shut."}, "rationale says again what holds"),
        ({"remediation": ""}, "remediation is blank"),
        ({"passes": []}, "it has no passing example"),
        ({"fails": []}, "it has no failing example"),
        ({"unknowns": []}, "it has no unknown example"),
        ({"never_fails": "it cannot"}, "it has no failing example"),
        ({"deferrable": (Stage.RUN,), "reach": "locks"}, "an audit can defer to nobody"),
        ({"deferrable": (Stage.DESIGN,)}, "what it defers needs a sentence in `reach`"),
        ({"reach": "locks"}, "what it defers needs a sentence in `reach`"),
        (
            {"deferrable": (Stage.DESIGN,), "reach": "locks", "not_read": "nobody asks"},
            "what it defers must be read by an audit",
        ),
    ],
)
def test_incomplete_metadata_is_refused(changes: dict[str, Any], complaint: str) -> None:
    """A control that a reader could not trust is an error where it is written."""
    with pytest.raises(ValueError, match=complaint):
        made(**changes)


def test_control_without_a_title_is_refused() -> None:
    """Reports name a control by its title."""
    with pytest.raises(ValueError, match="the docstring has no title"):

        @control(**METADATA)
        def shut(door: Door) -> Verdict:
            return PASS


@pytest.mark.parametrize("annotation", [int, "Missing", None])
def test_fact_must_be_named(annotation: Any) -> None:
    """Without a frozen dataclass there is nothing to build."""

    def shut(door: Any) -> Verdict:
        """A door is shut."""
        return PASS

    shut.__annotations__["door"] = annotation
    with pytest.raises(TypeError, match="the first parameter must be annotated"):
        control(**METADATA)(shut)


def test_control_takes_no_third_parameter() -> None:
    """A control sees a fact and settings and nothing else."""

    def shut(door: Door, settings: Any, more: Any) -> Verdict:
        """A door is shut."""
        return PASS

    with pytest.raises(TypeError, match="must take"):
        control(**METADATA)(shut)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        (443, "443"),
        ("as is", "as is"),
        ((443, 80), "443, 80"),
        (frozenset({"b", "a"}), "a, b"),
        ((), "none"),
    ],
)
def test_values_are_shown_as_text(value: object, text: str) -> None:
    """A report shows what was found in words, the same in every run."""
    assert shown(value) == text


def test_verdicts_carry_what_was_found() -> None:
    """A failure says what was found and what is wanted; a pass says nothing."""
    assert fail("it is open", found=False, wanted=True) == Verdict(Status.FAIL, "it is open", "false", "true")
    assert require(True, "it is open", found="x") is PASS  # noqa: FBT003 - the condition itself
