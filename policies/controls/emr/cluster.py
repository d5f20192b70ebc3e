"""Controls of EMR clusters."""

from typing import Final

from ledgergate.finding import Severity
from policies.facts.ec2_subnets import SubnetAddresses
from policies.facts.emr import NodeCluster, NodeSubnet
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, undecided

_PRIVATE: Final = NodeSubnet(addresses=SubnetAddresses())
_PUBLIC: Final = NodeSubnet(addresses=SubnetAddresses(public=True))
_ELSEWHERE: Final = NodeSubnet(in_stack=False, addresses=UNKNOWN)


@control(
    id="EMR.1",
    slug="emr-cluster-primary-node-private",
    severity=Severity.HIGH,
    requirements=("1.4.4",),
    families=("pci", "network"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="The primary node runs web consoles and accepts jobs; from the internet, one open port lets a stranger "
    "run code beside the data set and with the cluster's role.",
    remediation="Name in ec2_attributes of the aws.emr.Cluster, as subnet_id or subnet_ids, subnets whose "
    "map_public_ip_on_launch is not True.",
    passes=[example("a private subnet", NodeCluster(subnets=(_PRIVATE,)))],
    fails=[
        example("a subnet with public addresses", NodeCluster(subnets=(_PUBLIC,))),
        example("one of several", NodeCluster(subnets=(_PRIVATE, _ELSEWHERE, _PUBLIC))),
        example("the default subnet", NodeCluster()),
    ],
    unknowns=[
        example("a subnet of another stack", NodeCluster(subnets=(_PRIVATE, _ELSEWHERE))),
        example("addresses come later", NodeCluster(subnets=(NodeSubnet(addresses=SubnetAddresses(public=UNKNOWN)),))),
        example("nobody knows the subnets", NodeCluster(subnets=UNKNOWN)),
    ],
)
def primary_node_private(cluster: NodeCluster) -> Verdict:
    """The primary node of an EMR cluster has no public address.

    No subnet of ec2Attributes, in which EMR may place it, gives public addresses by itself: mapPublicIpOnLaunch is not
    true. A cluster that names no subnet goes into a default one, which does. Subnets that another stack creates leave
    it undecided. In an account the address of each primary node decides, and clusters that have ended are left out.
    """
    subnets = list(cluster.subnets)
    if not subnets:
        return fail("it goes into a default subnet", found="no subnet", wanted="a subnet without public addresses")
    if any(each.addresses.public for each in subnets if each.in_stack):
        message = "its primary node gets a public address"
        return fail(message, found="mapPublicIpOnLaunch true", wanted="a subnet without public addresses")
    if not all(each.in_stack for each in subnets):
        return undecided("a subnet of it is not created here")
    return PASS
