"""Facts about the Regions in which resources are made."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from policies.facts.arns import parse_arn
from policies.facts.properties import identity, lift, literal, region_of, settings_of
from policies.facts.registry import adapter
from policies.facts.tagging import tag_forms

_TABLE: Final = Path(__file__).parents[1] / "data" / "global_types.txt"
_REGION: Final = "region"

EDGE_HOME: Final = "us-east-1"
"""Region of what CloudFront uses, and of billing metrics.

Source: requirements for certificates, CloudFront developer guide; web ACLs, AWS WAF developer guide; billing alarms,
CloudWatch user guide; read 2026-11-20."""

_EDGE_SCOPE: Final = "CLOUDFRONT"
_BILLING: Final = "AWS/Billing"
_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
_ACL_LOG: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
_CERTIFICATES: Final = frozenset(
    {"aws:acm/certificate:Certificate", "aws:acm/certificateValidation:CertificateValidation"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRegion:
    """Whether a program says in which Region a resource is.

    Args:
        regional: Whether its type has an input `region`, and means by it where the resource is; None for a type that
            no table knows.
        seen: Whether this stage shows what the program wrote. The provider fills in a Region that is left out before a
            policy pack is asked, and nothing tells the two apart then.
        stated: Whether the program wrote it.
    """

    regional: bool | None = True
    seen: bool = True
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedRegion:
    """Where a resource is.

    Args:
        global_: Whether its type belongs to no Region.
        region: Its own Region, or else that of its provider; empty where `global_` is true.
        at_home: Whether it is of a kind that CloudFront or the billing metrics take from us-east-1 alone: a
            certificate, what AWS WAF has in the scope CLOUDFRONT, an alarm on AWS/Billing.
    """

    global_: bool = False
    region: str = ""
    at_home: bool = False


@cache
def global_types() -> frozenset[str]:
    """Return the tokens of the types of pulumi-aws that belong to no Region."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def is_regional(type_: str) -> bool:
    """Tell whether resources of a type are in a Region, which their property `region` names."""
    return type_ not in global_types()


@adapter(types=("aws:*",))
def stated_region_from_graph(_graph: Graph, resource: Resource) -> StatedRegion:
    """Build whether the program says where a resource is."""
    settings = settings_of(resource)
    if not is_regional(resource.type):
        return StatedRegion(regional=False)
    known = resource.type in tag_forms() or _REGION in settings
    # The SDK lists every property that a program gives, with what it depends on; the engine tells a pack a part of it.
    seen = bool(resource.inputs) and bool(resource.outputs)
    return StatedRegion(
        regional=True if known else None,
        seen=seen,
        stated=_REGION in resource.property_dependencies,
    )


@adapter(types=("aws:*",))
def used_region_from_graph(graph: Graph, resource: Resource) -> UsedRegion:
    """Build where a resource is."""
    if not is_regional(resource.type):
        return UsedRegion(global_=True)
    return UsedRegion(region=region_of(graph, resource), at_home=_at_home(resource))


def _at_home(resource: Resource) -> Any:
    settings = settings_of(resource)
    if resource.type in _CERTIFICATES:
        return True
    if resource.type == _ALARM:
        return lift(literal(settings, "namespace", default=""), lambda name: name == _BILLING)
    if resource.type == _ACL_LOG:
        return lift(identity(settings, "resourceArn", default=""), _is_edge_acl)
    if resource.type.startswith("aws:wafv2/"):
        return lift(literal(settings, "scope", default=""), lambda scope: scope == _EDGE_SCOPE)
    return False


def _is_edge_acl(text: str) -> bool:
    arn = parse_arn(text)
    return arn is not None and arn.region == EDGE_HOME and arn.resource.startswith("global/")
