"""Two people approve the hash of a plan, each with an Ed25519 key of their own."""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ledgergate.evidence.approvals import NEEDED, VALID_S, Keys, approver_keys, is_timely, signed_content, signer
from ledgergate.evidence.keys import key_id, load_private_key
from runbooks.errors import DrillError
from runbooks.events import Opened


class ApprovalError(DrillError):
    """A plan is not approved."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature under a plan.

    Args:
        plan: Hash of the plan.
        at: When it was signed, seconds since 1970.
        key: Short name of the key.
        signature: Signature over the purpose, the hash and the time, hex.
    """

    plan: str
    at: float
    key: str
    signature: str


def approve(plan: str, key_file: Path, at: float | None = None) -> Approval:
    """Sign the hash of a plan.

    Args:
        plan: The hash, 64 hex digits.
        key_file: Private key of the approver.
        at: When; None = now.

    Raises:
        LedgergateError: The hash is none, or the key cannot be read.
    """
    if len(plan) != 64 or not all(digit in "0123456789abcdef" for digit in plan):  # noqa: PLR2004 - digits of SHA-256
        raise ApprovalError(f"{plan!r} is no hash of a plan", "`plan` prints it: 64 hex digits.")
    key = load_private_key(key_file)
    at = round(time.time() if at is None else at, 3)
    return Approval(plan, at, key_id(key.public_key()), key.sign(signed_content(plan, at)).hex())


def write_approval(approval: Approval, path: Path) -> None:
    """Write an approval as JSON."""
    path.write_text(json.dumps(asdict(approval), indent=2) + "\n", encoding="utf-8")


def read_approval(path: Path) -> Approval:
    """Read an approval.

    Raises:
        ApprovalError: The file cannot be read or holds none.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ApprovalError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise ApprovalError(f"{path} holds no approval") from None
    return approval_from_json(data, str(path))


def approval_from_json(data: Any, source: str) -> Approval:
    """Return the approval of JSON data.

    Raises:
        ApprovalError: It is none.
    """
    try:
        approval = Approval(str(data["plan"]), float(data["at"]), str(data["key"]), str(data["signature"]))
        bytes.fromhex(approval.signature)
    except (ValueError, KeyError, TypeError):
        raise ApprovalError(f"{source} holds no approval") from None
    return approval


def demand_approvals(
    plan: str, approvals: Mapping[str, Approval], approvers: Path, now: float
) -> tuple[Mapping[str, Any], ...]:
    """Return who approved a plan, for the journal, each with the signature.

    Args:
        plan: Hash of the plan.
        approvals: Where each was found, for messages, and what it says.
        approvers: Folder with the public keys, `<name>.pub`, of those who may approve.
        now: The time, seconds since 1970.

    Raises:
        LedgergateError: Fewer than two different people approved it.
    """
    keys = _keys_in(approvers)
    found: dict[str, Mapping[str, Any]] = {}
    for source, approval in approvals.items():
        _demand_valid(approval, plan, source, now)
        name = signer(plan, approval.at, approval.signature, keys)
        if not name:
            raise ApprovalError(f"{source} was signed by nobody in {approvers}, or was changed")
        # By the key, not by the name: one key under two names is still one person.
        key = key_id(keys[name])
        found[key] = {"approver": name, "key": key, "at": approval.at, "signature": approval.signature}
    if len(found) < NEEDED:
        hint = f"Two people run: python -m runbooks approve {plan} --key KEY --output FILE"
        raise ApprovalError(f"{len(found)} of {NEEDED} people have approved the plan", hint)
    return tuple(found.values())


def approvers_of(program: str) -> Path:
    """Return the folder of those who may approve drills on a program's accounts; it is kept with the program."""
    return Path(program, "approvers")


def _keys_in(approvers: Path) -> Keys:
    keys = approver_keys([approvers]) if any(approvers.glob("*.pub")) else {}
    if len(keys) < NEEDED:
        hint = (
            "It holds the public keys, <name>.pub, of those who may approve a drill, and is reviewed like the program."
        )
        raise ApprovalError(f"{approvers} names fewer than {NEEDED} people who could approve a drill", hint)
    return keys


def demand_still_approved(opened: Opened, program: str, now: float) -> None:
    """Refuse to go on with a drill on an account, or to take it back, unless its plan was approved.

    Args:
        opened: How its journal begins.
        program: Folder of the program, as whoever runs this named it: a journal does not choose its own approvers.
        now: When the approvals must hold, seconds since 1970: the time to go on with a drill; that of its beginning to
            take it back, which is never too late.

    Raises:
        LedgergateError: Fewer than two different people approved the plan that the journal holds.
    """
    held = {}
    for number, each in enumerate(opened.approvals, start=1):
        source = f"approval {number} in the journal"
        held[source] = approval_from_json({**each, "plan": opened.plan_hash}, source)
    demand_approvals(opened.plan_hash, held, approvers_of(program), now)


def _demand_valid(approval: Approval, plan: str, source: str, now: float) -> None:
    if approval.plan != plan:
        raise ApprovalError(f"{source} approves another plan: {approval.plan[:12]}…, not {plan[:12]}…")
    if not is_timely(approval.at, now):
        raise ApprovalError(f"{source} has expired: an approval holds for {VALID_S / 86400:g} days")
