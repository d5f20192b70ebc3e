"""Load balancers, their listeners and what they send requests to: written, deployed, read back."""

from pathlib import Path
from typing import Any, Final

import pytest

from policies.settings import Settings
from tests.integration.differential.cases import Case, check
from tests.integration.programs_as_data import Wanted, in_sandbox, ref

pytestmark = pytest.mark.timeout(400)

_CERTIFICATE: Final = "arn:aws:acm:us-east-1:111122223333:certificate/front"
_MODERN: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
_HEADER: Final = "X-Origin-Verify"
_PAYMENTS: Final = Settings(system="payments")

NETWORK: Final = (
    Wanted("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"}),
    *(
        Wanted(
            "aws:ec2/subnet:Subnet",
            f"subnet-{zone}",
            {"vpcId": ref("vpc"), "cidrBlock": f"10.0.{number}.0/24", "availabilityZone": f"us-east-1{zone}"},
        )
        for number, zone in enumerate("ab")
    ),
    Wanted("aws:ec2/securityGroup:SecurityGroup", "closed", {"vpcId": ref("vpc"), "name": "closed"}),
)


def balancer(name: str, **given: Any) -> Wanted:
    """Return a load balancer, an application one of the internet unless it says otherwise."""
    groups = {} if given.get("loadBalancerType") == "network" else {"securityGroups": [ref("closed")]}
    subnets = [ref("subnet-a"), ref("subnet-b")]
    return Wanted("aws:lb/loadBalancer:LoadBalancer", name, {"name": name, "subnets": subnets, **groups, **given})


def listener(name: str, of: str, protocol: str, *actions: dict[str, Any], **given: Any) -> Wanted:
    """Return a listener, on port 443 unless it says otherwise; without actions it refuses."""
    settings: dict[str, Any] = {"loadBalancerArn": ref(of, "arn"), "port": given.pop("port", 443), **given}
    settings["defaultActions"] = [*(actions or (REFUSAL,))]
    if protocol in ("HTTPS", "TLS"):
        settings["certificateArn"] = _CERTIFICATE
    return Wanted("aws:lb/listener:Listener", name, {**settings, "protocol": protocol})


def rule(of: str, number: int, *actions: dict[str, Any], header: str = "") -> Wanted:
    """Return a rule of a listener, for a path or for a header."""
    path = {"pathPattern": {"values": [f"/{number}"]}}
    condition = {"httpHeader": {"httpHeaderName": header, "values": ["open-sesame"]}} if header else path
    settings = {"listenerArn": ref(of, "arn"), "priority": number, "actions": [*actions], "conditions": [condition]}
    return Wanted("aws:lb/listenerRule:ListenerRule", f"{of}-{number}", settings)


def group(name: str, protocol: str, **given: Any) -> Wanted:
    """Return a target group."""
    settings = {"name": name, "port": 443, "protocol": protocol, "targetType": "ip", "vpcId": ref("vpc"), **given}
    return Wanted("aws:lb/targetGroup:TargetGroup", name, settings)


def forward(to: str) -> dict[str, Any]:
    """Return the action that sends requests on, in the form of the single target group."""
    return {"type": "forward", "targetGroupArn": ref(to, "arn")}


def weighted(*to: str) -> dict[str, Any]:
    """Return the action that sends requests on, in the form with weights."""
    groups = [{"arn": ref(each, "arn"), "weight": 1} for each in to]
    return {"type": "forward", "forward": {"targetGroups": groups}}


def answer(status: str) -> dict[str, Any]:
    """Return the action that answers by itself."""
    return {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": status}}


def redirect(**given: str) -> dict[str, Any]:
    """Return the action that sends visitors elsewhere."""
    return {"type": "redirect", "redirect": {"statusCode": "HTTP_301", **given}}


REFUSAL: Final = answer("403")
_NETWORK_TYPE: Final = {"loadBalancerType": "network"}
_LOG: Final = {"bucket": "the-log", "enabled": True}


def test_balancers(tmp_path: Path) -> None:
    """Malformed requests and records, with AWS's defaults where the program says nothing."""
    bare, network = balancer("bare"), balancer("network", **_NETWORK_TYPE)
    headers = {"dropInvalidHeaderFields": True, "desyncMitigationMode": "strictest"}
    strict = balancer("strict", **headers, accessLogs=_LOG, enableDeletionProtection=True)
    watched = balancer("watched", desyncMitigationMode="monitor", dropInvalidHeaderFields=False)
    off = balancer("off", accessLogs={"bucket": "the-log", "enabled": False})
    by_default = balancer("unsaid", accessLogs={"bucket": "the-log"})
    ends_tls = balancer("ends-tls", **_NETWORK_TYPE)
    recorded = balancer("recorded", accessLogs=_LOG, **_NETWORK_TYPE)
    nothing = {"ELB.4": "not_applicable", "ELB.12": "not_applicable"}
    cases = [
        Case("nothing is said", (bare,), {"ELB.4": "fail", "ELB.12": "pass", "LG-LOG-05": "fail", "LG-DR-06": "fail"}),
        Case("all is said", (strict,), {"ELB.4": "pass", "ELB.12": "pass", "LG-LOG-05": "pass", "LG-DR-06": "pass"}),
        Case("the contrary is said", (watched,), {"ELB.4": "fail", "ELB.12": "fail"}),
        Case("a log that is off", (off,), {"LG-LOG-05": "fail"}),
        Case("a log that nobody switches on", (by_default,), {"LG-LOG-05": "fail"}),
        Case("a network one", (network,), {**nothing, "LG-LOG-05": "not_applicable", "LG-DR-06": "fail"}),
        Case(
            "a network one that ends TLS",
            (ends_tls, group("one", "TLS"), listener("one-listener", "ends-tls", "TLS", forward("one"))),
            {**nothing, "LG-LOG-05": "fail"},
        ),
        Case(
            "a network one that records",
            (recorded, group("two", "TLS"), listener("two-listener", "recorded", "TLS", forward("two"))),
            {"LG-LOG-05": "pass"},
        ),
    ]
    cases += [
        Case("a classic one", (_classic("old"),), {"LG-LOG-05": "fail"}),
        Case("a classic one that records", (_classic("older", {"bucket": "the-log"}),), {"LG-LOG-05": "pass"}),
        Case("a classic one, off", (_classic("oldest", {**_LOG, "enabled": False}),), {"LG-LOG-05": "fail"}),
    ]
    twice = check(tmp_path / "p", cases, shared=NETWORK)
    assert not [each for each in twice.strangers if ":elasticloadbalancing:" in each]


def _classic(name: str, log: dict[str, Any] | None = None) -> Wanted:
    listener = {"instancePort": 443, "instanceProtocol": "tcp", "lbPort": 443, "lbProtocol": "tcp"}
    placed = {"subnets": [ref("subnet-a")], "securityGroups": [ref("closed")]}
    settings = {"name": name, "listeners": [listener], **placed, **({"accessLogs": log} if log else {})}
    return Wanted("aws:elb/loadBalancer:LoadBalancer", name, settings)


def _origin(name: str, of: str) -> Wanted:
    endpoint = {
        "arn": ref(of, "arn"),
        "httpPort": 80,
        "httpsPort": 443,
        "name": name,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": {"items": ["TLSv1.2"], "quantity": 1},
    }
    return Wanted("aws:cloudfront/vpcOrigin:VpcOrigin", name, {"vpcOriginEndpointConfig": endpoint})


def _open_to(name: str, **given: Any) -> Wanted:
    rules = [{"protocol": "tcp", "fromPort": 443, "toPort": 443, **given}]
    return Wanted("aws:ec2/securityGroup:SecurityGroup", name, {"vpcId": ref("vpc"), "name": name, "ingress": rules})


_SEEN: Final = {"cloudwatchMetricsEnabled": False, "metricName": "acl", "sampledRequestsEnabled": False}
_ACL: Final = Wanted(
    "aws:wafv2/webAcl:WebAcl",
    "acl",
    {"name": "acl", "scope": "REGIONAL", "defaultAction": {"allow": {}}, "visibilityConfig": _SEEN},
)


def _association(name: str, of: str) -> Wanted:
    ends = {"resourceArn": ref(of, "arn"), "webAclArn": ref("acl", "arn")}
    return Wanted("aws:wafv2/webAclAssociation:WebAclAssociation", name, ends)


def test_entries(tmp_path: Path) -> None:
    """Who reaches a load balancer, and whether a web ACL stands before it."""
    shared = [
        *NETWORK,
        _ACL,
        _open_to("world", cidrBlocks=["0.0.0.0/0"]),
        _open_to("inner", cidrBlocks=["10.0.0.0/8"]),
        Wanted("aws:ec2/securityGroup:SecurityGroup", "apart", {"vpcId": ref("vpc"), "name": "apart"}),
    ]
    beside = {"securityGroupId": ref("apart"), "ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    by_itself = Wanted(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "beside", {**beside, "cidrIpv4": "0.0.0.0/0"}
    )
    inside = {"internal": True}
    cases = [
        Case("open", (balancer("open", securityGroups=[ref("world")]),), {"LG-NET-12": "fail", "LG-NET-18": "fail"}),
        Case(
            "open by a rule of its own",
            (balancer("rule", securityGroups=[ref("apart")]), by_itself, _association("ruled", "rule")),
            {"LG-NET-12": "fail", "LG-NET-18": "pass"},
        ),
        Case(
            "guarded",
            (balancer("guarded", securityGroups=[ref("world")]), _association("guard", "guarded")),
            {"LG-NET-12": "fail", "LG-NET-18": "pass"},
        ),
        Case(
            "within the network, for CloudFront",
            (balancer("within", **inside), _origin("within-origin", "within")),
            {"LG-NET-12": "pass", "LG-NET-18": "not_applicable"},
        ),
        Case(
            "within the network, for its neighbours",
            (balancer("neighbour", securityGroups=[ref("inner")], **inside),),
            {"LG-NET-12": "fail", "LG-NET-18": "not_applicable"},
        ),
        Case(
            "for CloudFront, and for everybody",
            (balancer("both", securityGroups=[ref("world")]), _origin("both-origin", "both")),
            {"LG-NET-12": "fail", "LG-NET-18": "fail"},
        ),
        Case(
            "a network one without a group",
            (balancer("plain", **_NETWORK_TYPE),),
            {"LG-NET-12": "fail", "LG-NET-18": "not_applicable"},
        ),
    ]
    check(tmp_path / "p", cases, shared=shared, settings=_PAYMENTS)


def _distribution(header: str) -> Wanted:
    origin = {
        "originId": "front",
        "domainName": "front.example.com",
        "customHeaders": [{"name": header, "value": "open-sesame"}],
        "customOriginConfig": {
            "httpPort": 80,
            "httpsPort": 443,
            "originProtocolPolicy": "https-only",
            "originSslProtocols": ["TLSv1.2"],
        },
    }
    behaviour = {
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "targetOriginId": "front",
        "viewerProtocolPolicy": "https-only",
    }
    settings = {
        "enabled": True,
        "origins": [origin],
        "defaultCacheBehavior": behaviour,
        "restrictions": {"geoRestriction": {"restrictionType": "none", "locations": []}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
    }
    return Wanted("aws:cloudfront/distribution:Distribution", "edge", settings)


_SPEAKS: Final = ("LG-NET-13", "LG-TLS-01", "LG-TLS-02")


def _says(header: str, tls: str, plain: str) -> dict[str, str]:
    return dict(zip(_SPEAKS, (header, tls, plain), strict=True))


def _listeners() -> list[Case]:
    plain = "not_applicable"
    return [
        Case(
            "strangers are refused",
            (
                listener("good", "front", "HTTPS", sslPolicy=_MODERN, port=1),
                rule("good", 1, forward("web"), header=_HEADER.lower()),
                rule("good", 2, answer("404")),
            ),
            _says("pass", "pass", plain),
        ),
        Case("no policy", (listener("default", "front", "HTTPS", port=2),), _says("pass", "fail", plain)),
        Case(
            "forwarded",
            (listener("lets-in", "front", "HTTPS", weighted("web"), sslPolicy="ELBSecurityPolicy-2016-08", port=3),),
            _says("fail", "fail", plain),
        ),
        Case(
            "a rule without the header",
            (
                listener("gap", "front", "HTTPS", sslPolicy=_MODERN, port=4),
                rule("gap", 1, forward("web"), header=_HEADER),
                rule("gap", 2, forward("web")),
            ),
            _says("fail", "pass", plain),
        ),
        Case(
            "a rule on another header",
            (
                listener("other", "front", "HTTPS", sslPolicy=_MODERN, port=5),
                rule("other", 1, forward("web"), header="X-Else"),
            ),
            _says("fail", "pass", plain),
        ),
        Case("moved", (listener("moved", "front", "HTTP", redirect(protocol="HTTPS"), port=6),), _says(*_NO, "pass")),
        Case(
            "moved, with rules that move and answer",
            (
                listener("ruled", "front", "HTTP", redirect(protocol="HTTPS", statusCode="HTTP_302"), port=7),
                rule("ruled", 1, redirect(protocol="HTTPS")),
                rule("ruled", 2, answer("404")),
            ),
            _says(*_NO, "pass"),
        ),
        Case("the protocol is kept", (listener("kept", "front", "HTTP", redirect(), port=8),), _says(*_NO, "fail")),
        Case(
            "served in the clear", (listener("clear", "front", "HTTP", weighted("web"), port=9),), _says(*_NO, "fail")
        ),
        Case(
            "a rule that serves",
            (
                listener("half", "front", "HTTP", redirect(protocol="HTTPS"), port=10),
                rule("half", 1, redirect(protocol="HTTPS")),
                rule("half", 2, weighted("web")),
            ),
            _says(*_NO, "fail"),
        ),
        Case("refused", (listener("refused", "front", "HTTP", REFUSAL, port=11),), _says(*_NO, "fail")),
        Case(
            "connections that end TLS",
            (listener("ended", "net", "TLS", forward("through"), sslPolicy=_MODERN),),
            _says(plain, "pass", plain),
        ),
        Case("connections", (listener("passed", "net", "TCP", forward("through"), port=80),), _says(*_NO, plain)),
    ]


_NO: Final = ("not_applicable", "not_applicable")


def test_listeners(tmp_path: Path) -> None:
    """What listeners speak and do, by themselves and with the rules that stand beside them."""
    shared = [
        *NETWORK,
        _distribution(_HEADER),
        group("web", "HTTPS"),
        group("through", "TCP"),
        balancer("front"),
        balancer("net", **_NETWORK_TYPE),
    ]
    check(tmp_path / "p", _listeners(), shared=shared, settings=_PAYMENTS)


@pytest.mark.parametrize(("others", "verdict"), [((), "unknown"), ((_distribution("X-Else"),), "fail")])
def test_a_header_that_nobody_sends(others: tuple[Wanted, ...], verdict: str, tmp_path: Path) -> None:
    """Without a distribution nobody knows who sends the header; one that sends another header sends it not."""
    guarded = listener("good", "front", "HTTPS", sslPolicy=_MODERN)
    wanted = [
        *NETWORK,
        *others,
        group("web", "HTTPS"),
        balancer("front"),
        guarded,
        rule("good", 1, forward("web"), header=_HEADER),
    ]
    with in_sandbox(tmp_path / "p", wanted, ("LG-NET-13",), _PAYMENTS) as both:
        twice = both.twice()
    assert twice.differences() == {}
    assert twice.said_of(guarded, "LG-NET-13") == {verdict}


def test_targets(tmp_path: Path) -> None:
    """How targets are spoken with; TCP is as good as what the listeners before it speak."""
    net = {name: balancer(name, **_NETWORK_TYPE) for name in ("one", "two", "three")}
    cases = [
        Case("HTTPS", (group("https", "HTTPS"),), {"LG-TLS-06": "pass"}),
        Case("TLS", (group("tls", "TLS"),), {"LG-TLS-06": "pass"}),
        Case("HTTP", (group("http", "HTTP"),), {"LG-TLS-06": "fail"}),
        Case("UDP", (group("udp", "UDP"),), {"LG-TLS-06": "fail"}),
        Case("a function", (_function_group(),), {"LG-TLS-06": "not_applicable"}),
        Case("TCP behind nothing", (group("alone", "TCP"),), {"LG-TLS-06": "unknown"}),
        Case(
            "TCP that is passed through",
            (group("passed", "TCP"), net["one"], listener("one-tcp", "one", "TCP", forward("passed"))),
            {"LG-TLS-06": "pass"},
        ),
        Case(
            "TCP behind a listener that ends TLS",
            (
                group("ended", "TCP"),
                net["two"],
                listener("two-tcp", "two", "TCP", forward("ended"), port=1),
                listener("two-tls", "two", "TLS", forward("ended")),
            ),
            {"LG-TLS-06": "fail"},
        ),
        Case(
            "TCP beside another group that ends TLS",
            (
                group("beside", "TCP"),
                net["three"],
                group("besides", "TLS"),
                listener("three-tcp", "three", "TCP", weighted("beside"), port=1),
                listener("three-tls", "three", "TLS", forward("besides")),
            ),
            {"LG-TLS-06": "pass"},
        ),
    ]
    check(tmp_path / "p", cases, shared=NETWORK)


def _function_group() -> Wanted:
    return Wanted("aws:lb/targetGroup:TargetGroup", "function", {"name": "function", "targetType": "lambda"})
