"""Reads user pools: whether they are protected from deletion."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.deletion import ACTIVE, DeletionProtection

_POOL: Final = "aws:cognito/userPool:UserPool"
_POOLS: Final = Paging("NextToken", ("UserPools",))
_PAGE: Final = 60
"""Pools a page, the most that there are. Source: ListUserPools, Cognito API reference, read 2026-11-30."""


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("cognito-idp", "userpool/*"), _POOL, place)
    yield Task(subject, (DeletionProtection,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_POOLS, desk.aws.cognito.list_user_pools, MaxResults=_PAGE):
        for each in page["UserPools"]:
            subject = Subject(place.arn("cognito-idp", f"userpool/{each['Id']}"), _POOL, place)
            yield Task(subject, (DeletionProtection,), partial(_read, subject, each["Id"]))


def _read(subject: Subject, pool: str, desk: Desk) -> Iterator[Observed]:
    found = desk.one(desk.aws.cognito.describe_user_pool, UserPoolId=pool)["UserPool"]
    yield Observed(subject, DeletionProtection(on=found["DeletionProtection"] == ACTIVE))


READING: Final = Reading(
    service="cognito-idp",
    regional=True,
    gives={DeletionProtection: ("cognito-idp:DescribeUserPool", "cognito-idp:ListUserPools")},
    begin=_begin,
)
