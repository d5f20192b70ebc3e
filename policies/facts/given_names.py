"""Facts about the physical names that programs write out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import hexdigits
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value, is_symbolic
from policies.facts.names import NAMES
from policies.facts.properties import known_text, lift, literal, settings_of
from policies.facts.registry import adapter

_TABLE: Final = Path(__file__).parents[1] / "data" / "unchosen_names.txt"

_LIMITS: Final[Mapping[str, int]] = {
    "aws:alb/loadBalancer:LoadBalancer": 32,
    "aws:alb/targetGroup:TargetGroup": 32,
    "aws:elasticache/replicationGroup:ReplicationGroup": 40,
    "aws:elb/loadBalancer:LoadBalancer": 32,
    "aws:iam/role:Role": 64,
    "aws:lambda/function:Function": 64,
    "aws:lb/loadBalancer:LoadBalancer": 32,
    "aws:lb/targetGroup:TargetGroup": 32,
    "aws:rds/cluster:Cluster": 63,
    "aws:rds/clusterInstance:ClusterInstance": 63,
    "aws:rds/globalCluster:GlobalCluster": 63,
    "aws:rds/instance:Instance": 63,
    "aws:s3/bucket:Bucket": 63,
    "aws:s3/bucketV2:BucketV2": 63,
    "aws:sqs/queue:Queue": 80,
}
"""Type → most characters of a name, the ending `.fifo` of a queue included.

Source: the services' API references (create operations), read 2026-11-20."""

_AT_CREATION: Final = "tf-"
"""Beginning of the names that the provider gives databases when it creates them."""
_DIGITS: Final = 7
"""Hex digits that Pulumi adds to a logical name. Source: auto-naming, Pulumi documentation, read 2026-11-20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenName:
    """The physical name that a program gives a resource.

    Args:
        type: Type token.
        name: The name as written; None when the provider makes one up, from a prefix or altogether, or the type has no
            name to choose.
    """

    type: str = "aws:sns/topic:Topic"
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedName:
    """The physical name that a program gives a resource of a type that takes short names only.

    Args:
        limit: Characters that the service takes at most.
        name: As in `GivenName`.
    """

    limit: int
    name: str | None = None


@cache
def unchosen_names() -> frozenset[str]:
    """Return the tokens of the types whose `name` is a word of the service, a domain, a person or another resource."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@adapter(types=("aws:*",))
def given_name_from_graph(_graph: Graph, resource: Resource) -> GivenName:
    """Build the name of any AWS resource."""
    return GivenName(type=resource.type, name=_given(resource))


@adapter(types=_LIMITS)
def limited_name_from_graph(_graph: Graph, resource: Resource) -> LimitedName:
    """Build the name of a resource whose name is limited."""
    return LimitedName(limit=_LIMITS[resource.type], name=_given(resource))


def _given(resource: Resource) -> Any:
    property_ = _name_property(resource.type)
    settings = settings_of(resource)
    if not property_ or settings.get(property_) is None or _is_made_up(resource, property_, settings):
        return None
    return lift(literal(settings, property_), lambda name: name or None)


def _name_property(type_: str) -> str:
    rule = NAMES.get(type_)
    if rule is not None:
        return rule.property
    return "" if type_ in unchosen_names() else "name"


def _is_made_up(resource: Resource, property_: str, settings: Mapping[str, Value]) -> bool:
    """Tell whether the provider made the name up. A pack is not told, and sees it by the form of the name."""
    if property_ in resource.auto_named or settings.get(f"{property_}Prefix") is not None:
        return True
    told = bool(resource.inputs and resource.outputs)
    return not told and _looks_made_up(known_text(settings[property_]), resource.name)


def _looks_made_up(name: str, logical: str) -> bool:
    start, spelled = f"{logical}-".casefold(), name.casefold()
    digits = spelled.removeprefix(start)
    completed = spelled.startswith(start) and len(digits) == _DIGITS and set(digits) <= set(hexdigits)
    return completed or (is_symbolic(name) and name.startswith(_AT_CREATION))
