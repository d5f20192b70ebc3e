"""Certificates, web ACLs and CloudFront: changed in the sandbox as the program changes them."""

from typing import Any

import pytest

from integration.sandbox import Action, Sandbox
from tests.integration.sandbox.changes import Change
from tests.integration.sandbox.lives import kind, live
from tests.integration.sandbox.stacks import Wanted
from tests.integration.sandbox.surroundings import GROUP, NETWORK
from tests.integration.sandbox.test_types_compute import BALANCER
from tests.integration.sandbox.test_types_own import CERTIFICATE, KEY

SIGNED = Wanted("tls:index/selfSignedCert:SelfSignedCert", CERTIFICATE, "signed")
OTHER_SIGNED = Wanted(SIGNED.type, {**CERTIFICATE, "dnsNames": ["b.invalid"]}, "other-signed")
SEEN = {"cloudwatchMetricsEnabled": True, "metricName": "acl", "sampledRequestsEnabled": True}
ACL = Wanted(
    "aws:wafv2/webAcl:WebAcl",
    {"name": "edge", "scope": "REGIONAL", "defaultAction": {"allow": {}}, "rules": [], "visibilityConfig": SEEN},
    "acl",
)
COMMON = {"vendorName": "AWS", "name": "AWSManagedRulesCommonRuleSet"}
OTHER_ACL = Wanted(ACL.type, {**ACL.inputs, "name": "other"}, "other-acl")
LOGS = Wanted("aws:cloudwatch/logGroup:LogGroup", {"name": "aws-waf-logs-one"}, "waf-logs")
OTHER_LOGS = Wanted(LOGS.type, {"name": "aws-waf-logs-two"}, "other-waf-logs")
CONTROL = {
    "name": "assets",
    "originAccessControlOriginType": "s3",
    "signingBehavior": "always",
    "signingProtocol": "sigv4",
}
ACCESS = Wanted("aws:cloudfront/originAccessControl:OriginAccessControl", CONTROL, "access")


def _rule(limit: int) -> dict[str, Any]:
    return {
        "name": "rate",
        "priority": 0,
        "action": {"block": {"customResponse": {"responseCode": 429}}},
        "statement": {"rateBasedStatement": {"limit": limit, "aggregateKeyType": "IP", "evaluationWindowSec": 60}},
        "visibilityConfig": {**SEEN, "metricName": "rate"},
    }


def _managed(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "priority": 1,
        "overrideAction": {"none": {}},
        "statement": {"managedRuleGroupStatement": {"vendorName": "AWS", "name": name}},
        "visibilityConfig": {**SEEN, "metricName": name},
    }


def _headers(seconds: int) -> dict[str, Any]:
    strict = {"accessControlMaxAgeSec": seconds, "includeSubdomains": True, "override": True, "preload": True}
    return {"strictTransportSecurity": strict, "frameOptions": {"frameOption": "DENY", "override": True}}


def _endpoint(protocols: list[str]) -> dict[str, Any]:
    return {
        "arn": "$balancer.arn",
        "httpPort": 80,
        "httpsPort": 443,
        "name": "origin",
        "originProtocolPolicy": "https-only",
        "originSslProtocols": {"items": protocols, "quantity": len(protocols)},
    }


def _behaviour(policy: str) -> dict[str, Any]:
    return {
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "compress": True,
        "targetOriginId": "assets",
        "viewerProtocolPolicy": policy,
    }


def _origins(secret: str) -> list[dict[str, Any]]:
    return [
        {"originId": "assets", "domainName": "a.s3.us-east-1.amazonaws.com", "originAccessControlId": "$access.id"},
        {
            "originId": "balancer",
            "domainName": "$balancer.dnsName",
            "customHeaders": [{"name": "X-Origin", "value": secret}],
            "vpcOriginConfig": {"vpcOriginId": "$origin.id", "originReadTimeout": 30, "originKeepaliveTimeout": 5},
        },
    ]


ORIGIN = Wanted("aws:cloudfront/vpcOrigin:VpcOrigin", {"vpcOriginEndpointConfig": _endpoint(["TLSv1.2"])}, "origin")
DISTRIBUTION = {
    "aliases": ["a.example.com"],
    "comment": "old",
    "defaultCacheBehavior": _behaviour("https-only"),
    "enabled": True,
    "origins": _origins("one"),
    "restrictions": {"geoRestriction": {"locations": [], "restrictionType": "none"}},
    "viewerCertificate": {
        "acmCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/one",
        "minimumProtocolVersion": "TLSv1.2_2021",
        "sslSupportMethod": "sni-only",
    },
    "tags": {"A": "1"},
}

CLASSIC = {
    "name": "old",
    "listeners": [{"instancePort": 443, "instanceProtocol": "tcp", "lbPort": 443, "lbProtocol": "tcp"}],
    "subnets": ["$subnet-0.id"],
    "securityGroups": ["$group.id"],
}

CHANGES = (
    Change(
        "aws:elb/loadBalancer:LoadBalancer",
        {**CLASSIC, "tags": {"A": "1"}},
        {"accessLogs": {"bucket": "logs", "bucketPrefix": "old", "enabled": True, "interval": 5}, "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "securityGroups": ["$group.id"]},
        (*NETWORK, GROUP),
    ),
    Change(
        "aws:acm/certificate:Certificate",
        {"privateKey": "$key.privateKeyPem", "certificateBody": "$signed.certPem"},
        {"certificateBody": "$other-signed.certPem", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "type": "IMPORTED"},
        (KEY, SIGNED, OTHER_SIGNED),
    ),
    Change(
        "aws:acm/certificate:Certificate",
        {"domainName": "a.example.com", "validationMethod": "DNS"},
        {"domainName": "b.example.com"},
        {"type": "AMAZON_ISSUED"},
        action=Action.REPLACED,
    ),
    Change(
        ACL.type,
        {**ACL.inputs, "rules": [_rule(1000)]},
        {"rules": [_rule(500), _managed("AWSManagedRulesCommonRuleSet")], "description": "why", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "visibilityConfig": SEEN},
    ),
    Change(
        "aws:wafv2/ruleGroup:RuleGroup",
        {"name": "own", "scope": "REGIONAL", "capacity": 50, "rules": [_rule(1000)], "visibilityConfig": SEEN},
        {"rules": [_rule(500)], "description": "why", "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}, "capacity": 50},
    ),
    Change(
        "aws:wafv2/webAclRule:WebAclRule",
        {**_rule(1000), "webAclArn": "$acl.arn"},
        {**_rule(500), "priority": 3},
        around=(ACL,),
    ),
    Change(
        "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
        {"webAclArn": "$acl.arn", "ruleName": "common", "priority": 1, "managedRuleGroup": COMMON},
        {"overrideAction": "count", "priority": 2, "visibilityConfig": {**SEEN, "metricName": "common"}},
        around=(ACL,),
    ),
    Change(
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        {"resourceArn": "$balancer.arn", "webAclArn": "$acl.arn"},
        {"webAclArn": "$other-acl.arn"},
        around=(*NETWORK, GROUP, BALANCER, ACL, OTHER_ACL),
        action=Action.REPLACED,
    ),
    Change(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        {"resourceArn": "$acl.arn", "logDestinationConfigs": ["$waf-logs.arn"]},
        {
            "logDestinationConfigs": ["$other-waf-logs.arn"],
            "redactedFields": [{"singleHeader": {"name": "authorization"}}],
        },
        around=(ACL, LOGS, OTHER_LOGS),
    ),
    Change(ACCESS.type, CONTROL, {"description": "why", "signingBehavior": "no-override"}),
    Change(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        {"name": "headers", "securityHeadersConfig": _headers(60)},
        {
            "comment": "why",
            "securityHeadersConfig": _headers(120),
            "removeHeadersConfig": {"items": [{"header": "Server"}]},
        },
    ),
    Change(
        ORIGIN.type,
        ORIGIN.inputs,
        {"vpcOriginEndpointConfig": _endpoint(["TLSv1.1", "TLSv1.2"]), "tags": {"B": "2"}},
        {"tagsAll": {"B": "2"}},
        (*NETWORK, GROUP, BALANCER),
    ),
    Change(
        "aws:cloudfront/distribution:Distribution",
        DISTRIBUTION,
        {
            "aliases": ["b.example.com"],
            "comment": "new",
            "defaultRootObject": "index.html",
            "httpVersion": "http2and3",
            "loggingConfig": {"bucket": "logs.s3.amazonaws.com", "includeCookies": True, "prefix": "edge/"},
            "isIpv6Enabled": True,
            "orderedCacheBehaviors": [{**_behaviour("redirect-to-https"), "pathPattern": "/static/*"}],
            "priceClass": "PriceClass_100",
            "restrictions": {"geoRestriction": {"locations": ["CH"], "restrictionType": "whitelist"}},
            "webAclId": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b",
            "tags": {"B": "2"},
        },
        {"tagsAll": {"B": "2"}, "hostedZoneId": "Z2FDTNDATAQYW2"},
        (*NETWORK, GROUP, BALANCER, ACCESS, ORIGIN),
    ),
)


@pytest.mark.parametrize("change", CHANGES, ids=kind)
def test_a_change_arrives(change: Change, sandbox: Sandbox) -> None:
    """Made twice it is made once; changed, the service says so; destroyed, it is gone."""
    live(sandbox, change)
