"""The formats a report can be written in; each is imported only when it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from ledgergate.report.summary import Report


@dataclass(frozen=True, slots=True)
class Form:
    """One format.

    Args:
        render: Returns a report in it. It is given the stream of the reader, which decides about width and colour
            where the format has them, and whether only what blocks is wanted.
        encoding: Encoding that the format asks for; empty for whatever suits the reader.
    """

    render: Callable[[Report, IO[str], bool], str]
    encoding: str = "utf-8"


def _text(report: Report, stream: IO[str], brief: bool) -> str:  # noqa: FBT001 - the shape of `Form.render`
    from ledgergate.report import text

    return text.rendered(report, stream, brief=brief)


def _json(report: Report, _stream: IO[str], _brief: bool) -> str:  # noqa: FBT001 - as above
    from ledgergate.report import jsonl

    return "".join(f"{line}\n" for line in jsonl.lines(report))


def _sarif(report: Report, _stream: IO[str], _brief: bool) -> str:  # noqa: FBT001 - as above
    from ledgergate.report import sarif

    return sarif.rendered(report)


def _junit(report: Report, _stream: IO[str], _brief: bool) -> str:  # noqa: FBT001 - as above
    from ledgergate.report import junit

    return junit.rendered(report)


def _markdown(report: Report, _stream: IO[str], _brief: bool) -> str:  # noqa: FBT001 - as above
    from ledgergate.report import markdown

    return markdown.rendered(report)


def _html(report: Report, _stream: IO[str], _brief: bool) -> str:  # noqa: FBT001 - as above
    from ledgergate.report import html

    return html.rendered(report)


FORMS: Final[Mapping[str, Form]] = {
    "text": Form(_text, encoding=""),
    "json": Form(_json),
    "sarif": Form(_sarif),
    "junit": Form(_junit),
    "html": Form(_html),
    "markdown": Form(_markdown),
}
"""Name → format."""
