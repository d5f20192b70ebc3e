"""Assets and archives get the hashes that the real engine computes."""

import hashlib
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine import tar, wire
from ledgergate.engine.assets import AssetError, with_hashes
from tests.ledgergate.engine.recordings.table import FOLDER

PROGRAM = FOLDER / "programs" / "estate"
RECORDED_FOLDER = "abb3fd0d5ccdca992498085b8c3b52cad50f34b195bef9796389ab3cad639f6e"
RECORDED_ARCHIVE = "6567be20ea209e481cbefbeb93244ce6175e513307bdb65ccbed7b86e9590fa2"
PARTS = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=80)
MEMBER_NAMES = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


def asset(**form: Any) -> dict[str, Any]:
    """Return an asset as a program registers it."""
    return {wire.SIGNATURE: wire.ASSET, **form}


def archive(**form: Any) -> dict[str, Any]:
    """Return an archive as a program registers it."""
    return {wire.SIGNATURE: wire.ARCHIVE, **form}


def sha256(content: bytes) -> str:
    """Return a hash in hex."""
    return hashlib.sha256(content).hexdigest()


def test_recorded_folder() -> None:
    """A folder has the hash that the real engine recorded for it."""
    assert with_hashes(archive(path="code"), PROGRAM)["hash"] == RECORDED_FOLDER


def test_recorded_archive_of_assets() -> None:
    """An archive of a file, a text and a folder has the recorded hash, and each member its own."""
    members = {"index.py": asset(path="code/index.py"), "inline.txt": asset(text="hello"), "dir": archive(path="code")}
    found = with_hashes(archive(assets=members), PROGRAM)
    assert found["hash"] == RECORDED_ARCHIVE
    assert {name: member["hash"] for name, member in found["assets"].items()} == {
        "dir": RECORDED_FOLDER,
        "index.py": sha256((PROGRAM / "code" / "index.py").read_bytes()),
        "inline.txt": sha256(b"hello"),
    }


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("a", "ebf9b02b4608fb4a8ecfdc3ca1ac8633ba6bd23780515691be9f43fbba0b0000"),
        (f"{'d' * 120}/{'f' * 60}", "01a030001243ae9e21591d443b6d92348271228bfce62113f0e96545342053f0"),
        (f"{'d' * 155}/f", "02aaae485bd4ee9ab016f408a174caf0dff1dac2e39d44825406c60c6a68ca52"),
        ("n" * 101, "3f3218dadf2c4de069fa321f0995f85284dc18de01a86bbf185b9b4e2485846c"),
        (f"{'d' * 98}/{'f' * 120}", "19cd7e381ee4e3fd4d3747b662f037377bb172fcc82c139f5b367a165585b4e0"),
        ("größe/naïve.py", "383711f0943743e45baad6f73492fd079e931c98f1d97cb95c11b6f9347c5d67"),
    ],
    ids=["plain", "in two fields", "longest prefix", "too long", "slash at the edge", "not ASCII"],
)
def test_names_of_members_are_written_as_go_writes_them(name: str, digest: str) -> None:
    """Long and foreign names give the hash of the stream that Go's `archive/tar` 1.26 makes of them."""
    assert with_hashes(archive(assets={name: asset(text="content")}), Path())["hash"] == digest


@given(st.dictionaries(MEMBER_NAMES, st.text(), max_size=3))
def test_hashed_stream_is_a_readable_tar(members: dict[str, str]) -> None:
    """Python's own reader finds every member, its name and its content in the stream that is hashed."""
    stream = b"".join(
        tar.header(name, len(text.encode())) + tar.padded(text.encode()) for name, text in sorted(members.items())
    )
    with tarfile.open(fileobj=io.BytesIO(stream + b"\0" * 2 * tar.BLOCK)) as opened:
        found = {entry.path: opened.extractfile(entry) for entry in opened.getmembers()}
        assert {name: content.read().decode() for name, content in found.items() if content} == members


def test_folder_members_stand_level_by_level(tmp_path: Path) -> None:
    """A folder comes before a file that only begins alike, bookkeeping is left out, the first of two names wins."""
    for name in ("a.txt", "a/b.txt", ".pulumi/state"):
        path = tmp_path / "code" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    stream = b"".join(tar.header(name, len(name)) + tar.padded(name.encode()) for name in ("a/b.txt", "a.txt"))
    folder = with_hashes(archive(path="code"), tmp_path)["hash"]
    twice = {"a": archive(path="code/a"), "a/b.txt": asset(text="later")}
    both = with_hashes(archive(assets=twice), tmp_path)["hash"]
    assert folder == sha256(stream + b"\0" * 1024)
    assert both == with_hashes(archive(assets={"a/b.txt": asset(text="a/b.txt")}), tmp_path)["hash"]


@given(st.text())
def test_text_asset_is_hashed_as_utf8(text: str) -> None:
    """A text has the hash of its UTF-8 bytes."""
    assert with_hashes(asset(text=text), Path())["hash"] == sha256(text.encode())


def test_packed_file_is_hashed_itself(tmp_path: Path) -> None:
    """A zip file is one file, not a folder to open."""
    (tmp_path / "code.zip").write_bytes(b"PK")
    assert with_hashes(archive(path="code.zip"), tmp_path)["hash"] == sha256(b"PK")


def test_unknown_inside_makes_the_hash_unknown() -> None:
    """An archive with a text that nobody knows yet has a hash that nobody knows."""
    found = with_hashes(archive(assets={"a": asset(text=wire.UNKNOWN)}), Path())
    assert (found["hash"], found["assets"]["a"]["hash"]) == (wire.UNKNOWN, wire.UNKNOWN)


@pytest.mark.parametrize("form", [asset(uri="https://example.com/a"), archive(uri="file:///a.zip")])
def test_what_lies_elsewhere_has_no_hash(form: dict[str, Any], tmp_path: Path) -> None:
    """The content of a URI is not fetched, and its hash is empty."""
    assert with_hashes(form, tmp_path)["hash"] == ""


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (asset(path="missing"), "asset missing cannot be read in {folder}: No such file or directory"),
        (archive(path="missing"), "archive missing cannot be read in {folder}: No such file or directory"),
        (archive(path="plain"), "archive plain cannot be read in {folder}: Not a directory"),
        (
            archive(assets={"a": asset(path="deep/missing")}),
            "asset deep/missing cannot be read in {folder}: No such file or directory",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(form: dict[str, Any], expected: str, tmp_path: Path) -> None:
    """File and folder are named: deploying it would fail as well."""
    (tmp_path / "plain").write_text("no archive")
    with pytest.raises(AssetError) as caught:
        with_hashes(form, tmp_path)
    assert str(caught.value) == expected.format(folder=tmp_path)


def test_assets_are_found_at_any_depth() -> None:
    """An asset in a list, inside a secret, is hashed too."""
    nested = {"files": [wire.secret(asset(text="a"))]}
    assert with_hashes(nested, Path())["files"][0]["value"]["hash"] == sha256(b"a")
