"""Tags in the forms that AWS's calls take and give."""

from collections.abc import Iterable, Mapping
from typing import Any

from integration.sandbox.handler import Subject


def wanted_tags(subject: Subject) -> dict[str, str]:
    """Return tag key → value as the resource shall have them, the provider's default tags included."""
    return {key: str(value) for key, value in (subject.inputs.get("tagsAll") or {}).items()}


def tag_list(subject: Subject) -> list[Any]:
    """Return the wanted tags as `Key` and `Value`."""
    return [{"Key": key, "Value": value} for key, value in wanted_tags(subject).items()]


def dropped_tags(subject: Subject) -> list[str]:
    """Return the keys that the resource has and shall not have any more."""
    return sorted((subject.before.get("tagsAll") or {}).keys() - wanted_tags(subject).keys())


def tags_from(found: Iterable[Mapping[str, Any]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Return tag key → value from a list of tags."""
    return {each[key]: each.get(value, "") for each in found}
