"""Security groups as EC2 describes them."""

from typing import Any

import pytest

from integration.readers import ec2, ec2_tags
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.ec2 import Ingress, IngressRule
from policies.facts.prefix_lists import PrefixList
from policies.facts.properties import UNKNOWN
from policies.facts.tagging import Tag, Tagged
from tests.integration.scanning.lines import Answer, CannedLine, read

SSH = {
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8"}],
    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
    "PrefixListIds": [],
    "UserIdGroupPairs": [],
}
NOWHERE: dict[str, list[Any]] = {"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
FROM_ITSELF = {"IpProtocol": "-1", **NOWHERE, "UserIdGroupPairs": [{"GroupId": "sg-1"}]}
NOTHING_ELSE: dict[str, Answer | list[Answer]] = {kind.operation: {kind.items: []} for kind in ec2_tags.RESOURCES}
OWN, OTHER = "111122223333", "444455556666"


def groups(*found: dict[str, Any], **answers: Answer) -> list[Observed | Unread]:
    """Return what is read of these groups."""
    line = CannedLine({**NOTHING_ELSE, "DescribeSecurityGroups": {"SecurityGroups": [*found]}, **answers})
    return read(ec2.READING, line, [Ingress, Tagged])


def rules_of(*lists: str, **answers: Answer) -> Any:
    """Return what is read of a group whose one rule names these prefix lists."""
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **NOWHERE}
    rule["PrefixListIds"] = [{"PrefixListId": each} for each in lists]
    return next(
        each
        for each in groups({"GroupId": "sg-1", "IpPermissions": [rule]}, **answers)
        if Ingress in (each.facts if isinstance(each, Unread) else (type(each.fact),))
    )


MAIN: dict[str, Any] = {"RouteTableId": "it", "Routes": [{"GatewayId": "local"}], "Associations": [{"Main": True}]}
LISTED: Answer = {
    "PrefixLists": [
        {"PrefixListId": "pl-own", "OwnerId": OWN},
        {"PrefixListId": "pl-aws", "OwnerId": "AWS", "PrefixListName": "com.amazonaws.eu-west-1.s3"},
    ]
}
WORLD: Answer = {"Entries": [{"Cidr": "0.0.0.0/0"}]}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("pl-own", PrefixList(cidrs=("0.0.0.0/0",))),
        ("pl-shared", PrefixList(cidrs=("0.0.0.0/0",))),
        ("pl-aws", PrefixList(aws_name="com.amazonaws.eu-west-1.s3")),
    ],
)
def test_what_a_prefix_list_holds_is_let_in(named: str, expected: PrefixList) -> None:
    """A list that a customer keeps lets in what it holds, whoever owns it; one that AWS keeps is a service of AWS."""
    found = rules_of(named, DescribeManagedPrefixLists=LISTED, GetManagedPrefixListEntries=WORLD)
    assert found.fact.rules[0].prefix_lists == (expected,)


def test_a_group_beside_other_sources() -> None:
    """EC2 lists all sources of the same ports as one; whoever comes from a group is not hidden by the others."""
    mixed = {**SSH, "UserIdGroupPairs": [{"GroupId": "sg-2"}]}
    found: Any = groups({"GroupId": "sg-1", "IpPermissions": [mixed, SSH, FROM_ITSELF]})[0]
    assert [each.from_groups for each in found.fact.rules] == [True, False, False]


@pytest.mark.parametrize("operation", ["DescribeManagedPrefixLists", "GetManagedPrefixListEntries"])
def test_a_prefix_list_that_nobody_may_look_into(operation: str) -> None:
    """What it holds is unknown, with the call that failed."""
    denied = {operation: Trouble(Cause.DENIED, "UnauthorizedOperation")}
    answers = {"DescribeManagedPrefixLists": LISTED, "GetManagedPrefixListEntries": WORLD, **denied}
    found = rules_of("pl-own", **answers)
    assert found.fact.unsure[0].rule.prefix_lists == (PrefixList(cidrs=(UNKNOWN,)),)
    assert [each.call.operation for each in found.failures] == [operation]


@pytest.mark.parametrize("missing", ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"])
def test_a_rule_whose_sources_are_missing_is_undecided(missing: str) -> None:
    """EC2 always says from where, so a rule that does not is not one from nowhere."""
    rule = {key: value for key, value in FROM_ITSELF.items() if key != missing}
    found = groups({"GroupId": "sg-1", "IpPermissions": [rule]})
    (unread,) = (each for each in found if isinstance(each, Unread))
    assert (unread.facts, unread.failure.cause) == ((Ingress,), Cause.UNPARSABLE)


@pytest.mark.parametrize(
    ("operation", "item", "judged"),
    [
        ("DescribeVpcs", {"VpcId": "it", "OwnerId": OWN}, True),
        ("DescribeVpcs", {"VpcId": "it", "OwnerId": OTHER}, False),
        ("DescribeSubnets", {"SubnetId": "it", "OwnerId": OTHER}, False),
        ("DescribeManagedPrefixLists", {"PrefixListId": "it", "OwnerId": "AWS"}, False),
        ("DescribeNatGateways", {"NatGatewayId": "it", "State": "available"}, True),
        ("DescribeNatGateways", {"NatGatewayId": "it", "State": "deleted"}, False),
        ("DescribeRouteTables", MAIN, False),
        ("DescribeRouteTables", {**MAIN, "Tags": ["x"]}, True),
        ("DescribeRouteTables", {**MAIN, "Associations": [{"Main": False}]}, True),
        ("DescribeRouteTables", {**MAIN, "Associations": []}, True),
        ("DescribeRouteTables", {**MAIN, "Routes": [{"GatewayId": "local"}, {"GatewayId": "igw-1"}]}, True),
        ("DescribeRouteTables", {**MAIN, "PropagatingVgws": [{"GatewayId": "vgw-1"}]}, True),
        ("DescribeNetworkAcls", {"NetworkAclId": "it", "IsDefault": True}, False),
        ("DescribeAddresses", {"AllocationId": "it"}, True),
    ],
)
def test_whose_tags_are_judged(operation: str, item: dict[str, Any], judged: object) -> None:
    """What is shared, deleted or came with its network is passed over; everything else counts, tagged or not."""
    kind = next(each for each in ec2_tags.RESOURCES if each.operation == operation)
    tags = [{"Key": "a", "Value": "b"}] if "Tags" in item else []
    found = groups(**{operation: {kind.items: [{**item, **({"Tags": tags} if tags else {})}]}})
    arn = f"arn:aws:ec2:eu-west-1:111122223333:{kind.path}/it"
    assert {(each.subject.arn, each.subject.type) for each in found} == ({(arn, kind.type)} if judged else set())


def test_rules_and_tags() -> None:
    """All sources of a rule are one list; a rule without ports has none; what lets out is no part of it."""
    found = groups(
        {
            "GroupId": "sg-1",
            "IpPermissions": [SSH, FROM_ITSELF],
            "IpPermissionsEgress": [SSH],
            "Tags": [{"Key": "a", "Value": "b"}],
        }
    )
    facts = [each.fact for each in found if isinstance(each, Observed)]
    ssh = IngressRule(cidr_blocks=("0.0.0.0/0", "10.0.0.0/8", "::/0"), protocol="tcp", from_port=22, to_port=22)
    assert Ingress(rules=(ssh, IngressRule(protocol="-1"))) in facts
    assert Tagged(type="aws:ec2/securityGroup:SecurityGroup", tags=(Tag(key="a", value="b"),)) in facts
    assert {each.subject.arn for each in found} == {"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"}


def test_a_group_without_rules_is_not_a_group_whose_rules_are_missing() -> None:
    """An empty list lets nothing in; no list at all says nothing."""
    nothing, missing = groups({"GroupId": "sg-1", "IpPermissions": []}), groups({"GroupId": "sg-1"})
    assert [each.fact for each in nothing if isinstance(each, Observed) and isinstance(each.fact, Ingress)] == [
        Ingress()
    ]
    (unread,) = (each for each in missing if isinstance(each, Unread))
    assert (unread.facts, unread.failure.cause) == ((Ingress,), Cause.UNPARSABLE)


def test_a_malformed_rule_hides_no_other_group() -> None:
    """One group that nobody can read leaves the others readable."""
    found = groups({"GroupId": "sg-1", "IpPermissions": [{}]}, {"GroupId": "sg-2", "IpPermissions": []})
    read_ = [each.subject.arn[-1] for each in found if isinstance(each, Observed) and isinstance(each.fact, Ingress)]
    assert read_ == ["2"]
