"""JSON files as evidence demands them: whole, without doubt about what they say, mistakes named by file and line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from ledgergate.evidence.chain import canonical
from ledgergate.evidence.errors import EvidenceError
from ledgergate.evidence.files import read_file

_UNFINISHED: Final = "What wrote it did not come to its end: run it again."


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON object.

    Args:
        place: File and line, for messages.
        content: The object.
    """

    place: str
    content: dict[str, Any]

    def refuse(self, reason: str, hint: str = "") -> NoReturn:
        """Say what is wrong with it.

        Raises:
            EvidenceError: Always.
        """
        raise EvidenceError(f"{self.place}: {reason}", hint)


def read_document(path: Path) -> Document:
    """Return the one object that a file holds.

    Raises:
        EvidenceError: It cannot be read, or is something else.
    """
    return parse_document(str(path), read_file(path))


def read_lines(path: Path) -> Iterator[Document]:
    """Yield the objects of a file that holds one on each line.

    Raises:
        EvidenceError: It cannot be read, or a line is cut off or something else.
    """
    *whole, rest = read_file(path).split(b"\n")
    for number, text in enumerate(whole, start=1):
        yield parse_document(f"{path}, line {number}", text)
    if rest:
        raise EvidenceError(f"{path}, line {len(whole) + 1}: it is cut off", _UNFINISHED)


def parse_document(place: str, text: bytes) -> Document:
    """Return the object that a text says, if it says one thing only.

    Args:
        place: File and line, for messages.
        text: JSON in UTF-8.

    Raises:
        EvidenceError: It is not JSON, no object, names a key twice, or holds what a chain cannot hold: half a
            character, a number without bounds.
    """
    try:
        content = json.loads(text.decode(), object_pairs_hook=_once, parse_constant=_refuse_constant)
        canonical(content)
    except UnicodeError:
        raise EvidenceError(f"{place}: it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise EvidenceError(f"{place}: it is not JSON: {error.msg}, column {error.colno}") from None
    except RecursionError:
        raise EvidenceError(f"{place}: it is nested too deeply") from None
    except ValueError as error:
        raise EvidenceError(f"{place}: it is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise EvidenceError(f"{place}: it is no JSON object")
    return Document(place, content)


Form = Mapping[str, type | tuple[type, ...]]
"""Key → the types that its value may have; a flag is no number."""


def demand_form(document: Document, form: Form, *, exactly: bool = True) -> None:
    """Refuse an object that lacks a key, holds another type under it, or has keys besides.

    Args:
        document: The object.
        form: What it must look like.
        exactly: Whether other keys are refused.

    Raises:
        EvidenceError: It looks otherwise.
    """
    content = document.content
    for name, types in form.items():
        if name not in content:
            document.refuse(f"`{name}` is missing")
        if type(content[name]) not in (types if isinstance(types, tuple) else (types,)):
            document.refuse(f"`{name}` is of another type than expected")
    unknown = content.keys() - form.keys()
    if exactly and unknown:
        document.refuse(f"unknown key `{min(unknown)}`")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"key `{next(name for name in names if names.count(name) > 1)}` stands twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
