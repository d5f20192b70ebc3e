"""Put the real output of the commands that README.md shows into it, or check that it is still theirs.

A block looks like `<!-- output: COMMAND (exit N, first M lines) -->` … `<!-- /output -->`.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
README: Final = ROOT / "README.md"
BLOCK: Final = re.compile(
    r"(?P<open><!-- output: (?P<command>.+?) \(exit (?P<code>\d+), first (?P<first>\d+) lines\) -->\n)"
    r".*?(?P<close><!-- /output -->)",
    re.DOTALL,
)
MEASURED: Final = re.compile(r"(?<![\w.])\d+\.\d+(?= ?s\b| *[│┃|]?$)", re.MULTILINE)
"""Seconds: the only thing that differs between two runs of one program."""


def output_of(command: str, code: int) -> list[str]:
    """Run a command of the README as a reader would and return the lines that it printed.

    Raises:
        SystemExit: The exit code is not the one that the README states.
    """
    program, *arguments = shlex.split(command)
    executable = sys.executable if program == "python" else program
    plain = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **plain},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != code:
        sys.exit(f"{command}: exit code {done.returncode} instead of {code}\n{done.stdout}{done.stderr}")
    return [line.rstrip() for line in done.stdout.rstrip().splitlines()]


def fresh(block: re.Match[str]) -> str:
    """Return a block with the output its command gives now."""
    command = block["command"]
    lines = shortened(output_of(command, int(block["code"])), int(block["first"]))
    return "\n".join((f"{block['open']}```console", f"$ {command}", *lines, "```", block["close"]))


def shortened(lines: list[str], first: int) -> list[str]:
    """Return `lines` up to the blank one after `first`, how many are left out, and the last paragraph."""
    end = next((number for number in range(first, len(lines)) if not lines[number]), len(lines))
    last = max(number for number, line in enumerate(["", *lines]) if not line)
    left_out = last - end - 1
    return [*lines[:end], "", f"[… {left_out} lines more …]", "", *lines[last:]] if left_out > 1 else lines


def without_times(text: str) -> str:
    """Return `text` in the form that two runs share: no seconds, no widths that follow from them."""
    return re.sub(r"[ ─━═-]+", " ", MEASURED.sub("0", text))


def main() -> None:
    """Write the README, or with `--check` exit 1 when it is stale."""
    old = README.read_text(encoding="utf-8")
    new = BLOCK.sub(fresh, old)
    if without_times(old) == without_times(new):
        return
    if "--check" in sys.argv[1:]:
        sys.exit("README.md shows output that is no longer real: run `nox -s docs`")
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
