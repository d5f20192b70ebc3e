"""Load balancers, their listeners, rules and target groups."""

from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.ec2 import ingress_of
from policies.facts.lb import (
    BalancerLog,
    LoadBalancer,
    RecordedBalancer,
    TargetGroup,
    load_balancer_from_graph,
    recorded_balancer_from_graph,
    target_group_from_graph,
)
from policies.facts.lb_entry import EnteredBalancer, entered_balancer_from_graph
from policies.facts.lb_listeners import (
    Action,
    Listener,
    ListenerRule,
    RoutingListener,
    listener_from_graph,
    routing_listener_from_graph,
)
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import graph, resource

BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
LISTENER: Final = "aws:lb/listener:Listener"
RULE: Final = "aws:lb/listenerRule:ListenerRule"
TARGETS: Final = "aws:lb/targetGroup:TargetGroup"
ORIGIN: Final = "aws:cloudfront/vpcOrigin:VpcOrigin"
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
ARN: Final = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/0123456789abcdef"
LISTENER_ARN: Final = ARN.replace("loadbalancer", "listener") + "/0123456789abcdef"


def balancer(inputs: dict[str, Any] | None = None, **fields: Any) -> Resource:
    """Return a load balancer with an ARN."""
    return resource(BALANCER, "front", inputs or {"name": "front"}, outputs={"arn": ARN}, id=ARN, **fields)


def listener(protocol: Any, owner: Any = ARN, name: str = "listener", **inputs: Any) -> Resource:
    """Return a listener of a load balancer."""
    return resource(
        LISTENER, name, {"protocol": protocol, "port": 443, "loadBalancerArn": owner, **inputs}, id=LISTENER_ARN
    )


def test_balancer_has_the_defaults_of_the_service() -> None:
    """What is absent is what the service takes; outputs say the same as inputs."""
    asked = {"dropInvalidHeaderFields": True, "desyncMitigationMode": "strictest", "loadBalancerType": "application"}
    safe = LoadBalancer(drops_invalid_headers=True, desync_mode="strictest")

    assert load_balancer_from_graph(graph(), balancer()) == LoadBalancer()
    assert load_balancer_from_graph(graph(), resource(BALANCER, "front", asked)) == safe
    assert load_balancer_from_graph(graph(), resource(BALANCER, "front", outputs=asked)) == safe
    later = load_balancer_from_graph(graph(), resource(BALANCER, "front", {"dropInvalidHeaderFields": UNKNOWN}))
    assert later.drops_invalid_headers == UNKNOWN


def test_malformed_flag_is_refused() -> None:
    """What is no flag ends in a clear error, not in a default."""
    with pytest.raises(ValueError, match="dropInvalidHeaderFields is not a flag"):
        load_balancer_from_graph(graph(), resource(BALANCER, "front", {"dropInvalidHeaderFields": "maybe"}))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, None),
        ({"bucket": "logs"}, BalancerLog(enabled=False, has_bucket=True)),
        ([{"bucket": "logs", "enabled": True}], BalancerLog(enabled=True, has_bucket=True)),
        ({"bucket": UNKNOWN, "enabled": "true"}, BalancerLog(enabled=True, has_bucket=True)),
        ({"bucket": "", "enabled": UNKNOWN}, BalancerLog(enabled=UNKNOWN, has_bucket=False)),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_access_log_is_read(written: Any, expected: Any) -> None:
    """An object and a list of one are one form; off is the default."""
    subject = balancer({"accessLogs": written})

    assert recorded_balancer_from_graph(graph(subject), subject) == RecordedBalancer(log=expected)


def test_classic_balancer_records_unless_it_says_otherwise() -> None:
    """The default of the classic type is the other way round."""
    subject = resource("aws:elb/loadBalancer:LoadBalancer", "old", {"accessLogs": {"bucket": "logs"}})

    expected = RecordedBalancer(type="classic", log=BalancerLog(enabled=True, has_bucket=True))
    assert recorded_balancer_from_graph(graph(subject), subject) == expected


@pytest.mark.parametrize(
    ("listeners", "expected"),
    [
        ((), False),
        ((listener("TCP"),), False),
        ((listener("TCP"), listener("TLS", name="other")), True),
        ((listener("TLS", ARN.replace("front", "back")),), False),
        ((listener("TLS", UNKNOWN),), UNKNOWN),
        ((listener(UNKNOWN),), UNKNOWN),
        ((listener("TCP", UNKNOWN),), False),
    ],
)
def test_tls_listener_of_a_balancer_is_found(listeners: tuple[Resource, ...], expected: object) -> None:
    """A listener that may be its own and may end TLS leaves it open; one for TCP changes nothing."""
    subject = balancer({"loadBalancerType": "network"})
    found = recorded_balancer_from_graph(graph(subject, *listeners), subject).has_tls_listener

    assert found == expected


def test_listener_without_protocol_speaks_http() -> None:
    """HTTP is the default; a listener of a gateway load balancer has neither protocol nor port."""
    assert listener_from_graph(graph(), resource(LISTENER, "a", {"port": 80})).protocol == "HTTP"
    assert listener_from_graph(graph(), resource(LISTENER, "a", {"loadBalancerArn": ARN})).protocol == ""
    modern = {"protocol": "HTTPS", "port": 443, "sslPolicy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}
    expected = Listener(tls_policy="ELBSecurityPolicy-TLS13-1-3-2021-06")
    assert listener_from_graph(graph(), resource(LISTENER, "a", modern)) == expected
    assert listener_from_graph(graph(), resource(LISTENER, "a", outputs=modern)) == expected
    assert listener_from_graph(graph(), resource(LISTENER, "a", {"protocol": "HTTPS", "port": 443})) == Listener()


def test_actions_are_read() -> None:
    """A redirect that names no protocol keeps that of the request."""
    actions = [
        {"type": "redirect", "redirect": {"protocol": "HTTPS", "statusCode": "HTTP_301"}},
        {"type": "redirect", "redirect": [{"statusCode": "HTTP_302"}]},
        {"type": "fixed-response", "fixedResponse": {"statusCode": "403"}},
        {"targetGroupArn": "arn"},
        {"type": "redirect", "redirect": UNKNOWN},
    ]
    subject = listener("HTTP", defaultActions=actions)

    assert routing_listener_from_graph(graph(subject), subject).default_actions == (
        Action(type="redirect", protocol="HTTPS", status="HTTP_301"),
        Action(type="redirect", protocol="#{protocol}", status="HTTP_302"),
        Action(type="fixed-response", status="403"),
        Action(type="forward"),
        Action(type="redirect", protocol=UNKNOWN, status=UNKNOWN),
    )


def rule(owner: Any, *headers: Any, name: str = "rule", **fields: Any) -> Resource:
    """Return a rule that forwards requests with these headers."""
    conditions = [{"httpHeader": {"httpHeaderName": each, "values": Secret(["s"])}} for each in headers]
    paths = {"pathPattern": {"values": ["/*"]}}
    inputs = {"listenerArn": owner, "actions": [{"type": "forward"}], "conditions": [*conditions, paths]}
    return resource(RULE, name, inputs, **fields)


@pytest.mark.parametrize(
    "given",
    [
        {"values": ["s", "*"]},
        {"values": Secret(["secret?"])},
        {"regexValues": [".*"]},
        {"values": [Secret("*")]},
        {"values": []},
        {},
    ],
)
def test_header_that_anybody_can_send_is_not_asked_for(given: dict[str, Any]) -> None:
    """A wildcard, a regular expression or no value at all lets in requests that do not come from the sender."""
    subject = listener("HTTPS")
    conditions = [{"httpHeader": {"httpHeaderName": "X-Origin-Verify", **given}}]
    own = resource(RULE, "r", {"listenerArn": LISTENER_ARN, "actions": [{"type": "forward"}], "conditions": conditions})
    known = routing_listener_from_graph(graph(subject, own), subject).rules[0]

    assert known.header_names == ()


@pytest.mark.parametrize(
    "given",
    [
        {"values": UNKNOWN},
        {"values": [Secret(UNKNOWN)]},
        {"values": ["s", UNKNOWN]},
        {"values": [f"arn:{SYMBOL_MARK}"]},
        {"values": ["s"], "regexValues": UNKNOWN},
        {"values": ["s"], "regexValues": [UNKNOWN]},
    ],
)
def test_header_whose_value_comes_later_may_hold_a_wildcard(given: dict[str, Any]) -> None:
    """What nobody knows is not taken for a value without wildcards, wherever it comes from."""
    subject = listener("HTTPS")
    conditions = [{"httpHeader": {"httpHeaderName": "X-Origin-Verify", **given}}]
    own = resource(RULE, "r", {"listenerArn": LISTENER_ARN, "actions": [{"type": "forward"}], "conditions": conditions})
    known = routing_listener_from_graph(graph(subject, own), subject).rules[0]

    assert (known.header_names, known.veiled_names) == ((), ("x-origin-verify",))


def test_rules_and_headers_are_joined() -> None:
    """Rules of other listeners are left out, one of nobody knows which may be its own; header names have no case."""
    subject = listener("HTTPS")
    elsewhere = rule(LISTENER_ARN.replace("front", "back"), name="elsewhere")
    sent = {"origins": [{"customHeaders": [{"name": "X-Origin-Verify", "value": Secret("s")}]}, {"originId": "b"}]}
    stack = graph(
        subject, rule(LISTENER_ARN, "X-Origin-Verify"), rule(UNKNOWN, name="loose"), resource(DISTRIBUTION, "d", sent)
    )
    forward = (Action(type="forward"),)

    assert routing_listener_from_graph(stack, subject) == RoutingListener(
        rules=(ListenerRule(actions=forward, header_names=("x-origin-verify",)),),
        possible_rules=(ListenerRule(actions=forward),),
        sent_headers=("x-origin-verify",),
        distributions=1,
    )
    assert routing_listener_from_graph(graph(subject, elsewhere), subject).rules == ()


def test_unknown_parts_of_rules_stay_unknown() -> None:
    """Conditions and origins that come later are no empty lists."""
    subject = listener("HTTPS")
    later = resource(RULE, "rule", {"listenerArn": LISTENER_ARN, "conditions": UNKNOWN, "actions": UNKNOWN})
    found = routing_listener_from_graph(
        graph(subject, later, resource(DISTRIBUTION, "d", {"origins": UNKNOWN})), subject
    )

    assert found.rules == (ListenerRule(actions=UNKNOWN, header_names=(UNKNOWN,)),)
    assert found.sent_headers == (UNKNOWN,)


def test_protocols_before_a_target_group() -> None:
    """Only listeners that forward to a group by their default action count, and only for a group for TCP."""
    subject = resource(TARGETS, "app", {"protocol": "TCP"}, id="arn:tg")
    to_it = [{"type": "forward", "forward": {"targetGroups": [{"arn": "arn:tg"}]}}]
    stack = graph(
        subject,
        listener("TCP", defaultActions=[{"type": "forward", "targetGroupArn": "arn:tg"}]),
        listener("TLS", name="second", defaultActions=to_it),
        listener("TLS", name="third", defaultActions=[{"targetGroupArn": "arn:other"}]),
    )
    assert target_group_from_graph(stack, subject) == TargetGroup(protocol="TCP", listener_protocols=("TCP", "TLS"))
    plain = resource(TARGETS, "app", {"protocol": "HTTP", "targetType": "ip"}, id="arn:tg")
    assert target_group_from_graph(stack, plain) == TargetGroup(target_type="ip", protocol="HTTP")


def test_listener_that_depends_on_a_group_counts_in_a_preview() -> None:
    """While the ARN is unknown, what the actions depend on says where they lead."""
    subject = resource(TARGETS, "app", {"protocol": "TCP"})
    before = listener("TLS", defaultActions=[{"targetGroupArn": UNKNOWN}])
    linked = resource(LISTENER, "linked", dict(before.inputs), property_dependencies={"defaultActions": (subject.urn,)})
    assert target_group_from_graph(graph(subject, linked), subject).listener_protocols == ("TLS",)
    assert target_group_from_graph(graph(subject, before), subject).listener_protocols == ()


def test_entry_of_a_balancer() -> None:
    """A VPC origin that names it counts, whatever way the reference takes; one of another balancer does not."""
    subject = balancer({"internal": True, "securityGroups": []})
    named = resource(ORIGIN, "a", {"vpcOriginEndpointConfig": {"arn": ARN}})
    depends = {"vpcOriginEndpointConfig": (subject.urn,)}
    linked = resource(ORIGIN, "a", {"vpcOriginEndpointConfig": {"arn": UNKNOWN}}, property_dependencies=depends)
    loose = resource(ORIGIN, "a", {"vpcOriginEndpointConfig": {"arn": UNKNOWN}})
    other = resource(ORIGIN, "a", {"vpcOriginEndpointConfig": {"arn": ARN.replace("front", "back")}})
    looked_up = resource(ORIGIN, "a", {"vpcOriginEndpointConfig": {"arn": ARN}}, kind=Kind.READ)

    found = [
        entered_balancer_from_graph(graph(subject, each), subject) for each in (named, linked, loose, other, looked_up)
    ]
    assert [each.vpc_origin for each in found] == [True, True, UNKNOWN, False, False]
    assert entered_balancer_from_graph(graph(subject), subject) == EnteredBalancer(internal=True)


def test_groups_of_a_balancer() -> None:
    """Its security groups come with the rules that are resources of their own."""
    group = resource("aws:ec2/securityGroup:SecurityGroup", "edge", {"name": "edge"}, id="sg-1")
    own = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/8"}
    subject = balancer({"securityGroups": ["sg-1"]})
    stack = graph(subject, group, resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", own))
    (found,) = entered_balancer_from_graph(stack, subject).groups

    assert found.in_stack
    assert [each.cidr_blocks for each in found.ingress.rules] == [("10.0.0.0/8",)]
    assert found.ingress.unsure == ingress_of(()).unsure
