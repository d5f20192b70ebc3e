"""Lists what services hold, so that what was never tagged is seen: a row for each kind, with its tags."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from integration.readers.tags import tagged
from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.tagging import Tagged

Tags = Iterable[Mapping[str, Any]]
"""`Key` and `Value` each."""

Listed = tuple[str, Callable[[Desk], Tags]]
"""ARN of a resource, and what asks for its tags."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of resource.

    Args:
        type: Type token.
        service: Service in its ARN.
        path: How its ARN goes on after the account, up to its name.
        operations: `service:Operation` of every call that it takes.
        find: Yields what there is in a place; raises `CallFailedError` where a list has no answer.
    """

    type: str
    service: str
    path: str
    operations: tuple[str, ...]
    find: Callable[[Place, Desk], Iterator[Listed]]


def row_tasks(rows: Iterable[Row], place: Place) -> Iterator[Task]:
    """Yield the work of reading the tags of everything that these rows list."""
    for row in rows:
        everything = Subject(place.arn(row.service, f"{row.path}*"), row.type, place)
        yield Task(everything, (Tagged,), partial(_list, row, place))


def _list(row: Row, place: Place, desk: Desk) -> Iterator[Task]:
    for arn, tags in row.find(place, desk):
        subject = Subject(arn, row.type, place)
        yield Task(subject, (Tagged,), partial(_read, subject, tags))


def _read(subject: Subject, tags: Callable[[Desk], Tags], desk: Desk) -> Iterator[Observed]:
    yield tagged(subject, tags(desk))


def told(tags: Tags) -> Callable[[Desk], Tags]:
    """Return tags that the list itself tells."""
    return lambda _: tags


def from_map(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags that a service tells as key → value."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def from_small(tags: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return tags of a service that writes `key` and `value`."""
    return [{"Key": each["key"], "Value": each.get("value", "")} for each in tags]
