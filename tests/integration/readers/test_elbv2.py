"""Load balancers as Elastic Load Balancing describes them, where a deployed program cannot show it."""

from typing import Any, Final

import pytest

from integration.readers import apigateway, elb, elbv2
from integration.scanning.calls import Cause, Trouble
from policies.facts.entry_points import EntryKind, EntryPoint
from policies.facts.lb import BalancerLog, LoadBalancer, RecordedBalancer, TargetGroup
from policies.facts.lb_entry import EnteredBalancer
from policies.facts.lb_listeners import Action, Listener, ListenerRule, RoutingListener
from policies.facts.prefix_lists import CLOUDFRONT
from policies.facts.properties import UNKNOWN
from tests.integration.scanning.lines import PLACE, Answer, CannedLine, read

ARN: Final = PLACE.arn("elasticloadbalancing", "loadbalancer/app/front/1")
DENIED: Final = Trouble(Cause.DENIED, "AccessDenied")
PUBLIC: Final = {
    "LoadBalancerArn": ARN,
    "Type": "application",
    "Scheme": "internet-facing",
    "SecurityGroups": ["sg-1"],
}
GATEWAY: Final = {
    "LoadBalancerArn": PLACE.arn("elasticloadbalancing", "loadbalancer/gwy/inspect/1"),
    "Type": "gateway",
}
NO_ORIGINS: Final = {"VpcOriginList": {"Quantity": 0, "IsTruncated": False}}


def found(fact: type, line: CannedLine) -> Any:
    """Return what is read of the one resource that there is."""
    (only,) = read(elbv2.READING, line, [fact])
    return only


def balancers(*listed: Any, **answers: Answer | list[Answer]) -> CannedLine:
    """Return a line that knows these load balancers."""
    return CannedLine({"DescribeLoadBalancers": {"LoadBalancers": [*listed]}, **answers})


def entered_from(*groups: Any) -> Answer:
    """Return a list of security groups, each open to one prefix list."""
    ports = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [], "Ipv6Ranges": []}
    rule = {**ports, "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": []}
    return {"SecurityGroups": [{"GroupId": each, "IpPermissions": [rule]} for each in groups]}


def listed_as(name: str, owner: str = "AWS") -> Answer:
    """Return the one prefix list that there is."""
    return {"PrefixLists": [{"PrefixListId": "pl-1", "OwnerId": owner, "PrefixListName": name}]}


def test_second_page() -> None:
    """Load balancers behind the first page are read, each with calls of its own."""
    other = {**PUBLIC, "LoadBalancerArn": f"{ARN}2"}
    pages: list[Answer] = [{"LoadBalancers": [PUBLIC], "NextMarker": "two"}, {"LoadBalancers": [other]}]
    attributes = [
        {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
        {"Key": "routing.http.desync_mitigation_mode", "Value": "strictest"},
    ]
    line = CannedLine({"DescribeLoadBalancers": pages, "DescribeLoadBalancerAttributes": {"Attributes": attributes}})
    seen: Any = read(elbv2.READING, line, [LoadBalancer])
    assert [each.subject.arn for each in seen] == [ARN, f"{ARN}2"]
    assert {each.fact for each in seen} == {LoadBalancer(drops_invalid_headers=True, desync_mode="strictest")}


@pytest.mark.parametrize(
    "attributes", [[], [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "perhaps"}]]
)
def test_what_a_load_balancer_does_not_tell(attributes: list[Any]) -> None:
    """An attribute that is missing, or says something that nobody knows, is no default."""
    line = balancers(PUBLIC, DescribeLoadBalancerAttributes={"Attributes": attributes})
    assert found(LoadBalancer, line).failure.cause is Cause.UNPARSABLE


def test_gateways() -> None:
    """A gateway load balancer has neither attributes of requests, nor a log, nor a protocol."""
    listener = {"ListenerArn": PLACE.arn("elasticloadbalancing", "listener/gwy/inspect/1/2"), "DefaultActions": []}
    line = balancers(GATEWAY, DescribeListeners={"Listeners": [listener]})
    assert found(LoadBalancer, line).fact == LoadBalancer(
        type="gateway", drops_invalid_headers=UNKNOWN, desync_mode=UNKNOWN
    )
    assert found(RecordedBalancer, line).fact.type == "gateway"
    assert found(Listener, line).fact == Listener(protocol="", tls_policy="")


@pytest.mark.parametrize("missing", ["Protocol", "SslPolicy"])
def test_a_listener_that_lacks_something(missing: str) -> None:
    """Without its protocol, or its policy where it ends TLS, a listener is undecided."""
    whole = {"ListenerArn": ARN.replace("loadbalancer", "listener") + "/2", "Protocol": "HTTPS", "SslPolicy": "new"}
    whole.pop(missing)
    line = balancers(PUBLIC, DescribeListeners={"Listeners": [whole]})
    assert found(Listener, line).failure.cause is Cause.UNPARSABLE


def _routing(**answers: Answer | list[Answer]) -> Any:
    refusal = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
    listener = {"ListenerArn": "arn:listener", "Protocol": "HTTPS", "DefaultActions": [refusal]}
    return found(RoutingListener, balancers(PUBLIC, DescribeListeners={"Listeners": [listener]}, **answers))


def test_rules_of_every_page() -> None:
    """Rules behind the first page count; the default rule is the default actions once more."""
    forward = {"Actions": [{"Type": "forward"}], "Conditions": [], "IsDefault": False}
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Origin-Verify"}}
    loose = [{"Values": ["secret", "?*"]}, {"Values": ["secret*"]}, {"RegexValues": [".*"]}]
    anyhow = [{**header, "HttpHeaderConfig": {"HttpHeaderName": "X-Origin-Verify", **each}} for each in loose]
    asked = {**forward, "Conditions": [{"Field": "path-pattern"}, header, *anyhow]}
    pages: list[Answer] = [
        {"Rules": [asked, {**forward, "IsDefault": True}], "NextMarker": "two"},
        {"Rules": [forward]},
    ]
    none = {"DistributionList": {"Quantity": 0, "IsTruncated": False}}
    expected = ListenerRule(actions=(Action(type="forward"),))
    fact = _routing(DescribeRules=pages, ListDistributions=none).fact
    assert fact.rules == (ListenerRule(actions=expected.actions, header_names=("x-origin-verify",)), expected)
    assert (fact.sent_headers, fact.distributions) == ((), 0)


def test_distributions_that_nobody_may_list() -> None:
    """What they send is unknown, with the call that failed; the rest of the listener is known."""
    seen = _routing(DescribeRules={"Rules": []}, ListDistributions=DENIED)
    assert (seen.fact.sent_headers, seen.fact.distributions) == (UNKNOWN, UNKNOWN)
    assert seen.fact.default_actions == (Action(type="fixed-response", status="403"),)
    assert [each.call.operation for each in seen.failures] == ["ListDistributions"]


@pytest.mark.parametrize(
    ("groups", "lists", "behind"),
    [
        (entered_from("sg-1"), listed_as(CLOUDFRONT), True),
        (entered_from("sg-1"), listed_as("com.amazonaws.eu-west-1.s3"), False),
        (entered_from("sg-2"), listed_as(CLOUDFRONT), UNKNOWN),
        (entered_from("sg-1"), DENIED, UNKNOWN),
        (DENIED, listed_as(CLOUDFRONT), UNKNOWN),
    ],
)
def test_who_enters(groups: Answer, lists: Answer, behind: Any) -> None:
    """CloudFront's list is told by its name; a group that the account does not own shows nothing."""
    asked = {"DescribeSecurityGroups": groups, "DescribeManagedPrefixLists": lists}
    line = balancers(PUBLIC, **asked, ListVpcOrigins=NO_ORIGINS, ListWebACLs={"WebACLs": []})
    assert found(EntryPoint, line).fact.behind_cloudfront == behind
    assert found(EnteredBalancer, line).fact.vpc_origin is False
    # Behind CloudFront no web ACL of its own is asked for.
    assert ("ListWebACLs" in {each.operation for each in line.asked}) is (behind is not True)


def test_a_group_of_somebody_else() -> None:
    """Its rules are unknown, and it is not of the account."""
    line = balancers(PUBLIC, DescribeSecurityGroups={"SecurityGroups": []}, ListVpcOrigins=DENIED)
    seen = found(EnteredBalancer, line)
    assert [each.in_stack for each in seen.fact.groups] == [False]
    assert (seen.fact.vpc_origin, [each.call.operation for each in seen.failures]) == (UNKNOWN, ["ListVpcOrigins"])


@pytest.mark.parametrize(("acls", "associated"), [(({"ARN": "a"}, {"ARN": "b"}), True), ((), False)])
def test_web_acls_of_a_balancer(acls: tuple[Any, ...], associated: bool) -> None:  # noqa: FBT001 - an expectation
    """Every web ACL is asked what it stands before."""
    before: list[Answer] = [{"ResourceArns": []}, {"ResourceArns": [ARN]}]
    asked: dict[str, Any] = {"ListWebACLs": {"WebACLs": [*acls]}, "ListResourcesForWebACL": before}
    line = balancers({**PUBLIC, "SecurityGroups": []}, **asked)
    assert found(EntryPoint, line).fact == EntryPoint(associated=associated)


def test_groups_of_functions_and_of_nobody() -> None:
    """A group of functions has no protocol; one that no load balancer uses has no listener before it."""
    groups = [
        {"TargetGroupArn": "arn:1", "TargetType": "lambda"},
        {"TargetGroupArn": "arn:2", "TargetType": "ip", "Protocol": "TCP", "LoadBalancerArns": []},
    ]
    seen: Any = read(elbv2.READING, CannedLine({"DescribeTargetGroups": {"TargetGroups": groups}}), [TargetGroup])
    assert [each.fact for each in seen] == [
        TargetGroup(target_type="lambda"),
        TargetGroup(target_type="ip", protocol="TCP"),
    ]


def test_classic_ones() -> None:
    """A log that is off has no bucket; one without the flag is undecided."""
    for log, expected in (({"Enabled": False}, BalancerLog(enabled=False, has_bucket=False)), ({}, None)):
        answers: dict[str, Any] = {
            "DescribeLoadBalancers": {"LoadBalancerDescriptions": [{"LoadBalancerName": "old"}]},
            "DescribeLoadBalancerAttributes": {"LoadBalancerAttributes": {"AccessLog": log}},
        }
        (seen,) = read(elb.READING, CannedLine(answers), [RecordedBalancer])
        assert getattr(getattr(seen, "fact", None), "log", None) == expected


@pytest.mark.parametrize(("type_", "internal"), [("EDGE", False), ("PRIVATE", True)])
def test_stages(type_: str, internal: bool) -> None:  # noqa: FBT001 - an expectation
    """A stage is as open as the endpoint of its API."""
    answers: dict[str, Any] = {
        "GetRestApis": {"items": [{"id": "a1", "endpointConfiguration": {"types": [type_]}}]},
        "GetStages": {"item": [{"stageName": "live"}]},
        "ListWebACLs": {"WebACLs": []},
    }
    (seen,) = read(apigateway.READING, CannedLine(answers), [EntryPoint])
    expected = EntryPoint(kind=EntryKind.STAGE, type=type_, internal=internal)
    assert (seen.subject.arn, getattr(seen, "fact", None)) == (
        "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/live",
        expected,
    )
