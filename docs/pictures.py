"""Draw what the gate shows on a terminal of 80 columns, or check that the drawings still show it.

Each picture is the output of one real command, in the colours that a terminal gets. Nothing in it is fetched: no font,
no style, no address.
"""

import html
import io
import os
import re
import shlex
import subprocess
import sys
from typing import Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from docs.commands import ROOT, without_times

PICTURES: Final = ROOT / "docs" / "pictures"
COLUMNS: Final = 80

COMMANDS: Final = {
    "failed": ("python -m policies.gate examples/insecure --select S3.8", 1),
    "passed": ("python -m policies.gate examples/minimal --select encryption", 0),
}
"""Name of the picture → command and its exit code."""

_THEME: Final = TerminalTheme(
    background=(24, 27, 33),
    foreground=(222, 226, 232),
    normal=[
        (24, 27, 33),
        (240, 113, 120),
        (158, 206, 106),
        (224, 175, 104),
        (122, 162, 247),
        (187, 154, 247),
        (125, 207, 255),
        (222, 226, 232),
    ],
    bright=[
        (140, 148, 160),
        (255, 135, 140),
        (180, 226, 130),
        (240, 195, 125),
        (140, 180, 255),
        (205, 175, 255),
        (150, 220, 255),
        (255, 255, 255),
    ],
)
"""A dark terminal, on light pages as on dark ones; its colours have a contrast of 4.5 or more."""

_FORMAT: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img" aria-label="{label}" \
xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px; \
line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 16px; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def shown_by(command: str, code: int) -> str:
    """Return what a command prints on a terminal, with its colours.

    Raises:
        SystemExit: The exit code is not `code`.
    """
    program, *arguments = shlex.split(command)
    executable = sys.executable if program == "python" else program
    terminal = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    done = subprocess.run(
        [executable, *arguments],
        cwd=ROOT,
        env=inherited | terminal,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != code:
        sys.exit(f"{command}: exit code {done.returncode} instead of {code}\n{done.stdout}{done.stderr}")
    return f"$ {command}\n{done.stdout.rstrip()}\n"


def drawn(name: str, text: str) -> str:
    """Return a text with colours as an SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text.from_ansi(text), soft_wrap=True)
    label = html.escape(text.split("\n", 1)[0].removeprefix("$ "), quote=True)
    svg = console.export_svg(title="", theme=_THEME, code_format=_FORMAT.replace("{label}", label), unique_id=name)
    return "".join(f"{line.strip()}\n" for line in svg.splitlines() if line.strip())


def essence(svg: str) -> str:
    """Return what two drawings of one output share: texts and their colours, without times and places."""
    placed = re.sub(r' (?:x|y|width|height|textLength|clip-path|transform|viewBox)="[^"]*"', "", svg)
    text = html.unescape(placed).replace("\xa0", " ")
    return re.sub(r"\s+", " ", without_times(text.replace("</text>", "\n")))


def main() -> None:
    """Draw every picture anew, or with `--check` exit 1 when one shows what is no longer real."""
    stale = []
    for name, (command, code) in COMMANDS.items():
        path = PICTURES / f"{name}.svg"
        new = drawn(name, shown_by(command, code))
        if path.is_file() and essence(path.read_text(encoding="utf-8")) == essence(new):
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if "--check" not in sys.argv[1:]:
            path.write_text(new, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        sys.exit(f"{', '.join(stale)} shows output that is no longer real: run `nox -s docs`")


if __name__ == "__main__":
    main()
