"""JSON is read strictly, and whatever is wrong with it is named by file and line."""

from pathlib import Path

import pytest

from ledgergate.evidence import EvidenceError
from ledgergate.evidence.documents import Document, parse_document, read_lines


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a":1,"a":2}', "key `a` stands twice"),
        (b'{"a":{"b":1,"b":1}}', "key `b` stands twice"),
        (b'{"a":NaN}', "NaN is no number of JSON"),
        (b'{"a":-Infinity}', "-Infinity is no number of JSON"),
        (b'{"a":1e999}', "it is not JSON"),
        (b'{"a":' + b"1" * 5000 + b"}", "it is not JSON"),
        (b'{"a":"\\ud800"}', "it is not text in UTF-8"),
        (b'{"a":"\xff"}', "it is not text in UTF-8"),
        (b"\xef\xbb\xbf{}", "it is not JSON"),
        (b'{"a":' + b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":1} {"b":2}', "it is not JSON: Extra data, column 9"),
        (b'{"a":', "it is not JSON"),
        (b"", "it is not JSON"),
        (b"[]", "it is no JSON object"),
        (b'"text"', "it is no JSON object"),
    ],
)
def test_what_is_doubtful_is_refused(text: bytes, said: str) -> None:
    """A text that two readers could take for two things, or that no chain can hold, is no evidence."""
    with pytest.raises(EvidenceError) as caught:
        parse_document("gate.jsonl, line 3", text)
    assert caught.value.message.startswith("gate.jsonl, line 3: ")
    assert said in caught.value.message


def test_lines_are_numbered_and_a_torn_one_is_named(tmp_path: Path) -> None:
    """What was whole is given; then the reader says where the file ends too early."""
    path = tmp_path / "gate.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":2}\n{"a"')
    lines = read_lines(path)
    assert [next(lines), next(lines)] == [Document(f"{path}, line {n}", {"a": n}) for n in (1, 2)]
    with pytest.raises(EvidenceError, match=r"gate\.jsonl, line 3: it is cut off"):
        next(lines)
