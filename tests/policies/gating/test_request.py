"""Shows how the parts of a command line that need reading are read."""

from pathlib import Path

import pytest

from ledgergate.errors import LedgergateError
from policies.gating.request import load_answers, parse_stack_outputs


def test_stack_outputs_are_grouped_by_stack() -> None:
    """Each output lands under its stack, a value may hold the separators, and JSON is read as JSON."""
    texts = [
        "network/prod:vpcId=vpc-1",
        "network/prod:url=https://x?a=b",
        'acme/dns/prod:zones=["a", "b"]',
        "dns/prod:account=012345678901",
        "dns/prod:other=123456789012",
        "dns/prod:open=false",
        "dns/prod:count=-3",
        "dns/prod:share=2.5",
        "dns/prod:none=null",
        'dns/prod:flag="true"',
        "dns/prod:version=1.2.3",
    ]
    assert parse_stack_outputs(texts) == {
        "network/prod": {"vpcId": "vpc-1", "url": "https://x?a=b"},
        "acme/dns/prod": {"zones": ["a", "b"]},
        "dns/prod": {
            "account": "012345678901",
            "other": "123456789012",
            "open": False,
            "count": -3,
            "share": 2.5,
            "none": None,
            "flag": "true",
            "version": "1.2.3",
        },
    }


@pytest.mark.parametrize("text", ["vpcId=vpc-1", "network/prod:vpcId", ":vpcId=x", "network:=x", ""])
def test_a_malformed_stack_output_shows_the_form(text: str) -> None:
    """A text in another form is refused with the form that is right."""
    with pytest.raises(LedgergateError, match="expected STACK:OUTPUT=VALUE"):
        parse_stack_outputs([text])


def test_broken_json_in_a_stack_output() -> None:
    """A list that does not parse is refused rather than taken for a text."""
    with pytest.raises(LedgergateError, match="the value is not JSON"):
        parse_stack_outputs(["network/prod:zones=[a"])


@pytest.mark.parametrize(
    "text",
    [
        """
[{"token": "aws:ec2/getAmi:getAmi",
  "args": {"owners": ["self"]}, "result": {"id": "ami-1", "day": "2026-01-02"}}]
""",
        """
- token: aws:ec2/getAmi:getAmi
  args: {owners: [self]}
  result: {id: ami-1, day: 2026-01-02}
""",
    ],
)
def test_answers_in_either_form(tmp_path: Path, text: str) -> None:
    """JSON and YAML give the same answers, a YAML date included."""
    path = tmp_path / "answers"
    path.write_text(text)
    assert load_answers(path) == (
        {
            "token": "aws:ec2/getAmi:getAmi",
            "args": {"owners": ["self"]},
            "result": {"id": "ami-1", "day": "2026-01-02"},
        },
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[{", "neither YAML nor JSON: line 1, column"),
        ("token: x", "expected a list"),
        ("- result: {}", "entry 1: `token` is missing"),
        ("- token: x", "entry 1: `result` is missing"),
        ("- {token: x, result: 1}", "entry 1: `result` must be a mapping"),
        ("- {token: x, result: {}, arg: {}}", "entry 1: unknown key `arg`"),
    ],
)
def test_malformed_answers_name_the_place(tmp_path: Path, text: str, expected: str) -> None:
    """A file in another form is refused in one sentence that names file and entry."""
    path = tmp_path / "answers.yaml"
    path.write_text(text)
    with pytest.raises(LedgergateError) as raised:
        load_answers(path)
    assert expected in str(raised.value)
    assert str(raised.value).startswith(f"--answers {path}")


def test_an_answers_file_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is an error, never an empty list of answers."""
    with pytest.raises(LedgergateError, match="cannot be read: No such file"):
        load_answers(tmp_path / "nowhere.yaml")
