"""The picture of a report: it is noticed when it grows old, it is small, and a browser takes it."""

from pathlib import Path

import pytest

from docs import report_picture
from docs.report_picture import DIGEST, PICTURE, digest, photograph
from tests.ledgergate.browser import needs_browser

PAGE = "<p>Judged 2026-12-01T02:42:21Z.</p><p>1.2 s</p><p>16 failed</p>"


def test_a_page_is_the_same_whenever_it_was_written() -> None:
    """Only what the page says makes the picture old."""
    assert digest(PAGE) == digest(PAGE.replace("12-01T02:42:21", "12-02T11:00:05").replace("1.2 s", "3.4 s"))
    assert digest(PAGE) != digest(PAGE.replace("16", "17"))


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty picture that was taken of `PAGE`, checked where there is no browser."""
    picture = tmp_path / "report.webp"
    picture.write_bytes(b"")
    picture.with_suffix(".sha256").write_text(f"{digest(PAGE)}\n")
    monkeypatch.setattr(report_picture, "ROOT", tmp_path)
    monkeypatch.setattr(report_picture, "PICTURE", picture)
    monkeypatch.setattr(report_picture, "DIGEST", picture.with_suffix(".sha256"))
    monkeypatch.setattr(report_picture, "CHROMIUM", None)
    monkeypatch.setattr("sys.argv", ["report_picture", "--check"])
    return picture


def test_a_picture_of_this_page_is_kept(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is taken anew without need."""
    monkeypatch.setattr(report_picture, "page", lambda: PAGE)
    report_picture.main()
    assert taken.read_bytes() == b""


@pytest.mark.parametrize(
    ("options", "said"), [(["--check"], "run `nox -s docs`"), ([], "there is no chromium on PATH to take it anew")]
)
def test_an_old_picture_is_told(taken: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str) -> None:
    """A check needs no browser and writes nothing; whoever cannot take a new one hears of it."""
    monkeypatch.setattr(report_picture, "page", lambda: PAGE.replace("16", "17"))
    monkeypatch.setattr("sys.argv", ["report_picture", *options])
    with pytest.raises(SystemExit, match=rf"report\.webp shows a page that is no longer real.*{said}"):
        report_picture.main()
    assert taken.read_bytes() == b""


def test_the_picture_is_small() -> None:
    """Whoever clones or reads does not wait for it."""
    assert PICTURE.read_bytes()[8:12] == b"WEBP"
    assert PICTURE.stat().st_size < 100_000
    assert len(DIGEST.read_text().strip()) == 64


@needs_browser
def test_a_browser_takes_it(tmp_path: Path) -> None:
    """It is a picture in the format that its name says."""
    picture = tmp_path / "shot.webp"
    photograph("<!doctype html><h1>Ledgergate</h1>", picture)
    assert picture.read_bytes()[8:12] == b"WEBP"
