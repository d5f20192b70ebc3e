"""CloudFront: viewers, origins, the buckets behind them, web ACL and log."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Kind, Resource
from ledgergate.values import SYMBOL_MARK, Secret
from policies.facts.cloudfront import (
    Distribution,
    OriginServers,
    Server,
    ViewerCertificate,
    distribution_from_graph,
    distribution_servers_from_graph,
    vpc_origin_server_from_graph,
)
from policies.facts.cloudfront_companions import (
    DistributionAcl,
    DistributionLog,
    LogSource,
    distribution_acl_from_graph,
    distribution_log_from_graph,
)
from policies.facts.cloudfront_origins import AccessControl, BucketOrigin, bucket_origins_from_graph
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import BUCKET, graph, resource

DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
CONTROL: Final = "aws:cloudfront/originAccessControl:OriginAccessControl"
POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
VPC_ORIGIN: Final = "aws:cloudfront/vpcOrigin:VpcOrigin"
ACL: Final = "aws:wafv2/webAcl:WebAcl"
SOURCE: Final = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
DELIVERY: Final = "aws:cloudwatch/logDelivery:LogDelivery"
ARN: Final = "arn:aws:cloudfront::111122223333:distribution/E1"

TLS: Final = {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}
SERVER: Final = {"originId": "api", "domainName": "api.example.com", "customOriginConfig": TLS}
HOST: Final = "static.s3.eu-west-1.amazonaws.com"
FILES: Final = {"originId": "files", "domainName": HOST, "originAccessControlId": "E2"}
WITHIN: Final = {"originId": "vpc", "domainName": "internal", "vpcOriginConfig": {"vpcOriginId": "vo_1"}}


def distribution(**inputs: Any) -> Distribution:
    """Return the fact of a distribution, the same from inputs and from outputs."""
    asked, deployed = (
        resource(DISTRIBUTION, "d", {"enabled": True, **inputs}),
        resource(DISTRIBUTION, "d", outputs=inputs),
    )
    found = distribution_from_graph(graph(asked), asked)
    assert found == distribution_from_graph(graph(deployed), deployed)
    return found


def test_viewers() -> None:
    """The default behaviour comes first, then the ordered ones; a required policy that is missing is unknown."""
    default, other = {"viewerProtocolPolicy": "https-only"}, {"viewerProtocolPolicy": "allow-all"}

    assert distribution(defaultCacheBehavior=default, orderedCacheBehaviors=[other]).viewer_policies == (
        "https-only",
        "allow-all",
    )
    assert distribution(defaultCacheBehavior=[default]).viewer_policies == ("https-only",)
    assert distribution().viewer_policies == distribution(defaultCacheBehavior={}).viewer_policies == (UNKNOWN,)
    assert distribution(orderedCacheBehaviors=UNKNOWN).viewer_policies == UNKNOWN
    assert distribution().root_object == ""
    assert distribution(defaultRootObject="a.html").root_object == "a.html"


def servers(**inputs: Any) -> Any:
    """Return the servers that a distribution asks, the same from inputs and from outputs."""
    asked, deployed = (
        resource(DISTRIBUTION, "d", {"enabled": True, **inputs}),
        resource(DISTRIBUTION, "d", outputs=inputs),
    )
    found = distribution_servers_from_graph(graph(asked), asked)
    assert found == distribution_servers_from_graph(graph(deployed), deployed)
    assert found.viewer_policies == distribution(**inputs).viewer_policies
    return found.servers


ASKED: Final = Server(protocol_policy="https-only", protocols=("TLSv1.2",))


def test_custom_origins() -> None:
    """Buckets and origins within a VPC are no servers; a secret list is secret, without its headers."""
    headed = {**SERVER, "customHeaders": [{"name": "X-Origin-Verify", "value": "hush"}]}
    hidden = servers(origins=Secret([headed, FILES]))

    assert servers(origins=[FILES, SERVER, WITHIN]) == (ASKED,)
    assert hidden == Secret((ASKED,))
    assert "hush" not in repr(hidden)
    assert servers(origins=[FILES]) == ()
    assert servers(origins=UNKNOWN) == UNKNOWN
    assert servers(origins=[UNKNOWN, FILES]) == (UNKNOWN,)
    assert servers(origins=[{**SERVER, "customOriginConfig": {}}]) == (
        Server(protocol_policy=UNKNOWN, protocols=UNKNOWN),
    )
    with pytest.raises(ValueError, match="origins is no list"):
        servers(origins="api.example.com")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"originProtocolPolicy": "https-only", "originSslProtocols": {"items": ["TLSv1.2"], "quantity": 1}}, (ASKED,)),
        ([{"originProtocolPolicy": "https-only", "originSslProtocols": [{"items": ["TLSv1.2"]}]}], (ASKED,)),
        ({"originProtocolPolicy": "https-only"}, (replace(ASKED, protocols=UNKNOWN),)),
        ({"originProtocolPolicy": "https-only", "originSslProtocols": UNKNOWN}, (replace(ASKED, protocols=UNKNOWN),)),
        ({"originSslProtocols": {"items": ["TLSv1.2"]}}, (replace(ASKED, protocol_policy=UNKNOWN),)),
        (None, (UNKNOWN,)),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_vpc_origins(given: Any, expected: Any) -> None:
    """A VPC origin is one server, whose viewers nobody knows; without its endpoint AWS refuses it."""
    settings = {} if given is None else {"vpcOriginEndpointConfig": given}
    for each in (resource(VPC_ORIGIN, "v", {"tags": {}, **settings}), resource(VPC_ORIGIN, "v", outputs=settings)):
        assert vpc_origin_server_from_graph(graph(each), each) == OriginServers(servers=expected)


@pytest.mark.parametrize(
    ("given", "custom"),
    [
        ({"acmCertificateArn": "arn:aws:acm:us-east-1:1:certificate/1"}, True),
        ({"iamCertificateId": "ASCA1"}, True),
        ({"acmCertificateArn": UNKNOWN}, UNKNOWN),
        ({"acmCertificateArn": UNKNOWN, "iamCertificateId": "ASCA1"}, True),
        ({"acmCertificateArn": "arn", "cloudfrontDefaultCertificate": True}, False),
        ({"acmCertificateArn": "arn", "cloudfrontDefaultCertificate": UNKNOWN}, UNKNOWN),
        ({"cloudfrontDefaultCertificate": True}, False),
        ({"acmCertificateArn": ""}, False),
    ],
)
def test_certificates(given: dict[str, Any], custom: object) -> None:
    """A certificate of one's own is one that is named, unless CloudFront's own is asked for."""
    assert distribution(viewerCertificate=given).certificate.custom == custom


def test_certificate_defaults() -> None:
    """Without anything CloudFront speaks TLSv1 under its own certificate."""
    assert distribution().certificate == distribution(viewerCertificate={}).certificate == ViewerCertificate()
    assert distribution(viewerCertificate=UNKNOWN).certificate == UNKNOWN
    assert distribution(viewerCertificate={"minimumProtocolVersion": SYMBOL_MARK}).certificate.policy == UNKNOWN


FILES_BUCKET: Final = resource(
    BUCKET,
    "static",
    {"bucket": "static"},
    id="static",
    outputs={"arn": "arn:aws:s3:::static", "bucketRegionalDomainName": HOST},
)
SIGNING: Final = resource(
    CONTROL, "oac", {"name": "oac", "signingBehavior": "always", "originAccessControlOriginType": "s3"}, id="E2"
)
READ: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::static/*",
}


def behind(origins: Any, *others: Resource, **fields: Any) -> Any:
    """Return the buckets behind a distribution."""
    subject = resource(DISTRIBUTION, "d", {"origins": origins}, **fields)
    return bucket_origins_from_graph(graph(subject, *others), subject).origins


def test_bucket_of_the_stack() -> None:
    """A host leads to the bucket, its policy and the access control, by output or by name."""
    policy = resource(POLICY, "p", {"bucket": "static", "policy": json.dumps({"Statement": [READ]})})
    (found,) = behind([SERVER, FILES, WITHIN], FILES_BUCKET, SIGNING, policy)
    named_only = replace(FILES_BUCKET, outputs={})

    assert (found.is_bucket, found.access_control, found.legacy_identity) == (True, AccessControl(), False)
    assert [each.actions for each in found.policy.certain[0].statements] == [("s3:GetObject",)]
    for host in (
        HOST,
        "static.s3.amazonaws.com",
        "static.s3-eu-west-1.amazonaws.com",
        "static.s3.dualstack.eu-west-1.amazonaws.com",
    ):
        (other,) = behind([{**FILES, "domainName": host}], named_only, SIGNING)
        assert other.policy is not None


def test_bucket_that_is_not_here() -> None:
    """A bucket of another stack has no policy here; a host of something else is no bucket; a look-up shows nothing."""
    foreign = AccessControl(in_stack=False, signing=UNKNOWN, origin_type=UNKNOWN)

    assert behind([FILES]) == (BucketOrigin(policy=None, readers=(UNKNOWN,), access_control=foreign),)
    assert behind([{"domainName": "example.com"}]) == (BucketOrigin(is_bucket=False, readers=(UNKNOWN,)),)
    (found,) = behind([FILES], replace(FILES_BUCKET, kind=Kind.READ), replace(SIGNING, kind=Kind.READ))
    assert (found.is_bucket, found.policy, found.access_control) == (True, None, foreign)
    (legacy,) = behind(
        [{"domainName": HOST, "s3OriginConfig": {"originAccessIdentity": "origin-access-identity/cloudfront/E"}}]
    )
    assert legacy.legacy_identity is True
    (empty,) = behind([{"domainName": HOST, "s3OriginConfig": {"originAccessIdentity": ""}}])
    assert empty.legacy_identity is False


def test_bucket_that_comes_later() -> None:
    """An unknown host is that of the one bucket it can come from; an unknown access control that of the one control."""
    later = {**FILES, "domainName": UNKNOWN, "originAccessControlId": UNKNOWN}
    urns = (FILES_BUCKET.urn, SIGNING.urn)
    (found,) = behind([SERVER, later], FILES_BUCKET, SIGNING, property_dependencies={"origins": urns})
    (lost,) = behind([later], FILES_BUCKET, SIGNING)

    assert (found.is_bucket, found.access_control) == (True, AccessControl())
    assert found.policy is not None
    assert (lost.is_bucket, lost.policy, lost.access_control) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert behind([later, later], FILES_BUCKET, SIGNING, property_dependencies={"origins": urns})[0].policy == UNKNOWN
    assert behind(UNKNOWN) == UNKNOWN
    assert behind([{**FILES, "customOriginConfig": UNKNOWN}]) == (UNKNOWN,)
    assert behind(None) == ()


def test_distributions_that_read_a_bucket() -> None:
    """Every distribution of the stack that has the bucket of a host among its origins, by whichever of its hosts."""
    other = resource(DISTRIBUTION, "other", {"origins": [{"domainName": "static.s3.amazonaws.com"}]}, id="E2")
    other = replace(other, outputs={"arn": f"{ARN}2"})
    stranger = replace(other, inputs={"origins": [{"domainName": "else.s3.amazonaws.com"}, SERVER]})
    open_ = replace(other, inputs={"origins": [{"domainName": UNKNOWN}]})

    def readers(*others: Resource) -> tuple[Any, ...]:
        (found,) = behind([FILES], FILES_BUCKET, *others, outputs={"arn": ARN})
        readers: tuple[Any, ...] = found.readers
        return readers

    assert readers() == readers(stranger) == (ARN,)
    assert readers(other) == (ARN, f"{ARN}2")
    assert readers(replace(other, kind=Kind.READ)) == (ARN,)
    assert readers(open_) == readers(replace(other, inputs={"origins": UNKNOWN})) == (ARN, UNKNOWN)
    (unowned,) = behind([FILES], other, outputs={"arn": ARN})
    assert unowned.readers == (ARN, f"{ARN}2")


def test_secret_origins() -> None:
    """A list that holds a secret header is followed all the same, and stays secret."""
    found = behind(Secret([{**SERVER, "customHeaders": [{"value": "hush"}]}, FILES]), FILES_BUCKET, SIGNING)

    assert isinstance(found, Secret)
    assert found.value[0].access_control == AccessControl()
    assert "hush" not in repr(found)


def web_acl(value: Any, *others: Resource, **fields: Any) -> DistributionAcl:
    """Return the web ACL of a distribution."""
    subject = resource(DISTRIBUTION, "d", {"webAclId": value, "enabled": True}, **fields)
    return distribution_acl_from_graph(graph(subject, *others), subject)


def test_web_acl() -> None:
    """Its scope comes from the stack, else from its ARN."""
    arn = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/main/1"
    own = resource(ACL, "main", {"scope": "CLOUDFRONT"}, id="1", outputs={"arn": arn})
    dependency = {"property_dependencies": {"webAclId": (own.urn,)}}

    assert web_acl(arn, own) == web_acl(UNKNOWN, own, **dependency) == DistributionAcl(named=True, scope="CLOUDFRONT")
    assert web_acl(arn) == DistributionAcl(named=True, scope="CLOUDFRONT")
    assert web_acl(arn.replace("global", "regional")) == DistributionAcl(named=True, scope="REGIONAL")
    assert web_acl("a1b2") == web_acl("1", own) == DistributionAcl(named=True, scope="")
    assert web_acl(arn.replace("webacl", "rulegroup")).scope == web_acl(arn.replace("wafv2", "waf")).scope == ""
    assert web_acl(f"a{SYMBOL_MARK}") == DistributionAcl(named=True, scope=UNKNOWN)
    read = replace(own, kind=Kind.READ, inputs={})
    assert web_acl(arn, read) == DistributionAcl(named=True, scope=UNKNOWN)
    assert web_acl(arn, replace(read, id="1/main/CLOUDFRONT")) == DistributionAcl(named=True, scope="CLOUDFRONT")
    assert web_acl(None) == web_acl("") == DistributionAcl()
    assert web_acl(UNKNOWN) == DistributionAcl(named=UNKNOWN, scope=UNKNOWN)
    assert web_acl(arn, replace(own, inputs={"scope": UNKNOWN})).scope == UNKNOWN


def logged(*others: Resource, **inputs: Any) -> DistributionLog:
    """Return what records the requests to a distribution."""
    subject = resource(DISTRIBUTION, "d", {"enabled": True, **inputs}, id="E1", outputs={"arn": ARN})
    return distribution_log_from_graph(graph(subject, *others), subject)


def source(arn: Any = ARN, **fields: Any) -> Resource:
    """Return a log delivery source."""
    return resource(SOURCE, "s", {"name": "cdn", "logType": "ACCESS_LOGS", "resourceArn": arn}, id="cdn", **fields)


def test_log() -> None:
    """A source of its own counts, and whether it is delivered."""
    delivery = resource(DELIVERY, "d", {"deliverySourceName": "cdn"})
    open_ = resource(DELIVERY, "d", {"deliverySourceName": UNKNOWN})

    assert logged() == DistributionLog()
    assert logged(loggingConfig={"bucket": "logs.s3.amazonaws.com"}).bucket == "logs.s3.amazonaws.com"
    assert logged(loggingConfig=UNKNOWN).bucket == UNKNOWN
    assert logged(source(), delivery).sources == (LogSource(log_type="ACCESS_LOGS", delivered=True),)
    assert logged(source()).sources == (LogSource(log_type="ACCESS_LOGS", delivered=False),)
    assert logged(source(), open_).sources == (LogSource(log_type="ACCESS_LOGS", delivered=UNKNOWN),)
    assert logged(source(ARN.replace("E1", "E9")), delivery).sources == ()
    assert logged(source(UNKNOWN), delivery).sources == (UNKNOWN,)
    assert logged(source(kind=Kind.READ), delivery).sources == (UNKNOWN,)
