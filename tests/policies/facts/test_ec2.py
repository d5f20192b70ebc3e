"""Rules of security groups, inline or as resources of their own."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Resource
from ledgergate.values import SYMBOL_MARK, UNKNOWN, Secret
from policies.controls.ec2.security_group import internet_ports_authorized
from policies.facts.ec2 import AddressIngress, Ingress, IngressRule, UnsureRule
from policies.facts.properties import UNKNOWN as NOT_KNOWN
from policies.facts.registry import adapters_of
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import graph, resource

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
SSH: Final = {"protocol": "tcp", "fromPort": 22.0, "toPort": 22.0}
EVERYWHERE: Final = IngressRule(cidr_blocks=("0.0.0.0/0", "::/0"), protocol="tcp", from_port=22, to_port=22)


def fact(type_: str, inputs: dict[str, Any] | None = None, **fields: Any) -> Ingress:
    """Build the fact of one resource."""
    subject: Resource = resource(type_, "subject", inputs, **fields)
    (found,) = [each for each in adapters_of(Ingress) if type_ in each.types]
    built = found.build(graph(subject), subject)
    assert isinstance(built, Ingress)
    return built


@pytest.mark.parametrize("type_", [GROUP, DEFAULT_GROUP])
def test_inline_rules_are_read(type_: str) -> None:
    """IPv4 and IPv6 sources of an inline rule are one list, and numbers are whole."""
    rule = {**SSH, "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"]}

    assert fact(type_, {"ingress": [rule]}) == Ingress(rules=(EVERYWHERE,))
    assert fact(type_, outputs={"ingress": [rule]}) == Ingress(rules=(EVERYWHERE,))
    assert fact(type_, {"vpcId": "vpc-1"}) == Ingress()


def test_separate_rules_are_read() -> None:
    """The older and the newer rule resource say the same."""
    old = {**SSH, "type": "ingress", "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"]}
    new = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0", "cidrIpv6": "::/0"}

    assert fact(RULE, old) == fact(INGRESS_RULE, new) == Ingress(rules=(EVERYWHERE,))
    assert fact(RULE, {**old, "type": "egress"}).direction == "egress"


def test_groups_are_left_out() -> None:
    """A group among the sources lets in no network, whether it is known or not."""
    assert fact(RULE, {**SSH, "sourceSecurityGroupId": UNKNOWN}) == Ingress(
        rules=(replace(EVERYWHERE, cidr_blocks=()),)
    )
    assert fact(INGRESS_RULE, {"ipProtocol": "-1", "referencedSecurityGroupId": "sg-1"}).rules[0].cidr_blocks == ()


@pytest.mark.parametrize(
    ("sources", "from_groups"),
    [
        ({}, False),
        ({"self": False, "securityGroups": [], "sourceSecurityGroupId": ""}, False),
        ({"self": True}, True),
        ({"securityGroups": ["sg-1"]}, True),
        ({"securityGroups": [UNKNOWN]}, True),
        ({"sourceSecurityGroupId": "sg-1"}, True),
        ({"securityGroups": UNKNOWN}, NOT_KNOWN),
        ({"securityGroups": UNKNOWN, "self": True}, True),
    ],
)
def test_groups_beside_other_sources(sources: dict[str, Any], from_groups: object) -> None:
    """A rule for networks says whether it is for security groups too; one for groups alone needs not."""
    rule = {**SSH, "cidrBlocks": ["10.0.0.0/8"], **sources}

    assert fact(GROUP, {"ingress": [rule]}).rules[0].from_groups == from_groups
    assert fact(RULE, {"type": "ingress", **rule}).rules[0].from_groups == from_groups
    assert fact(GROUP, {"ingress": [{**SSH, **sources}]}).rules[0].from_groups is False


@pytest.mark.parametrize("value", [UNKNOWN, f"10.0.0.0-{SYMBOL_MARK}"])
def test_network_that_is_not_known_sets_its_rule_apart(value: object) -> None:
    """A made-up CIDR says nothing about which network it is; what is known beside it stays known."""
    later = UnsureRule(rule=IngressRule(cidr_blocks=(NOT_KNOWN,), protocol="tcp", from_port=22, to_port=22))
    beside = {**SSH, "cidrBlocks": [value, "0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"]}

    assert fact(RULE, {**SSH, "cidrBlocks": [value]}) == Ingress(unsure=(later,))
    assert fact(RULE, beside) == Ingress(rules=(EVERYWHERE,), unsure=(later,))
    single = fact(INGRESS_RULE, {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": value})
    assert single == Ingress(unsure=(later,))


def test_unknown_lists_stay_unknown() -> None:
    """Rules or networks that nobody knows yet are no empty lists."""
    assert fact(GROUP, {"ingress": UNKNOWN}).rules == UNKNOWN
    assert fact(GROUP, {"ingress": [UNKNOWN]}).unsure[0].rule == UNKNOWN
    assert fact(RULE, {**SSH, "cidrBlocks": UNKNOWN}).unsure[0].rule.cidr_blocks == (UNKNOWN,)


def test_protocol_and_ports_that_come_later_set_a_rule_apart() -> None:
    """What is not known of a rule is said, so that the rest can decide."""
    (port,) = fact(RULE, {**SSH, "cidrBlocks": ["0.0.0.0/0"], "toPort": UNKNOWN}).unsure
    (protocol,) = fact(RULE, {**SSH, "cidrBlocks": ["0.0.0.0/0"], "protocol": UNKNOWN}).unsure

    assert (port.sources_known, port.protocol_known, port.ports_known) == (True, True, False)
    assert (protocol.sources_known, protocol.protocol_known, protocol.ports_known) == (True, False, True)


def test_the_resource_alone_gives_the_cidrs() -> None:
    """What is judged before creation needs no other resource, and leaves prefix lists out."""
    rule = {**SSH, "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"], "prefixListIds": ["pl-1"]}
    for type_, inputs in ((GROUP, {"ingress": [rule]}), (RULE, {**rule, "type": "ingress"})):
        subject = resource(type_, "subject", inputs)
        (found,) = [each for each in adapters_of(AddressIngress) if type_ in each.types]
        assert not found.joined
        assert found.build(graph(subject), subject) == AddressIngress(rules=(EVERYWHERE,))


def test_secret_network_is_judged_and_not_shown() -> None:
    """A secret list of networks decides like any other."""
    subject = resource(GROUP, "subject", {"ingress": [{**SSH, "cidrBlocks": Secret(["0.0.0.0/0"])}]})
    (said,) = Judge([internet_ports_authorized], Settings()).joined(subject, graph(subject))

    assert said.verdict.status == "fail"
    assert "0.0.0" not in repr(said.verdict)
