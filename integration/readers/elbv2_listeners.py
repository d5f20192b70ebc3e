"""Reads listeners of load balancers with their rules, and what they send requests to."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.distributions import counted, distributions
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.lb import TargetGroup
from policies.facts.lb_listeners import Action, Listener, ListenerRule, RoutingListener, asks_loosely
from policies.facts.properties import UNKNOWN

_LISTENER: Final = "aws:lb/listener:Listener"
_GROUP: Final = "aws:lb/targetGroup:TargetGroup"

_LISTENERS: Final = Paging("Marker", ("Listeners",), answered="NextMarker")
_RULES: Final = Paging("Marker", ("Rules",), answered="NextMarker")
_GROUPS: Final = Paging("Marker", ("TargetGroups",), answered="NextMarker")

_OF_GATEWAYS: Final = ":listener/gwy/"
"""Stands in the ARN of a listener of a gateway load balancer, which has no protocol."""

_WITH_TLS: Final = frozenset({"HTTPS", "TLS"})
_WITH_RULES: Final = frozenset({"HTTP", "HTTPS"})
"""Protocols of listeners that may have rules: those of application load balancers.

Source: CreateRule, Elastic Load Balancing API reference, read 2026-11-30.
"""

Item = Mapping[str, Any]


def listeners_of(balancer_arn: str, desk: Desk) -> list[Item]:
    """Return the listeners of a load balancer.

    Raises:
        CallFailedError: A call has no answer.
    """
    pages = desk.every(_LISTENERS, desk.aws.elbv2.describe_listeners, LoadBalancerArn=balancer_arn)
    return [{**each} for page in pages for each in page["Listeners"]]


def own_rules(listener_arn: str, desk: Desk) -> list[Item]:
    """Return the rules of a listener without its default one, which comes with it and is its default actions once more.

    Raises:
        CallFailedError: A call has no answer.
    """
    pages = desk.every(_RULES, desk.aws.elbv2.describe_rules, ListenerArn=listener_arn)
    return [{**each} for page in pages for each in page["Rules"] if not each["IsDefault"]]


def listener_task(balancer: Subject, facts: tuple[type, ...]) -> Task:
    """Return the work of reading the listeners of a load balancer.

    Args:
        balancer: The load balancer.
        facts: Those facts of `LISTENER_CALLS` that are wanted.
    """
    arn = f"{balancer.arn.replace(':loadbalancer/', ':listener/')}/*"
    return Task(Subject(arn, _LISTENER, balancer.place), facts, partial(_list, balancer, facts))


def _list(balancer: Subject, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for each in listeners_of(balancer.arn, desk):
        subject = Subject(each["ListenerArn"], _LISTENER, balancer.place)
        if Listener in facts:
            yield Task(subject, (Listener,), partial(_read_listener, subject, each))
        if RoutingListener in facts:
            yield Task(subject, (RoutingListener,), partial(_read_routing, subject, each))


def _protocol(item: Item) -> str:
    return "" if _OF_GATEWAYS in item["ListenerArn"] else str(item["Protocol"])


def _read_listener(subject: Subject, item: Item, _desk: Desk) -> Iterator[Observed]:
    protocol = _protocol(item)
    # A listener that does not end TLS has no policy for it.
    policy = item["SslPolicy"] if protocol in _WITH_TLS else ""
    yield Observed(subject, Listener(protocol=protocol, tls_policy=policy))


def _read_routing(subject: Subject, item: Item, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    protocol = _protocol(item)
    sent, count = _sent_headers(desk, failures) if protocol == "HTTPS" else (UNKNOWN, UNKNOWN)
    fact = RoutingListener(
        protocol=protocol,
        default_actions=tuple(map(_action, item["DefaultActions"])),
        rules=tuple(map(_rule, own_rules(item["ListenerArn"], desk))) if protocol in _WITH_RULES else (),
        sent_headers=sent,
        distributions=count,
    )
    yield Observed(subject, fact, failures=tuple(failures))


def _rule(item: Item) -> ListenerRule:
    headers = (each["HttpHeaderConfig"] for each in item["Conditions"] if each["Field"] == "http-header")
    asked = (each for each in headers if not each.get("RegexValues") and not asks_loosely(each.get("Values", ())))
    return ListenerRule(
        actions=tuple(map(_action, item["Actions"])),
        header_names=tuple(each["HttpHeaderName"].lower() for each in asked),
    )


def _action(item: Item) -> Action:
    redirect, fixed = item.get("RedirectConfig", {}), item.get("FixedResponseConfig", {})
    protocol = redirect.get("Protocol", "#{protocol}") if redirect else ""
    status = redirect.get("StatusCode") or fixed.get("StatusCode") or ""
    return Action(type=item["Type"], protocol=protocol, status=status)


def _sent_headers(desk: Desk, failures: list[Failure]) -> tuple[Any, Any]:
    """Return the headers that distributions of the account add, and how many distributions there are."""
    try:
        listed = distributions(desk)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN, UNKNOWN
    origins = [origin for each in listed for origin in each["Origins"]["Items"]]
    headers = [header for each in origins for header in counted(each["CustomHeaders"])]
    return tuple(each["HeaderName"].lower() for each in headers), len(listed)


def target_group_task(place: Place) -> Task:
    """Return the work of reading the target groups of a Region."""
    everything = Subject(place.arn("elasticloadbalancing", "targetgroup/*"), _GROUP, place)
    return Task(everything, (TargetGroup,), partial(_list_groups, place))


def _list_groups(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.elbv2.describe_target_groups):
        for each in page["TargetGroups"]:
            subject = Subject(each["TargetGroupArn"], _GROUP, place)
            yield Task(subject, (TargetGroup,), partial(_read_group, subject, {**each}))


def _read_group(subject: Subject, item: Item, desk: Desk) -> Iterator[Observed]:
    # A group of functions has no protocol.
    protocol = item.get("Protocol", "")
    before = _protocols_before(subject.arn, item.get("LoadBalancerArns", ()), desk) if protocol == "TCP" else ()
    fact = TargetGroup(target_type=item["TargetType"], protocol=protocol, listener_protocols=before)
    yield Observed(subject, fact)


def _protocols_before(group_arn: str, balancers: Iterable[str], desk: Desk) -> tuple[str, ...]:
    listed = [each for balancer in dict.fromkeys(balancers) for each in listeners_of(balancer, desk)]
    return tuple(_protocol(each) for each in listed if group_arn in _forwarded_to(each))


def _forwarded_to(listener: Item) -> set[str]:
    """Return the target groups that the default actions of a listener name."""
    actions = listener["DefaultActions"]
    several = [group for each in actions for group in each.get("ForwardConfig", {}).get("TargetGroups", ())]
    return {each["TargetGroupArn"] for each in (*actions, *several) if "TargetGroupArn" in each}


LISTENER_CALLS: Final[Mapping[type, tuple[str, ...]]] = {
    Listener: ("elbv2:DescribeListeners",),
    RoutingListener: ("cloudfront:ListDistributions", "elbv2:DescribeListeners", "elbv2:DescribeRules"),
}
"""Fact about a listener → every call that it may take, beside the list of load balancers."""

TARGET_GROUP_OPERATIONS: Final = ("elbv2:DescribeListeners", "elbv2:DescribeTargetGroups")
"""Every call that `target_group_task` leads to."""
