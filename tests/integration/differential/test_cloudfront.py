"""Distributions and what stands around them: written, deployed, read back."""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.integration.differential.cases import Case, Difference, check, check_differences
from tests.integration.programs_as_data import Wanted, as_json, ref

pytestmark = pytest.mark.timeout(400)

_SERVER: Final = {
    "httpPort": 80,
    "httpsPort": 443,
    "originProtocolPolicy": "https-only",
    "originSslProtocols": ["TLSv1.2"],
}
_ITS_OWN: Final = {
    "acmCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/edge",
    "minimumProtocolVersion": "TLSv1.2_2021",
    "sslSupportMethod": "sni-only",
}


def _behaviour(viewers: str, **given: Any) -> dict[str, Any]:
    return {
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "targetOriginId": "first",
        "viewerProtocolPolicy": viewers,
        **given,
    }


def _server(**changes: Any) -> dict[str, Any]:
    return {"domainName": "pay.example.com", "customOriginConfig": {**_SERVER, **changes}}


def _files(bucket: str, control: Any = None) -> dict[str, Any]:
    signed = {} if control is None else {"originAccessControlId": control}
    return {"domainName": f"{bucket}.s3.us-east-1.amazonaws.com", **signed}


def _distribution(name: str, *origins: dict[str, Any], viewers: str = "https-only", **given: Any) -> Wanted:
    listed = [
        {**each, "originId": f"origin-{at}" if at else "first"} for at, each in enumerate(origins or (_server(),))
    ]
    settings = {
        "enabled": True,
        "origins": listed,
        "defaultCacheBehavior": _behaviour(viewers),
        "restrictions": {"geoRestriction": {"restrictionType": "none", "locations": []}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
    }
    return Wanted("aws:cloudfront/distribution:Distribution", name, settings | given)


def test_viewers(tmp_path: Path) -> None:
    """How viewers are met: root object, HTTPS, certificate."""
    serves = "CloudFront.1", "CloudFront.3", "LG-TLS-03"
    bare = _distribution("bare", viewers="allow-all")
    whole = _distribution("whole", defaultRootObject="index.html", viewerCertificate=_ITS_OWN)
    redirects = _distribution("redirects", viewers="redirect-to-https", orderedCacheBehaviors=[])
    another = _behaviour("allow-all", pathPattern="/plain/*")
    half = _distribution("half", orderedCacheBehaviors=[_behaviour("https-only", pathPattern="/*.js"), another])
    old = {name: value for name, value in _ITS_OWN.items() if name != "minimumProtocolVersion"}
    cases = [
        Case("nothing is said", (bare,), dict.fromkeys(serves, "fail")),
        Case("all is said", (whole,), dict.fromkeys(serves, "pass")),
        Case("redirected", (redirects,), {"CloudFront.3": "pass"}),
        Case("one behaviour takes plain HTTP", (half,), {"CloudFront.3": "fail"}),
        Case("the default policy", (_distribution("old", viewerCertificate=old),), {"LG-TLS-03": "fail"}),
        Case(
            "addresses of its own",
            (_distribution("vip", viewerCertificate={**_ITS_OWN, "sslSupportMethod": "vip"}),),
            {"LG-TLS-03": "fail"},
        ),
        Case(
            "a certificate of IAM",
            (_distribution("iam", viewerCertificate={**_without_arn(), "iamCertificateId": "ASCA1"}),),
            {"LG-TLS-03": "pass"},
        ),
    ]
    twice = check(tmp_path / "p", cases)
    assert not twice.strangers


def _without_arn() -> dict[str, str]:
    return {name: value for name, value in _ITS_OWN.items() if name != "acmCertificateArn"}


def _vpc_origin(name: str, policy: str, *protocols: str) -> Wanted:
    endpoint = {
        "arn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/front/1",
        "httpPort": 80,
        "httpsPort": 443,
        "name": name,
        "originProtocolPolicy": policy,
        "originSslProtocols": {"items": [*protocols], "quantity": len(protocols)},
    }
    return Wanted("aws:cloudfront/vpcOrigin:VpcOrigin", name, {"vpcOriginEndpointConfig": endpoint})


def _asked(policy: str, protocols: str) -> dict[str, str]:
    return {"CloudFront.9": policy, "CloudFront.10": protocols}


def test_servers(tmp_path: Path) -> None:
    """How the servers behind distributions and VPC origins are asked."""
    viewers = _server(originProtocolPolicy="match-viewer")
    within = {"domainName": "front.example.com", "vpcOriginConfig": {"vpcOriginId": ref("inside")}}
    cases = [
        Case("HTTPS alone", (_distribution("good"),), _asked("pass", "pass")),
        Case("one of two in the clear", (_distribution("half", _server(), _PLAIN),), _asked("fail", "pass")),
        Case("as viewers do, over HTTPS", (_distribution("match", viewers),), _asked("pass", "pass")),
        Case("as viewers do", (_distribution("open", viewers, viewers="allow-all"),), _asked("fail", "pass")),
        Case("an old protocol", (_distribution("old", _server(originSslProtocols=_OLD)),), _asked("pass", "fail")),
        Case("a bucket", (_distribution("files", _files("files")),), _asked(*_NEITHER)),
        Case("within the network", (_vpc_origin("inside", "https-only", "TLSv1.2"),), _asked("pass", "pass")),
        Case("through it", (_distribution("through", within),), _asked(*_NEITHER)),
        Case("within, in the clear", (_vpc_origin("clear", "http-only", "TLSv1.2"),), _asked("fail", "pass")),
        Case("within, as viewers do", (_vpc_origin("any", "match-viewer", "TLSv1.2"),), _asked("fail", "pass")),
        Case("within, old", (_vpc_origin("older", "https-only", "TLSv1", "TLSv1.2"),), _asked("pass", "fail")),
    ]
    check(tmp_path / "p", cases)


_PLAIN: Final = _server(originProtocolPolicy="http-only")
_OLD: Final = ["TLSv1.1", "TLSv1.2"]
_NEITHER: Final = ("not_applicable", "not_applicable")

_SEEN: Final = {"cloudwatchMetricsEnabled": False, "metricName": "acl", "sampledRequestsEnabled": False}


def _acl(name: str, scope: str) -> Wanted:
    given = {"name": name, "scope": scope, "defaultAction": {"allow": {}}, "visibilityConfig": _SEEN}
    return Wanted("aws:wafv2/webAcl:WebAcl", name, given)


def _delivery(of: str, *, through: bool = True) -> tuple[Wanted, ...]:
    named = {"name": f"{of}-source", "logType": "ACCESS_LOGS", "resourceArn": ref(of, "arn")}
    source = Wanted("aws:cloudwatch/logDeliverySource:LogDeliverySource", f"{of}-source", named)
    to = {"deliverySourceName": ref(f"{of}-source", "name"), "deliveryDestinationArn": ref("destination", "arn")}
    delivery = Wanted("aws:cloudwatch/logDelivery:LogDelivery", f"{of}-delivery", to)
    return (source, delivery) if through else (source,)


def test_companions(tmp_path: Path) -> None:
    """The web ACL before a distribution, and what records the requests to it."""
    group = "arn:aws:logs:us-east-1:111122223333:log-group:edge"
    where = {"name": "destination", "deliveryDestinationConfiguration": {"destinationResourceArn": group}}
    shared = [
        _acl("edge", "CLOUDFRONT"),
        _acl("near", "REGIONAL"),
        Wanted("aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "destination", where),
    ]
    elsewhere = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/other/1"
    bucket = {"bucket": "logs.s3.amazonaws.com", "prefix": "edge/"}
    cases = [
        Case("neither", (_distribution("bare"),), {"CloudFront.5": "fail", "CloudFront.6": "fail"}),
        Case("its own", (_distribution("own", webAclId=ref("edge", "arn")),), {"CloudFront.6": "pass"}),
        Case("another stack's", (_distribution("other", webAclId=elsewhere),), {"CloudFront.6": "pass"}),
        Case("one of a Region", (_distribution("regional", webAclId=ref("near", "arn")),), {"CloudFront.6": "fail"}),
        Case("one of WAF Classic", (_distribution("classic", webAclId=_CLASSIC),), {"CloudFront.6": "fail"}),
        Case("a bucket", (_distribution("kept", loggingConfig=bucket),), {"CloudFront.5": "pass"}),
        Case("cookies alone", (_distribution("cookies", loggingConfig={"includeCookies": True}),), _UNLOGGED),
        Case("a delivery", (_distribution("sent"), *_delivery("sent")), {"CloudFront.5": "pass"}),
        Case("a source alone", (_distribution("source"), *_delivery("source", through=False)), _UNLOGGED),
    ]
    check(tmp_path / "p", cases, shared=shared)


_CLASSIC: Final = "473e64fd-f30b-4765-81a0-62ad96dd167a"
_UNLOGGED: Final = {"CloudFront.5": "fail"}


def _bucket(name: str) -> Wanted:
    return Wanted("aws:s3/bucket:Bucket", name, {"bucket": name, "forceDestroy": True})


def _policy(bucket: str, *sources: Any, **changes: Any) -> Wanted:
    """Return a policy that lets in distributions, each by its ARN."""
    bound = {"Condition": {"StringEquals": {"aws:SourceArn": [*sources]}}} if sources else {}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        **bound,
        **changes,
    }
    document = as_json({"Version": "2012-10-17", "Statement": [statement]})
    return Wanted("aws:s3/bucketPolicy:BucketPolicy", f"{bucket}-policy", {"bucket": bucket, "policy": document})


def _access(name: str, **changes: Any) -> Wanted:
    given = {"originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"}
    return Wanted("aws:cloudfront/originAccessControl:OriginAccessControl", name, {"name": name, **given, **changes})


def _reads(bucket: str, name: str = "", control: str | None = "signed", **origin: Any) -> Wanted:
    return _distribution(
        name or f"of-{bucket}", {**_files(bucket, None if control is None else ref(control)), **origin}
    )


def _exists(access: str) -> dict[str, str]:
    return {"CloudFront.12": "pass", "LG-NET-14": access}


def test_buckets(tmp_path: Path) -> None:
    """Who reads the buckets behind distributions, and that they are there."""
    names = (
        "good",
        "shared",
        "wide",
        "foreign",
        "everybody",
        "unsigned",
        "loose",
        "without",
        "legacy",
        "deny",
        "bound",
    )
    shared = [*map(_bucket, names), _access("signed"), _access("may", signingBehavior="no-override")]
    of = {name: ref(f"of-{name}", "arn") for name in names}
    identity: Any = {"s3OriginConfig": {"originAccessIdentity": "origin-access-identity/cloudfront/E1"}}
    account = {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}
    any_of_them = "arn:aws:cloudfront::111122223333:distribution/*"
    other = "arn:aws:cloudfront::111122223333:distribution/E2OTHER"
    cases = [
        Case("its own", (_reads("good"), _policy("good", of["good"])), _exists("pass")),
        Case(
            "two that read it",
            (_reads("shared"), _reads("shared", "second"), _policy("shared", of["shared"], ref("second", "arn"))),
            _exists("pass"),
        ),
        Case("any of the account", (_reads("wide"), _policy("wide", any_of_them)), _exists("fail")),
        Case("another one too", (_reads("foreign"), _policy("foreign", of["foreign"], other)), _exists("fail")),
        Case("everybody", (_reads("everybody"), _policy("everybody", of["everybody"], Principal="*")), _exists("fail")),
        Case("unsigned", (_reads("unsigned", control=None), _policy("unsigned", of["unsigned"])), _exists("fail")),
        Case("signed or not", (_reads("loose", control="may"), _policy("loose", of["loose"])), _exists("fail")),
        Case("no policy", (_reads("without"),), _exists("fail")),
        Case("the former way", (_reads("legacy", **identity), _policy("legacy", of["legacy"])), _exists("fail")),
        Case("nobody", (_reads("deny"), _policy("deny", of["deny"], Effect="Deny")), _exists("fail")),
        Case("an account", (_reads("bound"), _policy("bound", **account)), _exists("fail")),
        Case(
            "a server that is called a bucket",
            (_distribution("server", {"domainName": "front-1.us-east-1.elb.amazonaws.com"}),),
            {"CloudFront.12": "fail", "LG-NET-14": "fail"},
        ),
        Case("no bucket", (_distribution("none"),), dict.fromkeys(("CloudFront.12", "LG-NET-14"), "not_applicable")),
    ]
    check(tmp_path / "p", cases, shared=shared)


DIFFERENCES: Final = (
    Difference(
        "whether a bucket that the stack does not make is there, shows in the account alone",
        "CloudFront.12",
        (_reads("nobody-has-it"),),
        "unknown",
        "fail",
    ),
)


def test_known_differences(tmp_path: Path) -> None:
    """The verdicts differ exactly where it is written why."""
    check_differences(tmp_path / "p", DIFFERENCES, ("CloudFront.12", "LG-NET-14"), shared=[_access("signed")])
    assert len(DIFFERENCES) == 1
