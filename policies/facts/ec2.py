"""Facts about security groups and their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Secret, Value
from policies.facts.properties import literal, literals, records, settings_of, whole
from policies.facts.registry import adapter

_GROUPS: Final = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
_RULE: Final = ("aws:ec2/securityGroupRule:SecurityGroupRule",)
_INGRESS_RULE: Final = ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRule:
    """Traffic that a rule lets in. Sources other than CIDRs (groups, prefix lists) are no part of it.

    Args:
        cidr_blocks: IPv4 and IPv6 CIDRs as written; empty when every source is something else.
        protocol: As written: `tcp`, `6`, `-1`, …
        from_port: First port; None when unset.
        to_port: Last port; None when unset.
    """

    cidr_blocks: tuple[str, ...] = ()
    protocol: str = "tcp"
    from_port: int | None = None
    to_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """What one resource lets into a security group.

    Args:
        direction: `ingress`, or `egress` for a rule that lets nothing in.
        rules: Its ingress rules.
    """

    direction: str = "ingress"
    rules: tuple[IngressRule, ...] = ()


@adapter(types=_GROUPS)
def security_group_from_graph(_graph: Graph, resource: Resource) -> Ingress:
    """Build the rules that a security group carries itself."""
    return Ingress(rules=records(settings_of(resource), "ingress", _rule_with_lists))


@adapter(types=_RULE)
def security_group_rule_from_graph(_graph: Graph, resource: Resource) -> Ingress:
    """Build a rule that is a resource of its own, in either direction."""
    settings = settings_of(resource)
    return Ingress(direction=literal(settings, "type", default="ingress"), rules=(_rule_with_lists(settings),))


@adapter(types=_INGRESS_RULE)
def ingress_rule_from_graph(_graph: Graph, resource: Resource) -> Ingress:
    """Build an ingress rule that is a resource of its own, with one source."""
    settings = settings_of(resource)
    blocks = tuple(literal(settings, name) for name in ("cidrIpv4", "cidrIpv6"))
    return Ingress(rules=(_rule(settings, tuple(block for block in blocks if block is not None), "ipProtocol"),))


def _rule_with_lists(settings: Mapping[str, Value]) -> IngressRule:
    lists = [literals(settings, name) for name in ("cidrBlocks", "ipv6CidrBlocks")]
    return _rule(settings, _joined(lists), "protocol")


def _joined(lists: list[Any]) -> tuple[Any, ...]:
    """Return several tuples as one; an unknown one is an item, the items of a secret one are secrets."""
    items: list[Any] = []
    for each in lists:
        if isinstance(each, Secret):
            items += [Secret(item) for item in each.value]
        else:
            items += each if isinstance(each, tuple) else [each]
    return tuple(items)


def _rule(settings: Mapping[str, Value], cidr_blocks: Any, protocol: str) -> IngressRule:
    return IngressRule(
        cidr_blocks=cidr_blocks,
        protocol=literal(settings, protocol),
        from_port=whole(settings, "fromPort", default=None),
        to_port=whole(settings, "toPort", default=None),
    )
