"""Carries out one call of the command line; nothing is raised, and no mistake of a user gives a traceback."""

import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledgergate.errors import LedgergateError
from ledgergate.evidence.approvals import Approvals, Standing, approver_keys
from ledgergate.evidence.audits import outcome_of
from ledgergate.evidence.bundle import Bundle, write_bundle
from ledgergate.evidence.coherence import approvals_in, unreached_in, unsampled_in
from ledgergate.evidence.collection import Collection, Inputs
from ledgergate.evidence.errors import EvidenceError, VerificationError
from ledgergate.evidence.files import growing_file
from ledgergate.evidence.keys import generate_key, key_id, load_private_key, load_public_key
from ledgergate.evidence.measuring import UNSAMPLED
from ledgergate.evidence.verification import verify_bundle
from ledgergate.report import ExitCode
from ledgergate.report.complaint import complain
from ledgergate.report.printable import printable


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The bundle before, as far as somebody named it.

    Args:
        bundle: Its file; None when nobody did.
        key: Public key of its signer; None for that of the bundle at hand.

    Raises:
        EvidenceError: There is a key and no bundle.
    """

    bundle: Path | None = None
    key: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a key that nothing is verified with."""
        if self.key is not None and self.bundle is None:
            raise EvidenceError("--previous-key is of no use without --previous")

    def load_key(self) -> Ed25519PublicKey | None:
        """Return the public key, if one was named."""
        return load_public_key(self.key) if self.key else None


def guarded(carry_out: Callable[[], int]) -> int:
    """Return the exit code of a call, whatever happens in it."""
    try:
        return carry_out()
    except VerificationError as error:
        complain(str(error))
        return ExitCode.FAILED
    except LedgergateError as error:
        complain(str(error))
        return ExitCode.ERROR
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - 1 would say that a bundle does not hold; a defect is an error of its own
        traceback.print_exc()
        complain("the evidence command itself failed; this is a defect of it")
        return ExitCode.ERROR


def make_key(path: Path) -> int:
    """Write a new pair of keys."""
    made = key_id(generate_key(path))
    _say(f"key {made}\n  private: {path}, to sign with; readable by you alone\n  public:  {path}.pub, to verify with")
    return ExitCode.PASSED


def seal_bundle(bundle: Path, inputs: Inputs, key_file: Path, previous: Predecessor) -> int:
    """Read what the stages wrote, and seal it; an existing bundle is never overwritten."""
    if bundle.exists():
        raise EvidenceError(f"{bundle} exists already", "Evidence is never overwritten; name another file.")
    key = load_private_key(key_file)
    signer = key.public_key()
    before = verify_bundle(previous.bundle, previous.load_key() or signer) if previous.bundle else None
    collection = Collection()
    collection.take_in(inputs)
    write_bundle(bundle, collection.entries, key, previous=before)
    sealed = verify_bundle(bundle, signer)
    _say("\n".join(_said(bundle, sealed, "sealed")))
    if collection.redaction.count:
        complain(f"secrets that were left out as [redacted]: {collection.redaction.count}", "note")
    return _told(sealed, approvals_in(sealed))


def show_verification(bundle: Path, key_file: Path, previous: Predecessor, approvers: Sequence[Path] = ()) -> int:
    """Verify a bundle, and say what it holds."""
    keys = approver_keys(approvers)
    verified = _verified(bundle, key_file, previous)
    _say("\n".join((*_said(bundle, verified, "holds"), f"  {_succession(verified, previous)}")))
    return _told(verified, approvals_in(verified, keys))


def write_report(
    bundle: Path, key_file: Path, previous: Predecessor, output: Path | None, approvers: Sequence[Path] = ()
) -> int:
    """Verify a bundle, and write the report of it for people."""
    from ledgergate.evidence.page import rendered

    keys = approver_keys(approvers)
    verified = _verified(bundle, key_file, previous)
    path = output or bundle.with_suffix(".html")
    if path.exists() and path.samefile(bundle):
        raise EvidenceError(f"--output {path}: that is the bundle itself")
    page = rendered(verified, bundle.name, _succession(verified, previous), keys)
    with growing_file(path) as file:
        file.write(page.encode())
    _say(f"{path}: the report of {bundle}, {verified.manifest.count} entries")
    return _told(verified, approvals_in(verified, keys))


def _told(bundle: Bundle, approvals: Mapping[str, Approvals]) -> int:
    """Say what a bundle that holds does not show, and return the exit code."""
    code = ExitCode.PASSED
    for target in unreached_in(bundle):
        complain(f"{target['name']}: {outcome_of(target)}{': ' if target['error'] else ''}{target['error']}", "note")
        code = ExitCode.UNDECIDED
    for source in unsampled_in(bundle):
        complain(f"{source}: {UNSAMPLED}", "note")
        code = ExitCode.UNDECIDED
    for each in approvals.values():
        if each.standing is Standing.UNVERIFIED:
            complain(f"{each.journal}: approvals not verified: {each.note}: --approver does", "note")
            code = ExitCode.UNDECIDED
    for each in approvals.values():
        if each.standing is Standing.BAD:
            complain(f"{each.journal}: it was not approved as it says: {each.note}")
            code = ExitCode.FAILED
    return code


def _verified(bundle: Path, key_file: Path, previous: Predecessor) -> Bundle:
    key = load_public_key(key_file)
    return verify_bundle(bundle, key, previous=previous.bundle, previous_key=previous.load_key())


def _succession(bundle: Bundle, previous: Predecessor) -> str:
    generation = bundle.manifest.generation
    if previous.bundle is not None:
        return f"generation {generation}, held against the one before: no rollback"
    if generation == 1:
        return "generation 1, the first of its line"
    return f"generation {generation}; that it follows the one before was not looked at: --previous does"


def _said(path: Path, bundle: Bundle, word: str) -> Iterator[str]:
    manifest = bundle.manifest
    yield f"{path}: {word}, {manifest.count} entries, generation {manifest.generation}"
    yield f"  sealed {manifest.created_at} with key {manifest.key}"
    yield f"  head {manifest.head}"
    for (kind, source), count in Counter((each.kind.value, each.source) for each in bundle.entries).items():
        yield f"  {count:7} {kind:<8} {printable(source)}"


def _say(text: str) -> None:
    print(text)  # noqa: T201 - where a report belongs
