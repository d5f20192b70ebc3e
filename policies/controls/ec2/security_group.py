"""Controls of security groups."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ledgergate.finding import Severity
from policies.facts.ec2 import Ingress, IngressRule
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, shown

if TYPE_CHECKING:
    from policies.settings import Settings

_TCP: Final = frozenset({"tcp", "6"})
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
    authorized_tcp_ports; all protocols, UDP and wider ranges are violations. CIDRs that make up the internet together
    count as the internet. Groups and prefix lists are not the internet. Egress rules are not applicable.
    """
    if ingress.direction == "egress":
        return not_applicable("an egress rule lets nothing in")
    sources: dict[tuple[str, int | None, int | None], list[str]] = defaultdict(list)
    for rule in ingress.rules:
        if rule.cidr_blocks:
            sources[rule.protocol.lower(), rule.from_port, rule.to_port].extend(rule.cidr_blocks)
    for (protocol, first, last), blocks in sources.items():
        authorized = protocol in _TCP and _all_in(first, last, settings.authorized_tcp_ports)
        if holds_the_internet(blocks) and not authorized:
            return fail(
                "the internet is let in by more than the authorized ports",
                found=f"protocol {protocol}, ports {shown(first)} to {shown(last)}",
                wanted=f"TCP on {shown(settings.authorized_tcp_ports)}",
            )
    return PASS


def holds_the_internet(blocks: Iterable[str]) -> bool:
    """Tell whether networks together hold every public IPv4 address, or every global IPv6 one.

    Args:
        blocks: CIDRs; bits beyond the prefix are ignored, as EC2 does.

    Raises:
        ValueError: One is no network.
    """
    networks = [ipaddress.ip_network(block.strip(), strict=False) for block in blocks]
    four = ipaddress.collapse_addresses(each for each in networks if isinstance(each, ipaddress.IPv4Network))
    six = ipaddress.collapse_addresses(each for each in networks if isinstance(each, ipaddress.IPv6Network))
    return _IPV4_INTERNET in four or any(_IPV6_INTERNET.subnet_of(each) for each in six)


def _all_in(first: int | None, last: int | None, authorized: Sequence[int]) -> bool:
    if first is None or last is None or first > last or last - first >= len(authorized):
        return False
    return set(range(first, last + 1)) <= set(authorized)
