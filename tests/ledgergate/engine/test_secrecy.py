"""No text that comes out of a program shows what it marked as secret, however the program ends."""

from pathlib import Path

import pytest

from ledgergate.engine.program_errors import ProgramError
from tests.ledgergate.engine.running import lay_out, run_project

pytestmark = pytest.mark.usefixtures("programs_in_copies")

MARKED = "import pulumi\nhidden = pulumi.Output.secret('S3CRETVALUE')\n"
DERIVED = "import pulumi\nplain = pulumi.Output.from_input('S3CRETVALUE')\nhidden = pulumi.Output.secret(plain)\n"


@pytest.mark.parametrize("start", [MARKED, DERIVED], ids=["literal", "derived"])
@pytest.mark.parametrize(
    "end",
    [
        "hidden.apply(int)",
        "hidden.apply(print)\nhidden.apply(lambda _: 1 / 0)",
        "import os\nhidden.apply(lambda text: (print(text, flush=True), os._exit(0)))",
    ],
    ids=["raises", "prints and raises", "prints and dies"],
)
def test_no_end_shows_a_secret(tmp_path: Path, start: str, end: str) -> None:
    """A message, a traceback and what was printed last are shown without it."""
    with pytest.raises(ProgramError) as raised:
        run_project(lay_out(tmp_path / "program", {"__main__.py": start + end + "\n"}))
    assert "S3CRETVALUE" not in str(raised.value)
    assert "[secret]" in str(raised.value) or "whose text is hidden" in str(raised.value)


MADE = {
    "a value": "made = hidden.apply(lambda text: text[::-1])\n",
    "an output": "made = hidden.apply(lambda text: pulumi.Output.from_input(text[::-1]))\n",
    "a coroutine": "async def turn(text):\n    return text[::-1]\nmade = hidden.apply(turn)\n",
    "part of a map": "made = hidden.apply(lambda text: {'a': [text[::-1]]})['a'][0]\n",
}


@pytest.mark.parametrize("how", MADE)
def test_what_is_made_of_a_secret_is_not_shown_either(tmp_path: Path, how: str) -> None:
    """A spelling of a secret that only the program knows is as secret as the value itself, whoever shows it."""
    end = "def show(text):\n    print(text)\n    pulumi.log.info(text)\n    raise ValueError(text)\nmade.apply(show)\n"
    with pytest.raises(ProgramError) as raised:
        run_project(lay_out(tmp_path / "program", {"__main__.py": MARKED + MADE[how] + end}))
    assert "EULAVTERC3S" not in str(raised.value)
    assert "ValueError, whose text is hidden: it left a function that was given a secret\n" in str(raised.value)
    assert "in show" in str(raised.value)


@pytest.mark.parametrize(
    "form",
    ["text[::-1]", "base64.b64encode(text.encode()).decode()", "text.encode().hex()", "urllib.parse.quote(text)"],
)
def test_usual_forms_of_a_secret_are_hidden(tmp_path: Path, form: str) -> None:
    """Configuration that a program reads as plain text cannot be followed; what is mostly made of it is known."""
    text = (
        "import base64, pulumi, urllib.parse\n"
        f"text = pulumi.Config().require('word')\nprint({form})\nraise ValueError({form})\n"
    )
    declared = {"config": {"word": {"default": "S3CRET/VALUE+", "secret": True}}}
    with pytest.raises(ProgramError, match=r"ValueError: \[secret\]") as raised:
        run_project(lay_out(tmp_path / "program", {"__main__.py": text}, manifest=declared))
    shown = str(raised.value).casefold()
    assert not [part for part in ("terces3s", "+eulav", "uznduk", "533343524554", "%2fvalue") if part in shown]


def test_only_what_is_secret_hides_the_text_of_an_exception(tmp_path: Path) -> None:
    """Beside a secret, what a function raises is said in full."""
    text = MARKED + "pulumi.Output.from_input('plain').apply(int)\n"
    with pytest.raises(ProgramError, match=r"invalid literal for int\(\) with base 10: 'plain'"):
        run_project(lay_out(tmp_path / "program", {"__main__.py": text}))


def test_a_good_end_shows_none_either(tmp_path: Path) -> None:
    """What a program prints is kept for its reader, without its secrets."""
    text = MARKED + "hidden.apply(print)\npulumi.log.info('it is S3CRETVALUE')\n"
    found = run_project(lay_out(tmp_path / "program", {"__main__.py": text}))
    assert "S3CRETVALUE" not in f"{found.output}{found.messages}"
    assert "[secret]" in found.output


LONG = "".join(f"S3CRET{number:03}" for number in range(90))
LINES = "S3CRETuser: shop\nS3CRETpass: 'xyz'"
SHOWN = {
    "an error": ("raise ValueError(f'{\"x\" * 30} {word}')", r"ValueError: x+ \[secret\]\n"),
    "an error that begins with it": ("raise ValueError(word)", r"ValueError: \[secret\]\n"),
    "an exit": ("import sys; sys.exit(word)", r"exit\('\[secret\]'\) before its end"),
    "a transform": (
        (
            "import pulumi_aws as aws\ndef change(args): raise ValueError('no ' + word)\n"
            "pulumi.runtime.register_resource_transform(change)\naws.sqs.Queue('jobs')"
        ),
        r"a transform of 'jobs' failed: ValueError: no \[secret\]\n",
    ),
    "lines of it": ("for line in word.splitlines():\n    print('with', line)\n1 / 0", r"  with \[secret\]"),
    "a dying program": (
        "import os\nfor line in word.splitlines():\n    print('with', line, flush=True)\nos._exit(0)",
        r"  with \[secret\]",
    ),
    "a name cut by reprlib": (
        "import reprlib\nraise ValueError(reprlib.repr(word))",
        r"\[secret\] ?\.\.\.\[secret\]",
    ),
}


@pytest.mark.parametrize("secret", [LONG, LINES], ids=["long", "of several lines"])
@pytest.mark.parametrize("how", SHOWN)
def test_no_part_of_a_long_secret_is_shown(tmp_path: Path, how: str, secret: str) -> None:
    """A secret is hidden before a text is cut to a line, and its lines one by one."""
    end, expected = SHOWN[how]
    declared = {"config": {"word": {"default": secret, "secret": True}}}
    text = f"import pulumi\nword = pulumi.Config().require('word')\n{end}\n"
    with pytest.raises(ProgramError, match=expected) as raised:
        run_project(lay_out(tmp_path / "program", {"__main__.py": text}, manifest=declared))
    assert "S3CRET" not in str(raised.value)
