"""One file of evidence: a chain of entries, and at its end a signed manifest that pins count and head."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledgergate.evidence.chain import GENESIS, canonical, seal
from ledgergate.evidence.files import growing_file
from ledgergate.evidence.keys import key_id

SCHEMA: Final = 1


class EntryKind(StrEnum):
    """What an entry holds."""

    FINDING = "finding"
    """One judgement, as the gate and the audit write it."""
    TARGET = "target"
    """One thing that an audit was to scan, and what became of it: what it did not reach stands here as well."""
    SCAN = "scan"
    """What a scan of the audit was about: place, controls, their parameters, waivers."""
    ANSWER = "answer"
    """One raw answer of AWS under its request, redacted by type."""
    PROBE = "probe"
    """One result of a behaviour probe."""
    JOURNAL = "journal"
    """One line of a drill's journal, with its number and the hash of the line before."""
    SAMPLES = "samples"
    """What the probe outside a drill saw, as the text whose hash the journal holds."""
    APPROVER = "approver"
    """The public key of somebody who may approve drills, as whoever sealed named it."""
    APPROVAL = "approval"
    """What the signatures under a drill's plan prove, by the keys of those approvers."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of evidence.

    Args:
        kind: What it is.
        source: File it was taken from: its name, for an audit with that of its folder; never a whole path.
        body: JSON data.
    """

    kind: EntryKind
    source: str
    body: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        """Return the entry as the chain holds it."""
        return {"kind": self.kind.value, "source": self.source, "body": dict(self.body)}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is signed.

    Args:
        count: Entries.
        head: Hash of the last entry, or `GENESIS` for none.
        generation: Number in the line of bundles, from 1.
        previous: Hash of the manifest of the bundle before, or `GENESIS`.
        created_at: RFC 3339 time in UTC, as the signer's clock showed it.
        key: Id of the key that signed.
    """

    count: int
    head: str
    generation: int
    previous: str
    created_at: str
    key: str

    def content(self) -> bytes:
        """Return the bytes that are signed."""
        return canonical({"manifest": self._fields(), "schema": SCHEMA})

    def line(self, signature: bytes) -> bytes:
        """Return the last line of a bundle."""
        return canonical({"manifest": self._fields(), "schema": SCHEMA, "signature": signature.hex()}) + b"\n"

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle.

    Args:
        entries: In order.
        manifest: What was signed.
        digest: Hash of the manifest's line; the next bundle names it.
    """

    entries: tuple[Entry, ...]
    manifest: Manifest
    digest: str

    def of_kind(self, kind: EntryKind) -> Iterator[Entry]:
        """Yield the entries of one kind."""
        return (entry for entry in self.entries if entry.kind is kind)


def write_bundle(
    path: Path,
    entries: Iterable[Entry],
    key: Ed25519PrivateKey,
    *,
    previous: Bundle | None = None,
    now: dt.datetime | None = None,
) -> Manifest:
    """Write a bundle, whole or not at all, readable by its owner alone.

    Args:
        path: The file.
        entries: The evidence; read one by one, so that it need not fit into memory.
        key: Whose signature it carries.
        previous: The bundle before this one, verified.
        now: Time to state; the present unless given.

    Raises:
        EvidenceError: It cannot be written.
    """
    created = (now or dt.datetime.now(dt.UTC)).replace(microsecond=0)
    with growing_file(path) as file:
        count, head = 0, GENESIS
        for count, entry in enumerate(entries, start=1):
            line, head = seal(count, head, entry.record())
            file.write(line)
        manifest = Manifest(
            count=count,
            head=head,
            generation=previous.manifest.generation + 1 if previous else 1,
            previous=previous.digest if previous else GENESIS,
            created_at=created.isoformat(),
            key=key_id(key.public_key()),
        )
        file.write(manifest.line(key.sign(manifest.content())))
    return manifest
