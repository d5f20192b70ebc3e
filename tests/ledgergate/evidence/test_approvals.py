"""What the signatures under a plan prove depends on whose keys somebody names, and on nothing in the journal."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.approvals import VALID_S, Standing, approvals_of, approver_keys
from tests.ledgergate.evidence import inputs

KEYS: Final = {name: inputs.PEOPLE[name].public_key() for name in ("anna", "ben")}

Change = Callable[[dict[str, Any]], Mapping[str, Any]]


def test_two_people_approved() -> None:
    """Each signature is verified, and by whose key is said."""
    found = approvals_of("drill.jsonl", inputs.opened("anna", "ben"), KEYS)
    assert [(each.standing, each.note) for each in found.signatures] == [
        (Standing.VERIFIED, "by the key of anna"),
        (Standing.VERIFIED, "by the key of ben"),
    ]
    assert (found.standing, found.note) == (Standing.VERIFIED, "")


def test_without_a_key_nobody_can_tell() -> None:
    """That is not the same as verified, and not the same as bad."""
    found = approvals_of("drill.jsonl", inputs.opened("anna", "ben"), {})
    assert {found.standing, *(each.standing for each in found.signatures)} == {Standing.UNVERIFIED}


def test_a_rehearsal_needs_none() -> None:
    """Nor does it get a better standing by one."""
    assert approvals_of("drill.jsonl", inputs.opened(), KEYS).standing is Standing.NOT_NEEDED


def signature(opened: Mapping[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    """Return how a journal begins with one of its approvals changed."""
    approvals = [{**each, **changes} if at == number else each for at, each in enumerate(opened["approvals"])]
    return {**opened, "approvals": approvals}


@pytest.mark.parametrize("named", [KEYS, {}], ids=["named", "unnamed"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda opened: {**opened, "approvals": []}, "0 of 2 people"),
        (lambda opened: {**opened, "approvals": opened["approvals"][:1] * 2}, "1 of 2 people"),
        (lambda opened: {**opened, "wall": inputs.BEGUN + VALID_S}, "anna: it did not hold when the drill began"),
        (lambda opened: {**opened, "wall": inputs.BEGUN - 1000}, "anna: it did not hold when the drill began"),
    ],
    ids=["nobody", "one twice", "too late", "too early"],
)
def test_what_is_bad_without_a_key_too(change: Change, said: str, named: Mapping[str, Any]) -> None:
    """Too few people, or at another time: that needs no key to be seen."""
    found = approvals_of("drill.jsonl", change(inputs.opened("anna", "ben")), named)
    assert (found.standing, said in found.note) == (Standing.BAD, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda opened: {**opened, "plan_hash": "ab" * 32},
        lambda opened: signature(opened, 1, signature="00" * 64),
        lambda opened: signature(opened, 1, signature="no hex"),
        lambda opened: signature(opened, 1, signature=""),
        lambda opened: signature(opened, 1, at=inputs.BEGUN - 101),
        lambda opened: signature(opened, 1, key=opened["approvals"][0]["key"]),
        lambda opened: signature(opened, 1, **inputs.approval("eve", opened["plan_hash"])),
        lambda opened: signature(opened, 1, **{**inputs.approval("eve", opened["plan_hash"]), "approver": "ben"}),
    ],
    ids=["other plan", "zeros", "no hex", "none", "other time", "other key", "stranger", "stranger by a known name"],
)
def test_what_is_bad_by_a_key(change: Change) -> None:
    """A signature under another plan or time, one that was changed, and one of somebody else."""
    found = approvals_of("drill.jsonl", change(inputs.opened("anna", "ben")), KEYS)
    assert (found.standing, found.signatures[1].standing) == (Standing.BAD, Standing.BAD)
    assert found.note.endswith("the signature is by no approver who was named, or was changed")


def test_one_key_under_two_names_is_one_person() -> None:
    """A second file with the same key makes nobody a second approver."""
    twice = {"anna": KEYS["anna"], "ben": KEYS["anna"]}
    found = approvals_of("drill.jsonl", inputs.opened("anna", "anna"), twice)
    assert (found.standing, found.note) == (Standing.BAD, "1 of 2 people have approved the plan")


def test_keys_are_named_by_file_or_folder(tmp_path: Path) -> None:
    """A folder stands for every public key in it; none twice, and never for nobody."""
    folder = inputs.approvers_folder(tmp_path / "approvers", "anna", "ben")
    assert list(approver_keys([folder])) == list(approver_keys([folder / "anna.pub", folder / "ben.pub"]))
    with pytest.raises(EvidenceError, match="an approver anna was named already"):
        approver_keys([folder, folder / "anna.pub"])
    with pytest.raises(EvidenceError, match="holds no public key of an approver"):
        approver_keys([inputs.approvers_folder(tmp_path / "nobody")])
