"""Corrections of what the internet reaches: what AWS answers, and that moto answers something else."""

from typing import Any

import boto3
import pytest

from integration.sandbox import Sandbox
from tests.integration.sandbox.cases import Case, answers
from tests.integration.sandbox.conftest import ACCOUNT

ENDPOINT = {
    "Name": "front",
    "Arn": f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:loadbalancer/app/front/1",
    "HTTPPort": 80,
    "HTTPSPort": 443,
    "OriginProtocolPolicy": "https-only",
}
SEEN = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "acl"}


def _of(session: boto3.Session, service: str) -> Any:
    return session.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any of them


def _unset_attributes(session: boto3.Session) -> Any:
    ec2, elb = _of(session, "ec2"), _of(session, "elbv2")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]][:2]
    found = []
    for kind in ("application", "network"):
        made = elb.create_load_balancer(Name=kind, Subnets=subnets, Type=kind)["LoadBalancers"][0]["LoadBalancerArn"]
        listed = elb.describe_load_balancer_attributes(LoadBalancerArn=made)["Attributes"]
        held = {each["Key"]: each["Value"] for each in listed}
        found.append((held.get("access_logs.s3.enabled"), held.get("routing.http.desync_mitigation_mode")))
    return found


def _listed_vpc_origins(session: boto3.Session) -> Any:
    cloudfront = _of(session, "cloudfront")
    empty = cloudfront.list_vpc_origins()["VpcOriginList"]
    cloudfront.create_vpc_origin(VpcOriginEndpointConfig=ENDPOINT)
    (found,) = cloudfront.list_vpc_origins()["VpcOriginList"]["Items"]
    return empty["Quantity"], found["Name"], found["OriginEndpointArn"]


def _whole_list_of_buckets(session: boto3.Session) -> Any:
    s3 = session.client("s3", region_name="eu-west-1")
    s3.create_bucket(Bucket="files-of-ours", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return [each.get("BucketRegion") for each in s3.list_buckets(Prefix="files")["Buckets"]]


def _protected(session: boto3.Session) -> Any:
    waf = _of(session, "wafv2")
    made = waf.create_web_acl(Name="a", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=SEEN)
    arn = made["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=arn, ResourceArn=ENDPOINT["Arn"])
    asked: Any = ({}, {"ResourceType": "API_GATEWAY"})
    return [len(waf.list_resources_for_web_acl(WebACLArn=arn, **each)["ResourceArns"]) for each in asked]


CASES = (
    Case(_unset_attributes, [("false", "defensive"), ("false", None)], ("FakeLoadBalancer.__init__",)),
    Case(_listed_vpc_origins, (0, "front", ENDPOINT["Arn"]), ("CloudFrontResponse.list_vpc_origins",)),
    Case(_whole_list_of_buckets, ["eu-west-1"], ("S3Response.serialized",)),
    Case(_protected, [1, 0], ("WAFV2Response.list_resources_for_web_acl",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.probe.__name__.strip("_"))
def test_the_sandbox_answers_as_aws_and_moto_does_not(case: Case) -> None:
    """With the correction the answer is that of AWS; without it, it is not, or the correction could go."""
    sandbox, moto = answers(case)
    assert sandbox == case.aws
    assert moto != case.aws


def test_api_gateway_answers(sandbox: Sandbox) -> None:
    """The service is there although the package is not that moto imports for documents of OpenAPI."""
    assert _of(sandbox.session(), "apigateway").get_rest_apis()["items"] == []
