"""What routes a subnet must not have, wherever something is placed in it."""

from dataclasses import replace
from typing import Any, Final

from policies.facts.subnet_routes import RoutedSubnet, SubnetRoute
from policies.model import Verdict, fail

DATA_TIERS: Final = frozenset({"data", "isolated"})
"""Values of the tag Tier of subnets that have no way out at all. Source: LG-NET-01, read 2026-11-20."""

OUT: Final = SubnetRoute(everything=True, internet=True)
NAT: Final = SubnetRoute(everything=True, internet=False)
PEER: Final = SubnetRoute(everything=False, internet=False)
DATA_A: Final = RoutedSubnet(tier="data", zone="us-east-1a", routes=(PEER,))
DATA_B: Final = replace(DATA_A, zone="us-east-1b", routes=())
PRIVATE_A: Final = replace(DATA_A, tier="private", routes=(NAT,))
PUBLIC_B: Final = replace(DATA_B, tier="public", routes=(PEER, OUT))


def way_out(subnet: Any) -> Verdict | None:
    """Return what is wrong with the routes of a subnet that is not meant to be reached; None when nothing is.

    No route leads to an internet gateway, and in a subnet for data none leads everywhere, not even by a NAT gateway.
    """
    routes = list(subnet.routes)
    if any(each.internet for each in routes):
        return fail("a subnet has a route to an internet gateway", found="a gateway", wanted="no such route")
    if any(each.everything for each in routes) and subnet.tier.lower() in DATA_TIERS:
        return fail("a data subnet has a route to everywhere", found="0.0.0.0/0", wanted="no such route")
    return None
