"""Which doors of a security group stand open to the internet: one model of rules for all controls of them."""

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from ledgergate.finding import Stage
from policies.model import PASS, Verdict, deferred, fail, not_applicable, shown, undecided

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ALL: Final = "-1"
_OTHER: Final = "another"
"""Stands for every protocol that has no name here."""
_SPELLINGS: Final = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": ALL}
_WITH_PORTS: Final = frozenset({"tcp", "udp"})
_EVERY_PORT: Final = range(65536)
_IPV4_INTERNET: Final = ipaddress.IPv4Network("0.0.0.0/0")
_IPV6_EVERYTHING: Final = ipaddress.IPv6Network("::/0")
_IPV6_INTERNET: Final = ipaddress.IPv6Network("2000::/3")
"""Every global unicast address there is, so whatever holds it is the whole internet. Source: RFC 4291, section 2.4."""

_ANYBODY: Final[tuple[Network, ...]] = (_IPV4_INTERNET, _IPV6_EVERYTHING)


@dataclass(frozen=True, slots=True)
class Door:
    """What a rule opens: numbers of ports, and the networks that may use them."""

    protocol: str
    ports: range
    networks: tuple[Network, ...]
    wording: str


@dataclass(frozen=True, slots=True)
class Demand:
    """Which doors must not stand open to the internet.

    Args:
        closed: Protocol, as `protocol_of` returns it → ranges of ports; a protocol that is not there may be open.
        others_closed: Whether every protocol that is not in `closed` has to be closed as a whole.
        internet: Tells whether networks together are the internet.
        message: What is wrong when one is open.
        wanted: What is wanted, ready to show.
    """

    closed: Mapping[str, tuple[range, ...]]
    others_closed: bool
    internet: Callable[[Iterable[Network]], bool]
    message: str
    wanted: str

    def ranges(self, protocol: str) -> tuple[range, ...]:
        """Return the ports of a protocol that have to be closed."""
        return self.closed.get(protocol, (_EVERY_PORT,) if self.others_closed else ())


def judged(ingress: Any, demand: Demand) -> Verdict:
    """Return whether what is let in meets a demand, networks before protocol and protocol before ports.

    A violation that is certain wins over whatever is not known; what is not known matters only where it could
    decide, and what only the account shows only after that.

    Args:
        ingress: An `Ingress` or an `AddressIngress`.
        demand: Which doors must be closed.
    """
    if ingress.direction == "egress":
        return not_applicable("an egress rule lets nothing in")
    rules, unsure = list(ingress.rules), list(ingress.unsure)
    doors = [door_of(rule) for rule in rules]
    for each in (_open_door(doors, demand), *(_surely_open(each, demand) for each in unsure)):
        if each:
            return fail(demand.message, found=each, wanted=demand.wanted)
    possible = [_widest(each) for each in unsure]
    if _open_door([*doors, *possible], demand):
        return _unread(unsure)
    seen = [(rule, door) for rule, door in zip(rules, doors, strict=True) if rule.prefix_lists]
    seen += [(each.rule, door) for each, door in zip(unsure, possible, strict=True) if each.sources_known]
    hidden = [replace(door, networks=_ANYBODY) for rule, door in seen if not all(map(_is_seen, rule.prefix_lists))]
    if hidden and _open_door([*doors, *possible, *hidden], demand):
        return deferred(Stage.RUN, "the account alone shows what a prefix list among the sources holds")
    return PASS


def _is_seen(prefix_list: Any) -> bool:
    return bool(prefix_list.seen)


def door_of(rule: Any) -> Door:
    """Return what a rule opens to the networks that it names and to those of its prefix lists."""
    written, first, last = rule.protocol.lower(), rule.from_port, rule.to_port
    wording = f"protocol {written}, ports {shown(first)} to {shown(last)}"
    protocol = protocol_of(written)
    return Door(protocol, ports_of(protocol, first, last), networks_of(rule), wording)


def protocol_of(written: str) -> str:
    """Return the one name of a protocol, `-1` for all of them."""
    name = written.lower()
    return _SPELLINGS.get(name, name)


def ports_of(protocol: str, first: int | None, last: int | None) -> range:
    """Return the ports that a rule opens; all of them where a protocol has none, or none is given."""
    if protocol in _WITH_PORTS and first is not None and last is not None and 0 <= first <= last:
        return range(first, last + 1)
    return _EVERY_PORT


def networks_of(rule: Any) -> tuple[Network, ...]:
    """Return the networks that a rule lets in.

    Raises:
        ValueError: One is no network.
    """
    listed = (cidr for each in rule.prefix_lists for cidr in each.cidrs)
    return networks((*rule.cidr_blocks, *listed))


def networks(blocks: Iterable[str]) -> tuple[Network, ...]:
    """Return CIDRs as networks; bits beyond the prefix are ignored, as EC2 does.

    Raises:
        ValueError: One is no network.
    """
    return tuple(ipaddress.ip_network(block.strip(), strict=False) for block in blocks)


def is_ipv4_internet(known: Iterable[Network]) -> bool:
    """Tell whether networks together hold every IPv4 address."""
    four = (each for each in known if isinstance(each, ipaddress.IPv4Network))
    return _IPV4_INTERNET in ipaddress.collapse_addresses(four)


def is_ipv6_internet(known: Iterable[Network]) -> bool:
    """Tell whether networks together hold every global IPv6 address."""
    six = ipaddress.collapse_addresses(each for each in known if isinstance(each, ipaddress.IPv6Network))
    return any(_IPV6_INTERNET.subnet_of(each) for each in six)


def is_internet(known: Iterable[Network]) -> bool:
    """Tell whether networks together hold every IPv4 address or every global IPv6 one."""
    every = tuple(known)
    return is_ipv4_internet(every) or is_ipv6_internet(every)


def all_but(ports: AbstractSet[int]) -> tuple[range, ...]:
    """Return the ranges of ports between some."""
    bounds = [-1, *sorted(ports), len(_EVERY_PORT)]
    between = (range(low + 1, high) for low, high in pairwise(bounds))
    return tuple(each for each in between if each)


def only(ports: Iterable[int]) -> tuple[range, ...]:
    """Return ports as ranges of one."""
    return tuple(range(port, port + 1) for port in sorted(set(ports)))


def _open_door(doors: Sequence[Door], demand: Demand) -> str:
    """Return the wording of doors that together are open to the internet and must not be; empty when none are."""
    for open_ in _open_together(doors, demand):
        alone = [door for door in open_ if demand.internet(door.networks)]
        if alone or demand.internet(network for door in open_ for network in door.networks):
            return "; ".join(dict.fromkeys(door.wording for door in alone or open_))
    return ""


def _open_together(doors: Sequence[Door], demand: Demand) -> Iterator[list[Door]]:
    """Yield the doors that are open on one port that has to be closed, for every port where most of them are.

    Going down from any such port, doors only join until one begins or a port is met that may be open: those ports
    suffice. A door for all protocols is one for each of them.
    """
    first_ports = {door.ports.start for door in doors}
    for protocol in dict.fromkeys((*(door.protocol for door in doors), *(demand.closed if doors else ()))):
        closed = demand.ranges(protocol)
        starts = {each.start for each in closed} | {port for port in first_ports for each in closed if port in each}
        for port in sorted(starts):
            found = [door for door in doors if door.protocol in (protocol, ALL) and port in door.ports]
            if found:
                yield found


def _surely_open(unsure: Any, demand: Demand) -> str:
    """Return the wording of a rule that breaks the demand whatever the rest of it turns out to be; else nothing."""
    if not unsure.sources_known or not demand.internet(networks_of(unsure.rule)):
        return ""
    possible = [protocol_of(unsure.rule.protocol)] if unsure.protocol_known else [*demand.closed, _OTHER]
    if not all(_surely_closed(unsure, protocol, demand) for protocol in possible):
        return ""
    protocol = unsure.rule.protocol.lower() if unsure.protocol_known else "not known yet"
    first, last = (unsure.rule.from_port, unsure.rule.to_port) if unsure.ports_known else ("not known yet",) * 2
    return f"protocol {protocol}, ports {shown(first)} to {shown(last)}"


def _surely_closed(unsure: Any, protocol: str, demand: Demand) -> bool:
    """Tell whether a rule, if it is for this protocol, opens a port that has to be closed."""
    if protocol == ALL:
        return bool(demand.closed)
    closed = demand.ranges(protocol)
    if unsure.ports_known:
        ports = ports_of(protocol, unsure.rule.from_port, unsure.rule.to_port)
        return any(ports.start < each.stop and each.start < ports.stop for each in closed)
    return closed == (_EVERY_PORT,)


def _widest(unsure: Any) -> Door:
    """Return everything that a rule may open."""
    protocol = protocol_of(unsure.rule.protocol) if unsure.protocol_known else ALL
    known = unsure.ports_known and unsure.protocol_known
    ports = ports_of(protocol, unsure.rule.from_port, unsure.rule.to_port) if known else _EVERY_PORT
    return Door(protocol, ports, networks_of(unsure.rule) if unsure.sources_known else _ANYBODY, "?")


def _unread(unsure: Iterable[Any]) -> Verdict:
    """Stop at the first thing that is not known, so that the finding names it."""
    for each in unsure:
        if not each.sources_known:
            networks_of(each.rule)
        if not each.protocol_known:
            protocol_of(each.rule.protocol)
        if not each.ports_known:
            ports_of("tcp", each.rule.from_port, each.rule.to_port)
    return undecided("a rule is not known in full")
