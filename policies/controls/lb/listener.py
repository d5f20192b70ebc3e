"""Controls of what listeners speak."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.lb_listeners import Action, Listener, ListenerRule, RoutingListener
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_WITH_TLS: Final = frozenset({"HTTPS", "TLS"})
_MOVED: Final = frozenset({"HTTP_301", "HTTP_302"})
_ANSWERS: Final = "fixed-response"

MODERN: Final = Listener(tls_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06")


@control(
    id="LG-TLS-01",
    slug="lb-listener-tls-policy-floor",
    severity=Severity.HIGH,
    requirements=("4.2.1",),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, after Security Hub ELB.17, read 2026-11-20",
    rationale="A downgraded TLS 1.0 session is open to known attacks such as BEAST, and the external scan that PCI "
    "DSS asks for each quarter fails.",
    remediation='Set ssl_policy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06" on the aws.lb.Listener, or another policy of '
    "allowed_tls_policies.",
    parameters=("allowed_tls_policies",),
    passes=[
        example("TLS 1.3 and 1.2", MODERN),
        example("TLS 1.3 alone", replace(MODERN, tls_policy="ELBSecurityPolicy-TLS13-1-3-2021-06")),
        example("behind a network load balancer", replace(MODERN, protocol="TLS")),
    ],
    fails=[
        example("no policy", Listener()),
        example("TLS 1.2 without 1.3", replace(MODERN, tls_policy="ELBSecurityPolicy-TLS-1-2-2017-01")),
        example("TLS 1.3 down to 1.0", replace(MODERN, tls_policy="ELBSecurityPolicy-TLS13-1-0-2021-06")),
        example(
            "another policy than the profile's",
            MODERN,
            {"allowed_tls_policies": ("ELBSecurityPolicy-TLS13-1-3-2021-06",)},
        ),
    ],
    unknowns=[
        example("policy comes later", replace(MODERN, tls_policy=UNKNOWN)),
        example("protocol comes later", replace(MODERN, protocol=UNKNOWN)),
    ],
    not_applicable=[example("HTTP", Listener(protocol="HTTP")), example("TCP", Listener(protocol="TCP"))],
)
def tls_policy_modern(listener: Listener, settings: "Settings") -> Verdict:
    """A listener speaks TLS 1.2 at least, and offers TLS 1.3.

    sslPolicy of a listener for HTTPS or TLS is one of allowed_tls_policies; unset means ELBSecurityPolicy-2016-08,
    which goes down to TLS 1.0. Listeners for other protocols are not applicable.
    """
    if listener.protocol not in _WITH_TLS:
        return not_applicable("it does not end TLS")
    allowed, policy = settings.allowed_tls_policies, listener.tls_policy
    return require(policy in allowed, "it takes old versions of TLS, or not the newest", found=policy, wanted=allowed)


TO_HTTPS: Final = Action(type="redirect", protocol="HTTPS", status="HTTP_301")
FORWARD: Final = Action(type="forward")
REFUSAL: Final = Action(type=_ANSWERS, status="403")
MOVED: Final = RoutingListener(protocol="HTTP", default_actions=(TO_HTTPS,))


def _by_rule(*actions: Action) -> RoutingListener:
    return replace(MOVED, rules=(ListenerRule(actions=actions),))


@control(
    id="LG-TLS-02",
    slug="lb-listener-http-redirected",
    severity=Severity.HIGH,
    requirements=("4.2.1", "2.2.7"),
    families=("pci", "encryption"),
    source="Demand of the banking, payments and fraud systems, after Security Hub ELB.1, read 2026-11-20",
    rationale="A customer's first request goes out in clear, and somebody on the same wireless network takes the "
    "session cookie or answers in the bank's place.",
    remediation='Give the aws.lb.Listener for HTTP one default action of type redirect, with protocol="HTTPS" and '
    'status_code="HTTP_301", and take aws.lb.ListenerRule resources that do something else off it; or leave it out.',
    passes=[
        example("moved for good", MOVED),
        example("moved for now", replace(MOVED, default_actions=(replace(TO_HTTPS, status="HTTP_302"),))),
        example("rules that move and answer too", replace(MOVED, rules=(ListenerRule(actions=(TO_HTTPS,)),))),
        example("a rule with a fixed answer", _by_rule(REFUSAL)),
    ],
    fails=[
        example("forwarded", replace(MOVED, default_actions=(FORWARD,))),
        example("refused by default", replace(MOVED, default_actions=(REFUSAL,))),
        example("moved to HTTP", replace(MOVED, default_actions=(replace(TO_HTTPS, protocol="HTTP"),))),
        example("the protocol kept", replace(MOVED, default_actions=(replace(TO_HTTPS, protocol="#{protocol}"),))),
        example("no status", replace(MOVED, default_actions=(replace(TO_HTTPS, status=""),))),
        example("two actions", replace(MOVED, default_actions=(TO_HTTPS, TO_HTTPS))),
        example("no action", replace(MOVED, default_actions=())),
        example("a rule that forwards", _by_rule(FORWARD)),
    ],
    unknowns=[
        example("actions come later", replace(MOVED, default_actions=UNKNOWN)),
        example("protocol comes later", replace(MOVED, protocol=UNKNOWN)),
        example(
            "a rule of nobody knows which listener", replace(MOVED, possible_rules=(ListenerRule(actions=(FORWARD,)),))
        ),
    ],
    not_applicable=[example("HTTPS", RoutingListener()), example("TCP", RoutingListener(protocol="TCP"))],
)
def http_redirected(listener: RoutingListener) -> Verdict:
    """A listener for HTTP does nothing but send visitors to HTTPS.

    It has exactly one default action, a redirect to the protocol HTTPS with HTTP_301 or HTTP_302, and rules that
    redirect in the same way or answer by themselves. An unset protocol means HTTP; an unset redirect.protocol keeps
    HTTP. Listeners for other protocols are not applicable; internal ones are.
    """
    if listener.protocol != "HTTP":
        return not_applicable("it does not speak HTTP")
    actions = list(listener.default_actions)
    if len(actions) != 1 or not _moves(actions[0]):
        return fail("HTTP is not sent to HTTPS", found=_listed(actions), wanted="one redirect to HTTPS")
    if not all(map(_moves_or_answers, listener.rules)):
        return fail("a rule serves HTTP", found="a rule that does something else", wanted="a redirect to HTTPS")
    if not all(map(_moves_or_answers, listener.possible_rules)):
        return undecided("whose a rule is that serves requests, is not known; it may be its own")
    return PASS


def _moves(action: Any) -> bool:
    return action.type == "redirect" and action.protocol == "HTTPS" and action.status in _MOVED


def _moves_or_answers(rule: Any) -> bool:
    return all(_moves(each) or each.type == _ANSWERS for each in rule.actions)


def _listed(actions: Iterable[Any]) -> list[str]:
    return [each.type for each in actions]
