"""The control of where caches are in a network."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.ways_out import DATA_A, DATA_B, NAT, PRIVATE_A, PUBLIC_B, way_out
from policies.facts.elasticache_networks import PlacedCache
from policies.facts.subnet_routes import ELSEWHERE
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided

_DEFAULT: Final = "default"
_APART: Final = PlacedCache(group_name="sessions", subnets=(DATA_A, DATA_B))


@control(
    id="LG-NET-05",
    slug="elasticache-replicationgroup-in-data-subnets",
    severity=Severity.HIGH,
    requirements=("1.3.1", "1.4.4"),
    families=("pci", "network"),
    source="Demand of the banking and fraud systems, after Security Hub ElastiCache.7, read 2026-11-20",
    rationale="Caches often hold sessions and tokens behind weak or no passwords: once they can be reached from "
    "outside, an attacker takes over logged-in customers.",
    remediation="Set subnet_group_name of the aws.elasticache.ReplicationGroup to an aws.elasticache.SubnetGroup of "
    "subnets with the tag Tier data, whose route tables lead nowhere outside.",
    passes=[
        example("data subnets", _APART),
        example("private subnets behind a NAT gateway", replace(_APART, subnets=(PRIVATE_A, DATA_B))),
    ],
    fails=[
        example("no group", PlacedCache()),
        example("the default group", PlacedCache(group_name="default", group_in_stack=False)),
        example("a public subnet", replace(_APART, subnets=(DATA_A, PUBLIC_B))),
        example("a data subnet behind a NAT gateway", replace(_APART, subnets=(replace(DATA_A, routes=(NAT,)),))),
        example("a public subnet beside one of another stack", replace(_APART, subnets=(ELSEWHERE, PUBLIC_B))),
    ],
    unknowns=[
        example("a group of another stack", replace(_APART, group_in_stack=False, subnets=())),
        example("a subnet of another stack", replace(_APART, subnets=(DATA_A, ELSEWHERE))),
        example("nobody knows the subnets", replace(_APART, subnets=UNKNOWN)),
        example("group comes later", replace(_APART, group_name=UNKNOWN)),
    ],
    not_applicable=[example("a member of a replication group", replace(_APART, member=True))],
)
def cache_in_data_subnets(cache: PlacedCache) -> Verdict:
    """A cache is in subnets without a way in from the internet.

    subnetGroupName of a replication group, or of a cluster outside one, names a group other than default, and every
    subnet of it is as LG-NET-01 wants it: no route to an internet gateway, and in tier data or isolated none for
    everything. Unset means default. A group or subnets that another stack creates leave it undecided.
    """
    if cache.member:
        return not_applicable("it is where its replication group is")
    if cache.group_name in ("", _DEFAULT):
        return fail("it is in the default subnets", found=cache.group_name or "no group", wanted="a subnet group")
    if not cache.group_in_stack:
        return undecided("its subnet group is not created here")
    subnets = list(cache.subnets)
    problem = next(filter(None, (way_out(each) for each in subnets if each.in_stack)), None)
    if problem is not None:
        return problem
    return PASS if all(each.in_stack for each in subnets) else undecided("a subnet of it is not created here")
