"""Reads the tags of keys. What a key protects is read with what it protects."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.tagging import Tagged

TYPE: Final = "aws:kms/key:Key"

_KEYS: Final = Paging("Marker", ("Keys",), answered="NextMarker")
_TAGS: Final = Paging("Marker", ("Tags",), answered="NextMarker")

_TAKES_NO_TAGS: Final = frozenset({"PendingDeletion", "PendingReplicaDeletion"})
"""States of a key in which KMS refuses tags. Source: key states, AWS KMS developer guide, read 2026-11-30."""


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(Subject(place.arn("kms", "key/*"), TYPE, place), (Tagged,), partial(_list_keys, place))


def _list_keys(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_KEYS, desk.aws.kms.list_keys):
        for each in page["Keys"]:
            yield Task(Subject(each["KeyArn"], TYPE, place), (Tagged,), partial(_read_key, place, each["KeyArn"]))


def _read_key(place: Place, arn: str, desk: Desk) -> Iterator[Observed]:
    subject = Subject(arn, TYPE, place)
    found = desk.one(desk.aws.kms.describe_key, KeyId=arn)["KeyMetadata"]
    if found["KeyManager"] == "AWS":
        return
    if found["KeyState"] in _TAKES_NO_TAGS:
        yield Observed(subject, Tagged(type=TYPE, takes_tags=False))
        return
    pages: list[Any] = [*desk.every(_TAGS, desk.aws.kms.list_resource_tags, KeyId=arn)]
    tags = ({"Key": each["TagKey"], "Value": each["TagValue"]} for page in pages for each in page["Tags"])
    yield tagged(subject, tags)


READING: Final = Reading(
    service="kms",
    regional=True,
    gives={Tagged: ("kms:DescribeKey", "kms:ListKeys", "kms:ListResourceTags")},
    begin=_begin,
)
