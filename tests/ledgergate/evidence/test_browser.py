"""The page in a real browser: nothing hostile runs, and on a phone nothing has to be scrolled sideways."""

from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence.collection import Collection
from tests.ledgergate.browser import needs_browser, seen_in_a_browser
from tests.ledgergate.evidence import inputs
from tests.ledgergate.evidence.test_page import hostile_entries, page_of

pytestmark = needs_browser

_LOOK: Final = """page => {
  page.querySelectorAll("details").forEach(each => { each.open = true; });
  return {
    scripts: page.scripts.length,
    bars: [...page.querySelectorAll(".track i")].every(each => each.getBoundingClientRect().width >= 1),
    focusable: page.querySelectorAll("a[href], summary").length,
  };
}"""


def unfolded(folder: Path, page: str, width: int, *, dark: bool = False) -> dict[str, Any]:
    """Open a page in a frame of some width, with everything in it unfolded, and return what is there."""
    return seen_in_a_browser(folder, page, _LOOK, width=width, dark=dark)


@pytest.mark.parametrize("width", [360, 400, 1200])
def test_everything_fits_and_can_be_reached(tmp_path: Path, width: int) -> None:
    """No width makes the page scroll sideways, every bar is visible, every section can be reached by keyboard."""
    collection = Collection()
    collection.take_in(inputs.everything(tmp_path))
    seen = unfolded(tmp_path, page_of(collection.entries), width)
    assert (seen["overflow"], seen["bars"], seen["scripts"]) == (0, True, 0)
    assert seen["focusable"] >= 9


def test_hostile_text_does_not_run_and_does_not_spill(tmp_path: Path) -> None:
    """Nothing that somebody wrote into a finding, a probe or a journal is more than text."""
    seen = unfolded(tmp_path, page_of(hostile_entries()), 400)
    assert (seen["hacked"], seen["scripts"], seen["overflow"]) == (False, 0, 0)


def test_light_and_dark(tmp_path: Path) -> None:
    """The page follows what its reader prefers."""
    page = page_of([])
    light, dark = (unfolded(tmp_path, page, 800, dark=dark) for dark in (False, True))
    assert (light["paper"], dark["paper"]) == ("rgb(255, 255, 255)", "rgb(13, 17, 23)")
    assert (light["ink"], dark["ink"]) == ("rgb(28, 33, 40)", "rgb(230, 237, 243)")
