"""Facts about what the internet may reach, and the web ACL before it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.declared import is_open
from policies.facts.ec2 import GROUPS, INGRESS_RULE, RULE, IngressRule, inline_rules, separate_rules
from policies.facts.joins import companions, follow, follow_value
from policies.facts.prefix_lists import CLOUDFRONT
from policies.facts.properties import UNKNOWN, flag, identities, lift, literal, record, settings_of
from policies.facts.registry import adapter

_BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
_STAGES: Final = ("aws:apigateway/stage:Stage",)
_APIS: Final = ("aws:apigateway/restApi:RestApi",)
_ASSOCIATIONS: Final = ("aws:wafv2/webAclAssociation:WebAclAssociation",)


class EntryKind(StrEnum):
    """What may be reached."""

    BALANCER = "load balancer"
    STAGE = "stage"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """A load balancer, or a stage of a REST API.

    Args:
        kind: Which of both.
        type: `loadBalancerType` of a load balancer, `application` when unset; the endpoint type of a stage's API,
            `EDGE` when unset.
        internal: Whether it has private addresses alone: `internal` of a load balancer, false when unset; whether the
            endpoint type of a stage's API is `PRIVATE`.
        behind_cloudfront: Whether the security groups of a load balancer let in the addresses of CloudFront, other
            security groups, and nothing else; false for a stage.
        associated: Whether a web ACL association of the stack names it.

    Source of the defaults: `aws.lb.LoadBalancer` and `aws.apigateway.RestApi`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    kind: EntryKind = EntryKind.BALANCER
    type: str = "application"
    internal: bool = False
    behind_cloudfront: bool = False
    associated: bool = False


@adapter(types=_BALANCERS, joined=True)
def balancer_entry_from_graph(graph: Graph, resource: Resource) -> EntryPoint:
    """Build a load balancer with its security groups and associations."""
    settings = settings_of(resource)
    return EntryPoint(
        type=literal(settings, "loadBalancerType", default="application"),
        internal=flag(settings, "internal", default=False),
        behind_cloudfront=_behind_cloudfront(graph, resource),
        associated=_associated(graph, resource),
    )


@adapter(types=_STAGES, joined=True)
def stage_entry_from_graph(graph: Graph, resource: Resource) -> EntryPoint:
    """Build a stage with its API and associations."""
    type_ = _endpoint_type(graph, resource)
    return EntryPoint(
        kind=EntryKind.STAGE,
        type=type_,
        internal=lift(type_, lambda text: text == "PRIVATE"),
        associated=_associated(graph, resource),
    )


def _associated(graph: Graph, entry: Resource) -> Any:
    found = companions(graph, entry, _ASSOCIATIONS, "resourceArn", (*_BALANCERS, *_STAGES))
    if any(each.kind is not Kind.READ for each in found.certain):
        return True
    return UNKNOWN if found.certain or found.possible else False


def _endpoint_type(graph: Graph, stage: Resource) -> Any:
    join = follow(graph, stage, "restApi", _APIS)
    if join.unknown or len(join.resources) != 1 or join.resources[0].kind is Kind.READ:
        return UNKNOWN
    settings = settings_of(join.resources[0])
    found = record(settings, "endpointConfiguration", _first_type)
    return "EDGE" if found is None else found


def _first_type(configuration: Mapping[str, Value]) -> Any:
    """Return the endpoint type; a list of one in some forms of the provider."""
    types = configuration.get("types")
    only = types[0] if isinstance(types, list) and len(types) == 1 else types
    return literal({"types": only}, "types", default="EDGE")


def _behind_cloudfront(graph: Graph, balancer: Resource) -> Any:
    """Return whether CloudFront alone reaches a load balancer; a source that is surely another one decides first."""
    ids = reveal(identities(settings_of(balancer), "securityGroups"))
    if isinstance(ids, Unknown):
        return UNKNOWN
    return cloudfront_alone(rule for id_ in ids for rule in _rules_of_group(graph, balancer, id_))


def cloudfront_alone(rules: Iterable[Any]) -> Any:
    """Return whether rules let in CloudFront, other security groups, and nothing else.

    Args:
        rules: Every ingress rule of every security group; `UNKNOWN` for those of which nothing is known.
    """
    sources = [*_sources(rules)]
    if False in sources:
        return False
    return UNKNOWN if UNKNOWN in sources else bool(sources)


def _rules_of_group(graph: Graph, balancer: Resource, id_: Value) -> Iterator[Any]:
    """Yield the rules of a security group, `UNKNOWN` for what nobody knows of them."""
    join = follow_value(graph, balancer, "securityGroups", id_, GROUPS)
    if join.unknown or len(join.resources) != 1 or join.resources[0].kind is Kind.READ:
        yield UNKNOWN
        return
    group = join.resources[0]
    inside = reveal(inline_rules(graph, group))
    yield from inside if isinstance(inside, tuple) else (UNKNOWN,)
    for types in (RULE, INGRESS_RULE):
        beside = companions(graph, group, types, "securityGroupId", GROUPS)
        for each in beside.certain:
            if reveal(settings_of(each).get("type")) != "egress":
                yield from separate_rules(graph, each)
        yield from (UNKNOWN for _ in beside.possible)


def _sources(rules: Iterable[Any]) -> Iterator[Any]:
    for each in map(reveal, rules):
        yield from (UNKNOWN,) if isinstance(each, Unknown) else _sources_of_rule(each)


def _sources_of_rule(rule: IngressRule) -> Iterator[Any]:
    blocks, lists = reveal(rule.cidr_blocks), reveal(rule.prefix_lists)
    if isinstance(blocks, Unknown) or isinstance(lists, Unknown):
        yield UNKNOWN
        return
    yield from (UNKNOWN if isinstance(reveal(each), Unknown) else False for each in blocks)
    for each in lists:
        if is_open(each) or not each.seen:
            yield UNKNOWN
        else:
            yield each.aws_name == CLOUDFRONT
