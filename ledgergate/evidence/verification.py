"""Verification of a bundle from the bundle and a public key alone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledgergate.evidence.bundle import SCHEMA, Bundle, Entry, EntryKind, Manifest
from ledgergate.evidence.chain import GENESIS, read_links
from ledgergate.evidence.coherence import demand_coherence
from ledgergate.evidence.errors import EvidenceError, VerificationError
from ledgergate.evidence.files import read_file
from ledgergate.evidence.keys import is_signed, key_id

_FIELDS: Final = {"count": int, "head": str, "generation": int, "previous": str, "created_at": str, "key": str}


def verify_bundle(
    path: Path, key: Ed25519PublicKey, *, previous: Path | None = None, previous_key: Ed25519PublicKey | None = None
) -> Bundle:
    """Return what a bundle holds, after every byte of it was accounted for.

    The chain finds what was changed, dropped or moved inside; the signature over count and head finds what was cut
    off or written anew; the manifest's line has one form only, so none of its bytes can differ either. Then the entries
    are held against each other.

    Args:
        path: The bundle.
        key: Whose signature it must carry.
        previous: A bundle seen before: this one must be that one or one that follows directly from it.
        previous_key: Whose signature that one must carry; the same unless given.

    Raises:
        VerificationError: Something does not hold; the message says what and where.
        EvidenceError: A file cannot be read.
    """
    content = read_file(path)
    body, line = _split(path, content)
    manifest, signature = _manifest(path, line)
    if manifest.key != key_id(key):
        raise VerificationError(f"{path}: signed with key {manifest.key}, not with {key_id(key)}")
    if not is_signed(key, signature, manifest.content()):
        raise VerificationError(
            f"{path}: the signature does not hold: the manifest was changed, or another key signed it"
        )
    try:
        links = list(read_links(body))
    except EvidenceError as error:
        raise VerificationError(f"{path}, {error.message}") from None
    head = links[-1].digest if links else GENESIS
    if len(links) != manifest.count or head != manifest.head:
        found = f"{len(links)} entries instead of {manifest.count}"
        raise VerificationError(f"{path}: the entries are not those that were signed ({found})")
    entries = tuple(_entry(path, link.number, link.record) for link in links)
    bundle = Bundle(entries, manifest, hashlib.sha256(line).hexdigest())
    demand_coherence(path, bundle)
    if previous is not None:
        _demand_succession(path, bundle, verify_bundle(previous, previous_key or key), previous)
    return bundle


def _demand_succession(path: Path, bundle: Bundle, earlier: Bundle, previous: Path) -> None:
    if bundle.digest == earlier.digest:
        return
    now, before = bundle.manifest, earlier.manifest
    if now.generation <= before.generation:
        raise VerificationError(
            f"{path} is generation {now.generation}, and {previous} was generation {before.generation}: a rollback"
        )
    if now.generation == before.generation + 1 and now.previous == earlier.digest:
        return
    raise VerificationError(
        f"{path} (generation {now.generation}) does not follow from {previous} (generation {before.generation})",
        "Verify the generations between them one after the other.",
    )


def _split(path: Path, content: bytes) -> tuple[bytes, bytes]:
    if not content.endswith(b"\n"):
        raise VerificationError(f"{path}: its end is missing")
    start = content.rfind(b"\n", 0, len(content) - 1) + 1
    return content[:start], content[start:]


def _manifest(path: Path, line: bytes) -> tuple[Manifest, bytes]:
    try:
        written: Any = json.loads(line)
        named = written["manifest"]
        signature = bytes.fromhex(written["signature"])
        manifest = Manifest(**{name: type_(named.pop(name)) for name, type_ in _FIELDS.items()}, **named)
        schema, rendered = written.get("schema"), manifest.line(signature)
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise VerificationError(f"{path}: the last line is no manifest: the bundle was cut off or changed") from None
    if schema != SCHEMA:
        raise VerificationError(f"{path}: written in a form (schema {schema}) that is not known here")
    # Its one form leaves no room for another type, order, case or space.
    if rendered != line:
        raise VerificationError(f"{path}: the manifest's line was changed")
    return manifest, signature


def _entry(path: Path, number: int, record: Mapping[str, Any]) -> Entry:
    """Return the entry of a line; the signature says who wrote it, not that it is well-formed."""
    kind, source, body = (record.get(each.name) for each in fields(Entry))
    if kind not in list(EntryKind):
        raise VerificationError(f"{path}, line {number}: an entry of a kind that is not known here")
    if len(record) != len(fields(Entry)) or not isinstance(source, str) or not isinstance(body, dict):
        raise VerificationError(f"{path}, line {number}: no entry of the form that is known here")
    return Entry(EntryKind(kind), source, body)
