"""Controls of the server access logs of S3 buckets."""

from dataclasses import replace
from typing import Any, Final

from ledgergate.finding import Severity, Stage, Status
from policies.controls.s3.deliveries import ACCESS_LOGS, takes_deliveries
from policies.controls.settled import settled
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.access_log import AccessLog, BucketAccessLog
from policies.facts.s3.policy import BucketPolicy
from policies.iam_document import Principal, PrincipalKind, Statement
from policies.model import UNKNOWN, Verdict, control, example, fail, not_applicable

POLICY: Final = BucketPolicy(arn="arn:aws:s3:::ledger")
UNLOGGED: Final = BucketAccessLog(policy=POLICY)
LOGGED: Final = replace(UNLOGGED, certain=(AccessLog(target_bucket="access-logs"),))
DELIVERY: Final = Statement(
    principals=(Principal(kind=PrincipalKind.SERVICE, name=ACCESS_LOGS),),
    actions=("s3:PutObject",),
    resources=("arn:aws:s3:::ledger/*",),
)


@control(
    id="S3.9",
    slug="s3-bucket-access-logged",
    severity=Severity.MEDIUM,
    requirements=("10.2.1",),
    families=("pci", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="When files of customers turn up for sale, nobody can tell which key fetched them, from where and how "
    "many, so all must be reported as stolen.",
    remediation="Add an aws.s3.BucketLogging for the bucket with target_bucket set to the bucket that takes "
    "access logs.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a logging configuration that is only looked up",
    passes=[
        example("requests are recorded", LOGGED),
        example("a target that comes from this stack", replace(LOGGED, certain=(AccessLog(target_bucket="logs"),))),
    ],
    fails=[
        example("no logging configuration", UNLOGGED),
        example("no target", replace(UNLOGGED, certain=(AccessLog(),))),
        example("two configurations, one without a target", replace(LOGGED, certain=(*LOGGED.certain, AccessLog()))),
    ],
    unknowns=[
        example("the target comes later", replace(UNLOGGED, certain=(AccessLog(target_bucket=UNKNOWN),))),
        example("a configuration whose bucket is not known", replace(UNLOGGED, possible=LOGGED.certain)),
        example("nobody knows whether it takes records itself", replace(UNLOGGED, takes_records=UNKNOWN)),
    ],
    not_applicable=[
        example("a bucket of this stack sends its records to it", replace(UNLOGGED, takes_records=True)),
        example(
            "its policy lets S3 deliver records",
            replace(UNLOGGED, policy=replace(POLICY, certain=(PolicyDocument(statements=(DELIVERY,)),))),
        ),
    ],
)
def access_logged(bucket: BucketAccessLog) -> Verdict:
    """Every request to a bucket is recorded in another bucket's access log.

    Each logging configuration for the bucket has a targetBucket that is not empty; without one nothing is recorded. A
    bucket that takes such records itself is not applicable: a logging configuration of the stack names it as its
    target, or its policy lets logging.s3.amazonaws.com put objects into it. A configuration that is only looked up is
    left to the audit.
    """
    if bucket.takes_records:
        return not_applicable("it takes the access logs of other buckets")
    said = logged(bucket, _without_target)
    if said.status is Status.FAIL and takes_deliveries(bucket.policy, ACCESS_LOGS):
        return not_applicable("its policy lets S3 deliver access logs to it")
    return said


def logged(bucket: Any, fault: Any) -> Verdict:
    """Return whether a bucket's requests are recorded as `fault` wants it."""
    absent = fail("requests to it are not recorded", found="no logging configuration", wanted="a target bucket")
    return settled(bucket, "logging configuration", fault, absent)


def _without_target(log: Any) -> Verdict | None:
    if log.target_bucket:
        return None
    return fail("requests to it are not recorded", found="no targetBucket", wanted="a target bucket")


def without_other_target(log: Any) -> Verdict | None:
    """Return what is wrong with a log that must not end up in the bucket whose requests it records."""
    if log.target_bucket and log.to_itself:
        return fail("requests to it are recorded in itself", found=log.target_bucket, wanted="another bucket")
    return _without_target(log)
