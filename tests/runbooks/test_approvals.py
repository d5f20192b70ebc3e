"""Shows that a plan is approved by two different people, both of them trusted, and lately."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence.approvals import VALID_S
from ledgergate.evidence.keys import generate_key
from runbooks.approvals import (
    ApprovalError,
    approve,
    demand_approvals,
    demand_still_approved,
    read_approval,
    write_approval,
)
from runbooks.events import Opened, event_from_json, event_to_json

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


def demanded(files: Sequence[Path], approvers: Path) -> tuple[Mapping[str, Any], ...]:
    """Return who approved the plan by these files."""
    return demand_approvals(PLAN, {str(path): read_approval(path) for path in files}, approvers, NOW)


def test_two_people_approve_a_plan(people: Path) -> None:
    """Both are returned, for the journal, with their signatures."""
    files = [signed(people, "anna"), signed(people, "ben")]
    found = demanded(files, people / "approvers")
    assert [each["approver"] for each in found] == ["anna", "ben"]


def test_one_person_is_not_enough_even_with_two_names(people: Path) -> None:
    """Two approvals by one key, or one key under two names, count once."""
    (people / "approvers" / "anna-too.pub").write_bytes((people / "anna.pub").read_bytes())
    first = signed(people, "anna")
    second = people / "again.approval"
    write_approval(approve(PLAN, people / "anna", NOW + 1), second)
    with pytest.raises(ApprovalError, match="1 of 2 people have approved"):
        demanded([first, second, first], people / "approvers")


def test_a_stranger_does_not_count(people: Path) -> None:
    """A signature by a key outside the folder is refused."""
    with pytest.raises(ApprovalError, match="signed by nobody in"):
        demanded([signed(people, "anna"), signed(people, "eve")], people / "approvers")


def test_an_approval_of_another_plan_does_not_count(people: Path) -> None:
    """What was approved is what runs; a hash that is written over is a signature that is wrong."""
    other = signed(people, "anna", plan="cd" * 32)
    with pytest.raises(ApprovalError, match="approves another plan"):
        demanded([other], people / "approvers")
    write_approval(replace(approve("cd" * 32, people / "anna", NOW), plan=PLAN), other)
    with pytest.raises(ApprovalError, match="signed by nobody in"):
        demanded([other], people / "approvers")


@pytest.mark.parametrize("at", [NOW - VALID_S - 1, NOW + 3600])
def test_an_approval_holds_for_a_while(people: Path, at: float) -> None:
    """One that is old, or from the future, is refused."""
    with pytest.raises(ApprovalError, match="has expired"):
        demanded([signed(people, "anna", at=at)], people / "approvers")


@pytest.mark.parametrize("content", ["", "{}", '{"plan": 1}', "[]", '{"plan":"a","at":1,"key":"k","signature":"zz"}'])
def test_what_is_no_approval_is_one_sentence(people: Path, content: str) -> None:
    """A file that holds something else is a user's mistake."""
    path = people / "x.approval"
    path.write_text(content)
    with pytest.raises(ApprovalError, match="holds no approval"):
        demanded([path], people / "approvers")


def test_without_approvers_nobody_approves(people: Path) -> None:
    """A drill on an account needs to know whom to trust: a folder that is missing or names one person is refused."""
    (people / "approvers" / "ben.pub").unlink()
    for folder in (people / "nobody", people / "approvers"):
        with pytest.raises(ApprovalError, match="names fewer than 2 people who could approve a drill"):
            demanded([signed(people, "anna")], folder)


def opened_by(people: Path, *names: str) -> Opened:
    """Return how a journal begins that these people approved, as one that was read back."""
    approvals = demanded([signed(people, name) for name in names], people / "approvers")
    return Opened(at=NOW, wall=NOW, plan={}, plan_hash=PLAN, rehearsal=False, approvals=approvals)


def test_a_journal_holds_what_proves_its_approvals(people: Path) -> None:
    """Signatures and all, so that whoever goes on can verify them, even when a new drill would need new ones."""
    opened = opened_by(people, "anna", "ben")
    read_back = event_from_json(json.loads(json.dumps(event_to_json(opened))))
    assert isinstance(read_back, Opened)
    demand_still_approved(read_back, str(people), NOW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda opened: replace(opened, approvals=()), "0 of 2 people"),
        (lambda opened: replace(opened, approvals=opened.approvals[:1]), "1 of 2 people"),
        (lambda opened: replace(opened, plan_hash="cd" * 32), "approval 1 in the journal was signed by nobody"),
        (
            lambda opened: replace(
                opened, approvals=tuple({**each, "signature": "00" * 64} for each in opened.approvals)
            ),
            "signed by nobody",
        ),
        (
            lambda opened: replace(
                opened, approvals=tuple({"approver": each["approver"], "key": each["key"]} for each in opened.approvals)
            ),
            "holds no approval",
        ),
    ],
)
def test_a_journal_that_was_forged_is_not_gone_on_with(
    people: Path, change: Callable[[Opened], Opened], said: str
) -> None:
    """Names without signatures prove nothing."""
    with pytest.raises(ApprovalError, match=said):
        demand_still_approved(change(opened_by(people, "anna", "ben")), str(people), NOW)


def test_approvals_of_a_journal_hold_for_a_while(people: Path) -> None:
    """Whoever goes on needs them to hold at that time, whatever the journal says of when it was begun."""
    with pytest.raises(ApprovalError, match="has expired"):
        demand_still_approved(opened_by(people, "anna", "ben"), str(people), NOW + VALID_S + 10)


def test_only_a_hash_is_approved(people: Path) -> None:
    """A mistyped hash is refused before it is signed."""
    with pytest.raises(ApprovalError, match="no hash of a plan"):
        approve("ab12", people / "anna")
