"""Reads the subnets of an account: who gets a public address in them, and where their routes lead."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.subnets import SUBNET_CALLS, routed_subnets
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.ec2_subnets import Placement, SubnetAddresses

_SUBNET: Final = "aws:ec2/subnet:Subnet"
_SUBNETS: Final = Paging("NextToken", ("Subnets",))

SUBNET_READS: Final[Mapping[type, tuple[str, ...]]] = {
    Placement: SUBNET_CALLS,
    SubnetAddresses: ("ec2:DescribeSubnets",),
}
"""Fact → every call that it takes."""


def subnet_tasks(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    """Yield the work of reading the subnets of a Region."""
    if facts := tuple(wanted & SUBNET_READS.keys()):
        yield Task(Subject(place.arn("ec2", "subnet/*"), _SUBNET, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_SUBNETS, desk.aws.ec2.describe_subnets):
        for each in page["Subnets"]:
            # One that another account shares is configured there.
            if each["OwnerId"] == place.account:
                subject = Subject(place.arn("ec2", f"subnet/{each['SubnetId']}"), _SUBNET, place)
                for fact in facts:
                    yield Task(subject, (fact,), partial(_read, fact, subject, {**each}))


def _read(fact: type, subject: Subject, subnet: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    if fact is SubnetAddresses:
        yield Observed(subject, SubnetAddresses(public=subnet["MapPublicIpOnLaunch"]))
        return
    (routed,) = routed_subnets(desk, (subnet["SubnetId"],))
    yield Observed(subject, Placement(subnet=routed))
