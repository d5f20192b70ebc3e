"""No text that comes out of a program shows what it marked as secret, however the program ends."""

from pathlib import Path

import pytest

from ledgergate.engine.program_errors import ProgramError
from tests.ledgergate.engine.running import lay_out, run_project

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
    assert "[secret]" in str(raised.value)


def test_a_good_end_shows_none_either(tmp_path: Path) -> None:
    """What a program prints is kept for its reader, without its secrets."""
    text = MARKED + "hidden.apply(print)\npulumi.log.info('it is S3CRETVALUE')\n"
    found = run_project(lay_out(tmp_path / "program", {"__main__.py": text}))
    assert "S3CRETVALUE" not in f"{found.output}{found.messages}"
    assert "[secret]" in found.output
