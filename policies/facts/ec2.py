"""Facts about security groups and their rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Secret, Unknown, Value, reveal
from policies.facts.declared import is_open
from policies.facts.prefix_lists import PrefixList, prefix_list
from policies.facts.properties import UNKNOWN, literal, literals, records, settings_of, whole
from policies.facts.registry import adapter

GROUPS: Final = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
RULE: Final = ("aws:ec2/securityGroupRule:SecurityGroupRule",)
INGRESS_RULE: Final = ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRule:
    """Traffic that a rule lets in.

    Args:
        cidr_blocks: IPv4 and IPv6 CIDRs as written; empty when every source is something else.
        prefix_lists: Prefix lists among its sources.
        from_groups: Whether security groups stand beside them among its sources, the group itself included. Which ones
            is no part of it; a rule with neither CIDRs nor prefix lists is for security groups in any case.
        protocol: As written: `tcp`, `6`, `-1`, …
        from_port: First port; None when unset.
        to_port: Last port; None when unset.
    """

    cidr_blocks: tuple[str, ...] = ()
    prefix_lists: tuple[PrefixList, ...] = ()
    from_groups: bool = False
    protocol: str = "tcp"
    from_port: int | None = None
    to_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsureRule:
    """A rule of which something is not known yet, and what that is: the rest may decide all the same.

    Args:
        rule: The rule; what is not known is unknown in it.
        sources_known: Whether its CIDRs and the entries of its prefix lists are.
        protocol_known: Whether its protocol is.
        ports_known: Whether both of its ports are.
    """

    rule: IngressRule
    sources_known: bool = False
    protocol_known: bool = True
    ports_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """What one resource lets into a security group, the entries of prefix lists included.

    Args:
        direction: `ingress`, or `egress` for a rule that lets nothing in.
        rules: Its ingress rules that are known in full.
        unsure: Those that are not. One with several sources may stand in both: what is known of it here, the rest
            there.
    """

    direction: str = "ingress"
    rules: tuple[IngressRule, ...] = ()
    unsure: tuple[UnsureRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressIngress:
    """What one resource lets into a security group by CIDRs that it names itself, without its prefix lists.

    Args:
        direction: As `Ingress.direction`.
        rules: As `Ingress.rules`.
        unsure: As `Ingress.unsure`.
    """

    direction: str = "ingress"
    rules: tuple[IngressRule, ...] = ()
    unsure: tuple[UnsureRule, ...] = ()


def ingress_of(rules: Any, direction: Any = "ingress") -> Ingress:
    """Return what rules let in, those of which something is not known set apart.

    Args:
        rules: Rules, some of them unknown or secret; `UNKNOWN` where nobody knows which there are.
        direction: `ingress` or `egress`.
    """
    if isinstance(rules, Unknown):
        return Ingress(direction=direction, rules=UNKNOWN)
    listed = [Secret(each) for each in rules.value] if isinstance(rules, Secret) else rules
    parts = [part for each in listed for part in _parts(each)]
    return Ingress(
        direction=direction,
        rules=tuple(part for part in parts if not isinstance(reveal(part), UnsureRule)),
        unsure=tuple(part for part in parts if isinstance(reveal(part), UnsureRule)),
    )


def address_ingress_of(rules: Any, direction: Any = "ingress") -> AddressIngress:
    """Return what rules let in by CIDRs; arguments as for `ingress_of`."""
    found = ingress_of(rules, direction)
    return AddressIngress(direction=found.direction, rules=found.rules, unsure=found.unsure)


def _parts(rule: Any) -> Iterator[Any]:
    if isinstance(rule, Unknown):
        yield UnsureRule(rule=UNKNOWN, protocol_known=False, ports_known=False)
    elif isinstance(rule, Secret):
        yield from (Secret(part) for part in _parts(rule.value))
    else:
        # Every source lets in by itself, so a rule is as good as one rule for each of them.
        known, open_ = _by_source(rule)
        if known is not None:
            yield _unsure_or_not(known)
        if open_ is not None:
            yield replace(_unsure(open_), sources_known=False)


def _by_source(rule: IngressRule) -> tuple[IngressRule | None, IngressRule | None]:
    sources = [*_each(rule.cidr_blocks), *(part for each in rule.prefix_lists for part in _entries(each))]
    open_, known = [each for each in sources if is_open(each)], [each for each in sources if not is_open(each)]
    return (
        _with_sources(rule, known) if known or not open_ else None,
        _with_sources(rule, open_) if open_ else None,
    )


def _each(blocks: Any) -> Iterable[Any]:
    return blocks if isinstance(blocks, tuple) else (UNKNOWN,)


def _entries(found: PrefixList) -> Iterable[PrefixList]:
    return [replace(found, cidrs=(cidr,)) for cidr in _each(found.cidrs)] if is_open(found) else [found]


def _with_sources(rule: IngressRule, sources: Iterable[Any]) -> IngressRule:
    lists = tuple(each for each in sources if isinstance(each, PrefixList))
    return replace(rule, prefix_lists=lists, cidr_blocks=tuple(each for each in sources if each not in lists))


def _unsure_or_not(rule: IngressRule) -> Any:
    unsure = _unsure(rule)
    return unsure if not (unsure.protocol_known and unsure.ports_known) else rule


def _unsure(rule: IngressRule) -> UnsureRule:
    return UnsureRule(
        rule=rule,
        sources_known=True,
        protocol_known=not is_open(rule.protocol),
        ports_known=not (is_open(rule.from_port) or is_open(rule.to_port)),
    )


@adapter(types=GROUPS, joined=True)
def security_group_from_graph(graph: Graph, resource: Resource) -> Ingress:
    """Build the rules that a security group carries itself."""
    return ingress_of(inline_rules(graph, resource))


@adapter(types=RULE, joined=True)
def security_group_rule_from_graph(graph: Graph, resource: Resource) -> Ingress:
    """Build a rule that is a resource of its own, in either direction."""
    settings = settings_of(resource)
    return ingress_of(separate_rules(graph, resource), literal(settings, "type", default="ingress"))


@adapter(types=INGRESS_RULE, joined=True)
def ingress_rule_from_graph(graph: Graph, resource: Resource) -> Ingress:
    """Build an ingress rule that is a resource of its own, with one source."""
    return ingress_of(separate_rules(graph, resource))


@adapter(types=(*GROUPS, *RULE, *INGRESS_RULE))
def address_ingress_from_graph(_graph: Graph, resource: Resource) -> AddressIngress:
    """Build what a group or a rule lets in by CIDRs; the resource alone is enough for that."""
    rules = inline_rules(None, resource) if resource.type in GROUPS else separate_rules(None, resource)
    direction = literal(settings_of(resource), "type", default="ingress") if resource.type in RULE else "ingress"
    return address_ingress_of(rules, direction)


def inline_rules(graph: Graph | None, group: Resource) -> Any:
    """Return the ingress rules that a security group carries itself.

    Args:
        graph: Where its prefix lists may be; None to leave them out.
        group: The group.
    """
    return records(settings_of(group), "ingress", lambda rule: _rule_with_lists(graph, group, "ingress", rule))


def separate_rules(graph: Graph | None, rule: Resource) -> tuple[IngressRule, ...]:
    """Return the one rule that is a resource of its own; arguments as for `inline_rules`."""
    settings = settings_of(rule)
    if rule.type in RULE:
        return (_rule_with_lists(graph, rule, "prefixListIds", settings),)
    blocks = tuple(literal(settings, name) for name in ("cidrIpv4", "cidrIpv6"))
    id_ = settings.get("prefixListId")
    lists = (prefix_list(graph, rule, "prefixListId", id_),) if graph is not None and _is_given(id_) else ()
    return (_rule(settings, tuple(block for block in blocks if block is not None), lists, "ipProtocol"),)


def _is_given(value: Value) -> bool:
    return reveal(value) not in (None, "")


def _rule_with_lists(
    graph: Graph | None, holder: Resource, property_: str, settings: Mapping[str, Value]
) -> IngressRule:
    lists = [literals(settings, name) for name in ("cidrBlocks", "ipv6CidrBlocks")]
    ids = reveal(settings.get("prefixListIds"))
    named: tuple[Any, ...] = ()
    if graph is not None and ids is not None:
        listed = ids if isinstance(ids, list) else [UNKNOWN]
        named = tuple(prefix_list(graph, holder, property_, each) for each in listed)
    blocks = _joined(lists)
    return replace(_rule(settings, blocks, named, "protocol"), from_groups=_has_groups(settings, blocks, named))


_GROUP_SOURCES: Final = ("securityGroups", "sourceSecurityGroupId", "self")
"""Properties of a rule with several sources that name security groups among them."""


def _has_groups(settings: Mapping[str, Value], *others: tuple[Any, ...]) -> Any:
    """Return whether a rule with other sources names security groups too."""
    found = [reveal(settings.get(name)) for name in _GROUP_SOURCES] if any(others) else []
    if any(each not in (None, "", [], False) and not isinstance(each, Unknown) for each in found):
        return True
    return UNKNOWN if any(isinstance(each, Unknown) for each in found) else False


def _joined(lists: list[Any]) -> tuple[Any, ...]:
    """Return several tuples as one; an unknown one is an item, the items of a secret one are secrets."""
    items: list[Any] = []
    for each in lists:
        if isinstance(each, Secret):
            items += [Secret(item) for item in each.value]
        else:
            items += each if isinstance(each, tuple) else [each]
    return tuple(items)


def _rule(settings: Mapping[str, Value], cidr_blocks: Any, prefix_lists: Any, protocol: str) -> IngressRule:
    return IngressRule(
        cidr_blocks=cidr_blocks,
        prefix_lists=prefix_lists,
        protocol=UNKNOWN if settings.get(protocol) is None else literal(settings, protocol),
        from_port=whole(settings, "fromPort", default=None),
        to_port=whole(settings, "toPort", default=None),
    )
