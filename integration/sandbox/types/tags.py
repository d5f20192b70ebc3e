"""Tags in the forms that AWS's calls take and give."""

from collections.abc import Callable, Iterable, Mapping
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


def as_tags(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[Any]:
    """Return a list of tags from tag key → value."""
    return [{key: name, value: text} for name, text in tags.items()]


def retag(subject: Subject, tag: Callable[[dict[str, str]], Any], untag: Callable[[list[str]], Any]) -> None:
    """Give a resource the wanted tags, and no others.

    Args:
        subject: The resource.
        tag: Sets tags: key → value.
        untag: Takes tags away, by their keys.
    """
    if dropped := dropped_tags(subject):
        untag(dropped)
    if tags := wanted_tags(subject):
        tag(tags)


def tags_from(found: Iterable[Mapping[str, Any]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Return tag key → value from a list of tags."""
    return {each[key]: each.get(value, "") for each in found}
