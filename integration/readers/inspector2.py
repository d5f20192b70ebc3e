"""Reads what Inspector scans in a Region for the account."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.vulnerability_scans import Scanning, VulnerabilityScans

_KINDS: Final = {"ec2": "EC2", "ecr": "ECR", "lambda": "LAMBDA", "lambdaCode": "LAMBDA_CODE"}
"""Member of an answer → what a program calls it. Source: ResourceState, Inspector API reference, read 2026-11-30."""

_ON: Final = "ENABLED"


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("inspector2", "account"), "pulumi:pulumi:Stack", place)
    yield Task(subject, (VulnerabilityScans,), partial(_read, subject))


def _read(subject: Subject, desk: Desk) -> Iterator[Observed]:
    place = subject.place
    answer = desk.one(desk.aws.inspector2.batch_get_account_status, accountIds=[place.account])
    (state,) = (each["resourceState"] for each in answer["accounts"] if each["accountId"] == place.account)
    scanning = Scanning(region=place.region, account_ids=(place.account,), resource_types=_scanned(state))
    yield Observed(subject, VulnerabilityScans(read_in=place.region, scans=(scanning,)))


def _scanned(state: Mapping[str, Any]) -> tuple[str, ...]:
    # Regions without a kind of scan leave it out.
    return tuple(kind for member, kind in _KINDS.items() if state.get(member, {}).get("status") == _ON)


READING: Final = Reading(
    service="inspector2",
    regional=True,
    gives={VulnerabilityScans: ("inspector2:BatchGetAccountStatus",)},
    begin=_begin,
)
