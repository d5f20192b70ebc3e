"""The page in a real browser: nothing hostile runs, and on a phone nothing has to be scrolled sideways."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.evidence.collection import Collection
from tests.ledgergate.evidence import inputs
from tests.ledgergate.evidence.test_page import hostile_entries, page_of

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on PATH")

_LOOK: Final = """
<script>
function look(frame) {
  const page = frame.contentDocument, root = page.documentElement;
  page.querySelectorAll("details").forEach(each => { each.open = true; });
  const style = frame.contentWindow.getComputedStyle(page.body);
  const seen = {
    hacked: window.hacked === 1, scripts: page.scripts.length, overflow: root.scrollWidth - root.clientWidth,
    ink: style.color, paper: style.backgroundColor,
    bars: [...page.querySelectorAll(".track i")].every(each => each.getBoundingClientRect().width >= 1),
    focusable: page.querySelectorAll("a[href], summary").length,
  };
  document.getElementById("seen").textContent = JSON.stringify(seen);
}
</script><pre id="seen"></pre>
"""


def seen_in_a_browser(folder: Path, page: str, width: int, *, dark: bool = False) -> dict[str, Any]:
    """Open a page in a frame of some width, with everything in it unfolded, and return what is there."""
    frame = f'<iframe width="{width}" height="800" onload="look(this)" srcdoc="{html.escape(page)}"></iframe>'
    around = folder / "around.html"
    around.write_text(f'<!doctype html><meta charset="utf-8">{_LOOK}{frame}', encoding="utf-8")
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    done = subprocess.run(
        [str(CHROMIUM), *options, scheme, "--virtual-time-budget=5000", "--dump-dom", around.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr
    seen: dict[str, Any] = json.loads(html.unescape(found[1]))
    return seen


@pytest.mark.parametrize("width", [360, 400, 1200])
def test_everything_fits_and_can_be_reached(tmp_path: Path, width: int) -> None:
    """No width makes the page scroll sideways, every bar is visible, every section can be reached by keyboard."""
    collection = Collection()
    collection.take_in(inputs.everything(tmp_path))
    seen = seen_in_a_browser(tmp_path, page_of(collection.entries), width)
    assert (seen["overflow"], seen["bars"], seen["scripts"]) == (0, True, 0)
    assert seen["focusable"] >= 9


def test_hostile_text_does_not_run_and_does_not_spill(tmp_path: Path) -> None:
    """Nothing that somebody wrote into a finding, a probe or a journal is more than text."""
    seen = seen_in_a_browser(tmp_path, page_of(hostile_entries()), 400)
    assert (seen["hacked"], seen["scripts"], seen["overflow"]) == (False, 0, 0)


def test_light_and_dark(tmp_path: Path) -> None:
    """The page follows what its reader prefers."""
    page = page_of([])
    light, dark = (seen_in_a_browser(tmp_path, page, 800, dark=dark) for dark in (False, True))
    assert (light["paper"], dark["paper"]) == ("rgb(255, 255, 255)", "rgb(13, 17, 23)")
    assert (light["ink"], dark["ink"]) == ("rgb(28, 33, 40)", "rgb(230, 237, 243)")
