"""Controls of security groups."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.facts.ec2 import Ingress, IngressRule
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, shown

if TYPE_CHECKING:
    from policies.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_ALL: Final = "-1"
_SPELLINGS: Final = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": _ALL}
_WITH_PORTS: Final = frozenset({"tcp", "udp"})
_EVERY_PORT: Final = range(65536)
_IPV4_INTERNET: Final = ipaddress.IPv4Network("0.0.0.0/0")
_IPV6_INTERNET: Final = ipaddress.IPv6Network("2000::/3")
"""Every global unicast address there is, so whatever holds it is the whole internet. Source: RFC 4291, section 2.4."""

HTTPS: Final = IngressRule(cidr_blocks=("0.0.0.0/0",), from_port=443, to_port=443)
SSH: Final = replace(HTTPS, from_port=22, to_port=22)


def _with(*rules: IngressRule) -> Ingress:
    return Ingress(rules=rules)


@control(
    id="LG-NET-02",
    slug="ec2-securitygroup-internet-ports-authorized",
    severity=Severity.HIGH,
    requirements=("1.3.1", "1.2.5"),
    families=("pci", "network"),
    source="Demand of the banking, payments and fraud systems, after Security Hub EC2.18, read 2026-11-20",
    remediation="Let in from the internet only TCP on the ports in authorized_tcp_ports; name a security group, a "
    "prefix list or a narrower CIDR for everything else.",
    parameters=("authorized_tcp_ports",),
    passes=[
        example("HTTPS from the internet", _with(HTTPS)),
        example("SSH from one network", _with(replace(SSH, cidr_blocks=("10.29.0.0/16",)))),
        example("everything from another group", _with(IngressRule(protocol="-1"))),
        example("nothing let in", _with()),
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
        example("no ports given", _with(replace(HTTPS, from_port=None, to_port=None))),
    ],
    unknowns=[
        example("the source comes later", _with(replace(SSH, cidr_blocks=(UNKNOWN,)))),
        example("the port comes later", _with(replace(SSH, to_port=UNKNOWN))),
        example("the source is no network", _with(replace(SSH, cidr_blocks=("everywhere",)))),
    ],
    not_applicable=[example("an egress rule", Ingress(direction="egress", rules=(SSH,)))],
)
def internet_ports_authorized(ingress: Ingress, settings: "Settings") -> Verdict:
    """The internet reaches a security group only by TCP on authorized ports.

    An ingress rule from 0.0.0.0/0 or ::/0, however they are written, is TCP and its whole port range lies in
    authorized_tcp_ports; all protocols, UDP and wider ranges are violations. CIDRs that together make up the internet
    on one port count as the internet, over all rules of one resource and all spellings of a protocol; rules that are
    resources of their own are judged one by one. Ports of protocols other than TCP and UDP are not told apart. Groups
    and prefix lists are taken as not the internet, whatever a prefix list holds. Egress rules are not applicable.
    """
    if ingress.direction == "egress":
        return not_applicable("an egress rule lets nothing in")
    doors = [_door(rule) for rule in ingress.rules if rule.cidr_blocks]
    for open_ in _open_together(doors, frozenset(settings.authorized_tcp_ports)):
        alone = [door for door in open_ if _is_the_internet(door.networks)]
        if alone or _is_the_internet(network for door in open_ for network in door.networks):
            return fail(
                "the internet is let in by more than the authorized ports",
                found="; ".join(dict.fromkeys(door.wording for door in alone or open_)),
                wanted=f"TCP on {shown(settings.authorized_tcp_ports)}",
            )
    return PASS


@dataclass(frozen=True, slots=True)
class _Door:
    """What a rule opens: numbers of ports, and the networks that may use them."""

    protocol: str
    ports: range
    networks: tuple[Network, ...]
    wording: str


def _door(rule: IngressRule) -> _Door:
    written, first, last = rule.protocol.lower(), rule.from_port, rule.to_port
    protocol = _SPELLINGS.get(written, written)
    ports = _EVERY_PORT
    if protocol in _WITH_PORTS and first is not None and last is not None and 0 <= first <= last:
        ports = range(first, last + 1)
    wording = f"protocol {written}, ports {shown(first)} to {shown(last)}"
    return _Door(protocol, ports, _networks(rule.cidr_blocks), wording)


def _open_together(doors: Sequence[_Door], authorized: AbstractSet[int]) -> Iterator[list[_Door]]:
    """Yield the doors that are open on one port that is not authorized, for every port where most of them are.

    Going down from any such port, doors only join until one begins or an authorized port is met: those ports suffice.
    """
    first_ports = {door.ports.start for door in doors}
    for protocol in dict.fromkeys(door.protocol for door in doors):
        closed = authorized if protocol == "tcp" else frozenset[int]()
        for port in sorted((first_ports | {each + 1 for each in closed}) - closed):
            yield [door for door in doors if door.protocol in (protocol, _ALL) and port in door.ports]


def holds_the_internet(blocks: Iterable[str]) -> bool:
    """Tell whether networks together hold every public IPv4 address, or every global IPv6 one.

    Args:
        blocks: CIDRs; bits beyond the prefix are ignored, as EC2 does.

    Raises:
        ValueError: One is no network.
    """
    return _is_the_internet(_networks(blocks))


def _networks(blocks: Iterable[str]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(block.strip(), strict=False) for block in blocks)


def _is_the_internet(networks: Iterable[Network]) -> bool:
    known = tuple(networks)
    four = ipaddress.collapse_addresses(each for each in known if isinstance(each, ipaddress.IPv4Network))
    six = ipaddress.collapse_addresses(each for each in known if isinstance(each, ipaddress.IPv6Network))
    return _IPV4_INTERNET in four or any(_IPV6_INTERNET.subnet_of(each) for each in six)
