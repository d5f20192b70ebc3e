"""What a program printed is kept short and never shows a secret."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.engine.output import Tail, last_lines, redact, spellings

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


_LONG = "kV3xQ9mT2bYp7RsL4wZc8NdH6gJf1AuE"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"input_value='{_LONG[:12]}...{_LONG[-11:]}', input_type=str",
            "input_value='[secret]...[secret]', input_type=str",
        ),
        (f"token {_LONG[:9]} […] and more", "token [secret] […] and more"),
        (f"{_LONG[:20]}…", "[secret]…"),
        (f"kV3xQ9 kV3xQ9m{_LONG[:6]}....", "kV3xQ9 kV3xQ9m[secret]...."),
        (f"…{_LONG[-7:]} uE {_LONG[-6:]}", f"…[secret] uE {_LONG[-6:]}"),
        ("waiting for kV3xQ... done", "waiting for kV3xQ... done"),
    ],
)
def test_parts_of_a_secret_at_a_cut_are_hidden(text: str, shown: str) -> None:
    """What somebody else cut out of a secret is hidden before and after the ellipsis, five signs or fewer are not."""
    assert redact(text, (_LONG,)) == shown


@given(st.text(max_size=30), st.integers(6, len(_LONG)), st.text(max_size=30))
def test_no_beginning_of_a_secret_stays_at_a_cut(before: str, length: int, after: str) -> None:
    """Whatever stands around it, no six signs of the beginning stay before an ellipsis."""
    shown = redact(f"{before}{_LONG[:length]}...{after}", (_LONG,))
    assert _LONG[:length] not in shown.removeprefix(before)


def test_lines_of_a_secret_are_spellings() -> None:
    """Each line of six signs or more is hidden by itself; of a secret of one line nothing more."""
    assert {"user: abc", 'pass: "xyz"', 'pass: \\"xyz\\"'} <= set(spellings('user: abc\r\n  pass: "xyz"\n}\n'))
    assert "}" not in spellings("user: abc\n}")


def test_last_lines_fit_a_terminal() -> None:
    """The last lines are cut, and control characters cannot move the cursor."""
    assert last_lines("one\ntwo\n\x1b[2Jthree\tfour\n", 2) == ["two", "\ufffd[2Jthree\tfour"]
    assert last_lines("x" * 1_000, 3) == ["x" * 400 + "…"]
    assert last_lines("", 3) == []
