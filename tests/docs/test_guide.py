"""The guide: every command of it is run as it stands there, and what it shows is what they print."""

import re
from pathlib import Path
from typing import Final

import pytest
import yaml

from docs.commands import GUIDE, ROOT, PageError, blocks, played, readme_command, same

PAGES: Final = sorted(GUIDE.glob("*.md"))
each_page = pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
GOOD: Final = "<!-- exit 0 -->\n```sh\ntrue\n```\n"


@each_page
@pytest.mark.timeout(300)
def test_commands_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    """Each ends with the exit code that the page states, and what is shown of its output is there."""
    for block, output in played(page, tmp_path):
        if block.shown is not None:
            assert same(block.shown, output), f"{block.where} shows what is no longer real, now it is:\n{output}"


@each_page
def test_page_has_commands(page: Path) -> None:
    """No page is checked by having nothing to check."""
    assert blocks(page)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("```sh\ntrue\n```\n", "nothing checks a block of sh"),
        (f"{GOOD}\n```console\nPASSED\n```\n", "nothing checks a block of console"),
        (f"{GOOD}\n```\nPASSED\n```\n", "nothing checks a block of text"),
        (f"{GOOD}\n~~~sh\ntrue\n~~~\n", "nothing checks a block of sh"),
        (f"{GOOD}\ntext\n\n<!-- output -->\n", "nothing checks a block of output"),
        ("<!-- exit 1 -->\n```sh\nfalse\nfalse\n```\n", "holds one command"),
    ],
)
def test_nothing_is_skipped_silently(tmp_path: Path, written: str, said: str) -> None:
    """What stands where nobody would run or compare it is an error."""
    page = tmp_path / "page.md"
    page.write_text(written)
    with pytest.raises(PageError, match=said):
        blocks(page)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<!-- exit 0 -->\n```sh\nfalse\ntrue\n```\n", "exit code 1 instead of 0"),
        ("<!-- exit 3 -->\n```sh\ntrue\n```\n", "exit code 0 instead of 3"),
        ("<!-- README: tests -->\n```sh\ntrue\n```\n", "not what the README says"),
        ("<!-- README: nothing -->\n```sh\ntrue\n```\n", "no block `nothing`"),
    ],
)
def test_command_that_ends_otherwise_is_told(tmp_path: Path, written: str, said: str) -> None:
    """A command that fails on the way, an exit code that is not the stated one, and a block that the README lacks."""
    page = tmp_path / "page.md"
    page.write_text(written)
    (tmp_path / "scratch").mkdir()
    with pytest.raises(PageError, match=said):
        list(played(page, tmp_path / "scratch"))


def test_block_goes_on_where_the_one_before_ended(tmp_path: Path) -> None:
    """Folder and variables stay, as at a terminal."""
    page = tmp_path / "page.md"
    page.write_text("<!-- exit 0 -->\n```sh\ncd examples\nexport A=1\n```\n<!-- exit 0 -->\n```sh\nls; echo $A\n```\n")
    (tmp_path / "scratch").mkdir()
    assert [output for _, output in played(page, tmp_path / "scratch")] == ["", "insecure\nminimal\n1\n"]


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("dev 2 1.9 s", "dev 2 12.4 s", True),
        ("on 2026-11-30", "on 2027-01-02", True),
        ("since main (c7a4999d93b4): 1", "since main (0123456789ab): 1", True),
        ("since main (c7a4999d93b4): 1", "since main (0123456789ab): 2", False),
        ("2 failed", "3 failed", False),
    ],
)
def test_only_what_runs_differ_in_is_left_out(old: str, new: str, *, alike: bool) -> None:
    """Times, dates and commits may differ; a count may not."""
    assert same(old, new) is alike


def test_ci_runs_what_the_readme_shows() -> None:
    """A block of the guide that points to the README is run, because CI runs the README's."""
    named = {block.readme for page in PAGES for block in blocks(page) if block.readme}
    run = set(re.findall(r"\$\(readme_command (\w+)\)", (ROOT / ".ci" / "run").read_text(encoding="utf-8")))
    assert named <= run
    assert all(readme_command(name) for name in run)


def test_inputs_of_the_action_exist() -> None:
    """A workflow that a page shows gives the action nothing that it does not take."""
    known = set(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
    snippet = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
    texts = [text for page in PAGES for text in snippet.findall(page.read_text(encoding="utf-8"))]
    given = [
        set(step.get("with", {}))
        for text in texts
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if "ledgergate" in step.get("uses", "")
    ]
    assert given
    assert all(each <= known for each in given)
