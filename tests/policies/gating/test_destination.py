"""Shows where a report goes, and that a file appears whole or not at all."""

import errno
import io
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ledgergate.errors import LedgergateError
from policies.gating.destination import open_destination


def files_in(folder: Path) -> list[str]:
    """Return the names of everything in a folder."""
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    """The old report stays readable until the new one is whole; the new one is private and alone in the folder."""
    path = tmp_path / "report.txt"
    path.write_text("old")
    destination = open_destination(path)
    before = path.read_text()
    destination.write("new é")
    destination.discard()
    assert (before, path.read_text(encoding="utf-8")) == ("old", "new é")
    assert (files_in(tmp_path), stat.S_IMODE(path.stat().st_mode)) == (["report.txt"], 0o600)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """A run that ends without a report leaves the old one and no other file."""
    path = tmp_path / "report.txt"
    path.write_text("old")
    open_destination(path).discard()
    assert (files_in(tmp_path), path.read_text()) == (["report.txt"], "old")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """A report written through a symbolic link lands where it points."""
    (tmp_path / "reports").mkdir()
    link = tmp_path / "latest"
    link.symlink_to(tmp_path / "reports" / "today")
    open_destination(link).write("new")
    assert (link.is_symlink(), (tmp_path / "reports" / "today").read_text()) == (True, "new")


@pytest.mark.parametrize(
    ("name", "expected"), [("nowhere/report", "No such file or directory"), ("folder", "it is a folder")]
)
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str, expected: str) -> None:
    """A wrong path is found before anything runs, and said in one sentence."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(LedgergateError, match=rf"^--output {tmp_path / name}: cannot be written: {expected}$"):
        open_destination(tmp_path / name)


def test_a_device_is_written_in_place() -> None:
    """A path such as /dev/null is not replaced by a file."""
    open_destination(Path(os.devnull)).write("report")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def stdout_over(stream: Any, monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> None:
    """Make standard output write to a binary stream."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stream, encoding=encoding))


def test_a_reader_that_has_left_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing into a closed pipe ends quietly, also when the interpreter flushes at its end."""
    reading, writing = os.pipe()
    os.close(reading)
    stdout_over(os.fdopen(writing, "wb"), monkeypatch)
    open_destination(None).write("report" * 100_000)
    sys.stdout.write("more")
    sys.stdout.close()


class FullDisk(io.RawIOBase):
    """A file on a disk without space."""

    def writable(self) -> bool:
        """Take data."""
        return True

    def write(self, _data: object) -> int:
        """Refuse them."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that could not be delivered is an error, not a pass."""
    full = FullDisk()
    output = SimpleNamespace(encoding="utf-8", flush=lambda: None, buffer=full, fileno=full.fileno)
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises(LedgergateError, match=r"^standard output cannot be written: No space left on device$"):
        open_destination(None).write("report")


def test_a_terminal_without_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    """A character that the reader's encoding lacks is escaped, and a format that asks for UTF-8 gets it."""
    raw = io.BytesIO()
    stdout_over(raw, monkeypatch, "ascii")
    open_destination(None).write("é\n")
    open_destination(None).write("é\n", encoding="utf-8")
    assert raw.getvalue() == b"\\xe9\n\xc3\xa9\n"
