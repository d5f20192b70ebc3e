"""A bundle verifies as it was written, and not with a single byte of it changed."""

import datetime as dt
import functools
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.evidence import GENESIS, EvidenceError, VerificationError, seal
from ledgergate.evidence.bundle import Bundle, Entry, EntryKind, Manifest, write_bundle
from ledgergate.evidence.collection import Collection
from ledgergate.evidence.keys import key_id
from ledgergate.evidence.verification import verify_bundle
from tests.ledgergate.evidence import inputs

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
ENTRIES = tuple(Entry(EntryKind.FINDING, "gate.jsonl", {"message": f"naïve ✓ {n}"}) for n in range(3))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
bodies = st.lists(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), json_values, max_size=3), max_size=5
)


def written(path: Path, entries: Sequence[Entry] = ENTRIES, previous: Bundle | None = None) -> Bundle:
    """Write a bundle and return it verified."""
    write_bundle(path, entries, KEY, previous=previous, now=NOW)
    return verify_bundle(path, KEY.public_key())


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return a bundle of three entries."""
    path = tmp_path / "evidence.jsonl"
    written(path)
    return path


@given(bodies)
def test_what_was_written_is_what_is_verified(found: list[dict[str, object]]) -> None:
    """Any JSON data survives, none included."""
    entries = tuple(Entry(EntryKind.FINDING, "gate.jsonl", body) for body in found)
    with tempfile.TemporaryDirectory() as folder:
        bundle = written(Path(folder) / "b", entries)
    assert entries == bundle.entries
    assert bundle.manifest.count == len(entries)


def test_any_changed_byte_is_found(bundle: Path) -> None:
    """Every byte, flipped in its lowest and in its case bit, is noticed, the manifest's own included."""
    content = bundle.read_bytes()
    for position in range(len(content)):
        for bit in (0x01, 0x20):
            changed = bytearray(content)
            changed[position] ^= bit
            bundle.write_bytes(changed)
            with pytest.raises(EvidenceError):
                verify_bundle(bundle, KEY.public_key())


def test_a_manifest_of_another_form_is_found(bundle: Path) -> None:
    """Whatever stands in the last line, it gives one sentence and never a traceback."""
    *entries, line = bundle.read_bytes().splitlines(keepends=True)
    for last in (
        b"null", b"[]", b'{"manifest":"text","signature":""}', b"[" * 100_000, b"{}", b"\xff",
        line.replace(b'"count":3', b'"count":1e999'), line.replace(b'"count":3', b'"count":true'),
        line.replace(b'"created_at":"2', b'"created_at":"\\ud800'), line.replace(b'"schema":1', b'"schema":2'),
        line.replace(b'"schema":1', b'"schema":true'), line.replace(b'"schema":1', b'"schema":1,"schema":1'),
    ):  # fmt: skip
        bundle.write_bytes(b"".join([*entries, last.rstrip(b"\n"), b"\n"]))
        with pytest.raises(VerificationError):
            verify_bundle(bundle, KEY.public_key())


@functools.cache
def bundle_of_everything() -> bytes:
    """Return a bundle with entries of every kind."""
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection()
        collection.take_in(inputs.everything(Path(folder), [inputs.FAILED_TARGET, inputs.STOPPED_TARGET]))
        path = Path(folder) / "bundle.jsonl"
        written(path, collection.entries)
        return path.read_bytes()


def test_a_bundle_of_everything_has_every_kind() -> None:
    """What is mutated below are entries of each kind there is."""
    kinds = {json.loads(line).get("kind") for line in bundle_of_everything().splitlines()}
    assert kinds - {None} == set(EntryKind)


def test_any_changed_byte_of_what_vouches_for_others_is_found(tmp_path: Path) -> None:
    """Every byte of the entries that say who approved and what was to be audited, flipped, is noticed."""
    content = bundle_of_everything()
    path, start = tmp_path / "bundle.jsonl", 0
    for line in content.splitlines(keepends=True):
        if json.loads(line).get("kind") in ("target", "approver", "approval"):
            for position in range(start, start + len(line)):
                changed = bytearray(content)
                changed[position] ^= 0x01
                path.write_bytes(changed)
                with pytest.raises(VerificationError):
                    verify_bundle(path, KEY.public_key())
        start += len(line)


@given(st.data())
def test_any_change_of_a_bundle_of_everything_is_found(data: st.DataObject) -> None:
    """Any stretch, in entries of every kind and in the manifest, exchanged for any other bytes, is noticed."""
    content = bundle_of_everything()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.jsonl"
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.one_of(st.integers(start, min(start + 3, len(content))), st.integers(start, len(content))))
        pieces = st.one_of(st.binary(max_size=3), st.just(content[start:end] * 2), st.just(content[start:end][::-1]))
        put = data.draw(pieces.filter(lambda piece: piece != content[start:end]))
        path.write_bytes(content[:start] + put + content[end:])
        with pytest.raises(VerificationError):
            verify_bundle(path, KEY.public_key())


def test_an_entry_of_another_form_is_refused(tmp_path: Path) -> None:
    """A signature says who wrote it, not that it means something."""
    for record, said in (
        ({"kind": "party", "source": "a", "body": {}}, "of a kind that is not known"),
        ({"kind": "probe", "source": 5, "body": {}}, "of the form that is known"),
        ({"kind": "probe", "source": "a", "body": []}, "of the form that is known"),
        ({"kind": "probe", "source": "a", "body": {}, "more": 1}, "of the form that is known"),
    ):
        line, head = seal(1, GENESIS, record)
        manifest = Manifest(1, head, 1, GENESIS, NOW.isoformat(), key_id(KEY.public_key()))
        path = tmp_path / "bundle.jsonl"
        path.write_bytes(line + manifest.line(KEY.sign(manifest.content())))
        with pytest.raises(VerificationError, match=said):
            verify_bundle(path, KEY.public_key())


def test_any_missing_or_added_byte_is_found(bundle: Path) -> None:
    """A byte taken out or put in anywhere is noticed, and so is any end that is cut off."""
    content = bundle.read_bytes()
    for position in range(len(content)):
        for changed in (
            content[:position] + content[position + 1 :],
            content[:position] + b" " + content[position:],
            content[:position],
        ):
            if changed == content:
                continue
            bundle.write_bytes(changed)
            with pytest.raises(EvidenceError):
                verify_bundle(bundle, KEY.public_key())


def test_any_dropped_repeated_or_moved_line_is_found(bundle: Path) -> None:
    """Whole lines that are left out, doubled or exchanged are noticed."""
    lines = bundle.read_bytes().splitlines(keepends=True)
    for index in range(len(lines)):
        mutants = [lines[:index] + lines[index + 1 :], lines[: index + 1] + lines[index:]]
        if index + 1 < len(lines):
            mutants.append([*lines[:index], lines[index + 1], lines[index], *lines[index + 2 :]])
        for mutant in mutants:
            bundle.write_bytes(b"".join(mutant))
            with pytest.raises(EvidenceError):
                verify_bundle(bundle, KEY.public_key())


def test_a_chain_written_anew_lacks_the_signature(bundle: Path, tmp_path: Path) -> None:
    """Whoever recomputes every hash still cannot sign."""
    forged = tmp_path / "forged"
    write_bundle(forged, ENTRIES[:1], OTHER, now=NOW)
    with pytest.raises(EvidenceError, match="signed with key"):
        verify_bundle(forged, KEY.public_key())
    manifest = json.loads(forged.read_bytes().splitlines()[-1])
    original = json.loads(bundle.read_bytes().splitlines()[-1])
    manifest["manifest"]["key"] = original["manifest"]["key"]
    line = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    forged.write_bytes(b"".join([*forged.read_bytes().splitlines(keepends=True)[:-1], line]))
    with pytest.raises(EvidenceError, match="signature does not hold"):
        verify_bundle(forged, KEY.public_key())


class TestSuccession:
    """`--previous` finds a rollback."""

    def test_the_next_generation_follows(self, bundle: Path, tmp_path: Path) -> None:
        """A bundle that names the one before verifies against it."""
        after = tmp_path / "after"
        written(after, previous=verify_bundle(bundle, KEY.public_key()))
        assert verify_bundle(after, KEY.public_key(), previous=bundle).manifest.generation == 2

    def test_an_older_bundle_is_a_rollback(self, bundle: Path, tmp_path: Path) -> None:
        """A genuine bundle of last year is not this year's."""
        after = tmp_path / "after"
        written(after, previous=verify_bundle(bundle, KEY.public_key()))
        with pytest.raises(EvidenceError, match="rollback"):
            verify_bundle(bundle, KEY.public_key(), previous=after)

    def test_another_bundle_of_the_same_generation_is_a_rollback(self, bundle: Path, tmp_path: Path) -> None:
        """History that was written anew under the same number is noticed."""
        other = tmp_path / "other"
        written(other, ENTRIES[:2])
        with pytest.raises(EvidenceError, match="rollback"):
            verify_bundle(other, KEY.public_key(), previous=bundle)

    def test_a_new_key_follows_an_old_one(self, bundle: Path, tmp_path: Path) -> None:
        """Keys are changed now and then: each bundle is held to its own signer."""
        after = tmp_path / "after"
        write_bundle(after, ENTRIES, OTHER, previous=verify_bundle(bundle, KEY.public_key()), now=NOW)
        verify_bundle(after, OTHER.public_key(), previous=bundle, previous_key=KEY.public_key())
        with pytest.raises(VerificationError, match="signed with key"):
            verify_bundle(after, OTHER.public_key(), previous=bundle)

    def test_a_gap_between_generations_is_named(self, bundle: Path, tmp_path: Path) -> None:
        """A bundle two generations later proves nothing about the one before without the one between."""
        second, third = tmp_path / "2", tmp_path / "3"
        written(second, previous=verify_bundle(bundle, KEY.public_key()))
        written(third, previous=verify_bundle(second, KEY.public_key()))
        with pytest.raises(EvidenceError, match="does not follow"):
            verify_bundle(third, KEY.public_key(), previous=bundle)


def test_a_bundle_is_private_and_appears_whole(tmp_path: Path) -> None:
    """Evidence that fails half-way leaves nothing behind, and an older file as it was."""
    path = tmp_path / "evidence.jsonl"
    written(path)
    before = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    broken = [*ENTRIES, Entry(EntryKind.PROBE, "p", {"value": float("nan")})]
    with pytest.raises(ValueError, match="Out of range float"):
        write_bundle(path, broken, KEY, now=NOW)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["evidence.jsonl"]


def test_a_bundle_is_on_disk_when_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its content is brought to disk before it takes its name, and the name after that."""
    steps: list[str] = []
    replace = Path.replace

    def note_sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def note_replace(path: Path, target: Path) -> Path:
        steps.append("name")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    written(tmp_path / "evidence.jsonl")
    assert steps == ["file", "name", "folder"]
