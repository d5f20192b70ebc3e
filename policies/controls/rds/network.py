"""Controls of where databases are in a network."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity, Stage
from policies.controls.ways_out import DATA_A, DATA_B, NAT, PRIVATE_A, PUBLIC_B, way_out
from policies.facts.rds_networks import ReachableInstance, SubnetGroup
from policies.facts.subnet_routes import ELSEWHERE
from policies.model import PASS, UNKNOWN, Verdict, control, deferred, example, fail, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

APART: Final = SubnetGroup(subnets=(DATA_A, DATA_B))


@control(
    id="LG-NET-04",
    slug="rds-subnetgroup-private-multi-zone",
    severity=Severity.HIGH,
    requirements=("1.4.4",),
    families=("pci", "network", "resilience"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A route from the internet leaves one mistaken rule between strangers and the database, and a group "
    "within one zone leaves nowhere to go when that zone fails.",
    remediation="Give the aws.rds.SubnetGroup subnets in at least two availability zones whose route table has no "
    "aws.ec2.Route to an internet gateway, and in tier data none for 0.0.0.0/0 or ::/0.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="subnets that another stack creates",
    parameters=("min_database_zones",),
    passes=[
        example("data subnets in two zones", APART),
        example("private subnets behind a NAT gateway", SubnetGroup(subnets=(PRIVATE_A, DATA_B))),
    ],
    fails=[
        example("a public subnet", SubnetGroup(subnets=(DATA_A, PUBLIC_B))),
        example("a data subnet behind a NAT gateway", SubnetGroup(subnets=(replace(DATA_A, routes=(NAT,)), DATA_B))),
        example("one zone", SubnetGroup(subnets=(DATA_A, replace(DATA_B, zone="us-east-1a")))),
        example("two zones where three are wanted", APART, {"min_database_zones": 3}),
        example("no subnets", SubnetGroup()),
        example("a public subnet beside one of another stack", SubnetGroup(subnets=(ELSEWHERE, PUBLIC_B))),
    ],
    unknowns=[
        example("nobody knows the subnets", SubnetGroup(subnets=UNKNOWN)),
        example("nobody knows the routes", SubnetGroup(subnets=(replace(DATA_A, routes=UNKNOWN), DATA_B))),
        example("EC2 chooses the zone", SubnetGroup(subnets=(DATA_A, replace(DATA_B, zone="")))),
    ],
)
def subnets_private_and_apart(group: SubnetGroup, settings: "Settings") -> Verdict:
    """Database subnets have no way in from the internet, and lie in several zones.

    The subnets of subnetIds lie in at least min_database_zones zones. The route table of one whose tag Tier is data or
    isolated has no route for 0.0.0.0/0 or ::/0; that of any other one has no route to an internet gateway. A subnet
    without an association uses the main table of its network. A subnet that names no zone is put into one that nobody
    knows yet, and counts for none. Subnets that another stack creates are left to the audit.
    """
    here = [each for each in group.subnets if each.in_stack]
    problem = next(filter(None, map(way_out, here)), None)
    if problem is not None:
        return problem
    if len(here) < len(group.subnets):
        return deferred(Stage.RUN, "subnets of it are not created here")
    zones = {each.zone for each in here}
    named, wanted = zones - {""}, settings.min_database_zones
    open_ = sum(each.zone == "" for each in here)
    if len(named) < wanted <= len(named) + open_:
        return undecided("EC2 chooses the zone of a subnet, so nobody knows whether there are enough")
    return require(len(named) >= wanted, "its subnets are in too few zones", found=sorted(named), wanted=wanted)


@control(
    id="RDS.2",
    slug="rds-instance-not-public",
    severity=Severity.CRITICAL,
    requirements=("1.4.4",),
    families=("pci", "network"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="The database answers login attempts from the whole internet: one guessed or leaked password, or one "
    "flaw before login, and the card table is gone.",
    remediation="Set publicly_accessible=False on the aws.rds.Instance or aws.rds.ClusterInstance.",
    passes=[
        example("not public", ReachableInstance(publicly_accessible=False)),
        example("left open in subnets without a way in", ReachableInstance(subnets=(DATA_A, PRIVATE_A))),
    ],
    fails=[
        example("public", ReachableInstance(publicly_accessible=True)),
        example("left open in a public subnet", ReachableInstance(subnets=(DATA_A, PUBLIC_B))),
        example("left open in the default network", ReachableInstance()),
    ],
    unknowns=[
        example("set later", ReachableInstance(publicly_accessible=UNKNOWN)),
        example("left open in subnets of another stack", ReachableInstance(subnets=(DATA_A, ELSEWHERE))),
    ],
)
def instance_not_public(instance: ReachableInstance) -> Verdict:
    """A database instance has no address on the internet.

    publiclyAccessible is not true; unset means false outside a cluster. An instance of a cluster that leaves it open
    passes only in a subnet group, its own or its cluster's, none of whose subnets has a route to an internet gateway;
    without a group it is in the default network, which has one. Subnets that nobody sees leave it undecided.
    """
    if instance.publicly_accessible is not None:
        message = "it has an address on the internet"
        return require(not instance.publicly_accessible, message, found="true", wanted="publiclyAccessible false")
    if not instance.subnets:
        return fail(
            "it may get an address on the internet", found="the default network", wanted="publiclyAccessible false"
        )
    if any(route.internet for each in instance.subnets if each.in_stack for route in each.routes):
        return fail("it may get an address on the internet", found="a route to it", wanted="publiclyAccessible false")
    if not all(each.in_stack for each in instance.subnets):
        return undecided("publiclyAccessible is left open, and its subnets are not created here")
    return PASS
