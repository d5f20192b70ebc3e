"""Reads load balancers: what they do with requests, where they record them, and who reaches them.

What a program writes as `aws.lb` and as `aws.alb` is one kind of resource, and is read as the former.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.elbv2_listeners import (
    LISTENER_CALLS,
    TARGET_GROUP_OPERATIONS,
    listener_task,
    listeners_of,
    target_group_task,
)
from integration.readers.ingress import GROUP_OPERATIONS, attached
from integration.readers.vpc_origins import reached_by_vpc_origin
from integration.readers.web_acl_uses import WEB_ACL_OPERATIONS, Protected, has_web_acl
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from ledgergate.values import Unknown
from policies.facts.deletion import DeletionProtection
from policies.facts.entry_points import EntryPoint, cloudfront_alone
from policies.facts.lb import APPLICATION, NETWORK, BalancerLog, LoadBalancer, RecordedBalancer, TargetGroup
from policies.facts.lb_entry import EnteredBalancer
from policies.facts.properties import UNKNOWN

TYPE: Final = "aws:lb/loadBalancer:LoadBalancer"

_BALANCERS: Final = Paging("Marker", ("LoadBalancers",), answered="NextMarker")
_FLAGS: Final = {"true": True, "false": False}

Item = Mapping[str, Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    under_balancers = tuple(each for each in (*_READS, *LISTENER_CALLS) if each in wanted)
    if under_balancers:
        everything = Subject(place.arn("elasticloadbalancing", "loadbalancer/*"), TYPE, place)
        yield Task(everything, under_balancers, partial(_list_balancers, place, wanted))
    if TargetGroup in wanted:
        yield target_group_task(place)


def _list_balancers(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    of_listeners = tuple(each for each in LISTENER_CALLS if each in wanted)
    for page in desk.pages(_BALANCERS, desk.aws.elbv2.describe_load_balancers):
        for each in page["LoadBalancers"]:
            subject = Subject(each["LoadBalancerArn"], TYPE, place)
            for fact, read in _READS.items():
                if fact in wanted:
                    yield Task(subject, (fact,), partial(_read, subject, {**each}, read))
            if of_listeners:
                yield listener_task(subject, of_listeners)


Read = Callable[[Item, Desk, list[Failure]], object]


def _read(subject: Subject, item: Item, read: Read, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    fact = read(item, desk, failures)
    yield Observed(subject, fact, failures=tuple(failures))


def _attributes(item: Item, desk: Desk) -> Mapping[str, str]:
    found = desk.one(desk.aws.elbv2.describe_load_balancer_attributes, LoadBalancerArn=item["LoadBalancerArn"])
    return {each["Key"]: each["Value"] for each in found["Attributes"]}


def _requests(item: Item, desk: Desk, _failures: list[Failure]) -> LoadBalancer:
    if item["Type"] != APPLICATION:
        # Balancers of other types look at no headers, and have no such attributes.
        return LoadBalancer(type=item["Type"], drops_invalid_headers=UNKNOWN, desync_mode=UNKNOWN)
    attributes = _attributes(item, desk)
    return LoadBalancer(
        drops_invalid_headers=_FLAGS[attributes["routing.http.drop_invalid_header_fields.enabled"]],
        desync_mode=attributes["routing.http.desync_mitigation_mode"],
    )


def _record(item: Item, desk: Desk, _failures: list[Failure]) -> RecordedBalancer:
    type_ = item["Type"]
    if type_ not in (APPLICATION, NETWORK):
        return RecordedBalancer(type=type_, log=UNKNOWN, has_tls_listener=UNKNOWN)
    attributes = _attributes(item, desk)
    log = BalancerLog(
        enabled=_FLAGS[attributes["access_logs.s3.enabled"]], has_bucket=bool(attributes["access_logs.s3.bucket"])
    )
    listed = listeners_of(item["LoadBalancerArn"], desk) if type_ == NETWORK else []
    return RecordedBalancer(type=type_, log=log, has_tls_listener=any(each["Protocol"] == "TLS" for each in listed))


def _entered(item: Item, desk: Desk, failures: list[Failure]) -> EnteredBalancer:
    return EnteredBalancer(
        type=item["Type"],
        internal=item["Scheme"] == "internal",
        vpc_origin=reached_by_vpc_origin(item["LoadBalancerArn"], desk, failures),
        groups=attached(item.get("SecurityGroups", ()), desk, failures),
    )


def _entry(item: Item, desk: Desk, failures: list[Failure]) -> EntryPoint:
    type_, internal = item["Type"], item["Scheme"] == "internal"
    if internal or type_ != APPLICATION:
        return EntryPoint(type=type_, internal=internal, behind_cloudfront=UNKNOWN, associated=UNKNOWN)
    behind = _behind_cloudfront(attached(item.get("SecurityGroups", ()), desk, failures))
    # Behind CloudFront its web ACL counts.
    associated = UNKNOWN if behind is True else _associated(item["LoadBalancerArn"], desk, failures)
    return EntryPoint(behind_cloudfront=behind, associated=associated)


def _behind_cloudfront(groups: Any) -> Any:
    if isinstance(groups, Unknown):
        return UNKNOWN
    rules = [rule for each in groups for rule in (each.ingress.rules if each.in_stack else (UNKNOWN,))]
    return cloudfront_alone((*rules, *(UNKNOWN for each in groups if each.in_stack for _ in each.ingress.unsure)))


def _associated(arn: str, desk: Desk, failures: list[Failure]) -> Any:
    try:
        return has_web_acl(arn, Protected.BALANCER, desk)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN


def _protection(item: Item, desk: Desk, _failures: list[Failure]) -> DeletionProtection:
    on = _FLAGS[_attributes(item, desk)["deletion_protection.enabled"]]
    return DeletionProtection(property="enableDeletionProtection", on=on)


_READS: Final[Mapping[type, Read]] = {
    DeletionProtection: _protection,
    EnteredBalancer: _entered,
    EntryPoint: _entry,
    LoadBalancer: _requests,
    RecordedBalancer: _record,
}
"""Fact → what reads it of a balancer as it is listed."""

_LIST: Final = "elbv2:DescribeLoadBalancers"
_ATTRIBUTES: Final = "elbv2:DescribeLoadBalancerAttributes"

READING: Final = Reading(
    service="elbv2",
    regional=True,
    gives={
        DeletionProtection: (_LIST, _ATTRIBUTES),
        EnteredBalancer: (_LIST, "cloudfront:ListVpcOrigins", *GROUP_OPERATIONS),
        EntryPoint: (_LIST, *WEB_ACL_OPERATIONS, *GROUP_OPERATIONS),
        LoadBalancer: (_LIST, _ATTRIBUTES),
        RecordedBalancer: (_LIST, _ATTRIBUTES, "elbv2:DescribeListeners"),
        **{fact: (_LIST, *calls) for fact, calls in LISTENER_CALLS.items()},
        TargetGroup: TARGET_GROUP_OPERATIONS,
    },
    begin=_begin,
)
