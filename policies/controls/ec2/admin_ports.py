"""Controls of the ports by which machines are administered, judged before anything is created."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.controls.ec2.doors import Demand, Network, is_internet, is_ipv4_internet, is_ipv6_internet, judged, only
from policies.controls.ec2.security_group import HTTPS, SSH
from policies.facts.ec2 import AddressIngress, IngressRule, address_ingress_of
from policies.model import UNKNOWN, Verdict, control, example, shown

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20"
_FAMILIES: Final = ("pci", "network")

_SSH: Final = 22
_RDP: Final = 3389
_ADMIN_PORTS: Final = frozenset({_SSH, _RDP})

RDP: Final = replace(SSH, from_port=_RDP, to_port=_RDP)
SIX: Final = ("::/0",)
PRIVATE: Final = ("10.0.0.0/8", "fd00::/8")


def _with(*rules: IngressRule) -> AddressIngress:
    return address_ingress_of(rules)


EGRESS: Final = address_ingress_of((SSH,), "egress")


def _closed(
    protocols: Iterable[str], ports: Iterable[int], internet: Callable[[Iterable[Network]], bool], whom: str
) -> Demand:
    closed = only(ports)
    listed = shown([each.start for each in closed])
    return Demand(
        closed=dict.fromkeys(protocols, closed),
        others_closed=False,
        internet=internet,
        message=f"{whom} reaches a port by which machines are administered",
        wanted=f"{listed} closed to it",
    )


@control(
    id="EC2.13",
    slug="ec2-securitygroup-ssh-closed-to-internet",
    severity=Severity.HIGH,
    requirements=("1.3.1",),
    families=_FAMILIES,
    source=_SOURCE,
    rationale="Bots find an open port 22 within minutes and try leaked keys and passwords without end; one machine "
    "that falls is a way into the cardholder network.",
    remediation="Take 0.0.0.0/0 and ::/0 out of the rule for port 22: leave it to AWS Systems Manager Session Manager, "
    "or name a narrower cidr_ipv4 or a referenced_security_group_id in the aws.vpc.SecurityGroupIngressRule.",
    passes=[
        example("HTTPS from the internet", _with(HTTPS)),
        example("SSH from private networks", _with(replace(SSH, cidr_blocks=PRIVATE))),
        example("UDP on its port", _with(replace(SSH, protocol="udp"))),
        example("a range that ends before it", _with(replace(SSH, from_port=0, to_port=21))),
        example("a source that comes later, on another port", _with(replace(HTTPS, cidr_blocks=(UNKNOWN,)))),
        example(
            "a port that comes later, from a private network", _with(replace(SSH, cidr_blocks=PRIVATE, to_port=UNKNOWN))
        ),
    ],
    fails=[
        example("SSH from the internet", _with(HTTPS, SSH)),
        example("SSH from IPv6", _with(replace(SSH, cidr_blocks=SIX))),
        example("a range around it", _with(replace(SSH, from_port=0, to_port=1024, protocol="6"))),
        example("every protocol", _with(replace(HTTPS, protocol="-1"))),
        example("no ports given", _with(replace(SSH, from_port=None, to_port=None))),
        example("beside a rule that comes later", _with(replace(SSH, from_port=UNKNOWN), SSH)),
    ],
    unknowns=[
        example("the source comes later", _with(replace(SSH, cidr_blocks=(UNKNOWN,)))),
        example("the port comes later", _with(replace(SSH, from_port=UNKNOWN))),
        example("the protocol comes later", _with(replace(SSH, protocol=UNKNOWN))),
    ],
    not_applicable=[example("an egress rule", EGRESS)],
)
def ssh_closed(ingress: AddressIngress) -> Verdict:
    """The internet does not reach a security group by SSH.

    No rule for TCP or for all protocols whose ports include 22 has 0.0.0.0/0 or ::/0 among its CIDRs, or several that
    together make up either. Rules that name prefix lists are judged by LG-NET-02. Egress rules are not applicable.
    """
    return judged(ingress, _closed(("tcp",), (_SSH,), is_internet, "the internet"))


@control(
    id="EC2.14",
    slug="ec2-securitygroup-rdp-closed-to-internet",
    severity=Severity.HIGH,
    requirements=("1.3.1",),
    families=_FAMILIES,
    source=_SOURCE,
    rationale="Exposed remote desktops are a usual way in for ransomware crews, who buy stolen logins or use an "
    "unpatched flaw of the service itself.",
    remediation="Take 0.0.0.0/0 and ::/0 out of the rule for port 3389: leave remote desktops to AWS Systems Manager "
    "Fleet Manager, or name a narrower cidr_ipv4 or a referenced_security_group_id in the "
    "aws.vpc.SecurityGroupIngressRule.",
    passes=[
        example("SSH from the internet", _with(SSH)),
        example("RDP from private networks", _with(replace(RDP, cidr_blocks=PRIVATE))),
        example("UDP on its port", _with(replace(RDP, protocol="17"))),
    ],
    fails=[
        example("RDP from the internet", _with(HTTPS, RDP)),
        example("RDP from IPv6", _with(replace(RDP, cidr_blocks=SIX))),
        example("a range around it", _with(replace(RDP, from_port=3000, to_port=4000))),
        example("every protocol", _with(replace(HTTPS, protocol="all"))),
    ],
    unknowns=[
        example("the source comes later", _with(replace(RDP, cidr_blocks=(UNKNOWN,)))),
        example("the port comes later", _with(replace(RDP, to_port=UNKNOWN))),
    ],
    not_applicable=[example("an egress rule", EGRESS)],
)
def rdp_closed(ingress: AddressIngress) -> Verdict:
    """The internet does not reach a security group by remote desktop.

    As EC2.13 for the TCP port 3389.
    """
    return judged(ingress, _closed(("tcp",), (_RDP,), is_internet, "the internet"))


@control(
    id="EC2.53",
    slug="ec2-securitygroup-admin-ports-closed-to-ipv4-internet",
    severity=Severity.HIGH,
    requirements=("1.3.1",),
    families=_FAMILIES,
    source=_SOURCE,
    rationale="A management port or a database console that was opened for one day is found by scanners the same day, "
    "and its default password is tried before anyone closes it.",
    remediation="Take 0.0.0.0/0 out of the rules for 22, 3389 and the ports in admin_ports; name a narrower cidr_ipv4 "
    "or a referenced_security_group_id in the aws.vpc.SecurityGroupIngressRule.",
    parameters=("admin_ports",),
    passes=[
        example("HTTPS from the internet", _with(HTTPS)),
        example("SSH from IPv6, which EC2.54 judges", _with(replace(SSH, cidr_blocks=SIX))),
        example("ping from the internet", _with(replace(HTTPS, protocol="icmp", from_port=8, to_port=0))),
    ],
    fails=[
        example("SSH from the internet", _with(SSH)),
        example("the UDP half of RDP", _with(replace(RDP, protocol="udp"))),
        example("a port of the profile", _with(replace(SSH, from_port=5985, to_port=5985)), {"admin_ports": (5985,)}),
        example("the internet in two halves", _with(replace(SSH, cidr_blocks=("0.0.0.0/1", "128.0.0.0/1")))),
    ],
    unknowns=[
        example("the source comes later", _with(replace(RDP, cidr_blocks=(UNKNOWN,)))),
        example("the port comes later", _with(replace(RDP, to_port=UNKNOWN))),
    ],
    not_applicable=[example("an egress rule", EGRESS)],
)
def admin_closed_to_ipv4(ingress: AddressIngress, settings: "Settings") -> Verdict:
    """The IPv4 internet reaches no port by which machines are administered.

    No rule for TCP, UDP or all protocols whose ports include 22, 3389 or one of admin_ports has 0.0.0.0/0 among its
    CIDRs, or several that together make it up. Egress rules are not applicable.
    """
    ports = _ADMIN_PORTS.union(settings.admin_ports)
    return judged(ingress, _closed(("tcp", "udp"), ports, is_ipv4_internet, "the IPv4 internet"))


@control(
    id="EC2.54",
    slug="ec2-securitygroup-admin-ports-closed-to-ipv6-internet",
    severity=Severity.HIGH,
    requirements=("1.3.1",),
    families=_FAMILIES,
    source=_SOURCE,
    rationale="People check the IPv4 rules and forget the others: a scanner that learns the IPv6 address from DNS "
    "walks past the firewall to the administration port.",
    remediation="Take ::/0 out of the rules for 22, 3389 and the ports in admin_ports; name a narrower cidr_ipv6 or a "
    "referenced_security_group_id in the aws.vpc.SecurityGroupIngressRule.",
    parameters=("admin_ports",),
    passes=[
        example("HTTPS from IPv6", _with(replace(HTTPS, cidr_blocks=SIX))),
        example("SSH from IPv4, which EC2.53 judges", _with(SSH)),
        example("SSH from unique local addresses", _with(replace(SSH, cidr_blocks=PRIVATE))),
    ],
    fails=[
        example("RDP from IPv6", _with(replace(RDP, cidr_blocks=SIX))),
        example("SSH from every global address", _with(replace(SSH, cidr_blocks=("2000::/3",)))),
        example("every protocol", _with(replace(HTTPS, cidr_blocks=SIX, protocol="-1"))),
    ],
    unknowns=[
        example("the source comes later", _with(replace(RDP, cidr_blocks=(UNKNOWN,)))),
        example("the port comes later", _with(replace(RDP, cidr_blocks=SIX, to_port=UNKNOWN))),
    ],
    not_applicable=[example("an egress rule", EGRESS)],
)
def admin_closed_to_ipv6(ingress: AddressIngress, settings: "Settings") -> Verdict:
    """The IPv6 internet reaches no port by which machines are administered.

    As EC2.53 for ::/0, or for CIDRs that together hold every global address of IPv6.
    """
    ports = _ADMIN_PORTS.union(settings.admin_ports)
    return judged(ingress, _closed(("tcp", "udp"), ports, is_ipv6_internet, "the IPv6 internet"))
