"""Controls of what stands beside a CloudFront distribution: its web ACL and its access log."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.cloudfront.distribution import SECURITY_HUB
from policies.facts.cloudfront_companions import DistributionAcl, DistributionLog, LogSource
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail

_SOURCE: Final = LogSource(log_type="ACCESS_LOGS", delivered=True)
_DELIVERED: Final = DistributionLog(sources=(_SOURCE,))


@control(
    id="CloudFront.5",
    slug="cloudfront-distribution-access-logged",
    severity=Severity.MEDIUM,
    requirements=("10.4.2",),
    families=("pci", "logging"),
    source=SECURITY_HUB,
    rationale="After a skimming attack nobody can say which addresses fetched the altered script or since when, and "
    "the assessor finds no record that could have been reviewed.",
    remediation="Add an aws.cloudwatch.LogDeliverySource with log_type ACCESS_LOGS and resource_arn of the "
    "aws.cloudfront.Distribution, and an aws.cloudwatch.LogDelivery of it; or set logging_config with a bucket.",
    passes=[
        example("a log delivery", _DELIVERED),
        example("a bucket", DistributionLog(bucket="logs.s3.amazonaws.com")),
        example("a source of something else beside it", DistributionLog(sources=(LogSource(log_type="X"), _SOURCE))),
    ],
    fails=[
        example("neither", DistributionLog()),
        example("a source that nothing delivers", DistributionLog(sources=(replace(_SOURCE, delivered=False),))),
        example("a delivery of another log", DistributionLog(sources=(replace(_SOURCE, log_type="CONNECTION_LOGS"),))),
    ],
    unknowns=[
        example("the bucket comes later", DistributionLog(bucket=UNKNOWN)),
        example("a source whose distribution is not known", DistributionLog(sources=(UNKNOWN,))),
        example(
            "nobody knows whether it is delivered", DistributionLog(sources=(replace(_SOURCE, delivered=UNKNOWN),))
        ),
    ],
)
def access_logged(distribution: DistributionLog) -> Verdict:
    """A distribution records every request.

    loggingConfig names a bucket; or a log delivery source of the stack with logType ACCESS_LOGS has the distribution as
    its resourceArn, and a log delivery names that source. In an account those of us-east-1 count, where CloudFront
    keeps them.
    """
    if distribution.bucket:
        return PASS
    for source in distribution.sources:
        if source.log_type == "ACCESS_LOGS" and source.delivered:
            return PASS
    return fail("nothing records the requests to it", found="no log", wanted="a log delivery, or loggingConfig.bucket")


_PROTECTED: Final = DistributionAcl(named=True, scope="CLOUDFRONT")


@control(
    id="CloudFront.6",
    slug="cloudfront-distribution-waf-associated",
    severity=Severity.MEDIUM,
    requirements=("6.4.2",),
    families=("pci", "network"),
    source=SECURITY_HUB,
    rationale="Injection and credential stuffing go straight to the application, and a rule that would stop a new "
    "exploit within minutes has no place to be put.",
    remediation="Set web_acl_id of the aws.cloudfront.Distribution to the ARN of an aws.wafv2.WebAcl with scope "
    "CLOUDFRONT in us-east-1.",
    passes=[
        example("a web ACL", _PROTECTED),
    ],
    fails=[
        example("none", DistributionAcl()),
        example("one for load balancers", replace(_PROTECTED, scope="REGIONAL")),
        example("an id of AWS WAF Classic", replace(_PROTECTED, scope="")),
    ],
    unknowns=[
        example("it comes later", DistributionAcl(named=UNKNOWN, scope=UNKNOWN)),
        example("its scope comes later", replace(_PROTECTED, scope=UNKNOWN)),
    ],
)
def web_acl_associated(distribution: DistributionAcl) -> Verdict:
    """A web ACL looks at every request to a distribution.

    webAclId is the ARN of a web ACL of AWS WAF whose scope is CLOUDFRONT, as the stack or the ARN says. An id of AWS
    WAF Classic, which is none, fails; one that is only looked up and does not tell its scope is undecided.
    """
    if not distribution.named:
        return fail("it has no web ACL", found="no webAclId", wanted="a web ACL of scope CLOUDFRONT")
    if distribution.scope != "CLOUDFRONT":
        found = f"scope {distribution.scope}" if distribution.scope else "no ARN of a web ACL"
        return fail("its web ACL is not for CloudFront", found=found, wanted="a web ACL of scope CLOUDFRONT")
    return PASS
