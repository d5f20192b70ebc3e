"""How a selection of AWS Backup chooses: by the ARNs of stores, and by their tags."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from ledgergate.values import Unknown, Value, is_symbolic, reveal
from policies.facts.properties import UNKNOWN
from policies.iam_document import covers

_AURORA: Final = "aurora"
_TAG_KEY: Final = "aws:ResourceTag/"
_EVERYTHING: Final = "*"

Answer = Any
"""True, False, or `UNKNOWN` where nobody can tell."""


def kind_of_cluster(engine: str) -> str:
    """Return what AWS Backup calls a cluster of an engine.

    Source: ProtectedResourceType of RestoreTestingSelectionForCreate, AWS Backup API reference, read 2026-11-30.
    """
    return "Aurora" if engine.startswith(_AURORA) else "RDS"


def settled(ways: Sequence[Answer], excluded: Answer, met: Answer) -> Answer:
    """Tell whether a selection chooses a store.

    Where it has both `resources` and `selectionTags`, the documentation does not say whether one of the two will do,
    so a store that only one chooses is not certain. Source: BackupSelection, AWS Backup API reference, read 2026-11-30.

    Args:
        ways: What `resources` and `selectionTags` say, those that there are; without any it chooses all stores.
        excluded: Whether the store is under `notResources`.
        met: Whether it meets all `conditions`.
    """
    agreed = ways[0] if ways and all(each is ways[0] for each in ways) else UNKNOWN if ways else True
    return all_of(agreed, _negated(excluded), met)


def stands_for(pattern: str, arn: str) -> bool:
    """Tell whether a text under `resources` stands for the store with this ARN, empty where nobody knows it."""
    return pattern == _EVERYTHING or (arn != "" and covers(pattern, arn, fold_case=False))


def has_any_tag(tags: Any, wanted: Value) -> Answer:
    """Tell whether a store has one of `selectionTags`.

    Args:
        tags: Tag key → value; unknown where nobody knows them.
        wanted: Objects with `key` and `value`.
    """
    return any_of(_has(tags, each, "", str.__eq__) for each in _items(wanted))


def meets(tags: Any, conditions: Value) -> Answer:
    """Tell whether a store meets all `conditions`.

    Args:
        tags: As for `has_any_tag`.
        conditions: Objects with `stringEquals`, `stringLikes` and their negations, lists of `key` and `value` each.
    """
    found: list[Answer] = []
    for condition in _items(conditions):
        if not isinstance(condition, Mapping):
            return UNKNOWN
        for name, (compare, wanted) in _OPERATORS.items():
            answers = [_has(tags, each, _TAG_KEY, compare) for each in _items(condition.get(name))]
            found += answers if wanted else [UNKNOWN if each is None else _negated(each) for each in answers]
    return all_of(*(False if each is None else each for each in found))


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return whether one is true; unknown where that depends on what nobody can tell."""
    found = list(answers)
    return True if True in found else UNKNOWN if UNKNOWN in found else False


def all_of(*answers: Answer) -> Answer:
    """Return whether all are true; unknown where that depends on what nobody can tell."""
    return False if False in answers else UNKNOWN if UNKNOWN in answers else True


def _negated(answer: Answer) -> Answer:
    return answer if isinstance(answer, Unknown) else not answer


def _like(value: str, pattern: str) -> bool:
    return covers(pattern, value, fold_case=False)


_OPERATORS: Final[Mapping[str, tuple[Callable[[str, str], bool], bool]]] = {
    "stringEquals": (str.__eq__, True),
    "stringLikes": (_like, True),
    "stringNotEquals": (str.__eq__, False),
    "stringNotLikes": (_like, False),
}
"""Property of a condition → comparison of value and pattern, and whether it must hold."""


def _has(tags: Any, wanted: Any, prefix: str, compare: Callable[[str, str], bool]) -> Any:
    """Tell whether there is a tag with a value; None when there is no such tag at all."""
    if not isinstance(wanted, Mapping):
        return UNKNOWN
    key, pattern = wanted.get("key"), wanted.get("value")
    if isinstance(tags, Unknown) or not isinstance(key, str) or not isinstance(pattern, str) or is_symbolic(pattern):
        return UNKNOWN
    value = tags.get(key.removeprefix(prefix))
    if value is None:
        return None
    return UNKNOWN if isinstance(value, Unknown) or is_symbolic(value) else compare(value, pattern)


def _items(value: Value) -> list[Any]:
    plain = reveal(value)
    return [] if plain is None else plain if isinstance(plain, list) else [plain]
