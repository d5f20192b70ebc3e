"""Options that may be given several times, separated by commas, or both; one that is given and empty is a mistake."""

from pathlib import Path
from typing import Final

import typer

FORMAT_HELP: Final = "Format of the report: text, json, sarif, junit, markdown or html."
OUTPUT_HELP: Final = "Write the report there, whole or not at all; with FORMAT one more, and repeatable."


def listed(option: str, values: list[str] | None) -> tuple[str, ...]:
    """Return what an option lists, in order.

    Args:
        option: Its name, `--select`.
        values: What was given; None when it was not.

    Raises:
        typer.BadParameter: It was given, and something in it is empty: whoever meant all leaves it out.
    """
    parts = tuple(part.strip() for value in values or () for part in value.split(","))
    if not all(parts):
        raise typer.BadParameter("it is empty; leave it out to ask for nothing special", param_hint=option)
    return parts


def given_path(text: str) -> Path:
    """Return a path; an empty text is none, and not the folder that one is in.

    Raises:
        typer.BadParameter: The text is empty.
    """
    if not text.strip():
        raise typer.BadParameter("a path that is empty names nothing")
    return Path(text)
