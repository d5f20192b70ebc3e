"""Commands that fail for want of a network are told, by their name alone."""

import ctypes.util
import os
import subprocess
import sys

import pytest

from ledgergate.engine import commands


@pytest.fixture(autouse=True)
def watched_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be watched when the test has ended."""
    monkeypatch.setattr(subprocess.Popen, "__init__", subprocess.Popen.__init__)
    monkeypatch.setattr(os, "system", os.system)


def start() -> None:
    """Start commands, some of which fail."""
    subprocess.run([sys.executable, "-c", "raise SystemExit(7)", "hush"], check=False)
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    os.system("exit 3")  # noqa: S605, S607 - what a program might do
    with pytest.raises(FileNotFoundError):
        subprocess.run(["no-such-tool"], check=False)  # noqa: S607 - as above
    ctypes.util.find_library("m")


def test_failures_without_a_network() -> None:
    """Each that failed is told with its code and none of its arguments; one that did not is not."""
    said = commands.watch(isolated=True)
    start()
    missing, shell, failed = sorted(said(), key=lambda text: text.partition("the command")[2], reverse=True)
    assert "`no-such-tool` cannot be started (No such file or directory)" in missing
    assert "`exit` failed (3)" in shell
    assert f"`{sys.executable}` failed (7)" in failed
    assert "it has no network" in failed
    assert "hush" not in failed


def test_failures_with_a_network() -> None:
    """What failed with a network fails in a deployment as well, but for a tool that is not installed."""
    said = commands.watch(isolated=False)
    start()
    (missing,) = said()
    assert "no-such-tool" in missing
