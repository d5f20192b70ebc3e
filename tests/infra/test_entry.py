"""The way in behind CloudFront: the load balancer and what it lets pass."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ledgergate.graph import Graph
from tests.infra.recording import Changed, Recording

SECRET = "4dabf18193072939515e22adb298388d"
"""Key by which the protocol marks a secret."""

TURNS = ("a", "b")


def the(graph: Graph, kind: str) -> Mapping[str, Any]:
    """Return the inputs of the only resource of a kind of `aws:lb`."""
    (found,) = graph.of_type(f"aws:lb/{kind[0].lower()}{kind[1:]}:{kind}")
    return found.inputs


def rules(graph: Graph) -> dict[str, Mapping[str, Any]]:
    """Return service → listener rule."""
    return {rule.name: rule.inputs for rule in graph.of_type("aws:lb/listenerRule:ListenerRule")}


def conditions(rule: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return header and path condition of a rule, which are a secret."""
    assert SECRET in rule["conditions"]
    header, path = rule["conditions"]["value"]
    return header["httpHeader"], path["pathPattern"]


@pytest.mark.requirement("B-36")
@pytest.mark.requirement("B-42")
@pytest.mark.parametrize(("mode", "internal", "tier"), [("vpcOrigin", True, "private"), ("publicAlb", False, "public")])
def test_balancer_spans_the_zones(changed: Changed, mode: str, *, internal: bool, tier: str) -> None:
    """It stands in every zone, with private addresses only unless it is asked to face the internet."""
    balancer = the(changed(payments__edgeMode=mode).graph, "LoadBalancer")

    assert (balancer["loadBalancerType"], balancer["internal"]) == ("application", internal)
    assert balancer["subnets"] == [f"Subnet/network-{tier}-us-east-1{letter}" for letter in "abc"]


@pytest.mark.requirement("B-42")
def test_balancer_admits_nobody_but_cloudfront(changed: Changed) -> None:
    """Facing the internet or not, its group has one way in: CloudFront's addresses."""
    for mode in ("vpcOrigin", "publicAlb"):
        graph = changed(payments__edgeMode=mode).graph
        (group,) = the(graph, "LoadBalancer")["securityGroups"]
        ways_in = [
            rule.inputs
            for rule in graph.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            if rule.inputs["securityGroupId"] == group
        ]

        assert [(way["prefixListId"], way["fromPort"], way["toPort"]) for way in ways_in] == [
            ("pl-cloudfront", 443, 443)
        ]


@pytest.mark.requirement("B-37")
def test_listener_speaks_modern_tls_with_the_configured_certificate(prod: Recording) -> None:
    """The only listener is HTTPS with TLS 1.2 or later and the certificate of the configuration."""
    listener = the(prod.graph, "Listener")

    assert (listener["protocol"], listener["port"]) == ("HTTPS", 443)
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    assert listener["certificateArn"].startswith("arn:aws:acm:us-east-1:444455556666:certificate/")


@pytest.mark.requirement("B-38")
def test_placeholder_certificate_stands_in_outside_production(changed: Changed, prod: Recording) -> None:
    """Without a configured certificate a self-signed one is imported; its key stays secret."""
    graph = changed().graph
    (certificate,) = graph.of_type("aws:acm/certificate:Certificate")

    assert the(graph, "Listener")["certificateArn"] == "arn/Certificate/placeholder-certificate"
    assert SECRET in certificate.inputs["privateKey"]
    assert prod.graph.of_type("aws:acm/certificate:Certificate", "tls:index/privateKey:PrivateKey") == ()


@pytest.mark.requirement("B-41")
@pytest.mark.requirement("B-43")
def test_strangers_are_refused(payments: Recording) -> None:
    """A request that no rule lets in gets 403 and reaches no task."""
    (action,) = the(payments.graph, "Listener")["defaultActions"]

    assert (action["type"], action["fixedResponse"]["statusCode"]) == ("fixed-response", "403")


@pytest.mark.requirement("B-41")
@pytest.mark.requirement("B-43")
def test_every_way_to_a_task_demands_the_header(payments: Recording) -> None:
    """No rule forwards without the secret header; its values are marked as secret, and two of them are accepted."""
    found = [conditions(rule)[0] for rule in rules(payments.graph).values()]

    assert {header["httpHeaderName"] for header in found} == {"X-Origin-Verify"}
    assert [header["values"] for header in found] == [
        ["result/RandomPassword/origin-header-a", "result/RandomPassword/origin-header-b"]
    ] * 2


@pytest.mark.requirement("B-41")
def test_rotation_keeps_the_value_that_is_still_sent(changed: Changed) -> None:
    """A further generation replaces the older value only."""
    before, after = (
        {
            value.name: value.inputs["keepers"]["generation"]
            for value in changed(payments__originHeaderGeneration=generation).graph.of_type(
                "random:index/randomPassword:RandomPassword"
            )
        }
        for generation in (4, 5)
    )

    assert (before, after) == (
        {"origin-header-a": "3", "origin-header-b": "4"},
        {"origin-header-a": "5", "origin-header-b": "4"},
    )


@pytest.mark.requirement("B-41")
def test_header_appears_in_no_export(payments: Recording) -> None:
    """Nothing that the stack exports holds a value of the header."""
    assert "RandomPassword" not in json.dumps(payments.outputs)


@pytest.mark.requirement("B-39")
@pytest.mark.requirement("B-43")
def test_api_paths_reach_the_back_end_and_all_others_the_front_end(payments: Recording) -> None:
    """The rule for /api/* is tried before the rule for everything."""
    found = rules(payments.graph)
    order = sorted(found, key=lambda service: int(found[service]["priority"]))
    targets = [
        [(group["arn"], group["weight"]) for group in found[service]["actions"][0]["forward"]["targetGroups"]]
        for service in order
    ]

    assert [conditions(found[service])[1]["values"] for service in order] == [["/api/*"], ["/*"]]
    assert targets == [
        [(f"arn/TargetGroup/{service}-a", 100), (f"arn/TargetGroup/{service}-b", 0)]
        for service in ("backend", "frontend")
    ]


@pytest.mark.requirement("B-55")
@pytest.mark.parametrize(("service", "port", "path"), [("frontend", 3000, "/"), ("backend", 8080, "/api/health")])
def test_balancer_speaks_tls_with_tasks(prod: Recording, service: str, port: int, path: str) -> None:
    """Requests and health checks reach tasks over HTTPS, in both groups of each service."""
    groups = {group.name: group.inputs for group in prod.graph.of_type("aws:lb/targetGroup:TargetGroup")}
    found = [groups[f"{service}-{turn}"] for turn in TURNS]

    assert {(group["protocol"], group["targetType"], group["port"]) for group in found} == {("HTTPS", "ip", port)}
    assert {(group["healthCheck"]["protocol"], group["healthCheck"]["path"]) for group in found} == {("HTTPS", path)}


@pytest.mark.requirement("B-55")
def test_plain_http_to_tasks_is_for_trying_out(changed: Changed) -> None:
    """Only the switch for placeholder images makes the load balancer speak HTTP with tasks."""
    images = {f"payments__{service}Image": "example.com/app:1" for service in ("frontend", "backend")}
    protocols = [
        {group.inputs["protocol"] for group in changed(**config).graph.of_type("aws:lb/targetGroup:TargetGroup")}
        for config in ({"payments__albToTaskTls": False}, {"payments__albToTaskTls": None, **images})
    ]

    assert protocols == [{"HTTP"}, {"HTTPS"}]


@pytest.mark.requirement("B-45")
@pytest.mark.requirement("B-79")
@pytest.mark.parametrize("answer", [True, False])
def test_balancer_is_protected_where_the_stack_must_stay(changed: Changed, *, answer: bool) -> None:
    """A destroyable stack asks for no deletion protection; any other has it."""
    assert the(changed(payments__destroyable=answer).graph, "LoadBalancer")["enableDeletionProtection"] is not answer


def test_malformed_requests_go_no_further(payments: Recording) -> None:
    """Invalid headers are dropped, and requests that two readers could split differently are refused."""
    balancer = the(payments.graph, "LoadBalancer")

    assert (balancer["dropInvalidHeaderFields"], balancer["desyncMitigationMode"]) == (True, "strictest")


def test_every_request_to_the_balancer_is_recorded(prod: Recording) -> None:
    """The log goes into a bucket that load balancers of this account and Region may write to."""
    log = the(prod.graph, "LoadBalancer")["accessLogs"]
    (policy,) = (p for p in prod.graph.of_type("aws:s3/bucketPolicy:BucketPolicy") if p.name == "balancer-logs")
    (delivery,) = (s for s in json.loads(policy.inputs["policy"])["Statement"] if s["Effect"] == "Allow")

    assert log == {"enabled": True, "bucket": "payment-balancer-logs-lgprod", "prefix": "balancer"}
    assert delivery["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    assert delivery["Resource"] == "arn:aws:s3:::payment-balancer-logs-lgprod/balancer/AWSLogs/123456789012/*"
    assert delivery["Condition"]["ArnLike"] == {
        "aws:SourceArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/*"
    }
