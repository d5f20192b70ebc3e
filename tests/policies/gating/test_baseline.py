"""Shows how a team with an estate starts: what blocks today is accepted by name and for a time, what is new blocks."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.errors import LedgergateError
from ledgergate.finding import Stage
from policies.gating.baseline import Baseline, append_waivers, baseline_of, waivers_for
from policies.waivers import apply_waivers, load_waivers
from tests.ledgergate.report import samples
from tests.policies.gating.workspace import BUCKET, gate, program

Captured = pytest.CaptureFixture[str]
TODAY: Final = dt.date(2026, 11, 30)
BASELINE: Final = Baseline("books team", "books security", dt.date(2027, 3, 31))


def accepting() -> Baseline:
    """Return a baseline that ends in a month, whenever that is."""
    return replace(BASELINE, expires=dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30))


def test_a_quiet_run_says_which_file_it_wrote(tmp_path: Path, capsys: Captured) -> None:
    """No note shows then, but a file has changed."""
    shop = program(tmp_path / "shop", BUCKET, {"dev": "config: {}"})
    assert gate(shop, baseline=accepting(), quiet=True) == 0
    shown = capsys.readouterr()

    assert f"note: waivers written to {shop / 'waivers.toml'}: 1\n" in shown.err
    assert "waivers written" not in shown.out


def test_what_blocks_today_is_accepted_and_what_is_new_blocks(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run writes the waivers and passes, the second passes by them, a new bucket fails."""
    stacks = {"dev": "config: {}", "prod": "config: {}"}
    shop = program(tmp_path / "shop", BUCKET, stacks)
    monkeypatch.chdir(tmp_path)
    assert gate(shop, baseline=accepting()) == 0
    assert f"note: waivers written to {Path('shop', 'waivers.toml')}: 1\n" in capsys.readouterr().out
    (waiver,) = load_waivers(shop / "waivers.toml")
    assert (waiver.owner, waiver.approver, waiver.stacks) == ("books team", "books security", ("dev", "prod"))
    assert gate(shop) == 0
    program(tmp_path / "shop", BUCKET + BUCKET.replace("logs", "more"), stacks)
    assert gate(shop) == 1
    assert "  - more (aws:s3/bucket:Bucket), shop/dev, shop/prod" in capsys.readouterr().out


def test_waivers_that_are_there_stay(tmp_path: Path) -> None:
    """A file that somebody wrote keeps every character, and what it covers is not written again."""
    shop = program(tmp_path / "shop", BUCKET)
    gate(shop, baseline=accepting())
    before = "# ours\n" + (shop / "waivers.toml").read_text()
    (shop / "waivers.toml").write_text(before)
    assert gate(shop, baseline=accepting()) == 0
    assert (shop / "waivers.toml").read_text() == before
    program(tmp_path / "shop", BUCKET + BUCKET.replace("logs", "more"))
    assert gate(shop, baseline=accepting()) == 0
    assert (shop / "waivers.toml").read_text().startswith(before.rstrip("\n"))
    assert len(load_waivers(shop / "waivers.toml")) == 2


def test_an_error_writes_nothing(tmp_path: Path) -> None:
    """A run that could not judge everything is no day to write a baseline on."""
    shop = program(tmp_path / "shop", BUCKET + "raise ValueError('no')\n")
    assert gate(shop, baseline=accepting()) == 2
    assert not (shop / "waivers.toml").exists()


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        (("write", "", "b", "2027-03-31"), "--baseline write needs --owner"),
        (("write", " ", " ", " "), "--baseline write needs --owner, --approver, --expires"),
        (("write", "books", "Books", "2027-03-31"), "--approver must be somebody else"),
        (("write", "a", "b", "soon"), "--expires soon: it is no date"),
        (("write", "a", "b", "2026-11-30"), "it must lie within a year"),
        (("write", "a", "b", "2028-01-01"), "it must lie within a year"),
        (("wirte", "a", "b", "2027-03-31"), "--baseline wirte: there is no such word"),
        (("", "a", "", ""), "--owner belongs to --baseline write"),
    ],
)
def test_nobodys_waiver_without_an_end_is_written(given_: tuple[str, str, str, str], said: str) -> None:
    """Owner, approver and end are demanded, and a mistake is told."""
    with pytest.raises(LedgergateError, match=re.escape(said)):
        baseline_of(*given_, TODAY)


def test_what_cannot_be_named_is_left() -> None:
    """A resource whose name was hidden cannot be waived by it, and goes on blocking."""
    hidden = replace(samples.FAILED, resource="urn:pulumi:prod::shop::a::[secret]", identity=samples.FAILED.resource)
    starred = replace(samples.FAILED, resource="urn:pulumi:prod::shop::a::lo*gs")
    assert waivers_for([hidden, starred, samples.PASSED, samples.WAIVED, samples.DEFERRED], BASELINE, TODAY) == []


@given(message=st.text(), name=st.from_regex(r"[^*:\x00-\x1f]+", fullmatch=True))
def test_every_waiver_covers_what_it_was_written_for(
    message: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a finding says and whatever its resource is called, the file can be read and covers it, and no more."""
    found = replace(samples.FAILED, message=message, resource=f"urn:pulumi:prod::shop::{samples.BUCKET}::{name}")
    path = tmp_path_factory.mktemp("w") / "waivers.toml"
    append_waivers(path, waivers_for([found], BASELINE, TODAY))
    waivers = load_waivers(path)
    other = replace(found, resource=f"{found.resource}-2")
    outcome = apply_waivers([found, other], waivers, TODAY, ["prod"], Stage.DESIGN)
    assert [bool(each.waiver) for each in outcome.findings] == [True, False]
