"""The vocabularies that controls may use."""

import pytest

from policies.frameworks import REQUIREMENTS, unknown_requirements
from policies.suggestion import did_you_mean, near_matches


def test_requirements_form_a_tree_without_gaps() -> None:
    """Numbers count up from one under each parent, so none was forgotten or mistyped."""
    missing = {
        f"{parent}.{number}"
        for parent, _, last in (each.rpartition(".") for each in REQUIREMENTS)
        for number in range(1, int(last))
    } - REQUIREMENTS

    assert missing == set()


def test_unknown_requirement_is_found() -> None:
    """Headings and numbers of other versions are no requirements."""
    assert unknown_requirements(["1.4.4", "1.4", "6.4.9", "10.2.1.7"]) == ("1.4", "6.4.9")


@pytest.mark.parametrize(("wanted", "near"), [("s3.8", ("S3.8",)), ("taging", ("tagging",)), ("zzz", ())])
def test_near_matches_ignore_case(wanted: str, near: tuple[str, ...]) -> None:
    """A name in the wrong case is the nearest of all."""
    assert near_matches(wanted, ["S3.8", "tagging", "LG-NET-02"]) == near


def test_hint_lists_everything_when_nothing_is_near() -> None:
    """A reader who guessed wildly sees what there is, and of many names a dozen and where the others are."""
    many = [f"name{number:02}" for number in range(14)]
    assert did_you_mean("zzz", ["b", "a"], "a page lists them") == "Known: a, b."
    assert did_you_mean("zzz", many[:12]).endswith(", name10, name11.")
    assert did_you_mean("zzz", many).endswith(", name11 and 2 more.")
    assert did_you_mean("zzz", many, "a page lists them").endswith(", name11 and 2 more; a page lists them.")
    assert did_you_mean("taging", ["tagging"]) == "Did you mean tagging?"
