"""Photograph the page that `--output html:…` writes, or check that the photograph shows the page as it is now.

A browser is needed only to take the picture: beside it lies the digest of the page that it was taken of.
"""

import hashlib
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from docs.browser import CHROMIUM, opened
from docs.commands import ROOT, lasting
from docs.pictures import PICTURES

PICTURE: Final = PICTURES / "report.webp"
DIGEST: Final = PICTURE.with_suffix(".sha256")

# Few controls, so that the picture is to be taken anew only when one of these or the page itself changes.
COMMAND: Final = (
    "python -m policies.gate examples/insecure --quiet "
    "--select S3.5,S3.8,EC2.13,KMS.4,RDS.2,LG-DR-01,LG-ENC-02,LG-IAM-12,LG-RET-05,LG-TAG-03"
)
_SIZE: Final = "1000,1325"
"""CSS pixels: to the end of the first failure."""


def page() -> str:
    """Return the page.

    Raises:
        SystemExit: The gate does not end as it has to on what is bad on purpose.
    """
    _, *arguments = shlex.split(COMMAND)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        done = subprocess.run(
            [sys.executable, *arguments, "--output", f"html:{path}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 1:
            sys.exit(f"{COMMAND}: exit code {done.returncode} instead of 1\n{done.stdout}{done.stderr}")
        return path.read_text(encoding="utf-8")


def digest(text: str) -> str:
    """Return what identifies a page, whenever it was written."""
    return hashlib.sha256(lasting(text).encode()).hexdigest()


def photograph(text: str, picture: Path) -> None:
    """Take a picture of a page in light colours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        path.write_text(text, encoding="utf-8")
        shot = Path(folder) / picture.name
        size = ("--hide-scrollbars", f"--window-size={_SIZE}", f"--screenshot={shot}")
        opened(path.as_uri(), Path(folder) / "profile", *size)
        picture.write_bytes(shot.read_bytes())


def main() -> None:
    """Take the picture anew where the page has changed, or with `--check` exit 1 when it has."""
    text = page()
    if PICTURE.is_file() and DIGEST.is_file() and DIGEST.read_text(encoding="utf-8").strip() == digest(text):
        return
    shown = PICTURE.relative_to(ROOT).as_posix()
    if "--check" in sys.argv[1:]:
        sys.exit(f"{shown} shows a page that is no longer real: run `nox -s docs`")
    if CHROMIUM is None:
        sys.exit(f"{shown} shows a page that is no longer real, and there is no chromium on PATH to take it anew")
    photograph(text, PICTURE)
    DIGEST.write_text(f"{digest(text)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
