"""What the internet reaches: a distribution, the load balancer and the bucket behind it, an API, and their web ACLs."""

import json
from typing import Any, Final

import boto3

from policies.facts.prefix_lists import CLOUDFRONT
from tests.integration.estate.account import ACCOUNT, REGION, STORE_TAGS, TAGS

PASSES: Final = frozenset(
    {
        "CloudFront.1",
        "CloudFront.10",
        "CloudFront.12",
        "CloudFront.3",
        "CloudFront.5",
        "CloudFront.6",
        "CloudFront.9",
        "ELB.12",
        "ELB.4",
        "LG-LOG-05",
        "LG-NET-12",
        "LG-NET-13",
        "LG-NET-14",
        "LG-NET-16",
        "LG-NET-17",
        "LG-NET-18",
        "LG-TLS-01",
        "LG-TLS-02",
        "LG-TLS-03",
        "LG-TLS-06",
        "WAF.11",
    }
)
"""Controls that pass on it."""

_CERTIFICATE: Final = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/edge"
_FILES: Final = "ledger-two"
ORIGIN_HEADER: Final = "X-Origin-Verify"
ORIGIN_SECRET: Final = "open-sesame"
_REFUSAL: Final = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}]
_TO_HTTPS: Final = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}]
_MODERN: Final = {"Quantity": 1, "Items": ["TLSv1.2"]}


def furnish(session: boto3.Session) -> None:
    """Create all of it; the bucket lets in the distribution alone."""
    balancer, host = _balancer(session)
    _classic(session)
    _distribution(session, _vpc_origin(session, balancer), host)
    _web_acl(session, "REGIONAL", stands_before=_stage(session))


def _balancer(session: boto3.Session) -> tuple[str, str]:
    """Return the ARN of a load balancer within the network, and its host. Another one has addresses of the internet."""
    group = _for_cloudfront(session.client("ec2"))
    _create(session, "edge", group, "internet-facing")
    made = _create(session, "front", group, "internal")
    elb: Any = session.client("elbv2")
    _listeners(elb, made["LoadBalancerArn"], _targets(session))
    return made["LoadBalancerArn"], made["DNSName"]


def _create(session: boto3.Session, name: str, group: str, scheme: str) -> dict[str, Any]:
    elb: Any = session.client("elbv2")
    subnets = [each["SubnetId"] for each in session.client("ec2").describe_subnets()["Subnets"]][:2]
    made: dict[str, Any] = elb.create_load_balancer(
        Name=name, Subnets=subnets, SecurityGroups=[group], Scheme=scheme, Type="application", Tags=TAGS
    )["LoadBalancers"][0]
    wanted = {
        "access_logs.s3.bucket": "ledger-one",
        "access_logs.s3.enabled": "true",
        "deletion_protection.enabled": "true",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    attributes = [{"Key": key, "Value": value} for key, value in wanted.items()]
    elb.modify_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"], Attributes=attributes)
    return made


def _for_cloudfront(ec2: Any) -> str:
    """Return the id of a security group that lets CloudFront in alone."""
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="edge", Description="-", VpcId=vpc)["GroupId"]
    lists = ec2.describe_managed_prefix_lists()["PrefixLists"]
    (id_,) = (each["PrefixListId"] for each in lists if each["PrefixListName"] == CLOUDFRONT)
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": id_}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    ec2.create_tags(Resources=[group], Tags=TAGS)
    return str(group)


def _targets(session: boto3.Session) -> str:
    vpc = session.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    elb: Any = session.client("elbv2")
    made = elb.create_target_group(
        Name="web", Protocol="HTTPS", Port=443, VpcId=vpc, TargetType="ip", Matcher={"HttpCode": "200"}, Tags=TAGS
    )
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def _listeners(elb: Any, balancer: str, targets: str) -> None:
    elb.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=_TO_HTTPS, Tags=TAGS)
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        Certificates=[{"CertificateArn": _CERTIFICATE}],
        DefaultActions=_REFUSAL,
        Tags=TAGS,
    )["Listeners"][0]["ListenerArn"]
    asked = [{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": ORIGIN_HEADER, "Values": [ORIGIN_SECRET]}}]
    forward = [{"Type": "forward", "TargetGroupArn": targets}]
    elb.create_rule(ListenerArn=listener, Priority=1, Conditions=asked, Actions=forward, Tags=TAGS)


def _classic(session: boto3.Session) -> None:
    elb: Any = session.client("elb")
    ec2 = session.client("ec2")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"]][:1]
    groups = [each["GroupId"] for each in ec2.describe_security_groups()["SecurityGroups"]][:1]
    listener = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 443}
    placed = {"Subnets": subnets, "SecurityGroups": groups}
    elb.create_load_balancer(LoadBalancerName="old", Listeners=[listener], Tags=TAGS, **placed)
    log = {"Enabled": True, "S3BucketName": "ledger-one", "EmitInterval": 5, "S3BucketPrefix": "old"}
    elb.modify_load_balancer_attributes(LoadBalancerName="old", LoadBalancerAttributes={"AccessLog": log})


def _vpc_origin(session: boto3.Session, balancer: str) -> str:
    endpoint = {
        "Name": "front",
        "Arn": balancer,
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only",
        "OriginSslProtocols": _MODERN,
    }
    cloudfront: Any = session.client("cloudfront")
    made = cloudfront.create_vpc_origin(VpcOriginEndpointConfig=endpoint, Tags={"Items": TAGS})
    return str(made["VpcOrigin"]["Id"])


def _origins(session: boto3.Session, vpc_origin: str, host: str) -> list[dict[str, Any]]:
    cloudfront: Any = session.client("cloudfront")
    signing = {"SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "s3"}
    made = cloudfront.create_origin_access_control(OriginAccessControlConfig={"Name": "files", **signing})
    custom = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only", "OriginSslProtocols": _MODERN}
    header = {"Quantity": 1, "Items": [{"HeaderName": ORIGIN_HEADER, "HeaderValue": ORIGIN_SECRET}]}
    return [
        {"Id": "front", "DomainName": host, "VpcOriginConfig": {"VpcOriginId": vpc_origin}, "CustomHeaders": header},
        {"Id": "partner", "DomainName": "partner.example.com", "CustomOriginConfig": custom},
        {
            "Id": "files",
            "DomainName": f"{_FILES}.s3.{REGION}.amazonaws.com",
            "OriginAccessControlId": made["OriginAccessControl"]["Id"],
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        },
    ]


def _distribution(session: boto3.Session, vpc_origin: str, host: str) -> None:
    cloudfront: Any = session.client("cloudfront")
    origins = _origins(session, vpc_origin, host)
    shown = {
        "ACMCertificateArn": _CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SSLSupportMethod": "sni-only",
    }
    config = {
        "CallerReference": "edge",
        "Comment": "",
        "DefaultCacheBehavior": {"TargetOriginId": "front", "ViewerProtocolPolicy": "https-only"},
        "DefaultRootObject": "index.html",
        "Enabled": True,
        "Origins": {"Quantity": len(origins), "Items": origins},
        "ViewerCertificate": shown,
        "WebACLId": _web_acl(session, "CLOUDFRONT"),
    }
    wanted = {"DistributionConfig": config, "Tags": {"Items": TAGS}}
    made = cloudfront.create_distribution_with_tags(DistributionConfigWithTags=wanted)["Distribution"]["ARN"]
    _files(session, made)
    _deliver(session, made)


def _files(session: boto3.Session, distribution: str) -> None:
    """Let the distribution, and nothing else, read a bucket that is there already."""
    s3: Any = session.client("s3")
    document = json.loads(s3.get_bucket_policy(Bucket=_FILES)["Policy"])
    read = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{_FILES}/*",
        "Condition": {"ArnEquals": {"aws:SourceArn": distribution}},
    }
    document["Statement"].append(read)
    s3.put_bucket_policy(Bucket=_FILES, Policy=json.dumps(document))


def _deliver(session: boto3.Session, distribution: str) -> None:
    """Record the requests in a log group."""
    logs: Any = session.client("logs")
    tags = {each["Key"]: each["Value"] for each in STORE_TAGS}
    logs.put_delivery_source(name="edge", resourceArn=distribution, logType="ACCESS_LOGS", tags=tags)
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ledger"
    where = {"destinationResourceArn": group}
    made = logs.put_delivery_destination(name="edge", deliveryDestinationConfiguration=where, tags=tags)
    destination = made["deliveryDestination"]["arn"]
    logs.create_delivery(deliverySourceName="edge", deliveryDestinationArn=destination, tags=tags)


_SEEN: Final = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "edge"}
_GROUPS: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)


def _rules() -> list[dict[str, Any]]:
    rate = {"RateBasedStatement": {"Limit": 1000, "AggregateKeyType": "IP", "EvaluationWindowSec": 60}}
    limit = {"Name": "rate", "Priority": 0, "Statement": rate, "Action": {"Block": {}}, "VisibilityConfig": _SEEN}
    managed = [{"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}} for name in _GROUPS]
    asked = [
        {
            "Name": f"group-{number}",
            "Priority": number,
            "Statement": each,
            "OverrideAction": {"None": {}},
            "VisibilityConfig": _SEEN,
        }
        for number, each in enumerate(managed, start=1)
    ]
    return [limit, *asked]


def _web_acl(session: boto3.Session, scope: str, stands_before: str = "") -> str:
    """Return the ARN of a web ACL that limits, asks AWS's rules and records; a rule group comes along."""
    waf: Any = session.client("wafv2")
    named = {"Name": "edge", "Scope": scope, "VisibilityConfig": _SEEN, "Tags": TAGS}
    arn = waf.create_web_acl(**named, DefaultAction={"Allow": {}}, Rules=_rules())["Summary"]["ARN"]
    own = {"Name": "own", "Priority": 0, "Action": {"Block": {}}, "VisibilityConfig": _SEEN}
    own["Statement"] = {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}
    waf.create_rule_group(**named, Capacity=10, Rules=[own])
    target = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-edge"
    waf.put_logging_configuration(LoggingConfiguration={"ResourceArn": arn, "LogDestinationConfigs": [target]})
    if stands_before:
        waf.associate_web_acl(WebACLArn=arn, ResourceArn=stands_before)
    return str(arn)


def _stage(session: boto3.Session) -> str:
    """Return the ARN of a stage that the internet reaches."""
    api: Any = session.client("apigateway")
    tags = {each["Key"]: each["Value"] for each in TAGS}
    made = api.create_rest_api(name="pay", endpointConfiguration={"types": ["REGIONAL"]}, tags=tags)["id"]
    root = api.get_resources(restApiId=made)["items"][0]["id"]
    api.put_method(restApiId=made, resourceId=root, httpMethod="GET", authorizationType="AWS_IAM")
    api.put_integration(restApiId=made, resourceId=root, httpMethod="GET", type="MOCK")
    deployment = api.create_deployment(restApiId=made)["id"]
    api.create_stage(restApiId=made, stageName="live", deploymentId=deployment, tags=tags)
    return f"arn:aws:apigateway:{REGION}::/restapis/{made}/stages/live"
