"""The control of what joins networks of different environments."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.controls.holdings import words_of
from policies.facts.ec2_peerings import Joining, PeerRoute, Side
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_PRODUCTION: Final = frozenset({"prod", "production", "prd", "live"})
_PAIR: Final = {"joined_environments": ("staging:prod",)}

PROD: Final = Side(environment="prod")
STAGING: Final = Side(environment="staging")
_ELSEWHERE: Final = Side(in_stack=False, environment=UNKNOWN)
_ACROSS: Final = Joining(own=PROD, peer=STAGING)
_PART: Final = PeerRoute(destination="10.2.4.0/24")
_WHOLE: Final = PeerRoute(destination="10.2.0.0/16", whole=True)


@control(
    id="LG-NET-11",
    slug="ec2-peering-environment-separated",
    severity=Severity.HIGH,
    requirements=("6.5.3", "1.4.1"),
    families=("pci", "network"),
    source="Demand of the banking and fraud systems, read 2026-11-20",
    rationale="Test environments have weak passwords and many users; across a joined network an intruder there walks "
    "into production, and the assessor extends the scope to both.",
    remediation="Remove the aws.ec2.VpcPeeringConnection or aws.ec2transitgateway.PeeringAttachment between production "
    "and another environment; where it has to be, name the pair in joined_environments and let each aws.ec2.Route "
    "through it name a single subnet.",
    parameters=("joined_environments",),
    passes=[
        example("two networks of production", Joining(own=PROD, peer=Side(environment="Production"))),
        example("two networks below it", Joining(own=Side(environment="dev"), peer=STAGING)),
        example("a pair of the profile, by subnets", replace(_ACROSS, routes=(_PART,)), _PAIR),
    ],
    fails=[
        example("production and staging", _ACROSS),
        example("dev and production", Joining(own=Side(environment="dev"), peer=PROD)),
        example("a pair of the profile, by a whole network", replace(_ACROSS, routes=(_PART, _WHOLE)), _PAIR),
        example("a pair of the profile, by no block", replace(_ACROSS, routes=(PeerRoute(),)), _PAIR),
        example("another pair of the profile", _ACROSS, {"joined_environments": ("dev:prod",)}),
    ],
    unknowns=[
        example("a network of another stack", replace(_ACROSS, peer=_ELSEWHERE)),
        example("a network without the tag", replace(_ACROSS, peer=Side())),
        example("environment comes later", replace(_ACROSS, own=Side(environment=UNKNOWN))),
        example("nobody knows the network", replace(_ACROSS, peer=UNKNOWN)),
        example("a route that comes later", replace(_ACROSS, routes=(UNKNOWN,)), _PAIR),
    ],
)
def environments_separated(joining: Joining, settings: "Settings") -> Verdict:
    """Nothing joins a network of production with one that is not.

    The tags Environment of the two VPCs of a peering, or of the two transit gateways, both speak of production or both
    do not. A pair in joined_environments, in either order, may be joined if every route of the stack through it names a
    block that is smaller than every VPC of the stack and than a /16. A side that another stack creates, or that has no
    such tag, leaves it undecided.
    """
    sides = [joining.own, joining.peer]
    if not all(each.in_stack for each in sides):
        return undecided("one of the networks is not created here")
    names = [each.environment for each in sides]
    if not all(names):
        return undecided("one of the networks has no tag Environment")
    if _is_production(names[0]) is _is_production(names[1]):
        return PASS
    if not _is_allowed(names, settings.joined_environments):
        return fail("production is joined with something else", found=names, wanted="networks of one kind")
    return _by_subnets(joining)


def _by_subnets(joining: Any) -> Verdict:
    wide = [each.destination or "a prefix list" for each in joining.routes if each.whole or not each.destination]
    if wide:
        return fail("whole networks are reached across environments", found=wide, wanted="routes to single subnets")
    return PASS


def _is_production(environment: str) -> bool:
    return bool(_PRODUCTION & words_of(environment))


def _is_allowed(names: list[str], pairs: Collection[str]) -> bool:
    wanted = sorted(name.lower() for name in names)
    return any(sorted(pair.lower().split(":")) == wanted for pair in pairs)
