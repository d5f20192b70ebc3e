"""A real browser that opens a page and tells what is there."""

import html
import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from docs.browser import CHROMIUM, opened

needs_browser: Final = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on PATH")

_AROUND: Final = """<!doctype html><meta charset="utf-8">
<script>
const look = %LOOK%;
async function tell(frame) {
  const page = frame.contentDocument, root = page.documentElement, view = frame.contentWindow;
  const seen = await look(page, view), style = view.getComputedStyle(page.body);
  Object.assign(seen, {
    hacked: window.hacked === 1, overflow: root.scrollWidth - root.clientWidth,
    ink: style.color, paper: style.backgroundColor,
  });
  document.getElementById("seen").textContent = JSON.stringify(seen);
}
</script><pre id="seen"></pre>
<iframe width="%WIDTH%" height="900" onload="tell(this)" srcdoc="%PAGE%"></iframe>
"""


def seen_in_a_browser(folder: Path, page: str, look: str, *, width: int = 1200, dark: bool = False) -> dict[str, Any]:
    """Open a page in a frame, and return what a function sees of it.

    Args:
        folder: Where to put files.
        page: The page.
        look: JavaScript function of the page's document and window that returns an object, or a promise of one.
        width: CSS pixels of the frame.
        dark: What the reader prefers.

    Returns:
        That object, with `hacked`, whether the page reached out of its frame, `overflow`, CSS pixels by which it is
        too wide when the function has returned, and the colours `ink` and `paper`.
    """
    around = folder / "around.html"
    parts = {"LOOK": look, "WIDTH": str(width), "PAGE": html.escape(page)}
    text = re.sub(r"%(LOOK|WIDTH|PAGE)%", lambda found: parts[found[1]], _AROUND)
    around.write_text(text, encoding="utf-8")
    options = ("--virtual-time-budget=20000", "--dump-dom")
    dumped = opened(around.as_uri(), folder / "profile", *options, dark=dark)
    said = re.search(r'<pre id="seen">(.*?)</pre>', dumped, re.DOTALL)
    assert said, dumped
    assert said[1], "whoever looks did not come to the end"
    seen: dict[str, Any] = json.loads(html.unescape(said[1]))
    return seen
