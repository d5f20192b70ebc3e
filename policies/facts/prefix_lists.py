"""What a prefix list holds that stands as the source of a rule: its entries, or the addresses of an AWS service."""

from dataclasses import dataclass
from typing import Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal, strings_in
from policies.facts.joins import companions, follow_nested
from policies.facts.properties import UNKNOWN, attribute, known_text, literal, records, settings_of

_LISTS: Final = ("aws:ec2/managedPrefixList:ManagedPrefixList",)
_ENTRIES: Final = ("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry",)
_ENDPOINTS: Final = ("aws:ec2/vpcEndpoint:VpcEndpoint",)
_CALLS: Final = frozenset({"aws:ec2/getManagedPrefixList:getManagedPrefixList", "aws:ec2/getPrefixList:getPrefixList"})

AWS_LISTS: Final = "com.amazonaws."
"""Beginning of the names of lists that AWS manages; no other list may have one.

Source: CreateManagedPrefixList, EC2 API reference, read 2026-11-30.
"""

CLOUDFRONT: Final = f"{AWS_LISTS}global.cloudfront.origin-facing"
"""The addresses from which CloudFront asks origins. Source: Amazon CloudFront developer guide, read 2026-11-30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixList:
    """A prefix list that is the source of a rule.

    Args:
        cidrs: CIDRs of its entries, as written; empty for a list that AWS manages.
        aws_name: Name of a list that AWS manages, `com.amazonaws.us-east-1.s3`; empty for any other. Such a list holds
            the addresses of one AWS service, never the internet.
        seen: Whether the stack creates it or its name says what it is; else only the account shows what it holds.
    """

    cidrs: tuple[str, ...] = ()
    aws_name: str = ""
    seen: bool = True


UNSEEN: Final = PrefixList(seen=False)
_UNCLEAR: Final = PrefixList(cidrs=(UNKNOWN,))


def prefix_list(graph: Graph, holder: Resource, property_: str, id_: Value) -> PrefixList:
    """Return the prefix list that an id names; one with an unknown entry where nothing tells which.

    Args:
        graph: The stack.
        holder: The resource that names it.
        property_: The property that holds the id, at whatever depth.
        id_: The id.
    """
    lists = follow_nested(graph, holder, property_, id_, _LISTS)
    endpoints = follow_nested(graph, holder, property_, id_, _ENDPOINTS)
    if isinstance(reveal(id_), Unknown):
        if len(lists.resources) + len(endpoints.resources) != 1:
            return _UNCLEAR
        return _created(graph, lists.resources[0]) if lists.resources else _of_service(endpoints.resources[0])
    if len(lists.resources) == 1:
        return _created(graph, lists.resources[0])
    return _by_id(graph, known_text(id_))


def _created(graph: Graph, resource: Resource) -> PrefixList:
    if resource.kind is Kind.READ:
        return _named(known_text(attribute(resource, "name")))
    beside = companions(graph, resource, _ENTRIES, "prefixListId", _LISTS)
    inside = records(settings_of(resource), "entries", lambda entry: literal(entry, "cidr", default=""))
    own = reveal(inside)
    listed = own if isinstance(own, tuple) else (UNKNOWN,)
    others = tuple(literal(settings_of(each), "cidr", default="") for each in beside.certain)
    return PrefixList(cidrs=(*listed, *others, *(UNKNOWN for _ in beside.possible)))


def _by_id(graph: Graph, id_: str) -> PrefixList:
    for endpoint in graph.of_type(*_ENDPOINTS):
        if known_text(attribute(endpoint, "prefixListId")) == id_:
            return _of_service(endpoint)
    calls = (each for each in graph.look_ups if each.token in _CALLS and id_ in strings_in(each.result))
    return next(filter(None, (_named_or_none(text) for each in calls for text in strings_in(each.args))), UNSEEN)


def _of_service(endpoint: Resource) -> PrefixList:
    """Return the list of a gateway endpoint: that of the service it leads to."""
    name = known_text(literal(settings_of(endpoint), "serviceName", default=""))
    return _named(name) if name else _UNCLEAR


def _named(name: str) -> PrefixList:
    return _named_or_none(name) or UNSEEN


def _named_or_none(name: str) -> PrefixList | None:
    return PrefixList(aws_name=name) if name.startswith(AWS_LISTS) else None
