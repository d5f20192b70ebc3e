"""A hash chain of JSON lines: each line names the hash of the one before, so none can change, move or go missing.

A line is the canonical JSON of its record (sorted keys, no spaces, UTF-8) and a newline. Its hash is the SHA-256 of
those bytes. What comes after the last line has to be pinned from outside, by a signature over count and head.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.evidence.errors import EvidenceError

GENESIS: Final = "0" * 64
"""What the first line names as its predecessor."""

_NEWLINE: Final = b"\n"


class ChainError(EvidenceError):
    """A chain is broken.

    Args:
        line: Number of the first line that is wrong, from 1.
        reason: What is wrong with it.
        torn: Whether only the end of the last line is missing, as after a crash.
    """

    def __init__(self, line: int, reason: str, *, torn: bool = False) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason
        self.torn = torn


@dataclass(frozen=True, slots=True)
class Link:
    """One verified line.

    Args:
        number: Place in the chain, from 1.
        record: Its content, without number and predecessor.
        digest: SHA-256 of the line, hex.
    """

    number: int
    record: Mapping[str, Any]
    digest: str


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value.

    Raises:
        ValueError: The value holds NaN, infinity or half a character.
        TypeError: It is not JSON data.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def seal(number: int, previous: str, record: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return the line of a record and its hash.

    Args:
        number: Place in the chain, from 1.
        previous: Hash of the line before, or `GENESIS`.
        record: JSON data; the keys `number` and `previous` are the chain's own.
    """
    line = canonical({**record, "number": number, "previous": previous}) + _NEWLINE
    return line, hashlib.sha256(line).hexdigest()


def read_links(content: bytes) -> Iterator[Link]:
    """Yield the lines of a chain, each verified before it is yielded.

    Raises:
        ChainError: A line was changed, dropped, moved or cut off; everything before it was yielded.
    """
    previous = GENESIS
    *whole, rest = content.split(_NEWLINE)
    for number, text in enumerate(whole, start=1):
        line = text + _NEWLINE
        record = _parse(number, line)
        if record.pop("number", None) != number:
            raise ChainError(number, "it stands in the wrong place: a line was dropped, added or moved")
        if record.pop("previous", None) != previous:
            raise ChainError(number, "it does not follow from the line before: one of the two was changed")
        previous = hashlib.sha256(line).hexdigest()
        yield Link(number, record, previous)
    if rest:
        raise ChainError(len(whole) + 1, "it is cut off", torn=True)


def _parse(number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ChainError(number, "it is not JSON") from None
    if not isinstance(record, dict) or _rendered(record) != line:
        raise ChainError(number, "it is not written as the chain writes it: it was changed")
    return record


def _rendered(record: Mapping[str, Any]) -> bytes:
    try:
        return canonical(record) + _NEWLINE
    except (ValueError, RecursionError):
        return b""
