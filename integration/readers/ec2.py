"""Reads security groups. Their rules are part of them: how they were written down cannot be seen."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ec2 import Ingress, IngressRule
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:ec2/securityGroup:SecurityGroup"

_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)

_GROUPS: Final = Paging("NextToken", ("SecurityGroups",))
_PAGE: Final = 1_000
"""Groups a page, the most that EC2 gives. Source: DescribeSecurityGroups, EC2 API reference, read 2026-11-20."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    everything = Subject(place.arn("ec2", "security-group/*"), _TYPE, place)
    yield Task(everything, tuple(wanted), partial(_list_groups, place, wanted))


def _list_groups(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.ec2.describe_security_groups, MaxResults=_PAGE):
        for each in page["SecurityGroups"]:
            subject = Subject(place.arn("ec2", f"security-group/{each['GroupId']}"), _TYPE, place)
            yield from _tasks(subject, {**each}, wanted)


def _tasks(subject: Subject, group: Mapping[str, Any], wanted: frozenset[type]) -> Iterator[Task]:
    if Ingress in wanted:
        yield Task(subject, (Ingress,), lambda _: [Observed(subject, _ingress(group))])
    if Tagged in wanted:
        yield Task(subject, (Tagged,), lambda _: [tagged(subject, group.get("Tags", ()))])


def _ingress(group: Mapping[str, Any]) -> Ingress:
    return Ingress(rules=tuple(map(_rule, group["IpPermissions"])))


def _rule(permission: Mapping[str, Any]) -> IngressRule:
    four = (each["CidrIp"] for each in permission.get("IpRanges", ()))
    six = (each["CidrIpv6"] for each in permission.get("Ipv6Ranges", ()))
    return IngressRule(
        cidr_blocks=(*four, *six),
        protocol=permission["IpProtocol"],
        from_port=permission.get("FromPort"),
        to_port=permission.get("ToPort"),
    )


READING: Final = Reading(
    service="ec2",
    regional=True,
    gives={Ingress: ("ec2:DescribeSecurityGroups",), Tagged: ("ec2:DescribeSecurityGroups",)},
    begin=_begin,
    parts=dict.fromkeys(((Ingress, each) for each in _RULES), ("securityGroupId",)),
)
