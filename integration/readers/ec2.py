"""Reads security groups and what a network is made of. Rules are part of their group, however they were written."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.ec2_tags import TAG_OPERATIONS, begin_tagged
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ec2 import Ingress, IngressRule, ingress_of
from policies.facts.prefix_lists import PrefixList
from policies.facts.properties import UNKNOWN
from policies.facts.tagging import Tagged

_TYPE: Final = "aws:ec2/securityGroup:SecurityGroup"
_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)

_GROUPS: Final = Paging("NextToken", ("SecurityGroups",))
_LISTS: Final = Paging("NextToken", ("PrefixLists",))
_ENTRIES: Final = Paging("NextToken", ("Entries",))
_PAGE: Final = 1_000
"""Groups a page, the most that EC2 gives. Source: DescribeSecurityGroups, EC2 API reference, read 2026-11-20."""

_OF_AWS: Final = "AWS"
"""Owner of the lists that AWS keeps: each holds the addresses of one service, never everybody's."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    everything = Subject(place.arn("ec2", "security-group/*"), _TYPE, place)
    yield Task(everything, tuple(wanted), partial(_list_groups, place, wanted))
    if Tagged in wanted:
        yield from begin_tagged(place)


def _list_groups(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.ec2.describe_security_groups, MaxResults=_PAGE):
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
    rules = tuple(_rule(permission, desk, failures) for permission in group["IpPermissions"])
    yield Observed(subject, ingress_of(rules), failures=tuple(failures))


def _rule(permission: Mapping[str, Any], desk: Desk, failures: list[Failure]) -> IngressRule:
    four = [each["CidrIp"] for each in permission["IpRanges"]]
    six = [each["CidrIpv6"] for each in permission["Ipv6Ranges"]]
    return IngressRule(
        cidr_blocks=(*four, *six),
        prefix_lists=tuple(_list(each["PrefixListId"], desk, failures) for each in permission["PrefixListIds"]),
        protocol=permission["IpProtocol"],
        from_port=permission.get("FromPort"),
        to_port=permission.get("ToPort"),
    )


def _list(named: str, desk: Desk, failures: list[Failure]) -> PrefixList:
    """Return what a prefix list holds, or who keeps it; an unknown entry where nobody could ask."""
    ec2 = desk.aws.ec2
    try:
        lists = (item for page in desk.every(_LISTS, ec2.describe_managed_prefix_lists) for item in page["PrefixLists"])
        found = next((each for each in lists if each["PrefixListId"] == named and each["OwnerId"] == _OF_AWS), None)
        if found is not None:
            return PrefixList(aws_name=found["PrefixListName"])
        pages = desk.every(_ENTRIES, ec2.get_managed_prefix_list_entries, PrefixListId=named)
        return PrefixList(cidrs=tuple(entry["Cidr"] for page in pages for entry in page["Entries"]))
    except CallFailedError as error:
        failures.append(error.failure)
        return PrefixList(cidrs=(UNKNOWN,))


_DESCRIBE: Final = "ec2:DescribeSecurityGroups"

READING: Final = Reading(
    service="ec2",
    regional=True,
    gives={
        Ingress: (_DESCRIBE, "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"),
        Tagged: (_DESCRIBE, *TAG_OPERATIONS),
    },
    begin=_begin,
    parts=dict.fromkeys(((Ingress, each) for each in _RULES), ("securityGroupId",)),
)
