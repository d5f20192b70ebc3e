"""Run the commands of the guide as its reader would, and put what they print into its pages.

A page shows commands as `sh`, under `<!-- exit N -->`, or under `<!-- README: NAME -->` where the README has the same
ones, which CI runs there. What they print follows between `<!-- output -->` and `<!-- /output -->`. The blocks of a
page are run from top to bottom, each where the one before ended.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
README: Final = ROOT / "README.md"
GUIDE: Final = ROOT / "docs" / "guide"

_BLOCK: Final = re.compile(
    r"^<!-- (?:exit (?P<code>\d+)|README: (?P<readme>\w+)) -->\n```sh\n(?P<text>.*?)^```\n"
    r"(?P<between>\n<!-- output -->\n```\w+\n)?"
    r"(?(between)(?P<shown>.*?)(?P<after>^```\n<!-- /output -->\n))",
    re.DOTALL | re.MULTILINE,
)
_FENCE: Final = re.compile(r"^ *(?:```|~~~) *(\w*)", re.MULTILINE)
_UNCHECKED: Final = frozenset({"yaml"})
"""Languages of what a page may show beside commands and their output; a test of its own reads it."""

_MEASURED: Final = re.compile(r"(?<![\w.])\d+\.\d+(?= ?s\b| *[│┃|]?$)", re.MULTILINE)
"""Seconds."""
_VARYING: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?"), "DATE"),
    (re.compile(r"\([0-9a-f]{12}\)"), "(COMMIT)"),
)
"""What differs from day to day or from clone to clone, and what stands for it in a comparison."""


class PageError(Exception):
    """A page shows what is not so, or what nobody can check."""


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of a page.

    Args:
        where: `page:line`.
        text: The commands.
        code: Exit code that the page states.
        readme: Name of the README's block that says the same; empty when it is run here.
        shown: The output that stands in the page; None when it shows none.
    """

    where: str
    text: str
    code: int
    readme: str = ""
    shown: str | None = None


def blocks(page: Path) -> list[Block]:
    """Return the commands of a page, in order.

    Raises:
        PageError: Commands or output stand outside a block, so that nothing would check them; or a block that is to
            fail holds several commands, of which only the last would be looked at.
    """
    written = page.read_text(encoding="utf-8")
    found = list(_BLOCK.finditer(written))
    rest = _BLOCK.sub("", written)
    # Every second fence closes a block, and names nothing.
    loose = sorted({name or "text" for name in _FENCE.findall(rest)[::2]} - _UNCHECKED)
    if loose or "<!-- output" in rest:
        raise PageError(f"{page.name}: nothing checks a block of {', '.join(loose) or 'output'}")
    made = [_block(page, written, each) for each in found]
    for each in made:
        if each.code and "\n" in each.text.replace("\\\n", "").strip():
            raise PageError(f"{each.where}: a block that ends with {each.code} holds one command")
    return made


def _block(page: Path, written: str, found: re.Match[str]) -> Block:
    return Block(
        where=f"{page.name}:{written.count(chr(10), 0, found.start()) + 1}",
        text=found["text"],
        code=int(found["code"] or 0),
        readme=found["readme"] or "",
        shown=found["shown"],
    )


def readme_command(name: str) -> str:
    """Return the commands that stand in the README under `<!-- command: NAME -->`.

    Raises:
        PageError: There are none.
    """
    found = re.search(
        rf"^<!-- command: {name} -->\n```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    if found is None:
        raise PageError(f"the README has no block `{name}`")
    return found[1]


def played(page: Path, folder: Path) -> Iterator[tuple[Block, str]]:
    """Run the commands of a page and yield each block with what it shows now; empty for one that the README has.

    Args:
        page: A page of the guide.
        folder: An empty folder, in which the clone and the reader's own programs come to lie.

    Raises:
        PageError: A command ends otherwise than the page says.
    """
    reader = _Reader(folder)
    for each in blocks(page):
        if each.readme:
            if each.text != readme_command(each.readme):
                raise PageError(f"{each.where}: it is not what the README says under `{each.readme}`")
            yield each, ""
        else:
            yield each, "".join(f"{line.rstrip()}\n" for line in reader.run(each).rstrip().splitlines())


class _Reader:
    """Somebody at a terminal: what one block sets up is there for the next."""

    def __init__(self, folder: Path) -> None:
        clone = folder / "ledgergate"
        _lay_out(clone)
        self._state = folder / ".state"
        self._state.mkdir()
        (self._state / "cwd").write_text(f"{clone}\n")
        home = folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\nname = You\nemail = you@example.com\n[init]\ndefaultBranch = main\n")
        terminal = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "LANG": "C.UTF-8"}
        self._environment = {"PATH": os.environ["PATH"], "HOME": str(home), **terminal}

    def run(self, block: Block) -> str:
        """Run a block in bash, which stops at the first command that fails, and return what it printed.

        Raises:
            PageError: It ends otherwise than the page says.
        """
        state = self._state
        before = f'[[ ! -f "{state}/env" ]] || source "{state}/env"\ncd "$(cat "{state}/cwd")"\nset -euo pipefail\n'
        after = f'export -p >"{state}/env"\npwd >"{state}/cwd"\n'
        done = subprocess.run(
            ["/bin/bash", "-c", f"{before}{block.text}{after}"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != block.code:
            raise PageError(f"{block.where}: exit code {done.returncode} instead of {block.code}\n{done.stdout}")
        return done.stdout


def _lay_out(clone: Path) -> None:
    """Make a clone as its reader has it: what is here, examples to change, and the environments that nox makes."""
    clone.mkdir()
    for each in ROOT.iterdir():
        if not each.name.startswith(".") and each.name not in ("examples", "reports", "site"):
            (clone / each.name).symlink_to(each)
    shutil.copytree(ROOT / "examples", clone / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    (clone / ".nox").mkdir()
    for name in ("policy", "tests"):
        (clone / ".nox" / name).symlink_to(sys.prefix)


def without_times(text: str) -> str:
    """Return `text` in the form that two runs share: no seconds, no widths that follow from them."""
    return re.sub(r"[ ─━═-]+", " ", _MEASURED.sub("0", text))


def lasting(text: str) -> str:
    """Return `text` in the form that runs on any two days share."""
    for pattern, stand_in in _VARYING:
        text = pattern.sub(stand_in, text)
    return without_times(text)


def same(old: str, new: str) -> bool:
    """Tell whether two outputs differ in nothing but what differs between any two runs."""
    return lasting(old) == lasting(new)


def rewritten(page: Path, folder: Path) -> str:
    """Return a page with the output that its commands give now; output that is the same stays as it was."""
    outputs = iter([output for _, output in played(page, folder)])

    def filled(found: re.Match[str]) -> str:
        output = next(outputs)
        if found["shown"] is None or same(found["shown"], output):
            return found[0]
        begin, end = (place - found.start() for place in found.span("shown"))
        return f"{found[0][:begin]}{output}{found[0][end:]}"

    return _BLOCK.sub(filled, page.read_text(encoding="utf-8"))


def main() -> None:
    """Write the pages that are named, or all of them."""
    named = [Path(each) for each in sys.argv[1:]]
    for page in named or sorted(GUIDE.glob("*.md")):
        with tempfile.TemporaryDirectory(prefix="ledgergate-guide-") as folder:
            try:
                page.write_text(rewritten(page, Path(folder)), encoding="utf-8")
            except PageError as error:
                sys.exit(str(error))


if __name__ == "__main__":
    main()
