"""The page in a real browser: filters, keyboard, any width, light and dark, and five thousand judgements."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from ledgergate.finding import Severity
from ledgergate.report import Report, html
from tests.ledgergate.browser import needs_browser, seen_in_a_browser
from tests.ledgergate.report import samples
from tests.ledgergate.report.samples import judged, report
from tests.ledgergate.report.test_html import everything

pytestmark = needs_browser

_LOOK: Final = """async page => {
  const form = page.getElementById("filters");
  const shown = () => [...page.querySelectorAll(".entry")].filter(each => each.checkVisibility())
    .map(each => [each.dataset.control, each.dataset.outcome, each.querySelector("strong").textContent]);
  const again = async () => { form.reset(); await new Promise(done => setTimeout(done, 20)); };
  const seen = { all: shown().length, steps: {} };
  for (const [name, value] of STEPS) {
    await again();
    form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
    seen.steps[name + "=" + value] = shown();
  }
  await again();
  seen.count = page.getElementById("shown").textContent;
  page.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
  seen.focus = page.activeElement.name;
  const cell = page.querySelector(".cell.heat-fail");
  if (cell) { cell.click(); seen.clicked = form.elements.text.value; }
  const used = [...page.querySelectorAll("a[href], summary, input, select, button")];
  seen.reachable = used.every(each => each.tabIndex >= 0);
  return seen;
}"""


def used(
    folder: Path, found: Report, *, width: int = 1200, dark: bool = False, steps: tuple[tuple[str, str], ...] = ()
) -> dict[str, Any]:
    """Open a report in a frame of some width, use its filters one after the other, and return what was seen.

    Args:
        folder: Where to put files.
        found: The report.
        width: CSS pixels.
        dark: What the reader prefers.
        steps: Filter and value, each by itself.
    """
    look = _LOOK.replace("STEPS", json.dumps(steps))
    return seen_in_a_browser(folder, html.rendered(found), look, width=width, dark=dark)


def test_filters(tmp_path: Path) -> None:
    """Text, severity and stack leave what they name, the count follows, and a requirement leads to its findings."""
    other = replace(samples.FAILED, control="LG-1", severity=Severity.LOW, message="it is green", requirements=())
    found = report(judged(samples.FAILED, samples.UNDECIDED), judged(other, stack="test"))
    steps = (("text", "GREEN"), ("severity", "high"), ("stack", "test"), ("control", "S3.8"), ("text", "green blue"))
    seen = used(tmp_path, found, steps=steps)
    assert seen["steps"] == {
        "text=GREEN": [["LG-1", "fail", "logs"]],
        "severity=high": [["S3.8", "fail", "logs"], ["S3.8", "unknown", "logs"]],
        "stack=test": [["LG-1", "fail", "logs"]],
        "control=S3.8": [["S3.8", "fail", "logs"], ["S3.8", "unknown", "logs"]],
        "text=green blue": [],
    }
    assert (seen["all"], seen["count"]) == (3, "3 of 3 shown")
    assert (seen["focus"], seen["clicked"], seen["reachable"]) == ("text", "1.4.4", True)


@pytest.mark.parametrize("width", [360, 1200])
def test_no_width_scrolls_sideways(tmp_path: Path, width: int) -> None:
    """On a phone and on a desk everything fits."""
    assert used(tmp_path, everything(), width=width)["overflow"] == 0


def test_light_and_dark(tmp_path: Path) -> None:
    """The page follows what its reader prefers."""
    light, dark = (used(tmp_path, everything(), dark=dark) for dark in (False, True))
    assert (light["paper"], dark["paper"]) == ("rgb(255, 255, 255)", "rgb(13, 17, 23)")


def test_hostile_text_does_not_run(tmp_path: Path) -> None:
    """What a program wrote is text in a browser, too."""
    hostile = "</li><script>parent.hacked = 1</script><img src=x onerror='parent.hacked = 1'>"
    found = replace(samples.FAILED, message=hostile, found=hostile, resource=f"urn:pulumi:prod::shop::a::{hostile}")
    seen = used(tmp_path, report(judged(found)), width=400)
    assert (seen["hacked"], seen["overflow"], seen["all"]) == (False, 0, 1)


def test_five_thousand_judgements_can_be_filtered(tmp_path: Path) -> None:
    """A big estate still answers: one resource is found among all of them."""
    many = [
        replace(samples.FAILED, control=f"X-{number % 50}", resource=f"{samples.FAILED.resource}-{number}")
        for number in range(5000)
    ]
    seen = used(tmp_path, report(judged(*many)), steps=(("text", "logs-4711"),))
    assert (seen["all"], seen["steps"]) == (5000, {"text=logs-4711": [["X-11", "fail", "logs-4711"]]})
