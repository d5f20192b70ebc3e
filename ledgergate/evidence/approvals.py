"""Who approved a drill, and what the signatures under its plan prove: the one place that says what is signed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledgergate.evidence.chain import canonical
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.keys import is_signed, key_id, load_public_key

NEEDED: Final = 2
"""How many people approve a drill on an account."""

VALID_S: Final = 7 * 24 * 3600.0
"""How long an approval holds; the default of AWS Systems Manager's approvals. Source: its user guide, 2026-08."""

_PURPOSE: Final = "approve the plan of a ledgergate drill"
_LATEST_START_S: Final = 300.0
"""How far ahead an approver's clock may be."""

Keys = Mapping[str, Ed25519PublicKey]
"""Name of an approver → public key."""


class Standing(StrEnum):
    """What is known of an approval."""

    VERIFIED = "verified"
    """The signature is that of an approver who was named."""
    UNVERIFIED = "not verified"
    """No approver was named, so that nobody can tell."""
    BAD = "bad"
    """It is nobody's who was named, or did not hold when the drill began; or there are too few."""
    NOT_NEEDED = "not needed"
    """A rehearsal, which nobody has to approve."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One approval of a journal, looked at.

    Args:
        approver: What the journal calls the approver.
        key: Id of the key, by what the journal says.
        at: When it was signed, seconds since 1970, by what the journal says.
        standing: What is known of it.
        note: Whose key verified it, or why it did not.
    """

    approver: str
    key: str
    at: float
    standing: Standing
    note: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """The approvals of one drill, looked at.

    Args:
        journal: Name of the journal.
        plan: Hash of its plan.
        standing: What is known of them together.
        note: Why that is not better; empty where nothing is to be said.
        signatures: Each of them.
    """

    journal: str
    plan: str
    standing: Standing
    note: str
    signatures: tuple[Signature, ...]

    def to_json(self) -> dict[str, Any]:
        """Return them as JSON data."""
        return {**asdict(self), "signatures": [asdict(each) for each in self.signatures]}


def signed_content(plan: str, at: float) -> bytes:
    """Return the bytes that an approver signs.

    Args:
        plan: Hash of the plan, 64 hex digits.
        at: When, seconds since 1970.
    """
    return canonical({"purpose": _PURPOSE, "plan": plan, "at": at})


def is_timely(at: float, now: float) -> bool:
    """Tell whether an approval of some time holds at another, both seconds since 1970."""
    return -_LATEST_START_S <= now - at <= VALID_S


def signer(plan: str, at: float, signature: str, keys: Keys) -> str:
    """Return the name of whose signature under a plan it is; empty when it is nobody's.

    Args:
        plan: Hash of the plan.
        at: When it was signed, seconds since 1970.
        signature: The signature, hex.
        keys: Those who may approve.
    """
    try:
        raw, content = bytes.fromhex(signature), signed_content(plan, at)
    except ValueError:
        return ""
    return next((name for name, key in keys.items() if is_signed(key, raw, content)), "")


def approver_keys(paths: Sequence[Path]) -> dict[str, Ed25519PublicKey]:
    """Return the public keys of approvers by name, which is that of the file without its ending.

    Args:
        paths: Files, and folders that stand for every `<name>.pub` in them.

    Raises:
        EvidenceError: One cannot be read, is no Ed25519 public key, or has the name of another; a folder holds none.
    """
    keys: dict[str, Ed25519PublicKey] = {}
    for path in paths:
        files = sorted(path.glob("*.pub")) if path.is_dir() else [path]
        if not files:
            raise EvidenceError(f"{path} holds no public key of an approver", "Each stands in a file <name>.pub.")
        for file in files:
            if file.stem in keys:
                raise EvidenceError(f"{file}: an approver {file.stem} was named already", "Name each of them once.")
            keys[file.stem] = load_public_key(file)
    return keys


def approvals_of(journal: str, opened: Mapping[str, Any], keys: Keys) -> Approvals:
    """Return what the approvals at the head of a journal prove.

    Args:
        journal: Name of the journal.
        opened: Its event `opened`, in the form that the evidence demands.
        keys: Those who may approve; empty when nobody was named.
    """
    looked_at = [_looked_at(opened, each, keys) for each in opened["approvals"]]
    signatures = tuple(signature for signature, _ in looked_at)
    people = {person for _, person in looked_at if person}
    standing, note = _together(opened, signatures, len(people), named=bool(keys))
    return Approvals(journal, opened["plan_hash"], standing, note, signatures)


def _together(
    opened: Mapping[str, Any], signatures: Sequence[Signature], people: int, *, named: bool
) -> tuple[Standing, str]:
    bad = [each for each in signatures if each.standing is Standing.BAD]
    if bad:
        return Standing.BAD, f"{bad[0].approver}: {bad[0].note}"
    if opened["rehearsal"]:
        return Standing.NOT_NEEDED, ""
    if people < NEEDED:
        return Standing.BAD, f"{people} of {NEEDED} people have approved the plan"
    return (Standing.VERIFIED, "") if named else (Standing.UNVERIFIED, "no approver was named to verify it with")


def _looked_at(opened: Mapping[str, Any], approval: Mapping[str, Any], keys: Keys) -> tuple[Signature, str]:
    """Return one approval, and an id of the person who gave it; empty when it is bad."""
    at, claimed = approval["at"], approval["key"]
    name = signer(opened["plan_hash"], at, approval["signature"], keys)
    # By the key, not by the name: one key under two names is still one person.
    person = key_id(keys[name]) if name else ""
    if not keys:
        person, standing, note = claimed, Standing.UNVERIFIED, "no approver was named"
    elif person != claimed:
        person, standing, note = "", Standing.BAD, "the signature is by no approver who was named, or was changed"
    else:
        standing, note = Standing.VERIFIED, f"by the key of {name}"
    if not is_timely(at, opened["wall"]):
        person, standing, note = "", Standing.BAD, "it did not hold when the drill began"
    return Signature(approval["approver"], claimed, at, standing, note), person
