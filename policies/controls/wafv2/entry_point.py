"""Controls of what stands before that which the internet may reach."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.facts.entry_points import EntryKind, EntryPoint
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require

_PROTECTED: Final = EntryPoint(associated=True)
_BARE: Final = EntryPoint()
_STAGE: Final = EntryPoint(kind=EntryKind.STAGE, type="REGIONAL")


@control(
    id="LG-NET-18",
    slug="wafv2-webacl-associated-with-entrypoints",
    severity=Severity.MEDIUM,
    requirements=("6.4.1", "6.4.2"),
    families=("pci", "network"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="One balancer or API without a web ACL is the side door: attackers list your hosts, find it, and send "
    "there what the others would have blocked.",
    remediation="Add an aws.wafv2.WebAclAssociation with resource_arn of the aws.lb.LoadBalancer or "
    "aws.apigateway.Stage and web_acl_arn of an aws.wafv2.WebAcl with scope REGIONAL.",
    passes=[
        example("a load balancer with a web ACL", _PROTECTED),
        example("a stage with a web ACL", replace(_STAGE, associated=True)),
    ],
    fails=[
        example("a load balancer without", _BARE),
        example("a stage without", _STAGE),
        example("a stage at CloudFront's locations without", replace(_STAGE, type="EDGE")),
    ],
    unknowns=[
        example("an association that may be its own", replace(_BARE, associated=UNKNOWN)),
        example("nobody knows who reaches it", replace(_BARE, behind_cloudfront=UNKNOWN)),
        example("nobody knows whether it is internal", replace(_PROTECTED, internal=UNKNOWN)),
    ],
    not_applicable=[
        example("an internal load balancer", replace(_BARE, internal=True)),
        example("a network load balancer, which takes none", replace(_BARE, type="network")),
        example("a load balancer that CloudFront alone reaches", replace(_BARE, behind_cloudfront=True)),
        example("a stage within a network", replace(_STAGE, type="PRIVATE", internal=True)),
    ],
)
def entry_point_protected(entry: EntryPoint) -> Verdict:
    """A web ACL looks at every request from the internet.

    A WebAclAssociation of the stack names every application load balancer that is not internal, and every stage of a
    REST API whose endpoint type is not PRIVATE; unset means application, not internal, and EDGE. Not applicable are
    load balancers of other types, internal ones, and those whose security groups let in nothing but CloudFront's
    managed prefix list and other security groups, since the web ACL of the distribution stands before them. In an
    account any web ACL of its Region counts.
    """
    if entry.internal:
        return not_applicable("the internet does not reach it")
    if entry.kind is EntryKind.BALANCER and entry.type != "application":
        return not_applicable("a load balancer of its type takes no web ACL")
    if entry.behind_cloudfront:
        return not_applicable("CloudFront alone reaches it")
    return require(entry.associated, "no web ACL stands before it", found="none", wanted="a WebAclAssociation")
