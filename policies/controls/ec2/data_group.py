"""The control of who reaches stores."""

from dataclasses import replace
from typing import Any, Final

from ledgergate.finding import Severity
from policies.controls.ec2.doors import ports_of, protocol_of
from policies.facts.attached_groups import ELSEWHERE, AttachedGroup
from policies.facts.ec2 import IngressRule, ingress_of
from policies.facts.guarded_stores import GuardedStore
from policies.facts.prefix_lists import UNSEEN
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided

_QUERIES: Final = IngressRule(from_port=5432, to_port=5432)
_FROM_ADDRESSES: Final = replace(_QUERIES, cidr_blocks=("10.29.0.0/16",))


def _with(*rules: IngressRule) -> GuardedStore:
    return GuardedStore(groups=(AttachedGroup(ingress=ingress_of(rules)),))


@control(
    id="LG-NET-03",
    slug="ec2-datasecuritygroup-ingress-by-group",
    severity=Severity.HIGH,
    requirements=("1.3.1", "1.4.4"),
    families=("pci", "network"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="With a CIDR as source any machine that gets an address there, such as a forgotten test host, can try "
    "passwords at the card database.",
    remediation="Let each aws.vpc.SecurityGroupIngressRule of the store's security group name a "
    "referenced_security_group_id and, as from_port and to_port, the port of the store; take CIDRs and prefix "
    "lists out.",
    passes=[
        example("queries from a group", _with(_QUERIES)),
        example("nothing let in", _with()),
        example("a port of its own", replace(_with(replace(_QUERIES, from_port=6432, to_port=6432)), port=6432)),
    ],
    fails=[
        example("queries from a network", _with(_QUERIES, _FROM_ADDRESSES)),
        example("queries from a prefix list", _with(replace(_QUERIES, prefix_lists=(UNSEEN,)))),
        example("more than its port", _with(replace(_QUERIES, to_port=5433))),
        example("another port", _with(replace(_QUERIES, from_port=22, to_port=22))),
        example("every protocol", _with(replace(_QUERIES, protocol="-1"))),
        example("UDP", _with(replace(_QUERIES, protocol="udp"))),
        example("a network, on a port that comes later", _with(replace(_FROM_ADDRESSES, to_port=UNKNOWN))),
        example("the default group of the network", GuardedStore()),
        example(
            "a bad group beside one of another stack", GuardedStore(groups=(ELSEWHERE, *_with(_FROM_ADDRESSES).groups))
        ),
    ],
    unknowns=[
        example("port comes later", _with(replace(_QUERIES, to_port=UNKNOWN))),
        example("source comes later", _with(replace(_QUERIES, cidr_blocks=(UNKNOWN,)))),
        example("its own port comes later", replace(_with(_QUERIES), port=UNKNOWN)),
        example("an engine whose port nobody stated", replace(_with(_QUERIES), port=None)),
        example("a group of another stack", GuardedStore(groups=(ELSEWHERE,))),
        example("nobody knows its groups", GuardedStore(groups=UNKNOWN)),
    ],
    not_applicable=[example("a member of a replication group", GuardedStore(member=True))],
)
def reached_by_groups(store: GuardedStore) -> Verdict:
    """A store is reached from security groups alone, on its own port alone.

    Every ingress rule of the security groups of a database, a cache or the mount target of a file system is for TCP and
    the single port of the store, and none of its sources is a CIDR or a prefix list; rules inside a group and rules
    that are resources of their own count alike. Without a group the store is in the default one of its network, which
    lets in every port from itself. An unset port is the default of the engine. Groups that another stack creates leave
    it undecided. A member of a replication group is where the group is, and not applicable.
    """
    if store.member:
        return not_applicable("its replication group is judged")
    groups = list(store.groups)
    if not groups:
        return fail("it is in the default security group", found="no group", wanted="a group of its own")
    here = [each.ingress for each in groups if each.in_stack]
    if any(_names_addresses(rule) for each in here for rule in (*each.rules, *_sure(each))):
        return fail("addresses reach it, not groups", found="a CIDR or a prefix list", wanted="security groups")
    return _by_port(store, here, everything_here=len(here) == len(groups))


def _names_addresses(rule: Any) -> bool:
    return bool(rule.cidr_blocks or rule.prefix_lists)


def _sure(ingress: Any) -> list[Any]:
    return [each.rule for each in ingress.unsure if each.sources_known]


def _by_port(store: Any, here: list[Any], *, everything_here: bool) -> Verdict:
    rules = [rule for each in here for rule in each.rules]
    if rules and store.port is None:
        return undecided("it states no port, and its engine has none that is known here")
    for rule in rules:
        protocol = protocol_of(rule.protocol)
        ports = ports_of(protocol, rule.from_port, rule.to_port)
        if protocol != "tcp" or ports != range(store.port, store.port + 1):
            found = f"protocol {rule.protocol}, ports {rule.from_port} to {rule.to_port}"
            return fail("more than its port is open", found=found, wanted=f"TCP on {store.port}")
    if any(list(each.unsure) for each in here):
        return undecided("a rule of its security groups is not known in full")
    return PASS if everything_here else undecided("a security group of it is not created here")
