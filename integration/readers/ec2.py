"""Reads security groups and what networks are made of. Rules are part of their group, however they were written."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.ec2_networks import NETWORK_READS, network_tasks
from integration.readers.ec2_peerings import PEERING_OPERATIONS, PEERING_PARTS, peering_tasks
from integration.readers.ec2_snapshots import SNAPSHOT_OPERATIONS, snapshot_task
from integration.readers.ec2_subnets import SUBNET_READS, subnet_tasks
from integration.readers.ec2_tags import TAG_OPERATIONS, begin_tagged
from integration.readers.ingress import GROUP_OPERATIONS, address_rules_of, group_pages, rules_of
from integration.readers.tags import tagged
from integration.scanning.asker import Desk
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ec2 import AddressIngress, Ingress, address_ingress_of, ingress_of
from policies.facts.ec2_peerings import Joining
from policies.facts.snapshots import SnapshotSharing
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:ec2/securityGroup:SecurityGroup"
_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
_OF_GROUPS: Final = frozenset({AddressIngress, Ingress, Tagged})


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    if of_groups := wanted & _OF_GROUPS:
        everything = Subject(place.arn("ec2", "security-group/*"), _TYPE, place)
        yield Task(everything, tuple(of_groups), partial(_list_groups, place, of_groups))
    yield from network_tasks(place, wanted)
    yield from subnet_tasks(place, wanted)
    if Joining in wanted:
        yield from peering_tasks(place)
    if SnapshotSharing in wanted:
        yield snapshot_task(place)
    if Tagged in wanted:
        yield from begin_tagged(place)


def _list_groups(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in group_pages(desk):
        for each in page["SecurityGroups"]:
            subject = Subject(place.arn("ec2", f"security-group/{each['GroupId']}"), _TYPE, place)
            yield from _tasks(subject, {**each}, wanted)


def _tasks(subject: Subject, group: Mapping[str, Any], wanted: frozenset[type]) -> Iterator[Task]:
    if AddressIngress in wanted:
        yield Task(
            subject, (AddressIngress,), lambda _: [Observed(subject, address_ingress_of(address_rules_of(group)))]
        )
    if Ingress in wanted:
        yield Task(subject, (Ingress,), partial(_read_ingress, subject, group))
    if Tagged in wanted:
        yield Task(subject, (Tagged,), lambda _: [tagged(subject, group.get("Tags", ()))])


def _addresses(subject: Subject, group: Mapping[str, Any]) -> Observed:
    return Observed(subject, address_ingress_of(address_rules_of(group)))


def _read_ingress(subject: Subject, group: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    rules = rules_of(group, desk, failures)
    yield Observed(subject, ingress_of(rules), failures=tuple(failures))


READING: Final = Reading(
    service="ec2",
    regional=True,
    gives={
        AddressIngress: ("ec2:DescribeSecurityGroups",),
        Ingress: GROUP_OPERATIONS,
        Joining: PEERING_OPERATIONS,
        SnapshotSharing: SNAPSHOT_OPERATIONS,
        Tagged: ("ec2:DescribeSecurityGroups", *TAG_OPERATIONS),
        **NETWORK_READS,
        **SUBNET_READS,
    },
    begin=_begin,
    parts={
        **dict.fromkeys(((fact, each) for fact in (AddressIngress, Ingress) for each in _RULES), ("securityGroupId",)),
        **PEERING_PARTS,
    },
)
