"""The security groups that a resource is in, each with all of its rules, wherever they are declared."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret, Unknown, Value, reveal
from policies.facts.ec2 import GROUPS, INGRESS_RULE, RULE, Ingress, ingress_of, inline_rules, separate_rules
from policies.facts.joins import companions, follow_nested
from policies.facts.properties import UNKNOWN, literal, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedGroup:
    """A security group that a resource is in.

    Args:
        in_stack: Whether the stack creates it; else its rules show in the account alone, and are unknown.
        ingress: What it lets in, by rules inside it and by rules that are resources of their own; a rule of which
            nobody knows whose it is counts as one that is not known.
    """

    in_stack: bool = True
    ingress: Ingress


ELSEWHERE: Final = AttachedGroup(in_stack=False, ingress=UNKNOWN)


def attached_groups(graph: Graph, holder: Resource, property_: str) -> Any:
    """Return the security groups that a list of ids names; `UNKNOWN` items where nothing tells which.

    Args:
        graph: The stack.
        holder: The resource that is in them.
        property_: Its list of ids; none when it is absent, which means the default group of the network.
    """
    ids = settings_of(holder).get(property_)
    plain = reveal(ids)
    if isinstance(plain, Unknown):
        return UNKNOWN
    return tuple(_by_id(graph, holder, property_, each) for each in (plain if isinstance(plain, list) else ()))


def _by_id(graph: Graph, holder: Resource, property_: str, id_: Value) -> Any:
    join = follow_nested(graph, holder, property_, id_, GROUPS)
    if join.outside:
        return ELSEWHERE
    if join.unknown or len(join.resources) != 1:
        return UNKNOWN
    group = join.resources[0]
    return ELSEWHERE if group.kind is Kind.READ else AttachedGroup(ingress=group_ingress(graph, group))


def group_ingress(graph: Graph, group: Resource) -> Ingress:
    """Return everything that a security group of the stack lets in."""
    inside = inline_rules(graph, group)
    if isinstance(inside, Unknown):
        return ingress_of(UNKNOWN)
    listed = [Secret(each) for each in inside.value] if isinstance(inside, Secret) else list(inside)
    found = companions(graph, group, (*RULE, *INGRESS_RULE), "securityGroupId", GROUPS)
    certain, possible = (tuple(filter(_lets_in, each)) for each in (found.certain, found.possible))
    beside = [rule for each in certain for rule in separate_rules(graph, each)]
    return ingress_of((*listed, *beside, *(UNKNOWN for _ in possible)))


def _lets_in(rule: Resource) -> bool:
    return rule.type in INGRESS_RULE or reveal(literal(settings_of(rule), "type", default="ingress")) != "egress"
