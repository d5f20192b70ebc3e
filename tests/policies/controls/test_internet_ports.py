"""Which sources are the internet, and which ports they may reach."""

import ipaddress
from itertools import product
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.finding import Status
from policies.controls.ec2.doors import is_internet, networks
from policies.controls.ec2.security_group import internet_ports_authorized
from policies.facts.ec2 import Ingress, IngressRule, ingress_of
from policies.facts.properties import UNKNOWN
from policies.runner import Judge
from policies.settings import Settings

JUDGE: Final = Judge([internet_ports_authorized], Settings())
ports = st.integers(0, 65535)


def status(*rules: IngressRule) -> Status:
    """Return how rules end under the default ports, 443 and 80."""
    return JUDGE.verdict(internet_ports_authorized, Ingress(rules=rules)).status


def from_internet(protocol: str, first: int | None, last: int | None) -> IngressRule:
    """Return a rule that lets in everybody."""
    return IngressRule(cidr_blocks=("0.0.0.0/0",), protocol=protocol, from_port=first, to_port=last)


@pytest.mark.parametrize(
    "block",
    ["0.0.0.0/0", "10.1.2.3/0", "0.0.0.0/00", "0.0.0.0/0.0.0.0", " 0.0.0.0/0 ", "::/0", "::0/0", "2001:db8::1/0"],
)
def test_the_internet_is_recognised_however_it_is_written(block: str) -> None:
    """A prefix of no bits is every address, whatever stands before it."""
    assert is_internet(networks([block]))


@pytest.mark.parametrize("block", ["10.0.0.0/8", "128.0.0.0/1", "0.0.0.0/32", "::/128", "fd00::/8", "2001:db8::/32"])
def test_a_network_is_not_the_internet(block: str) -> None:
    """Private networks and parts of the address space are bounded."""
    assert not is_internet(networks([block]))


def test_every_global_ipv6_address_is_the_internet() -> None:
    """All addresses that are routed lie in 2000::/3."""
    assert is_internet(networks(["2000::/3"]))
    assert is_internet(networks(["2000::/4", "3000::/4"]))


@given(st.lists(ports.filter(lambda bits: 0 < bits <= 12), max_size=6), st.randoms())
def test_the_internet_in_pieces_is_the_internet(splits: list[int], random: object) -> None:
    """Networks that make up all addresses together are recognised; without one of them they are not."""
    pieces = [ipaddress.ip_network("0.0.0.0/0")]
    for split in splits:
        first, *rest = pieces
        deeper = min(split, 3)
        pieces = [*rest, *first.subnets(prefixlen_diff=deeper)]

    assert is_internet(networks(map(str, pieces)))
    assert len(pieces) == 1 or not is_internet(networks(map(str, pieces[1:])))


@given(st.integers(1, 32), st.integers(0, 2**32 - 1))
def test_one_ipv4_network_with_a_prefix_is_never_the_internet(bits: int, address: int) -> None:
    """Every prefix bit halves what is let in."""
    assert not is_internet(networks([f"{ipaddress.IPv4Address(address)}/{bits}"]))


@given(ports, ports)
def test_range_passes_only_when_each_port_is_authorized(first: int, last: int) -> None:
    """The whole range is judged, not its ends."""
    authorized = first == last and first in (443, 80)

    assert (status(from_internet("tcp", first, last)) is Status.PASS) is authorized


@pytest.mark.parametrize("protocol", ["tcp", "TCP", "6"])
def test_tcp_is_recognised_by_name_and_number(protocol: str) -> None:
    """The provider takes a protocol by name in any case and by number."""
    assert status(from_internet(protocol, 443, 443)) is Status.PASS


@pytest.mark.parametrize("protocol", ["-1", "all", "udp", "17", "icmp", "icmpv6", "1", ""])
def test_other_protocols_fail_from_the_internet(protocol: str) -> None:
    """Only TCP may come from everywhere, and a rule for all protocols ignores its ports."""
    assert status(from_internet(protocol, 443, 443)) is Status.FAIL


@pytest.mark.parametrize(("first", "last"), [(None, None), (443, None), (443, 80), (-1, -1), (0, 0), (0, 65535)])
def test_odd_ranges_fail_from_the_internet(first: int | None, last: int | None) -> None:
    """A range that is open, reversed or stands for everything is not authorized."""
    assert status(from_internet("tcp", first, last)) is Status.FAIL


def test_range_of_authorized_neighbours_passes() -> None:
    """Ports 443 and 444 may be one rule when both are authorized."""
    judge = Judge([internet_ports_authorized], Settings(authorized_tcp_ports=(444, 443)))
    rule = from_internet("tcp", 443, 444)

    assert judge.verdict(internet_ports_authorized, Ingress(rules=(rule,))).status is Status.PASS


def test_halves_in_two_rules_of_equal_ports_are_the_internet() -> None:
    """Splitting the internet over two rules changes nothing; different ports are different doors."""
    low = IngressRule(cidr_blocks=("0.0.0.0/1",), from_port=22, to_port=22)
    high = IngressRule(cidr_blocks=("128.0.0.0/1",), from_port=22, to_port=22)
    elsewhere = IngressRule(cidr_blocks=("128.0.0.0/1",), from_port=23, to_port=23)

    assert (status(low, high), status(low, elsewhere)) == (Status.FAIL, Status.PASS)


@pytest.mark.parametrize(
    ("protocol", "first", "last"),
    [("6", 22, 22), ("TCP", 20, 25), ("tcp", 22, None), ("-1", None, None), ("all", 0, 0)],
)
def test_halves_that_meet_on_one_port_are_the_internet(protocol: str, first: int | None, last: int | None) -> None:
    """Neither another spelling of the protocol nor a wider range keeps two halves apart."""
    low = IngressRule(cidr_blocks=("0.0.0.0/1",), from_port=22, to_port=22)
    high = IngressRule(cidr_blocks=("128.0.0.0/1",), protocol=protocol, from_port=first, to_port=last)

    assert (status(low, high), status(high, low)) == (Status.FAIL, Status.FAIL)


def test_halves_that_meet_on_authorized_ports_alone_pass() -> None:
    """What matters is the port that both open, not what else each of them opens."""
    low = IngressRule(cidr_blocks=("0.0.0.0/1",), from_port=0, to_port=443)
    high = IngressRule(cidr_blocks=("128.0.0.0/1",), from_port=443, to_port=65535)
    udp = IngressRule(cidr_blocks=("128.0.0.0/1",), protocol="17", from_port=0, to_port=65535)

    assert (status(low, high), status(low, udp)) == (Status.PASS, Status.PASS)
    assert status(low, IngressRule(cidr_blocks=("128.0.0.0/1",), from_port=442, to_port=443)) is Status.FAIL
    assert status(high, IngressRule(cidr_blocks=("0.0.0.0/1",), from_port=443, to_port=444)) is Status.FAIL


spans = st.tuples(st.integers(76, 84), st.integers(0, 4)).map(lambda span: (span[0], span[0] + span[1]))


@given(st.lists(st.tuples(st.sampled_from(["tcp", "6", "17", "-1"]), spans, st.booleans()), max_size=6))
def test_verdict_agrees_with_asking_port_by_port(rules: list[tuple[str, tuple[int, int], bool]]) -> None:
    """A group fails when some protocol and port that is not authorized is open to both halves of the internet."""
    built = [
        IngressRule(cidr_blocks=("0.0.0.0/1" if low else "128.0.0.0/1",), protocol=name, from_port=first, to_port=last)
        for name, (first, last), low in rules
    ]
    names = {"tcp": ("tcp", "6"), "udp": ("17",), "gre": ()}
    open_to_all = {
        (name, port)
        for name, spellings in names.items()
        for port in range(70, 95)
        if {low for each, (a, b), low in rules if each == "-1" or (each in spellings and a <= port <= b)}
        == {True, False}
    }

    assert (status(*built) is Status.FAIL) is bool(open_to_all - {("tcp", 80)})


def test_text_that_is_no_network_is_undecided() -> None:
    """What EC2 would refuse is named and does not pass."""
    said = JUDGE.verdict(internet_ports_authorized, Ingress(rules=(IngressRule(cidr_blocks=("everywhere",)),)))

    assert said.status is Status.UNKNOWN
    assert "'everywhere' does not appear to be an IPv4 or IPv6 network" in said.message


completions = st.sampled_from([("tcp", 443), ("tcp", 22), ("udp", 443), ("-1", 0), ("tcp", 80)])


@given(
    st.sampled_from(["0.0.0.0/0", "::/0", "10.0.0.0/8", "128.0.0.0/1", UNKNOWN]),
    st.sampled_from(["tcp", "udp", "-1", "icmp", UNKNOWN]),
    st.sampled_from([22, 80, 443, UNKNOWN]),
    st.lists(st.tuples(completions, st.sampled_from(["0.0.0.0/1", "0.0.0.0/0", "10.0.0.0/8"])), max_size=2),
)
def test_what_is_not_known_yet_changes_no_verdict(
    block: Any, protocol: Any, port: Any, beside: list[tuple[tuple[str, int], str]]
) -> None:
    """A rule that passes or fails before it is known in full ends so whatever the rest of it turns out to be."""
    known = [
        IngressRule(cidr_blocks=(cidr,), protocol=name, from_port=number, to_port=number)
        for (name, number), cidr in beside
    ]
    early = status_of(ingress_of((later_rule(block, protocol, port), *known)))
    blocks, protocols = choices(block, ["0.0.0.0/0", "10.0.0.0/8"]), choices(protocol, ["tcp", "udp", "-1", "gre"])
    finals = {
        status_of(ingress_of((later_rule(*each), *known)))
        for each in product(blocks, protocols, choices(port, [22, 443, 444]))
    }

    assert early is Status.UNKNOWN or finals == {early}


def later_rule(block: Any, protocol: Any, port: Any) -> IngressRule:
    """Return a rule for one source and one port, whatever is known of them."""
    return IngressRule(cidr_blocks=(block,), protocol=protocol, from_port=port, to_port=port)


def choices(value: Any, possible: list[Any]) -> list[Any]:
    """Return what a value may turn out to be."""
    return possible if value == UNKNOWN else [value]


def status_of(ingress: Ingress) -> Status:
    """Return how one resource ends under the default ports."""
    return JUDGE.verdict(internet_ports_authorized, ingress).status
