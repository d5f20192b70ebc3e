"""The control of what the internet reaches through security groups."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity, Stage
from policies.controls.ec2.doors import Demand, all_but, is_internet, judged
from policies.facts.ec2 import Ingress, IngressRule, ingress_of
from policies.facts.prefix_lists import CLOUDFRONT, UNSEEN, PrefixList
from policies.model import UNKNOWN, Verdict, control, example, shown

if TYPE_CHECKING:
    from policies.settings import Settings

HTTPS: Final = IngressRule(cidr_blocks=("0.0.0.0/0",), from_port=443, to_port=443)
SSH: Final = replace(HTTPS, from_port=22, to_port=22)
LISTED: Final = replace(SSH, cidr_blocks=())

LATER: Final = replace(SSH, from_port=UNKNOWN, to_port=UNKNOWN)
HIDDEN: Final = replace(HTTPS, cidr_blocks=(), prefix_lists=(UNSEEN,))
HALF: Final = replace(SSH, cidr_blocks=("0.0.0.0/1",))
OTHER_HALF: Final = PrefixList(cidrs=("128.0.0.0/1",))


def _with(*rules: IngressRule) -> Ingress:
    return ingress_of(rules)


def _listed(found: PrefixList) -> Ingress:
    return ingress_of((replace(LISTED, prefix_lists=(found,)),))


@control(
    id="LG-NET-02",
    slug="ec2-securitygroup-internet-ports-authorized",
    severity=Severity.HIGH,
    requirements=("1.3.1", "1.2.5"),
    families=("pci", "network"),
    source="Demand of the banking, payments and fraud systems, after Security Hub EC2.18, read 2026-11-20",
    rationale="Scanners probe every port that is open to the world; an unlisted one usually serves a test tool or a "
    "database that nobody hardened for strangers.",
    remediation="Let in from the internet only TCP on the ports in authorized_tcp_ports; name a security group, a "
    "prefix list or a narrower CIDR for everything else.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="what a prefix list holds that the program does not create",
    parameters=("authorized_tcp_ports",),
    passes=[
        example("HTTPS from the internet", _with(HTTPS)),
        example("SSH from one network", _with(replace(SSH, cidr_blocks=("10.29.0.0/16",)))),
        example("everything from another group", _with(IngressRule(protocol="-1"))),
        example("nothing let in", _with()),
        example("a port that comes later, from one network", _with(replace(LATER, cidr_blocks=("10.29.0.0/16",)))),
        example("HTTPS from a network that comes later", _with(replace(HTTPS, cidr_blocks=(UNKNOWN,)))),
        example("SSH from a prefix list with one network", _listed(PrefixList(cidrs=("10.29.0.0/16",)))),
        example("SSH from CloudFront", _listed(PrefixList(aws_name=CLOUDFRONT))),
        example("HTTPS from a prefix list of another stack", _with(HIDDEN)),
        example("a port of the profile", _with(SSH), params={"authorized_tcp_ports": (22,)}),
    ],
    fails=[
        example("SSH from the internet", _with(HTTPS, SSH)),
        example("SSH from the whole of IPv6", _with(replace(SSH, cidr_blocks=("::0/0",)))),
        example("the internet in two halves", _with(replace(SSH, cidr_blocks=("0.0.0.0/1", "128.0.0.0/1")))),
        example(
            "the internet in two rules whose ports overlap",
            _with(
                replace(SSH, cidr_blocks=("0.0.0.0/1",), protocol="6"),
                replace(SSH, cidr_blocks=("128.0.0.0/1",), from_port=20, to_port=25),
            ),
        ),
        example("a range that holds more", _with(replace(HTTPS, from_port=80))),
        example("every protocol", _with(replace(HTTPS, protocol="-1"))),
        example("UDP on an authorized port", _with(replace(HTTPS, protocol="udp"))),
        example("SSH beside a port that comes later", _with(replace(LATER, cidr_blocks=("10.29.0.0/16",)), SSH)),
        example("UDP on a port that comes later", _with(replace(LATER, protocol="udp"))),
        example("SSH by a protocol that comes later", _with(replace(SSH, protocol=UNKNOWN))),
        example("SSH from a prefix list that holds the internet", _listed(PrefixList(cidrs=("0.0.0.0/0",)))),
        example("SSH from the internet in a CIDR and a prefix list", _with(replace(HALF, prefix_lists=(OTHER_HALF,)))),
        example("no ports given", _with(replace(HTTPS, from_port=None, to_port=None))),
    ],
    unknowns=[
        example("the source comes later", _with(replace(SSH, cidr_blocks=(UNKNOWN,)))),
        example("the port comes later", _with(replace(SSH, to_port=UNKNOWN))),
        example("the protocol comes later", _with(replace(HTTPS, protocol=UNKNOWN))),
        example("an entry of the prefix list comes later", _listed(PrefixList(cidrs=("10.0.0.0/8", UNKNOWN)))),
        example(
            "half of the internet, on a port that comes later",
            _with(HALF, replace(LATER, cidr_blocks=("128.0.0.0/1",))),
        ),
        example("nobody knows the rules", ingress_of(UNKNOWN)),
        example("the source is no network", _with(replace(SSH, cidr_blocks=("everywhere",)))),
    ],
    not_applicable=[example("an egress rule", ingress_of((SSH,), "egress"))],
)
def internet_ports_authorized(ingress: Ingress, settings: "Settings") -> Verdict:
    """The internet reaches a security group only by TCP on authorized ports.

    An ingress rule from 0.0.0.0/0 or ::/0, however they are written, is TCP and its whole port range lies in
    authorized_tcp_ports; all protocols, UDP and wider ranges are violations. CIDRs that together make up the internet
    on one port count as the internet, over all rules of one resource and all spellings of a protocol; rules that are
    resources of their own are judged one by one. Ports of protocols other than TCP and UDP are not told apart. Groups
    are not the internet. A prefix list that the stack creates is what its entries are; one that AWS manages holds the
    addresses of one of its services; what any other one holds is left to the audit, unless nothing can be wrong with
    it. What is not known yet leaves a rule undecided only where it decides. Egress rules are not applicable.
    """
    ports = frozenset(settings.authorized_tcp_ports)
    demand = Demand(
        closed={"tcp": all_but(ports)},
        others_closed=True,
        internet=is_internet,
        message="the internet is let in by more than the authorized ports",
        wanted=f"TCP on {shown(settings.authorized_tcp_ports)}",
    )
    return judged(ingress, demand)
