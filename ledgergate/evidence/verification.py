"""Verification of a bundle from the bundle and a public key alone."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledgergate.evidence.bundle import SCHEMA, Bundle, Entry, EntryKind, Manifest
from ledgergate.evidence.chain import GENESIS, read_links
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.keys import is_signed, key_id

_FIELDS: Final = {"count": int, "head": str, "generation": int, "previous": str, "created_at": str, "key": str}


def verify_bundle(path: Path, key: Ed25519PublicKey, *, previous: Path | None = None) -> Bundle:
    """Return what a bundle holds, after every byte of it was accounted for.

    The chain finds what was changed, dropped or moved inside; the signature over count and head finds what was cut
    off or written anew; the manifest's line has one form only, so none of its bytes can differ either.

    Args:
        path: The bundle.
        key: Whose signature it must carry.
        previous: A bundle seen before: this one must be that one or one that follows directly from it.

    Raises:
        EvidenceError: Something does not hold; the message says what and where.
    """
    content = _read(path)
    body, line = _split(path, content)
    manifest, signature = _manifest(path, line)
    if manifest.key != key_id(key):
        raise EvidenceError(f"{path}: signed with key {manifest.key}, not with {key_id(key)}")
    if not is_signed(key, signature, manifest.content()):
        raise EvidenceError(f"{path}: the signature does not hold: the manifest was changed, or another key signed it")
    try:
        links = list(read_links(body))
    except EvidenceError as error:
        raise EvidenceError(f"{path}, {error.message}") from None
    head = links[-1].digest if links else GENESIS
    if len(links) != manifest.count or head != manifest.head:
        found = f"{len(links)} entries instead of {manifest.count}"
        raise EvidenceError(f"{path}: the entries are not those that were signed ({found})")
    entries = tuple(_entry(path, link.number, link.record) for link in links)
    bundle = Bundle(entries, manifest, hashlib.sha256(line).hexdigest())
    if previous is not None:
        _demand_succession(path, bundle, verify_bundle(previous, key), previous)
    return bundle


def _demand_succession(path: Path, bundle: Bundle, earlier: Bundle, previous: Path) -> None:
    if bundle.digest == earlier.digest:
        return
    now, before = bundle.manifest, earlier.manifest
    if now.generation <= before.generation:
        raise EvidenceError(
            f"{path} is generation {now.generation}, and {previous} was generation {before.generation}: a rollback"
        )
    if now.generation == before.generation + 1 and now.previous == earlier.digest:
        return
    raise EvidenceError(
        f"{path} (generation {now.generation}) does not follow from {previous} (generation {before.generation})",
        "Verify the generations between them one after the other.",
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read: {error.strerror}") from None


def _split(path: Path, content: bytes) -> tuple[bytes, bytes]:
    if not content.endswith(b"\n"):
        raise EvidenceError(f"{path}: its end is missing")
    start = content.rfind(b"\n", 0, len(content) - 1) + 1
    return content[:start], content[start:]


def _manifest(path: Path, line: bytes) -> tuple[Manifest, bytes]:
    try:
        written: Any = json.loads(line)
        fields = written["manifest"]
        signature = bytes.fromhex(written["signature"])
        manifest = Manifest(**{name: type_(fields.pop(name)) for name, type_ in _FIELDS.items()}, **fields)
    except (ValueError, TypeError, KeyError):
        raise EvidenceError(f"{path}: the last line is no manifest: the bundle was cut off or changed") from None
    if written.get("schema") != SCHEMA:
        raise EvidenceError(f"{path}: written in a form (schema {written.get('schema')}) that is not known here")
    # Its one form leaves no room for another type, order, case or space.
    if manifest.line(signature) != line:
        raise EvidenceError(f"{path}: the manifest's line was changed")
    return manifest, signature


def _entry(path: Path, number: int, record: Any) -> Entry:
    try:
        return Entry(EntryKind(record["kind"]), record["source"], record["body"])
    except (KeyError, ValueError):
        raise EvidenceError(f"{path}, line {number}: an entry of a kind that is not known here") from None
