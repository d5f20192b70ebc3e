"""What seals the end of a journal: a file beside it with the count of its lines and the hash of the last one.

A chain vouches for every line but the last. The head is written after each line, in place, always the same size, so
that it needs no room on a full disk. A process that dies in between leaves one line more than the head counts, and no
line less: whatever lacks a line that was counted was cut by somebody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledgergate.evidence.chain import GENESIS
from ledgergate.evidence.errors import EvidenceError

_SUFFIX: Final = ".head"
_FORM: Final = re.compile(rb"(\d{10}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends.

    Args:
        count: How many lines it has.
        digest: Hash of the last one, or `GENESIS`.
    """

    count: int = 0
    digest: str = GENESIS

    def render(self) -> bytes:
        """Return the content of a head's file."""
        return f"{self.count:010d} {self.digest}\n".encode()


NO_LINES: Final = Head()
"""Where a chain ends that has not begun."""


def head_file(journal: Path) -> Path:
    """Return the file that seals a journal."""
    return journal.with_name(journal.name + _SUFFIX)


def read_head(journal: Path) -> Head:
    """Return what seals a journal.

    Raises:
        EvidenceError: The file is missing or holds something else.
    """
    path = head_file(journal)
    return parse_head(journal, path.read_bytes() if path.is_file() else None)


def parse_head(journal: Path, content: bytes | None) -> Head:
    """Return the head that a file holds.

    Args:
        journal: The journal, for messages.
        content: What the file holds; None when there is none.

    Raises:
        EvidenceError: It is missing or holds something else.
    """
    found = _FORM.fullmatch(content or b"")
    if found is None:
        raise EvidenceError(f"{head_file(journal)} is missing or was changed: nothing says where {journal.name} ends")
    return Head(int(found[1]), found[2].decode())


def missing_end(head: Head, digests: Sequence[str]) -> str:
    """Return how a chain does not end as its head says, or an empty string.

    Args:
        head: What seals it.
        digests: Hashes of its lines, in order.
    """
    if head.count > len(digests):
        return f"{head.count - len(digests)} lines are missing at its end"
    if len(digests) > head.count + 1:
        return f"its head counts {head.count} lines, it has {len(digests)}"
    if head.digest != [GENESIS, *digests][head.count]:
        return f"line {head.count} is not the one that was written"
    return ""
