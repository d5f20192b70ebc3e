"""Reads security groups and what a network is made of. Rules are part of their group, however they were written."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.ec2_tags import TAG_OPERATIONS, begin_tagged
from integration.readers.ingress import GROUP_OPERATIONS, group_pages, rules_of
from integration.readers.tags import tagged
from integration.scanning.asker import Desk
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ec2 import Ingress, ingress_of
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:ec2/securityGroup:SecurityGroup"
_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    everything = Subject(place.arn("ec2", "security-group/*"), _TYPE, place)
    yield Task(everything, tuple(wanted), partial(_list_groups, place, wanted))
    if Tagged in wanted:
        yield from begin_tagged(place)


def _list_groups(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in group_pages(desk):
        for each in page["SecurityGroups"]:
            subject = Subject(place.arn("ec2", f"security-group/{each['GroupId']}"), _TYPE, place)
            yield from _tasks(subject, {**each}, wanted)


def _tasks(subject: Subject, group: Mapping[str, Any], wanted: frozenset[type]) -> Iterator[Task]:
    if Ingress in wanted:
        yield Task(subject, (Ingress,), partial(_read_ingress, subject, group))
    if Tagged in wanted:
        yield Task(subject, (Tagged,), lambda _: [tagged(subject, group.get("Tags", ()))])


def _read_ingress(subject: Subject, group: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    rules = rules_of(group, desk, failures)
    yield Observed(subject, ingress_of(rules), failures=tuple(failures))


READING: Final = Reading(
    service="ec2",
    regional=True,
    gives={
        Ingress: GROUP_OPERATIONS,
        Tagged: ("ec2:DescribeSecurityGroups", *TAG_OPERATIONS),
    },
    begin=_begin,
    parts=dict.fromkeys(((Ingress, each) for each in _RULES), ("securityGroupId",)),
)
