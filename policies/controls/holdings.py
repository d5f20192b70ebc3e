"""What a store holds, by what it calls itself."""

import re
from collections.abc import Collection
from typing import Any, Final

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

_AUDIT: Final = frozenset({"archive", "archived", "archives", "audit", "audits"})
_LOGS: Final = frozenset({"log", "logs"})
CARDHOLDER: Final = "cardholder"


def words_of(text: str) -> frozenset[str]:
    """Return the words of a name in lower case, whether they are set apart by signs or by capitals."""
    return frozenset(each.lower() for each in _WORD.findall(text))


def holds_audit_records(labels: Any, further_words: Collection[str]) -> bool:
    """Tell whether a store holds audit or archive data: its tags Purpose and DataClassification or its name say so.

    Args:
        labels: What it calls itself, a `Labels`.
        further_words: Words that say so too, beside `audit` and `archive`.
    """
    telling = _AUDIT | {word.lower() for word in further_words}
    names = ("purpose", "data_classification", "name")
    # One after the other: a tag that says so makes it unimportant that the name is not known.
    return any(telling & words_of(getattr(labels, name)) for name in names)


def holds_cardholder_data(labels: Any) -> bool:
    """Tell whether a store's tag DataClassification says that it holds cardholder data."""
    return bool(labels.data_classification.lower() == CARDHOLDER)


def is_tagged_for_logs(labels: Any) -> bool:
    """Tell whether a store's tag Purpose says that logs are delivered to it."""
    return bool(_LOGS & words_of(labels.purpose))
