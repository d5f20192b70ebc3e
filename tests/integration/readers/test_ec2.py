"""Security groups as EC2 describes them."""

from typing import Any

from integration.readers import ec2
from integration.scanning.calls import Cause
from integration.scanning.observed import Observed, Unread
from policies.facts.ec2 import Ingress, IngressRule
from policies.facts.tagging import Tag, Tagged
from tests.integration.scanning.lines import CannedLine, read

SSH = {
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8"}],
    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
}
FROM_ITSELF = {"IpProtocol": "-1", "IpRanges": [], "UserIdGroupPairs": [{"GroupId": "sg-1"}]}


def groups(*found: dict[str, Any]) -> list[Observed | Unread]:
    """Return what is read of these groups."""
    return read(ec2.READING, CannedLine({"DescribeSecurityGroups": {"SecurityGroups": [*found]}}), [Ingress, Tagged])


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
