"""Shows that a plan is approved by two different people, both of them trusted, and lately."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from ledgergate.evidence.keys import generate_key
from runbooks.approvals import VALID_S, ApprovalError, approve, demand_approvals, write_approval

PLAN: Final = "ab" * 32
NOW: Final = 1_800_000_000.0


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Return a folder with the keys of two approvers, and a third person's outside of it."""
    (tmp_path / "approvers").mkdir()
    for name in ("anna", "ben", "eve"):
        generate_key(tmp_path / name)
    for name in ("anna", "ben"):
        (tmp_path / "approvers" / f"{name}.pub").write_bytes((tmp_path / f"{name}.pub").read_bytes())
    return tmp_path


def signed(folder: Path, name: str, *, plan: str = PLAN, at: float = NOW) -> Path:
    """Return the file of an approval."""
    path = folder / f"{name}.approval"
    write_approval(approve(plan, folder / name, at), path)
    return path


def test_two_people_approve_a_plan(people: Path) -> None:
    """Both names are returned, for the journal."""
    files = [signed(people, "anna"), signed(people, "ben")]
    found = demand_approvals(PLAN, files, people / "approvers", NOW)
    assert [each["approver"] for each in found] == ["anna", "ben"]


def test_one_person_is_not_enough_even_with_two_names(people: Path) -> None:
    """Two approvals by one key, or one key under two names, count once."""
    (people / "approvers" / "anna-too.pub").write_bytes((people / "anna.pub").read_bytes())
    first = signed(people, "anna")
    second = people / "again.approval"
    write_approval(approve(PLAN, people / "anna", NOW + 1), second)
    with pytest.raises(ApprovalError, match="1 of 2 people have approved"):
        demand_approvals(PLAN, [first, second, first], people / "approvers", NOW)


def test_a_stranger_does_not_count(people: Path) -> None:
    """A signature by a key outside the folder is refused."""
    with pytest.raises(ApprovalError, match="signed by nobody in"):
        demand_approvals(PLAN, [signed(people, "anna"), signed(people, "eve")], people / "approvers", NOW)


def test_an_approval_of_another_plan_does_not_count(people: Path) -> None:
    """What was approved is what runs; a hash that is written over is a signature that is wrong."""
    other = signed(people, "anna", plan="cd" * 32)
    with pytest.raises(ApprovalError, match="approves another plan"):
        demand_approvals(PLAN, [other], people / "approvers", NOW)
    write_approval(replace(approve("cd" * 32, people / "anna", NOW), plan=PLAN), other)
    with pytest.raises(ApprovalError, match="signed by nobody in"):
        demand_approvals(PLAN, [other], people / "approvers", NOW)


@pytest.mark.parametrize("at", [NOW - VALID_S - 1, NOW + 3600])
def test_an_approval_holds_for_a_while(people: Path, at: float) -> None:
    """One that is old, or from the future, is refused."""
    with pytest.raises(ApprovalError, match="has expired"):
        demand_approvals(PLAN, [signed(people, "anna", at=at)], people / "approvers", NOW)


@pytest.mark.parametrize("content", ["", "{}", '{"plan": 1}', "[]", '{"plan":"a","at":1,"key":"k","signature":"zz"}'])
def test_what_is_no_approval_is_one_sentence(people: Path, content: str) -> None:
    """A file that holds something else is a user's mistake."""
    path = people / "x.approval"
    path.write_text(content)
    with pytest.raises(ApprovalError, match="holds no approval"):
        demand_approvals(PLAN, [path], people / "approvers", NOW)


def test_without_approvers_nobody_approves() -> None:
    """A drill on an account needs to know whom to trust."""
    with pytest.raises(ApprovalError, match="needs approvals"):
        demand_approvals(PLAN, [], None, NOW)


def test_only_a_hash_is_approved(people: Path) -> None:
    """A mistyped hash is refused before it is signed."""
    with pytest.raises(ApprovalError, match="no hash of a plan"):
        approve("ab12", people / "anna")
