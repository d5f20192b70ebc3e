"""Evidence on disk: private, whole or none, and judged again."""

import json
import stat
from pathlib import Path

import pytest

from integration.scanning.calls import Call, Cause, Trouble
from integration.scanning.evidence import Folder, recordings_in
from integration.scanning.outcome import Outcome
from ledgergate.errors import LedgergateError

CALL = Call("s3", "GetBucketTagging", "eu-west-1", '{"Bucket":"bücher"}')
OTHER = Call("s3", "ListBuckets", "eu-west-1")
OUTCOMES = (
    Outcome(CALL, trouble=Trouble(Cause.DENIED, "AccessDenied")),
    Outcome(OTHER, answer={"Buckets": [{"Name": "bücher"}]}),
)


def written(path: Path) -> Path:
    """Write the evidence of a small scan."""
    folder = Folder(path)
    for outcome in OUTCOMES:
        folder.keep(outcome)
    folder.close({"account": "111122223333"}, '{"control":"S3.8"}\n')
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Answers and errors come back as they were; a call that was not made has no answer."""
    (found,) = recordings_in(written(tmp_path / "evidence"))
    assert tuple(found.outcome(each.call, print, {}) for each in OUTCOMES) == OUTCOMES
    missing = found.outcome(Call("iam", "ListUsers", "eu-west-1"), print, {})
    assert missing.trouble == Trouble(Cause.NOT_RECORDED, "")
    assert found.scan["account"] == "111122223333"


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    """Folder and files belong to whoever scanned, whatever the umask."""
    path = written(tmp_path / "deep" / "evidence")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (path, *path.iterdir())}
    assert modes == {"evidence": 0o700, "answers.jsonl": 0o600, "findings.jsonl": 0o600, "scan.json": 0o600}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder that holds something is refused, before any call."""
    (tmp_path / "notes.txt").touch()
    with pytest.raises(LedgergateError, match="the folder is not empty"):
        Folder(tmp_path)


def test_a_scan_that_did_not_end_is_no_evidence(tmp_path: Path) -> None:
    """Without its last file a folder is not replayed: nobody knows what is missing."""
    folder = Folder(tmp_path / "evidence")
    folder.keep(OUTCOMES[0])
    folder.abandon()
    with pytest.raises(LedgergateError, match="no evidence of a finished scan"):
        list(recordings_in(tmp_path))


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "{}",
        '{"request": {"service": "s3"}, "answer": {}}',
        json.dumps({**OUTCOMES[1].to_json(), "answer": []}),
        json.dumps({**OUTCOMES[0].to_json(), "error": {"cause": "bad luck", "code": ""}}),
    ],
)
def test_what_is_malformed_is_refused(tmp_path: Path, line: str) -> None:
    """A line that is no answer ends the replay with one sentence."""
    path = written(tmp_path / "evidence")
    with (path / "answers.jsonl").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(LedgergateError, match="it is not what --evidence writes"):
        list(recordings_in(path))


def test_another_schema_is_refused(tmp_path: Path) -> None:
    """Evidence of another version is not guessed at."""
    path = written(tmp_path / "evidence")
    (path / "scan.json").write_text('{"schema": 2}')
    with pytest.raises(LedgergateError, match="another schema"):
        list(recordings_in(path))


def test_a_file_in_the_way(tmp_path: Path) -> None:
    """A path that cannot be a folder is one clear sentence."""
    (tmp_path / "file").touch()
    with pytest.raises(LedgergateError, match="cannot be written"):
        Folder(tmp_path / "file" / "evidence")
