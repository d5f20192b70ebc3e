"""Reads what security groups let in, with what the prefix lists among their sources hold."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from policies.facts.attached_groups import ELSEWHERE, AttachedGroup
from policies.facts.ec2 import IngressRule, ingress_of
from policies.facts.prefix_lists import PrefixList
from policies.facts.properties import UNKNOWN

_GROUPS: Final = Paging("NextToken", ("SecurityGroups",))
_LISTS: Final = Paging("NextToken", ("PrefixLists",))
_ENTRIES: Final = Paging("NextToken", ("Entries",))
_PAGE: Final = 1_000
"""Groups a page, the most that EC2 gives. Source: DescribeSecurityGroups, EC2 API reference, read 2026-11-20."""

_OF_AWS: Final = "AWS"
"""Owner of the lists that AWS keeps: each holds the addresses of one service, never everybody's."""

RULE_OPERATIONS: Final = ("ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries")
"""Every call that the rules of a group lead to."""

GROUP_OPERATIONS: Final = ("ec2:DescribeSecurityGroups", *RULE_OPERATIONS)
"""Every call that `attached` leads to."""


def group_pages(desk: Desk) -> Iterator[Any]:
    """Yield the pages of the security groups of a Region.

    Raises:
        CallFailedError: A page has no answer, or is none.
    """
    yield from desk.pages(_GROUPS, desk.aws.ec2.describe_security_groups, MaxResults=_PAGE)


def rules_of(group: Mapping[str, Any], desk: Desk, failures: list[Failure]) -> tuple[IngressRule, ...]:
    """Return the ingress rules of a group as EC2 lists it: all sources of one protocol and range of ports together."""
    return tuple(_rule(each, _lists(each, desk, failures)) for each in group["IpPermissions"])


def address_rules_of(group: Mapping[str, Any]) -> tuple[IngressRule, ...]:
    """Return the ingress rules of a group as EC2 lists it, without what its prefix lists hold."""
    return tuple(_rule(each, ()) for each in group["IpPermissions"])


def attached(ids: Iterable[str], desk: Desk, failures: list[Failure]) -> Any:
    """Return the security groups that a resource is in; `UNKNOWN` when nobody could ask for them.

    Args:
        ids: Their ids; one that the account does not own shows nothing of what it lets in.
        desk: Where to ask.
        failures: Takes a call that failed.
    """
    wanted = tuple(ids)
    if not wanted:
        return ()
    try:
        listed = desk.every(_GROUPS, desk.aws.ec2.describe_security_groups, MaxResults=_PAGE)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    groups = {each["GroupId"]: each for page in listed for each in page["SecurityGroups"]}
    return tuple(
        AttachedGroup(ingress=ingress_of(rules_of({**groups[each]}, desk, failures))) if each in groups else ELSEWHERE
        for each in wanted
    )


def _lists(permission: Mapping[str, Any], desk: Desk, failures: list[Failure]) -> tuple[PrefixList, ...]:
    return tuple(_list(each["PrefixListId"], desk, failures) for each in permission["PrefixListIds"])


def _rule(permission: Mapping[str, Any], lists: tuple[PrefixList, ...]) -> IngressRule:
    four = [each["CidrIp"] for each in permission["IpRanges"]]
    six = [each["CidrIpv6"] for each in permission["Ipv6Ranges"]]
    return IngressRule(
        cidr_blocks=(*four, *six),
        prefix_lists=lists,
        from_groups=bool(permission["UserIdGroupPairs"]) and bool(four or six or lists),
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
