"""Reads the parameters of Parameter Store, and never their values."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.keys import key_use
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.secrets import CLASS_TAG, StoredParameter

_PARAMETER: Final = "aws:ssm/parameter:Parameter"
_PARAMETERS: Final = Paging("NextToken", ("Parameters",))


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("ssm", "parameter/*"), _PARAMETER, place)
    yield Task(subject, (StoredParameter,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_PARAMETERS, desk.aws.ssm.describe_parameters):
        for each in page["Parameters"]:
            subject = Subject(place.arn("ssm", f"parameter/{each['Name'].removeprefix('/')}"), _PARAMETER, place)
            yield Task(subject, (StoredParameter,), partial(_read, subject, {**each}))


def _tags(item: Mapping[str, Any], desk: Desk) -> Any:
    asked = {"ResourceType": "Parameter", "ResourceId": item["Name"]}
    return desk.one(desk.aws.ssm.list_tags_for_resource, **asked)["TagList"]


def _read(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    classes = {each["Key"]: each.get("Value", "") for each in _tags(item, desk)}
    fact = StoredParameter(
        name=item["Name"],
        type=item["Type"],
        class_tag=classes.get(CLASS_TAG, ""),
        key_id=key_use(desk, item.get("KeyId"), failures),
    )
    yield Observed(subject, fact, failures=tuple(failures))


_CALLS: Final = ("ssm:DescribeParameters", "ssm:ListTagsForResource")

READING: Final = Reading(
    service="ssm",
    regional=True,
    gives={StoredParameter: ("kms:DescribeKey", *_CALLS)},
    begin=_begin,
)
