"""The control of who reaches the port of a Redshift cluster."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.ec2.doors import Demand, is_internet, judged, only
from policies.controls.settled import gravest
from policies.facts.attached_groups import ELSEWHERE, AttachedGroup
from policies.facts.ec2 import IngressRule, ingress_of
from policies.facts.guarded_stores import GuardedWarehouse
from policies.model import UNKNOWN, Verdict, control, example, undecided

_OPEN: Final = IngressRule(cidr_blocks=("0.0.0.0/0",), from_port=5439, to_port=5439)


def _with(*rules: IngressRule) -> GuardedWarehouse:
    return GuardedWarehouse(groups=(AttachedGroup(ingress=ingress_of(rules)),))


@control(
    id="Redshift.15",
    slug="redshift-securitygroup-port-closed-to-internet",
    severity=Severity.HIGH,
    requirements=("1.3.1",),
    families=("pci", "network"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="The warehouse gathers what all other systems protect; a scanner that reaches 5439 has the one login "
    "prompt in front of all of it.",
    remediation="Take 0.0.0.0/0 and ::/0 out of the rules for the cluster's port in the security groups of "
    "vpc_security_group_ids; name a referenced_security_group_id in the aws.vpc.SecurityGroupIngressRule.",
    passes=[
        example("from one network", _with(replace(_OPEN, cidr_blocks=("10.0.0.0/8",)))),
        example("another port from the internet", _with(replace(_OPEN, from_port=443, to_port=443))),
        example("a port of its own", replace(_with(_OPEN), port=5440)),
    ],
    fails=[
        example("from the internet", _with(_OPEN)),
        example("from IPv6", _with(replace(_OPEN, cidr_blocks=("::/0",)))),
        example("every protocol", _with(replace(_OPEN, protocol="-1"))),
        example("a range around its own port", replace(_with(replace(_OPEN, to_port=5500)), port=5440)),
        example("a group beside one of another stack", GuardedWarehouse(groups=(ELSEWHERE, *_with(_OPEN).groups))),
    ],
    unknowns=[
        example("source comes later", _with(replace(_OPEN, cidr_blocks=(UNKNOWN,)))),
        example("its port comes later", replace(_with(_OPEN), port=UNKNOWN)),
        example("a group of another stack", GuardedWarehouse(groups=(ELSEWHERE,))),
        example("the default group of the network", GuardedWarehouse()),
    ],
)
def port_closed(warehouse: GuardedWarehouse) -> Verdict:
    """The internet does not reach the port of a Redshift cluster.

    No rule of the security groups in vpcSecurityGroupIds that is for TCP or for all protocols, and whose ports include
    the cluster's, 5439 when unset, has 0.0.0.0/0 or ::/0 as a source, by CIDRs or by a prefix list. Groups that another
    stack creates, and the default group that a cluster without any is in, leave it undecided.
    """
    groups = list(warehouse.groups)
    demand = Demand(
        closed={"tcp": only((warehouse.port,))},
        others_closed=False,
        internet=is_internet,
        message="the internet reaches its port",
        wanted=f"port {warehouse.port} closed to it",
    )
    said = [judged(each.ingress, demand) for each in groups if each.in_stack]
    if len(said) < len(groups) or not groups:
        said.append(undecided("a security group that it is in is not created here"))
    return gravest(*said)
