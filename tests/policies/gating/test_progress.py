"""Shows what a waiting user sees, and that nobody else sees it."""

import io
import sys

import pytest

from policies.gating.progress import progress


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, *, term: str, quiet: bool = False) -> str:
    """Return what a run of two stacks writes to standard error."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", term)
    with progress(2, quiet=quiet) as step:
        step("shop/dev")
    return stream.getvalue()


def test_a_terminal_sees_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a line says how many stacks are through, and is wiped at the end."""
    output = shown(Terminal(), monkeypatch, term="xterm")
    assert "of 2 stacks through" in output
    assert output.endswith(("\x1b[2K", "\x1b[?25h", "\r"))


@pytest.mark.parametrize(
    ("stream", "term", "quiet"),
    [(io.StringIO(), "xterm", False), (Terminal(), "xterm", True), (Terminal(), "dumb", False)],
)
def test_nobody_else_sees_anything(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, term: str, *, quiet: bool
) -> None:
    """A pipe, a quiet call, and a plain terminal in a short run get nothing."""
    assert shown(stream, monkeypatch, term=term, quiet=quiet) == ""


def test_a_plain_terminal_is_told_in_a_long_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without cursor control gets one line when the run takes longer than somebody likes to wait."""
    monkeypatch.setattr("policies.gating.progress.Timer", AtOnce)
    assert shown(Terminal(), monkeypatch, term="dumb") == "judging: 0 of 2 stacks through\n"


def test_what_else_is_judged_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run over other programs is told from the first."""
    monkeypatch.setattr("policies.gating.progress.Timer", AtOnce)
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "dumb")
    with progress(2, quiet=False, what="where the branch began, main (0123)"):
        pass
    assert stream.getvalue() == "judging where the branch began, main (0123): 0 of 2 stacks through\n"


class AtOnce:
    """A timer whose time has come."""

    def __init__(self, _seconds: float, call: object) -> None:
        self.daemon = False
        self._call = call

    def start(self) -> None:
        """Call without waiting."""
        assert callable(self._call)
        self._call()

    def cancel(self) -> None:
        """Come too late."""
