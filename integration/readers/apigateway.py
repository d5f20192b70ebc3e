"""Reads who may reach the stages of REST APIs, and whether a web ACL stands before them."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.readers.web_acl_uses import WEB_ACL_OPERATIONS, Protected, has_web_acl
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.entry_points import EntryKind, EntryPoint

_STAGE: Final = "aws:apigateway/stage:Stage"
_APIS: Final = Paging("position", ("items",))
_PRIVATE: Final = "PRIVATE"


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    yield Task(_subject(place, "*", "*"), (EntryPoint,), partial(_list_apis, place))


def _list_apis(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_APIS, desk.aws.apigateway.get_rest_apis):
        for each in page["items"]:
            (type_,) = each["endpointConfiguration"]["types"]
            subject = _subject(place, each["id"], "*")
            yield Task(subject, (EntryPoint,), partial(_list_stages, place, each["id"], type_))


def _list_stages(place: Place, api: str, type_: str, desk: Desk) -> Iterator[Task]:
    for each in desk.one(desk.aws.apigateway.get_stages, restApiId=api)["item"]:
        subject = _subject(place, api, each["stageName"])
        yield Task(subject, (EntryPoint,), partial(_read, subject, type_))


def _read(subject: Subject, type_: str, desk: Desk) -> Iterator[Observed]:
    associated = has_web_acl(subject.arn, Protected.STAGE, desk)
    fact = EntryPoint(kind=EntryKind.STAGE, type=type_, internal=type_ == _PRIVATE, associated=associated)
    yield Observed(subject, fact)


def _subject(place: Place, api: str, stage: str) -> Subject:
    # ARNs of API Gateway name no account.
    arn = f"arn:{place.partition}:apigateway:{place.region}::/restapis/{api}/stages/{stage}"
    return Subject(arn, _STAGE, place)


READING: Final = Reading(
    service="apigateway",
    regional=True,
    gives={EntryPoint: ("apigateway:GetRestApis", "apigateway:GetStages", *WEB_ACL_OPERATIONS)},
    begin=_begin,
)
