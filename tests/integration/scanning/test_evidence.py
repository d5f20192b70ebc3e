"""Evidence on disk: private, whole or none, and judged again."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from integration.scanning.calls import Call, Cause, Trouble
from integration.scanning.evidence import Entry, Folder, Index, Recording, recordings_in
from integration.scanning.outcome import Outcome
from ledgergate.errors import LedgergateError

CALL = Call("s3", "GetBucketTagging", "eu-west-1", '{"Bucket":"bücher"}')
OTHER = Call("s3", "ListBuckets", "eu-west-1")
OUTCOMES = (
    Outcome(CALL, trouble=Trouble(Cause.DENIED, "AccessDenied")),
    Outcome(OTHER, answer={"Buckets": [{"Name": "bücher"}]}),
)


def written(path: Path) -> Path:
    """Write the evidence of a small scan, and return the folder of its files."""
    index = Index(path)
    folder = index.open("shop/dev")
    for outcome in OUTCOMES:
        folder.keep(outcome)
    index.add(folder.close("shop/dev", {"account": "111122223333"}, '{"control":"S3.8"}\n'))
    index.close()
    return folder.path


def recorded(path: Path) -> Recording:
    """Read the evidence of a small scan."""
    ((_, found),) = recordings_in(path)
    assert found is not None
    return found


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Answers and errors come back as they were; a call that was not made has no answer."""
    found = recorded(written(tmp_path / "evidence").parent)
    assert tuple(found.outcome(each.call, print, {}) for each in OUTCOMES) == OUTCOMES
    missing = found.outcome(Call("iam", "ListUsers", "eu-west-1"), print, {})
    assert missing.trouble == Trouble(Cause.NOT_RECORDED, "")
    assert (found.scan["account"], found.findings) == ("111122223333", ({"control": "S3.8"},))


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    """Folder and files belong to whoever scanned, whatever the umask."""
    path = written(tmp_path / "deep" / "evidence")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (path, *path.iterdir())}
    assert modes == {"shop.dev": 0o700, "answers.jsonl": 0o600, "findings.jsonl": 0o600, "scan.json": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((path.parent / "index.json").stat().st_mode) == 0o600


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder that holds something is refused, before any call."""
    (tmp_path / "notes.txt").touch()
    with pytest.raises(LedgergateError, match="the folder is not empty"):
        Index(tmp_path)


def test_a_scan_that_did_not_end_is_no_evidence(tmp_path: Path) -> None:
    """Without its last file a folder is not replayed: nobody knows what is missing."""
    folder = Index(tmp_path).open("shop/dev")
    folder.keep(OUTCOMES[0])
    folder.abandon()
    with pytest.raises(LedgergateError, match="no evidence of an audit that came to its end"):
        list(recordings_in(tmp_path))


def test_what_was_not_scanned_is_listed(tmp_path: Path) -> None:
    """What failed and what was interrupted stand beside what was scanned."""
    index = Index(tmp_path)
    stopped = index.open("shop/prod")
    stopped.abandon()
    entries = [Entry("shop/dev", error="boom"), Entry("shop/prod", stopped.path.name)]
    for entry in entries:
        index.add(entry)
    index.close()
    assert list(recordings_in(tmp_path)) == [(entry, None) for entry in entries]


@pytest.mark.parametrize("name", ["answers.jsonl", "findings.jsonl", "scan.json"])
def test_what_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    """One byte more in any file ends the replay, and so does one file less."""
    path = written(tmp_path / "evidence")
    with (path / name).open("a") as file:
        file.write(" ")
    with pytest.raises(LedgergateError, match="it is not what the scan wrote"):
        list(recordings_in(path.parent))
    (path / name).unlink()
    with pytest.raises(LedgergateError, match=f"{name}: folder and index.json do not fit"):
        list(recordings_in(path.parent))


def test_a_folder_more_or_less_is_refused(tmp_path: Path) -> None:
    """What is not in the index was not of this audit, and what is in it must be there."""
    path = written(tmp_path / "evidence")
    (path.parent / "other.dev").mkdir()
    with pytest.raises(LedgergateError, match=r"other\.dev: folder and index\.json do not fit"):
        list(recordings_in(path.parent))
    (path.parent / "other.dev").rmdir()
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(LedgergateError, match=r"shop\.dev: folder and index\.json do not fit"):
        list(recordings_in(path.parent))


@pytest.mark.parametrize("place", ["notes.txt", "shop.dev/more.jsonl"])
def test_a_file_more_is_refused(tmp_path: Path, place: str) -> None:
    """A file that no scan wrote was not checked by any digest, so nobody goes on beside it."""
    path = written(tmp_path / "evidence")
    (path.parent / place).touch()
    with pytest.raises(LedgergateError, match="do not fit together"):
        list(recordings_in(path.parent))


@pytest.mark.parametrize(
    ("index", "complaint"),
    [
        ("{", "malformed"),
        ("[]", "malformed"),
        ('{"targets": [{"nobody": "x"}]}', "malformed"),
        ('{"schema": 2, "targets": []}', "another schema"),
        ('{"schema": 1, "targets": []}', "lists nothing"),
    ],
)
def test_an_index_that_is_none_is_refused(tmp_path: Path, index: str, complaint: str) -> None:
    """Whatever is wrong with the list is one sentence."""
    (tmp_path / "index.json").write_text(index)
    with pytest.raises(LedgergateError, match=complaint):
        list(recordings_in(tmp_path))


def resealed(path: Path, name: str, text: str) -> None:
    """Change a file and every digest on the way to it, as whoever can write them all would."""
    scan_file, index_file = path / "scan.json", path.parent / "index.json"
    (path / name).write_text(text)
    if name != "scan.json":
        scan = json.loads(scan_file.read_text())
        digest = hashlib.sha256((path / name).read_bytes()).hexdigest()
        scan_file.write_text(json.dumps({**scan, f"{name.partition('.')[0]}_sha256": digest}))
    index = json.loads(index_file.read_text())
    index["targets"][0]["scan_sha256"] = hashlib.sha256(scan_file.read_bytes()).hexdigest()
    index_file.write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        *(("answers.jsonl", each) for each in ("no json", "{}", '{"request": {"service": "s3"}, "answer": {}}')),
        ("answers.jsonl", json.dumps({**OUTCOMES[1].to_json(), "answer": []})),
        ("answers.jsonl", json.dumps({**OUTCOMES[0].to_json(), "error": {"cause": "bad luck", "code": ""}})),
        *(("findings.jsonl", each) for each in ("no json", "{}", "3", "[]")),
        *(("scan.json", each) for each in ("no json", "[]", '{"schema": 1}')),
    ],
)
def test_what_is_malformed_is_refused(tmp_path: Path, name: str, line: str) -> None:
    """A line that the audit never writes ends the replay with one sentence, which names its file."""
    path = written(tmp_path / "evidence")
    kept = "" if name == "scan.json" else (path / name).read_text()
    resealed(path, name, f"{kept}{line}\n")
    with pytest.raises(LedgergateError, match=rf"/{name}: it is not what --evidence writes"):
        list(recordings_in(path.parent))


def test_another_schema_is_refused(tmp_path: Path) -> None:
    """Evidence of another version is not guessed at."""
    path = written(tmp_path / "evidence")
    resealed(path, "scan.json", '{"schema": 2}')
    with pytest.raises(LedgergateError, match="another schema"):
        list(recordings_in(path.parent))


def test_a_file_in_the_way(tmp_path: Path) -> None:
    """A path that cannot be a folder is one clear sentence."""
    (tmp_path / "file").touch()
    with pytest.raises(LedgergateError, match="cannot be written"):
        Folder(tmp_path / "file" / "evidence")
