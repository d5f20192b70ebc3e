"""What a program printed is kept short and never shows a secret."""

import os

from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.output import Tail, last_lines, redact

_SECRET = "Zq7-Wx9_Kv3"


def tail_of(content: bytes, secrets: tuple[str, ...] = (_SECRET,)) -> str:
    """Return what a tail shows of a stream with this content."""
    reading, writing = os.pipe()
    tail = Tail(os.fdopen(reading, "rb", buffering=0), secrets)
    with os.fdopen(writing, "wb") as stream:
        stream.write(content)
    tail.finish()
    return tail.text()


def test_short_output_is_whole() -> None:
    """Output below the limit is shown as it is, bytes that are no text replaced."""
    assert tail_of("grün\n".encode() + b"\xff\n") == "grün\n\ufffd\n"


def test_long_output_keeps_its_end() -> None:
    """Of long output the end is shown, and that there was more."""
    shown = tail_of(b"a" * 100_000 + b"the end")
    assert shown.startswith("…\n")
    assert shown.endswith("the end")
    assert len(shown) < 20_000


@given(before=st.integers(0, 40_000), after=st.integers(16_300, 16_500) | st.integers(0, 20))
def test_no_part_of_a_secret_is_shown(before: int, after: int) -> None:
    """Wherever the cut falls, no three signs of a secret stay: it is hidden whole or its rest goes too."""
    shown = tail_of(b"\n" * before + _SECRET.encode() + b"\n" * after)
    assert not [part for start in range(len(_SECRET) - 2) if (part := _SECRET[start : start + 3]) in shown]


def test_longer_secrets_are_hidden_first() -> None:
    """A secret that contains another one is hidden whole, and signs too few to be a secret stay."""
    assert redact("pass=abcdef ab", ("abcdef", "abc", "ab")) == "pass=[secret] ab"


def test_last_lines_fit_a_terminal() -> None:
    """The last lines are cut, and control characters cannot move the cursor."""
    assert last_lines("one\ntwo\n\x1b[2Jthree\tfour\n", 2) == ["two", "\ufffd[2Jthree\tfour"]
    assert last_lines("x" * 1_000, 3) == ["x" * 400 + "…"]
    assert last_lines("", 3) == []
