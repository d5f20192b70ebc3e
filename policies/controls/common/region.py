"""Controls of the Region that every resource is in."""

from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.regions import EDGE_HOME, StatedRegion, UsedRegion
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "Demand of the banking, payments and fraud systems, read 2026-11-20"
_GLOBAL: Final = "its type belongs to no Region"
_ALLOWED: Final[dict[str, Any]] = {"regions": ("eu-west-1", "eu-west-2")}


@control(
    id="LG-RES-01",
    slug="common-resource-region-explicit",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("residency",),
    source=_SOURCE,
    rationale="Somebody runs the program with another AWS_REGION in the shell, and a second database appears abroad "
    "while the real one is planned for replacement.",
    remediation="Set region on the resource, so that it stays where it is whatever aws:region or the provider says.",
    not_read="an account does not show what a program left to its provider",
    passes=[example("the program names it", StatedRegion(stated=True))],
    fails=[example("the provider decides", StatedRegion())],
    unknowns=[
        example("a type newer than the tables", StatedRegion(regional=None)),
        example("nobody knows", StatedRegion(stated=UNKNOWN)),
    ],
    not_applicable=[
        example("a type without a Region", StatedRegion(regional=False)),
        example("a policy pack is not told", StatedRegion(seen=False)),
    ],
)
def region_explicit(resource: StatedRegion) -> Verdict:
    """A program says of every regional resource in which Region it is.

    The input region is written in the program, or by a transformation of it; what the provider fills in does not count.
    Types without such an input (IAM, CloudFront, Route 53 zones and records, Organizations and others), and those that
    mean something else by it, are not applicable. Only the gate decides: before the Pulumi CLI asks a policy pack, the
    provider has filled the Region in. A type that no table knows is undecided.
    """
    if resource.regional is None:
        return undecided("its type is newer than the tables, so nobody knows whether it has a Region")
    if not resource.regional:
        return not_applicable(_GLOBAL)
    if not resource.seen:
        return not_applicable("the provider has filled the Region in, so the gate alone can tell")
    return require(resource.stated, "its Region is left to the provider", found="no region", wanted="region")


@control(
    id="LG-RES-02",
    slug="common-resource-region-allowed",
    severity=Severity.HIGH,
    requirements=(),
    families=("residency",),
    source=_SOURCE,
    rationale="Customer data lands in a country that the licence or the contract excludes, and the regulator treats "
    "each day there as an infringement.",
    remediation="Set region of the resource, or aws:region of its provider, to one of the Regions that the profile "
    "lists in regions.",
    not_read="an audit calls only the Regions that the profile allows, so it sees nothing of what lies in another one",
    parameters=("regions",),
    passes=[
        example("an allowed Region", UsedRegion(region="eu-west-1"), _ALLOWED),
        example("what CloudFront takes from there alone", UsedRegion(region="us-east-1", at_home=True), _ALLOWED),
    ],
    fails=[
        example("another Region", UsedRegion(region="us-west-2"), _ALLOWED),
        example("us-east-1 without need", UsedRegion(region="us-east-1"), _ALLOWED),
        example("what CloudFront would not take from here", UsedRegion(region="us-west-2", at_home=True), _ALLOWED),
    ],
    unknowns=[
        example("the Region comes later", UsedRegion(region=UNKNOWN), _ALLOWED),
        example("the scope comes later", UsedRegion(region="us-east-1", at_home=UNKNOWN), _ALLOWED),
        example("the profile names no Regions", UsedRegion(region="eu-west-1")),
    ],
    not_applicable=[example("a type without a Region", UsedRegion(global_=True), _ALLOWED)],
)
def region_allowed(resource: UsedRegion, settings: "Settings") -> Verdict:
    """A resource is in a Region that its system may use.

    Its region, or that of its provider, is among the regions of the profile. Certificates, what AWS WAF has in the
    scope CLOUDFRONT with its logging, and alarms on AWS/Billing may be in us-east-1 besides, since they work nowhere
    else. Types that belong to no Region are not applicable; a profile without Regions leaves it undecided.
    """
    if resource.global_:
        return not_applicable(_GLOBAL)
    allowed = settings.regions
    if not allowed:
        return undecided("the profile names no Regions")
    region = resource.region
    if region in allowed or (region == EDGE_HOME and resource.at_home):
        return PASS
    return fail("it is in a Region that its system must not use", found=region, wanted=allowed)
