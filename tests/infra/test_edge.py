"""The only way into the payment system."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ledgergate.graph import Graph, Resource
from tests.infra.recording import Changed, Recording

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
VPC_ORIGIN = "aws:cloudfront/vpcOrigin:VpcOrigin"
WEST: dict[str, Any] = {
    "aws__region": "us-west-2",
    "payments__availabilityZones": [f"us-west-2{letter}" for letter in "abc"],
    "payments__certificateArn": None,
}


def one(graph: Graph, type_: str, name: str = "") -> Resource:
    """Return the one resource of this type, or of this type and name."""
    (found,) = (resource for resource in graph.of_type(type_) if name in {"", resource.name})
    return found


def origin(graph: Graph, id_: str) -> Mapping[str, Any]:
    """Return one origin of the distribution."""
    # One of them holds a secret, so the SDK marks the whole list.
    origins = one(graph, DISTRIBUTION).inputs["origins"]["value"]
    (found,) = (origin for origin in origins if origin["originId"] == id_)
    return dict(found)


@pytest.mark.requirement("B-40")
@pytest.mark.requirement("B-55")
def test_visitors_speak_modern_tls_or_are_sent_there(payments: Recording) -> None:
    """The distribution shows the configured certificate, takes TLS 1.2 at least, and answers no plain text."""
    found = one(payments.graph, DISTRIBUTION).inputs
    behaviors = [found["defaultCacheBehavior"], *found["orderedCacheBehaviors"]]
    certificate = found["viewerCertificate"]

    assert found["enabled"] is True
    assert certificate["acmCertificateArn"].startswith("arn:aws:acm:us-east-1:")
    assert (certificate["minimumProtocolVersion"], certificate["sslSupportMethod"]) == ("TLSv1.2_2021", "sni-only")
    assert {behavior["viewerProtocolPolicy"] for behavior in behaviors} == {"redirect-to-https"}
    assert found["defaultRootObject"] == "index.html"


@pytest.mark.requirement("B-40")
def test_configuration_says_who_is_served_under_which_names(changed: Changed) -> None:
    """Host names, price class and countries come from the configuration."""
    found = one(
        changed(payments__priceClass="PriceClass_All", payments__allowedCountries=["DE", "FR"]).graph, DISTRIBUTION
    ).inputs

    assert found["aliases"] == ["pay.dev.example.com"]
    assert found["priceClass"] == "PriceClass_All"
    assert found["restrictions"] == {"geoRestriction": {"restrictionType": "whitelist", "locations": ["DE", "FR"]}}


@pytest.mark.requirement("B-41")
def test_cloudfront_shows_the_load_balancer_a_secret(payments: Recording) -> None:
    """Requests to the load balancer carry the origin header with a generated value, and assets do not."""
    (header,) = origin(payments.graph, "balancer")["customHeaders"]

    assert header == {"name": "X-Origin-Verify", "value": "result/RandomPassword/origin-header-a"}
    assert "customHeaders" not in origin(payments.graph, "assets")


@pytest.mark.requirement("B-41")
def test_a_new_header_is_sent_only_once_it_is_accepted(payments: Recording) -> None:
    """The distribution waits for every listener rule that lets its header in."""
    rules = {rule.urn for rule in payments.graph.of_type("aws:lb/listenerRule:ListenerRule")}

    assert rules
    assert rules <= set(one(payments.graph, DISTRIBUTION).dependencies)


@pytest.mark.requirement("B-42")
def test_cloudfront_reaches_the_internal_balancer_inside_the_vpc(payments: Recording) -> None:
    """By default the way is a VPC origin over HTTPS, and the balancer has no public address."""
    balancer = one(payments.graph, "aws:lb/loadBalancer:LoadBalancer")
    way_in = one(payments.graph, VPC_ORIGIN)
    endpoint = way_in.inputs["vpcOriginEndpointConfig"]

    assert balancer.inputs["internal"] is True
    assert endpoint["arn"] == f"arn/LoadBalancer/{balancer.name}"
    assert (endpoint["originProtocolPolicy"], endpoint["originSslProtocols"]["items"]) == ("https-only", ["TLSv1.2"])
    assert origin(payments.graph, "balancer")["vpcOriginConfig"] == {"vpcOriginId": way_in.id}


@pytest.mark.requirement("B-42")
@pytest.mark.requirement("B-55")
def test_a_public_balancer_is_reached_over_https_only(changed: Changed) -> None:
    """With `publicAlb` there is no VPC origin, and CloudFront speaks TLS 1.2 to the balancer."""
    graph = changed(payments__edgeMode="publicAlb").graph
    way = origin(graph, "balancer")["customOriginConfig"]

    assert graph.of_type(VPC_ORIGIN) == ()
    assert (way["originProtocolPolicy"], way["originSslProtocols"]) == ("https-only", ["TLSv1.2"])


@pytest.mark.requirement("B-43")
def test_only_static_paths_leave_the_load_balancer_aside(payments: Recording) -> None:
    """Everything but assets goes to the load balancer with all that the visitor sent, and nothing of it is kept."""
    found = one(payments.graph, DISTRIBUTION).inputs
    (assets,) = found["orderedCacheBehaviors"]
    application = found["defaultCacheBehavior"]

    assert (assets["pathPattern"], assets["targetOriginId"]) == ("/static/*", "assets")
    assert application["targetOriginId"] == "balancer"
    assert application["cachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert "POST" in application["allowedMethods"]


@pytest.mark.requirement("B-44")
def test_exactly_this_distribution_reads_the_assets(payments: Recording) -> None:
    """CloudFront signs its requests to the bucket, and the bucket lets this distribution read and nobody else."""
    control = one(payments.graph, "aws:cloudfront/originAccessControl:OriginAccessControl")
    bucket = one(payments.graph, "aws:s3/bucket:Bucket", "static")
    policy = one(payments.graph, "aws:s3/bucketPolicy:BucketPolicy", "static").inputs
    (allowed,) = (s for s in json.loads(policy["policy"])["Statement"] if s["Effect"] == "Allow")

    assert (control.inputs["originAccessControlOriginType"], control.inputs["signingBehavior"]) == ("s3", "always")
    assert origin(payments.graph, "assets")["originAccessControlId"] == control.id
    assert origin(payments.graph, "assets")["domainName"] == "bucketRegionalDomainName/Bucket/static"
    assert policy["bucket"] == bucket.id
    assert allowed == {
        "Sid": "ReadByDistribution",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket.id}/*",
        "Condition": {"StringEquals": {"aws:SourceArn": "arn/Distribution/edge"}},
    }


@pytest.mark.requirement("B-44")
@pytest.mark.requirement("B-54")
def test_cloudfront_decrypts_assets_for_distributions_of_the_account(payments: Recording) -> None:
    """The key of the buckets lets CloudFront decrypt, and do nothing else, for this account's distributions."""
    key = json.loads(one(payments.graph, "aws:kms/key:Key", "s3").inputs["policy"])
    (use,) = (s for s in key["Statement"] if s["Principal"] == {"Service": "cloudfront.amazonaws.com"})

    assert use["Action"] == "kms:Decrypt"
    assert use["Condition"] == {"ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*"}}


def test_every_request_to_the_distribution_is_recorded(payments: Recording) -> None:
    """Standard logging delivers to a log group under a customer-managed key, without cookies and query strings."""
    source = one(payments.graph, "aws:cloudwatch/logDeliverySource:LogDeliverySource").inputs
    target = one(payments.graph, "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination").inputs
    delivery = one(payments.graph, "aws:cloudwatch/logDelivery:LogDelivery").inputs
    group = one(payments.graph, "aws:cloudwatch/logGroup:LogGroup", "edge-log")

    assert (source["logType"], source["resourceArn"]) == ("ACCESS_LOGS", "arn/Distribution/edge")
    assert target["deliveryDestinationConfiguration"] == {"destinationResourceArn": "arn/LogGroup/edge-log"}
    assert delivery["deliverySourceName"] == source["name"]
    assert {"cs(Cookie)", "cs-uri-query", "cs(Referer)"}.isdisjoint(delivery["recordFields"])
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == ("arn/Key/edge", 365)


def test_browsers_keep_to_https(payments: Recording) -> None:
    """Every answer tells browsers to come back over HTTPS only and to show it in no frame."""
    headers = one(payments.graph, "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    found = headers.inputs["securityHeadersConfig"]
    distribution = one(payments.graph, DISTRIBUTION).inputs

    assert found["strictTransportSecurity"]["accessControlMaxAgeSec"] >= 31_536_000
    assert found["frameOptions"]["frameOption"] == "DENY"
    assert distribution["defaultCacheBehavior"]["responseHeadersPolicyId"] == headers.id


@pytest.mark.requirement("B-47")
def test_edge_stays_in_its_region_wherever_the_system_runs(changed: Changed) -> None:
    """Web ACL, its record, the log delivery and the metrics of the edge are in us-east-1, also for us-west-2."""
    graph = changed(**WEST).graph
    edge = [
        *graph.of_type("aws:wafv2/webAcl:WebAcl", "aws:cloudwatch/logDelivery:LogDelivery"),
        one(graph, "aws:kms/key:Key", "edge"),
        one(graph, "aws:cloudwatch/logGroup:LogGroup", "edge-log"),
        one(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "alarms-us-east-1-cloudfront-5xx"),
    ]

    assert {resource.inputs["region"] for resource in edge} == {"us-east-1"}
