"""The browser that opens what a person would: pages in the tests, and the picture of a report."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def opened(page: str, profile: Path, *options: str, dark: bool = False) -> str:
    """Open a page without a window, and return what the browser writes to standard output.

    Args:
        page: Its address.
        profile: Folder for what the browser keeps.
        options: Further options, such as `--dump-dom`.
        dark: What the reader prefers.

    Raises:
        FileNotFoundError: There is no browser.
        subprocess.SubprocessError: It failed, or took longer than two minutes.
    """
    if CHROMIUM is None:
        raise FileNotFoundError("there is no chromium on PATH")
    plain = ("--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    command = [CHROMIUM, *plain, scheme, *options, page]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
