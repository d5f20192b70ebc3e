"""What the types of EC2 have in common: tags, and the one item that a describe call must find."""

from collections.abc import Sequence
from typing import Any, TypeVar

from integration.sandbox.handler import GoneError, Subject
from integration.sandbox.types.tags import dropped_tags, tag_list

ItemT = TypeVar("ItemT")


def the_one(found: Sequence[ItemT]) -> ItemT:
    """Return the item that was looked up by its id.

    Raises:
        GoneError: There is none.
    """
    if not found:
        raise GoneError
    return found[0]


def set_tags(subject: Subject) -> None:
    """Give the resource the wanted tags, and no others."""
    if dropped := dropped_tags(subject):
        keys: list[Any] = [{"Key": key} for key in dropped]
        subject.aws.ec2.delete_tags(Resources=[subject.id], Tags=keys)
    if tags := tag_list(subject):
        subject.aws.ec2.create_tags(Resources=[subject.id], Tags=tags)
