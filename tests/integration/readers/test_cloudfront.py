"""Distributions and web ACLs as AWS describes them, where a deployed program cannot show it."""

import json
from typing import Any, Final

import pytest

from integration.readers import cloudfront, wafv2
from integration.scanning.calls import Cause, Trouble
from policies.facts.cloudfront import Distribution, OriginServers, Server, ViewerCertificate
from policies.facts.cloudfront_companions import DistributionLog, LogSource
from policies.facts.cloudfront_origins import AccessControl, BucketOrigins
from policies.facts.properties import UNKNOWN
from policies.facts.wafv2 import AclRule, LogTargets, ManagedGroup, RuleSet, WebAcl, WebAclLog
from tests.integration.scanning.lines import PLACE, Answer, CannedLine, read

ACCOUNT: Final = PLACE.account
ARN: Final = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"
DENIED: Final = Trouble(Cause.DENIED, "AccessDenied")
HOST: Final = "files.s3.eu-west-1.amazonaws.com"
FILES: Final = {"Id": "files", "DomainName": HOST, "S3OriginConfig": {"OriginAccessIdentity": ""}}
CONFIG: Final[dict[str, Any]] = {
    "DefaultRootObject": "",
    "DefaultCacheBehavior": {"ViewerProtocolPolicy": "https-only"},
    "CacheBehaviors": {"Quantity": 0},
    "Origins": {"Quantity": 1, "Items": [FILES]},
    "Logging": {"Enabled": False, "Bucket": "old.s3.amazonaws.com"},
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
    "WebACLId": "",
}


def page(*ids: str, more: str = "") -> Answer:
    """Return a page of distributions that all read the same bucket."""
    listed = [{"Id": each, "ARN": ARN.replace("E1", each), "Origins": CONFIG["Origins"]} for each in ids]
    counted: dict[str, Any] = {"Quantity": len(listed), "IsTruncated": bool(more)}
    return {
        "DistributionList": counted | ({"Items": listed} if listed else {}) | ({"NextMarker": more} if more else {})
    }


def found(fact: type, config: Any = None, **answers: Answer | list[Answer]) -> Any:
    """Return what is read of the one distribution that there is."""
    asked: dict[str, Any] = {
        "ListDistributions": page("E1"),
        "GetDistributionConfig": {"DistributionConfig": config or CONFIG},
    }
    (only,) = read(cloudfront.READING, CannedLine({**asked, **answers}), [fact])
    return only


def test_second_page_and_none() -> None:
    """Distributions behind the first page are read; an account without any says so."""
    pages = [page("E1", more="two"), page("E2")]
    answers: dict[str, Any] = {"ListDistributions": pages, "GetDistributionConfig": {"DistributionConfig": CONFIG}}
    seen = read(cloudfront.READING, CannedLine(answers), [Distribution])
    assert [each.subject.arn for each in seen] == [ARN, f"{ARN[:-1]}2"]
    assert read(cloudfront.READING, CannedLine({"ListDistributions": page()}), [Distribution]) == []


@pytest.mark.parametrize("missing", ["DefaultRootObject", "CacheBehaviors", "ViewerCertificate"])
def test_what_a_distribution_does_not_tell(missing: str) -> None:
    """What CloudFront always tells and here does not, is no default."""
    config = {name: value for name, value in CONFIG.items() if name != missing}
    assert found(Distribution, config).failure.cause is Cause.UNPARSABLE


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (
            {"ACMCertificateArn": "arn", "SSLSupportMethod": "sni-only"},
            ViewerCertificate(custom=True, support_method="sni-only"),
        ),
        ({"IAMCertificateId": "A", "CloudFrontDefaultCertificate": False}, ViewerCertificate(custom=True)),
        ({"CloudFrontDefaultCertificate": True, "CertificateSource": "cloudfront"}, ViewerCertificate()),
    ],
)
def test_certificates(shown: dict[str, Any], expected: ViewerCertificate) -> None:
    """CloudFront leaves out what does not go with the kind of certificate."""
    config = {**CONFIG, "ViewerCertificate": {**shown, "MinimumProtocolVersion": "TLSv1"}}
    assert found(Distribution, config).fact.certificate == expected


def test_servers_without_protocols() -> None:
    """Protocols that CloudFront does not tell are unknown; a VPC origin that another account shares is judged there."""
    custom = {"OriginProtocolPolicy": "https-only"}
    config = {**CONFIG, "Origins": {"Quantity": 1, "Items": [{"DomainName": "a", "CustomOriginConfig": custom}]}}
    shared = {"Id": "vo_1", "Arn": "arn:vo", "AccountId": "444455556666", "OriginEndpointArn": "arn:lb"}
    seen = found(OriginServers, config, ListVpcOrigins={"VpcOriginList": {"Quantity": 1, "Items": [shared]}})
    expected = (Server(protocol_policy="https-only", protocols=UNKNOWN),)
    assert seen.fact == OriginServers(servers=expected, viewer_policies=("https-only",))


SOURCE: Final = {"name": "cdn", "resourceArns": [ARN], "logType": "ACCESS_LOGS"}


@pytest.mark.parametrize(
    ("sources", "deliveries", "expected"),
    [
        ([], [], ()),
        ([{**SOURCE, "resourceArns": [f"{ARN}2"]}], [{"deliverySourceName": "cdn"}], ()),
        ([SOURCE], [{"deliverySourceName": "cdn"}], (LogSource(log_type="ACCESS_LOGS", delivered=True),)),
        ([SOURCE], [{"deliverySourceName": "else"}], (LogSource(log_type="ACCESS_LOGS"),)),
        ([{**SOURCE, "logType": "CONNECTION_LOGS"}], [], (LogSource(log_type="CONNECTION_LOGS"),)),
        (DENIED, [], (UNKNOWN,)),
        ([SOURCE], DENIED, (UNKNOWN,)),
    ],
)
def test_deliveries(sources: Any, deliveries: Any, expected: Any) -> None:
    """A log that is off is none, whatever bucket it had; then deliveries count, where they can be listed."""
    answers = {
        "DescribeDeliverySources": sources if sources is DENIED else {"deliverySources": sources},
        "DescribeDeliveries": deliveries if deliveries is DENIED else {"deliveries": deliveries},
    }
    seen = found(DistributionLog, **answers)
    assert (seen.fact.bucket, seen.fact.sources) == ("", expected)
    assert bool(seen.failures) is (UNKNOWN in expected)


OWN: Final = {
    "Buckets": [{"Name": "files-too", "BucketRegion": "eu-west-1"}, {"Name": "files", "BucketRegion": "eu-west-2"}]
}
NOBODY: Final[Answer] = {"Buckets": []}
DENIAL: Final = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
POLICY: Final = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [DENIAL]})}


@pytest.mark.parametrize(
    ("buckets", "policy", "is_bucket", "has_policy"),
    [
        (OWN, POLICY, True, True),
        (OWN, Trouble(Cause.REFUSED, "NoSuchBucketPolicy"), True, True),
        (OWN, DENIED, True, UNKNOWN),
        (NOBODY, Trouble(Cause.REFUSED, "NoSuchBucket"), False, None),
        (NOBODY, POLICY, True, None),
        (NOBODY, DENIED, UNKNOWN, UNKNOWN),
        (DENIED, POLICY, UNKNOWN, UNKNOWN),
    ],
)
def test_whose_a_bucket_is(buckets: Answer, policy: Answer, is_bucket: Any, has_policy: Any) -> None:
    """A bucket that the account does not own may be anybody's: what it says of itself counts for nothing."""
    (origin,) = found(BucketOrigins, ListBuckets=buckets, GetBucketPolicy=policy).fact.origins
    assert origin.is_bucket == is_bucket
    assert origin.policy is not None if has_policy is True else origin.policy == has_policy


def test_who_else_reads_a_bucket() -> None:
    """Every distribution with the bucket among its origins reads it, the one at hand first."""
    answers: dict[str, Any] = {
        "ListDistributions": page("E0", "E1"),
        "GetDistributionConfig": {"DistributionConfig": CONFIG},
        "ListBuckets": OWN,
        "GetBucketPolicy": POLICY,
    }
    seen: Any = read(cloudfront.READING, CannedLine(answers), [BucketOrigins])
    assert [each.fact.origins[0].readers for each in seen] == [(f"{ARN[:-1]}0", ARN), (ARN, f"{ARN[:-1]}0")]


def test_access_controls() -> None:
    """One that may not be looked at is unknown, with the call that failed."""
    signed = {**CONFIG, "Origins": {"Quantity": 1, "Items": [{**FILES, "OriginAccessControlId": "E9"}]}}
    told = {"OriginAccessControlConfig": {"SigningBehavior": "never", "OriginAccessControlOriginType": "s3"}}
    asked: dict[str, Any] = {"ListBuckets": OWN, "GetBucketPolicy": POLICY}
    known = found(BucketOrigins, signed, GetOriginAccessControl={"OriginAccessControl": told}, **asked)
    denied = found(BucketOrigins, signed, GetOriginAccessControl=DENIED, **asked)
    assert known.fact.origins[0].access_control == AccessControl(signing="never")
    assert denied.fact.origins[0].access_control == UNKNOWN
    assert [each.call.operation for each in denied.failures] == ["GetOriginAccessControl"]


ACL: Final = {"Name": "a", "Id": "1", "ARN": PLACE.arn("wafv2", "regional/webacl/a/1")}


def acl(fact: type, **answers: Answer) -> Any:
    """Return what is read of the one web ACL of the Region."""
    line = CannedLine({"ListWebACLs": {"WebACLs": [ACL]}, "ListRuleGroups": {"RuleGroups": []}, **answers})
    (only,) = read(wafv2.READING, line, [fact])
    return only


def test_rules_of_firewall_manager() -> None:
    """A rule group that Firewall Manager puts before the rules is asked like one of them."""
    group = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}
    before = [{"Name": "f", "Priority": 0, "FirewallManagerStatement": group, "OverrideAction": {"None": {}}}]
    expected = AclRule(override="none", managed=ManagedGroup(vendor="AWS", name="AWSManagedRulesCommonRuleSet"))
    told = {"WebACL": {"Rules": [], "PreProcessFirewallManagerRuleGroups": before}}
    assert acl(RuleSet, GetWebACL=told).fact.rules == acl(WebAcl, GetWebACL=told).fact.rules == (expected,)


@pytest.mark.parametrize("told", [{}, {"Rules": None}, {"Rules": [{"Statement": "*"}]}])
def test_rules_that_are_none(told: dict[str, Any]) -> None:
    """Without its rules, or with one that is none, a web ACL is undecided."""
    assert acl(WebAcl, GetWebACL={"WebACL": told}).failure.cause is Cause.UNPARSABLE


def test_logs_of_web_acls() -> None:
    """WAF says by an error that there is no log; any other error says nothing."""
    absent = Trouble(Cause.REFUSED, "WAFNonexistentItemException")
    chosen = {"DefaultBehavior": "DROP", "Filters": [{"Behavior": "KEEP"}]}
    filtered = {"LoggingConfiguration": {"LogDestinationConfigs": ["arn:log"], "LoggingFilter": chosen}}
    expected = WebAclLog(certain=(LogTargets(arns=("arn:log",), default="DROP", filters=("KEEP",)),))
    assert acl(WebAclLog, GetLoggingConfiguration=filtered).fact == expected
    assert acl(WebAclLog, GetLoggingConfiguration=absent).fact == WebAclLog()
    assert acl(WebAclLog, GetLoggingConfiguration=DENIED).failure.cause is Cause.DENIED
