"""Controls of systems that are entered through CloudFront alone: nothing else gets past their load balancer."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage
from policies.controls.lb.listener import FORWARD, REFUSAL, TO_HTTPS
from policies.facts.attached_groups import AttachedGroup
from policies.facts.ec2 import IngressRule, ingress_of
from policies.facts.lb_entry import EnteredBalancer
from policies.facts.lb_listeners import ListenerRule, RoutingListener
from policies.facts.prefix_lists import CLOUDFRONT, UNSEEN, PrefixList
from policies.model import (
    PASS,
    UNKNOWN,
    Verdict,
    control,
    deferred,
    example,
    fail,
    not_applicable,
    require,
    undecided,
)

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "Demand of the payments system, read 2026-11-20"
_HERE: Final = {"system": "payments"}
_ELSEWHERE: Final = "its system is not entered through CloudFront"

EDGE: Final = IngressRule(prefix_lists=(PrefixList(aws_name=CLOUDFRONT),), from_port=443, to_port=443)
ANYBODY: Final = IngressRule(cidr_blocks=("0.0.0.0/0",), from_port=443, to_port=443)
INSIDE: Final = EnteredBalancer(internal=True, vpc_origin=True)


def _outside(*rules: IngressRule) -> EnteredBalancer:
    return EnteredBalancer(groups=(AttachedGroup(ingress=ingress_of(rules)),))


@control(
    id="LG-NET-12",
    slug="lb-loadbalancer-reached-through-cloudfront-only",
    severity=Severity.HIGH,
    requirements=("1.3.1", "1.4.1"),
    families=("pci", "network"),
    source=_SOURCE,
    rationale="An attacker who finds the balancer's own address skips CloudFront, and with it the web firewall and "
    "rate limits, and floods or attacks the origin at leisure.",
    remediation="Make the aws.lb.LoadBalancer internal and name it in an aws.cloudfront.VpcOrigin; or let its security "
    f"group in from the prefix list {CLOUDFRONT} alone, by an aws.vpc.SecurityGroupIngressRule.",
    parameters=("system", "cloudfront_entry_systems"),
    passes=[
        example("internal, behind a VPC origin", INSIDE, _HERE),
        example("CloudFront's addresses alone", _outside(EDGE), _HERE),
        example("internal, for CloudFront's addresses", replace(_outside(EDGE), internal=True), _HERE),
    ],
    fails=[
        example("open to everybody", _outside(ANYBODY), _HERE),
        example("open to everybody too", _outside(EDGE, ANYBODY), _HERE),
        example("internal, with no origin", replace(INSIDE, vpc_origin=False), _HERE),
        example("a VPC origin for one that faces the internet", replace(INSIDE, internal=False), _HERE),
        example(
            "another prefix list", _outside(replace(EDGE, prefix_lists=(PrefixList(cidrs=("10.0.0.0/8",)),))), _HERE
        ),
        example("open to another group", _outside(EDGE, IngressRule(protocol="-1")), _HERE),
        example("open to another group by the same rule", _outside(replace(EDGE, from_groups=True)), _HERE),
        example("no security group", EnteredBalancer(), _HERE),
    ],
    unknowns=[
        example("internal is set later", replace(INSIDE, internal=UNKNOWN), _HERE),
        example("nobody knows its groups", EnteredBalancer(groups=UNKNOWN), _HERE),
        example(
            "a group of another stack", EnteredBalancer(groups=(AttachedGroup(in_stack=False, ingress=UNKNOWN),)), _HERE
        ),
        example("whether to groups too, comes later", _outside(replace(EDGE, from_groups=UNKNOWN)), _HERE),
        example("a list that only the account shows", _outside(replace(EDGE, prefix_lists=(UNSEEN,))), _HERE),
        example("the list comes later", _outside(replace(EDGE, prefix_lists=(PrefixList(cidrs=(UNKNOWN,)),))), _HERE),
    ],
    not_applicable=[
        example("another system", _outside(ANYBODY), {"system": "fraud"}),
        example("a gateway load balancer", EnteredBalancer(type="gateway"), _HERE),
    ],
)
def reached_through_cloudfront(balancer: EnteredBalancer, settings: "Settings") -> Verdict:
    """Nobody but CloudFront reaches the load balancer of a system that is entered through it.

    In a system of cloudfront_entry_systems a load balancer is internal and named by a VPC origin of the stack, or every
    ingress rule of its security groups has the prefix list of CloudFront's origin-facing addresses as its only source.
    Rules inside a group and rules that are resources of their own count alike. Groups that another stack creates, and
    lists that only the account shows, leave it undecided; in an account groups of another account do. Gateway load
    balancers are not applicable.
    """
    if settings.system not in settings.cloudfront_entry_systems:
        return not_applicable(_ELSEWHERE)
    if balancer.type == "gateway":
        return not_applicable("a gateway load balancer takes no requests")
    if balancer.internal and balancer.vpc_origin:
        return PASS
    return _by_groups(list(balancer.groups))


def _by_groups(groups: list[Any]) -> Verdict:
    wanted = "CloudFront's prefix list alone, or internal behind a VPC origin"
    for each in groups:
        if each.in_stack and not all(map(_from_cloudfront, each.ingress.rules)):
            return fail("others than CloudFront reach it", found="a rule with another source", wanted=wanted)
    if not groups:
        return fail("nothing keeps others than CloudFront away", found="no security group", wanted=wanted)
    if not all(each.in_stack for each in groups):
        return undecided("a security group of it is not created here")
    return _all_known(groups)


def _from_cloudfront(rule: Any) -> bool:
    lists = list(rule.prefix_lists)
    alone = not rule.cidr_blocks and bool(lists) and not rule.from_groups
    return alone and all(not each.seen or each.aws_name == CLOUDFRONT for each in lists)


def _all_known(groups: list[Any]) -> Verdict:
    for group in groups:
        for each in group.ingress.unsure:
            if not (each.sources_known and _from_cloudfront(each.rule)):
                return undecided("the source of a rule is not known")
        if not all(one.seen for each in group.ingress.rules for one in each.prefix_lists):
            return undecided("the account alone shows what a prefix list among the sources is")
    return PASS


_HEADER: Final = ListenerRule(actions=(FORWARD,), header_names=("x-origin-verify",))
_LATER: Final = ListenerRule(actions=(FORWARD,), veiled_names=("x-origin-verify",))
GUARDED: Final = RoutingListener(
    default_actions=(REFUSAL,), rules=(_HEADER,), sent_headers=("x-origin-verify",), distributions=1
)


@control(
    id="LG-NET-13",
    slug="lb-listener-origin-header-required",
    severity=Severity.HIGH,
    requirements=("1.4.1",),
    families=("pci", "network", "identity"),
    source=_SOURCE,
    rationale="CloudFront's addresses are shared by all its customers: without the header, anyone puts a distribution "
    "of their own before your origin and goes round your firewall.",
    remediation="Let the default action of the aws.lb.Listener be a fixed response 403, give every aws.lb.ListenerRule "
    "that forwards an http_header condition on origin_header, and let the aws.cloudfront.Distribution send that header "
    "among the custom_headers of its origin.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="whether the secret that a rule asks for holds a wildcard",
    parameters=("system", "cloudfront_entry_systems", "origin_header"),
    passes=[
        example("strangers are refused", GUARDED, _HERE),
        example(
            "a rule that answers by itself", replace(GUARDED, rules=(_HEADER, ListenerRule(actions=(REFUSAL,)))), _HERE
        ),
        example("no rule yet", replace(GUARDED, rules=()), _HERE),
    ],
    fails=[
        example("forwarded by default", replace(GUARDED, default_actions=(FORWARD,)), _HERE),
        example(
            "another answer by default", replace(GUARDED, default_actions=(replace(REFUSAL, status="200"),)), _HERE
        ),
        example(
            "a rule without the header", replace(GUARDED, rules=(_HEADER, ListenerRule(actions=(FORWARD,)))), _HERE
        ),
        example(
            "a rule on another header", replace(GUARDED, rules=(replace(_HEADER, header_names=("host-id",)),)), _HERE
        ),
        example("a header that nobody sends", replace(GUARDED, sent_headers=()), _HERE),
        example("a secret that comes later, sent by nobody", replace(GUARDED, rules=(_LATER,), sent_headers=()), _HERE),
        example("another header in the profile", GUARDED, {**_HERE, "origin_header": "X-Entry"}),
    ],
    unknowns=[
        example("default action comes later", replace(GUARDED, default_actions=UNKNOWN), _HERE),
        example("conditions come later", replace(GUARDED, rules=(replace(_HEADER, header_names=(UNKNOWN,)),)), _HERE),
        example(
            "a rule of nobody knows which listener",
            replace(GUARDED, possible_rules=(ListenerRule(actions=(FORWARD,)),)),
            _HERE,
        ),
        example(
            "a secret that comes later, of nobody knows which header",
            replace(GUARDED, rules=(replace(_LATER, veiled_names=(UNKNOWN,)),)),
            _HERE,
        ),
        example("the distribution is not here", replace(GUARDED, sent_headers=(), distributions=0), _HERE),
    ],
    not_applicable=[
        example("HTTP", replace(GUARDED, protocol="HTTP", default_actions=(TO_HTTPS,)), _HERE),
        example("another system", replace(GUARDED, default_actions=(FORWARD,)), {"system": "banking"}),
    ],
)
def origin_header_required(listener: RoutingListener, settings: "Settings") -> Verdict:
    """A load balancer behind CloudFront refuses every request without the secret header.

    In a system of cloudfront_entry_systems the listener for HTTPS has one default action, a fixed response 403, every
    rule that does anything but answer or redirect asks for the header origin_header, and a distribution of the stack
    sends that header to an origin; names of headers are compared without case. A condition with a wildcard or a regular
    expression asks for nothing; where the value is known only after deployment, as that of a random password is,
    everything else is decided and the wildcard left to the audit. Without a distribution in the stack it is undecided;
    in an account any of its distributions counts. Listeners for other protocols are not applicable.
    """
    if settings.system not in settings.cloudfront_entry_systems:
        return not_applicable(_ELSEWHERE)
    if listener.protocol != "HTTPS":
        return not_applicable("it does not speak HTTPS")
    return _guarded(listener, settings.origin_header.lower())


def _guarded(listener: Any, header: str) -> Verdict:
    actions = list(listener.default_actions)
    if [(each.type, each.status) for each in actions] != [("fixed-response", "403")]:
        return fail("strangers are not refused", found=[each.type for each in actions], wanted="a fixed response 403")
    if not all(_asks_for(rule, header) for rule in listener.rules):
        return fail("a rule lets in requests without the header", found="no condition on it", wanted=header)
    if not all(_asks_for(rule, header) for rule in listener.possible_rules):
        return undecided("whose a rule is that lets in requests, is not known; it may be its own")
    if not listener.distributions:
        return undecided("no distribution is created here, so nobody knows what it sends")
    sent = header in listener.sent_headers
    if sent and not all(_asks_surely_for(rule, header) for rule in (*listener.rules, *listener.possible_rules)):
        return deferred(Stage.RUN, "only the account shows whether the secret that a rule asks for holds a wildcard")
    return require(sent, "no distribution sends the header", found=listener.sent_headers, wanted=header)


def _asks_for(rule: Any, header: str) -> bool:
    return _asks_surely_for(rule, header) or header in rule.veiled_names


def _asks_surely_for(rule: Any, header: str) -> bool:
    lets_in = any(each.type not in ("fixed-response", "redirect") for each in rule.actions)
    return not lets_in or header in rule.header_names
