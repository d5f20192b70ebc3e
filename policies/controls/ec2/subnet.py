"""Controls of subnets."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.ways_out import DATA_A, NAT, OUT, PRIVATE_A, PUBLIC_B, way_out
from policies.facts.ec2_subnets import Placement, SubnetAddresses
from policies.model import PASS, UNKNOWN, Verdict, control, example, not_applicable, require

PUBLIC: Final = "public"
"""Value of the tag Tier of subnets that are meant to be reached from the internet."""


@control(
    id="EC2.15",
    slug="ec2-subnet-no-automatic-public-ip",
    severity=Severity.MEDIUM,
    requirements=("1.4.4",),
    families=("pci", "network"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="A machine that somebody starts for a quick test gets an address on the internet, is scanned at once, "
    "and may then be the only unpatched one that is reachable.",
    remediation="Leave map_public_ip_on_launch of the aws.ec2.Subnet out or set it to False; on an "
    "aws.ec2.DefaultSubnet set it to False.",
    passes=[example("off, as by default", SubnetAddresses())],
    fails=[example("on", SubnetAddresses(public=True))],
    unknowns=[example("set later", SubnetAddresses(public=UNKNOWN))],
)
def no_public_addresses(subnet: SubnetAddresses) -> Verdict:
    """Machines in a subnet get no public address unless somebody asks for it.

    mapPublicIpOnLaunch is not true; unset means false, but true in a default subnet, which therefore has to state it.
    """
    message = "machines in it get a public address by themselves"
    return require(not subnet.public, message, found="true", wanted="mapPublicIpOnLaunch false")


@control(
    id="LG-NET-01",
    slug="ec2-datasubnet-internet-route-absent",
    severity=Severity.HIGH,
    requirements=("1.3.1", "1.4.4"),
    families=("pci", "network"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Malware in a data subnet with a route outwards sends the card table straight to its author; with an "
    "internet gateway, the way in is one wrong security group away.",
    remediation="Take the aws.ec2.Route for 0.0.0.0/0 and ::/0 out of the route table of a subnet with the tag Tier "
    "data, and the route to an internet gateway out of the table of every other private one; tag a subnet that is "
    "meant to be reached from the internet with Tier public.",
    passes=[
        example("a data subnet with local routes", Placement(subnet=DATA_A)),
        example("a private subnet behind a NAT gateway", Placement(subnet=PRIVATE_A)),
        example("a subnet without a tier behind a NAT gateway", Placement(subnet=replace(PRIVATE_A, tier=""))),
    ],
    fails=[
        example("a data subnet behind a NAT gateway", Placement(subnet=replace(DATA_A, routes=(NAT,)))),
        example("an isolated subnet behind one", Placement(subnet=replace(DATA_A, tier="isolated", routes=(NAT,)))),
        example("a private subnet with a way to the internet", Placement(subnet=replace(PRIVATE_A, routes=(OUT,)))),
        example("a subnet without a tier with one", Placement(subnet=replace(PUBLIC_B, tier=""))),
    ],
    unknowns=[
        example("nobody knows the routes", Placement(subnet=replace(DATA_A, routes=UNKNOWN))),
        example("its tier comes later", Placement(subnet=replace(DATA_A, tier=UNKNOWN))),
    ],
    not_applicable=[example("a public subnet", Placement(subnet=PUBLIC_B))],
)
def internet_route_absent(placement: Placement) -> Verdict:
    """A subnet for data has no route to everywhere, and no private subnet has one to the internet.

    The route table of a subnet whose tag Tier is data or isolated holds no route for 0.0.0.0/0 or ::/0, nor several
    that together are for either or one for a prefix list that is; that of any other one holds none to an internet
    gateway. The table is the one of its association, else the main one of its network; inline routes and aws.ec2.Route
    count alike. Subnets whose tag Tier is public are not applicable.
    """
    subnet = placement.subnet
    if subnet.tier.lower() == PUBLIC:
        return not_applicable("it is meant to be reached from the internet")
    return way_out(subnet) or PASS
