"""Shows which report goes where."""

import json
from pathlib import Path

import pytest

from ledgergate.errors import LedgergateError
from policies.gating.outputs import Output, outputs_of
from tests.policies.gating.workspace import BUCKET, gate, program


def test_standard_output_is_one_of_them() -> None:
    """A path alone takes the place of standard output; a report that names its format is one more."""
    assert outputs_of("text", []) == (Output("text"),)
    assert outputs_of("json", ["a.jsonl"]) == (Output("json", Path("a.jsonl")),)
    more = outputs_of("text", ["sarif:a.sarif", "junit:a.xml"])
    assert more == (Output("text"), Output("sarif", Path("a.sarif")), Output("junit", Path("a.xml")))
    assert outputs_of("text", ["./sarif:a"]) == (Output("text", Path("sarif:a")),)


@pytest.mark.parametrize(
    ("form", "texts", "said"),
    [
        ("yaml", [], "--format yaml: yaml is no format"),
        ("text", ["sarf:a.sarif"], "--output sarf:a.sarif: sarf is no format"),
        ("text", ["sarif:"], "--output sarif:: it is empty"),
        ("text", [" "], "names no file"),
        ("text", ["sarif:a", "junit:./a"], "two reports would go into one file"),
    ],
)
def test_mistakes(form: str, texts: list[str], said: str) -> None:
    """What cannot be meant is refused with the reason."""
    with pytest.raises(LedgergateError, match=said.replace("(", r"\(")):
        outputs_of(form, texts)


def test_several_formats_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text stands on standard output as ever, and each file holds its own format, whole."""
    shop = program(tmp_path / "shop", BUCKET)
    files = [f"{form}:{tmp_path / form}" for form in ("json", "sarif", "junit", "markdown")]
    assert gate(shop, output=tuple(files)) == 1
    said = capsys.readouterr()
    assert "FAILED  S3.8 s3-bucket-public-access-blocked" in said.out
    assert said.err == ""
    results = json.loads((tmp_path / "sarif").read_text())["runs"][0]["results"]
    (finding,) = map(json.loads, (tmp_path / "json").read_text().splitlines())
    assert [each["partialFingerprints"]["ledgergate/v1"] for each in results] == [finding["fingerprint"]]
    assert 'failures="1"' in (tmp_path / "junit").read_text()
    assert (tmp_path / "markdown").read_text().startswith("### Ledgergate: FAILED")


def test_a_file_that_cannot_be_written_stops_before_anything_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other files are left alone, and nothing of them is left half written."""
    shop = program(tmp_path / "shop", BUCKET)
    (tmp_path / "a.xml").write_text("of yesterday")
    code = gate(shop, output=(f"junit:{tmp_path}/a.xml", f"sarif:{tmp_path}/nowhere/a.sarif"))
    assert (code, "nowhere/a.sarif: cannot be written" in capsys.readouterr().err) == (2, True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.xml", "shop"]
    assert (tmp_path / "a.xml").read_text() == "of yesterday"
