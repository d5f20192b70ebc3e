"""Controls of the buckets that take the records of trails."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity, Stage
from policies.controls.s3.access_log import logged, without_other_target
from policies.controls.s3.public import access_block, public_grants
from policies.controls.settled import gravest
from policies.facts.s3 import Bucket
from policies.facts.s3.access_log import AccessLog, BucketAccessLog
from policies.facts.s3.grants import AccessList, BucketGrants
from policies.facts.s3.policy import BucketPolicy
from policies.facts.trails import Exposure, TrailAccessLog, TrailExposure
from policies.model import UNKNOWN, Verdict, control, deferred, example

POLICY: Final = BucketPolicy(arn="arn:aws:s3:::records")
BLOCKED: Final = Bucket(
    block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
)
SAFE: Final = Exposure(access=BLOCKED, grants=BucketGrants(certain=(AccessList(canned="private"),), policy=POLICY))
UNLOGGED: Final = BucketAccessLog(policy=POLICY)
_ELSEWHERE: Final = "the bucket that takes its records is not created here"


@control(
    id="CloudTrail.6",
    slug="cloudtrail-bucket-not-public",
    severity=Severity.CRITICAL,
    requirements=("1.4.4",),
    families=("pci", "network", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="A stranger who reads the trail learns names of roles, buckets and keys and plans with them; one who "
    "may write plants records or removes those that tell on intruders.",
    remediation="Give the bucket that s3_bucket_name of the aws.cloudtrail.Trail names an "
    "aws.s3.BucketPublicAccessBlock with all four flags true, and take everybody out of its aws.s3.BucketAcl and "
    "aws.s3.BucketPolicy.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a bucket outside the stack, and companions of it that are only looked up",
    passes=[example("blocked, and granted to nobody", TrailExposure(bucket=SAFE))],
    fails=[
        example("not blocked", TrailExposure(bucket=replace(SAFE, access=Bucket()))),
        example(
            "one flag off",
            TrailExposure(bucket=replace(SAFE, access=replace(BLOCKED, restrict_public_buckets=False))),
        ),
        example(
            "a public access list",
            TrailExposure(
                bucket=replace(SAFE, grants=replace(SAFE.grants, certain=(AccessList(canned="public-read"),)))
            ),
        ),
    ],
    unknowns=[
        example("nobody knows which bucket", TrailExposure(bucket=UNKNOWN)),
        example(
            "a flag comes later",
            TrailExposure(bucket=replace(SAFE, access=replace(BLOCKED, block_public_acls=UNKNOWN))),
        ),
    ],
)
def bucket_not_public(trail: TrailExposure) -> Verdict:
    """The bucket that takes a trail's records is open to nobody.

    All four flags of the bucket's access block are true (S3.8), and neither its access list nor its policy grants
    anything to everybody or to every AWS account (LG-NET-15). A bucket that s3BucketName names and this stack does not
    create is left to the audit.
    """
    if trail.bucket is None:
        return deferred(Stage.RUN, _ELSEWHERE)
    return gravest(access_block(trail.bucket.access), public_grants(trail.bucket.grants))


def _logging(log: AccessLog) -> TrailAccessLog:
    return TrailAccessLog(bucket=replace(UNLOGGED, certain=(log,)))


@control(
    id="CloudTrail.7",
    slug="cloudtrail-bucket-access-logged",
    severity=Severity.LOW,
    requirements=("10.2.1",),
    families=("pci", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="An insider who downloads or tries to delete records of the trail leaves no trace of it, so an "
    "investigation cannot say whether its evidence was touched.",
    remediation="Add an aws.s3.BucketLogging for the bucket that s3_bucket_name of the aws.cloudtrail.Trail names, "
    "with target_bucket set to another bucket.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a bucket outside the stack, and a logging configuration that is only looked up",
    passes=[example("requests are recorded in another bucket", _logging(AccessLog(target_bucket="access-logs")))],
    fails=[
        example("no access log", TrailAccessLog(bucket=UNLOGGED)),
        example("requests are recorded in itself", _logging(AccessLog(target_bucket="records", to_itself=True))),
        example("no target", _logging(AccessLog())),
    ],
    unknowns=[
        example("nobody knows which bucket", TrailAccessLog(bucket=UNKNOWN)),
        example("the target comes later", _logging(AccessLog(target_bucket=UNKNOWN))),
    ],
)
def bucket_access_logged(trail: TrailAccessLog) -> Verdict:
    """Every request to the bucket that takes a trail's records is recorded in another bucket.

    Each logging configuration for the bucket has a targetBucket that is neither empty nor the bucket itself; without
    one nothing is recorded. A bucket that s3BucketName names and this stack does not create is left to the audit.
    """
    if trail.bucket is None:
        return deferred(Stage.RUN, _ELSEWHERE)
    return logged(trail.bucket, without_other_target)
