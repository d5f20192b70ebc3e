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
from policies.facts.trails import RecordBucket, TrailBucket
from policies.model import UNKNOWN, Verdict, control, deferred, example

POLICY: Final = BucketPolicy(arn="arn:aws:s3:::records")
BLOCKED: Final = Bucket(
    block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
)
SAFE: Final = RecordBucket(
    access=BLOCKED,
    grants=BucketGrants(certain=(AccessList(canned="private"),), policy=POLICY),
    access_log=BucketAccessLog(certain=(AccessLog(target_bucket="access-logs"),), policy=POLICY),
)
_ELSEWHERE: Final = "the bucket that takes its records is not created here"


@control(
    id="CloudTrail.6",
    slug="cloudtrail-bucket-not-public",
    severity=Severity.CRITICAL,
    requirements=("1.4.4",),
    families=("pci", "network", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    remediation="Give the bucket that s3_bucket_name of the aws.cloudtrail.Trail names an "
    "aws.s3.BucketPublicAccessBlock with all four flags true, and take everybody out of its aws.s3.BucketAcl and "
    "aws.s3.BucketPolicy.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a bucket outside the stack, and companions of it that are only looked up",
    passes=[example("blocked, and granted to nobody", TrailBucket(bucket=SAFE))],
    fails=[
        example("not blocked", TrailBucket(bucket=replace(SAFE, access=Bucket()))),
        example(
            "one flag off", TrailBucket(bucket=replace(SAFE, access=replace(BLOCKED, restrict_public_buckets=False)))
        ),
        example(
            "a public access list",
            TrailBucket(
                bucket=replace(SAFE, grants=BucketGrants(certain=(AccessList(canned="public-read"),), policy=POLICY))
            ),
        ),
    ],
    unknowns=[
        example("nobody knows which bucket", TrailBucket(bucket=UNKNOWN)),
        example(
            "a flag comes later", TrailBucket(bucket=replace(SAFE, access=replace(BLOCKED, block_public_acls=UNKNOWN)))
        ),
    ],
)
def bucket_not_public(trail: TrailBucket) -> Verdict:
    """The bucket that takes a trail's records is open to nobody.

    All four flags of the bucket's access block are true (S3.8), and neither its access list nor its policy grants
    anything to everybody or to every AWS account (LG-NET-15). A bucket that s3BucketName names and this stack does not
    create is left to the audit.
    """
    if trail.bucket is None:
        return deferred(Stage.RUN, _ELSEWHERE)
    return gravest(access_block(trail.bucket.access), public_grants(trail.bucket.grants))


@control(
    id="CloudTrail.7",
    slug="cloudtrail-bucket-access-logged",
    severity=Severity.LOW,
    requirements=("10.2.1",),
    families=("pci", "logging"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    remediation="Add an aws.s3.BucketLogging for the bucket that s3_bucket_name of the aws.cloudtrail.Trail names, "
    "with target_bucket set to another bucket.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a bucket outside the stack, and a logging configuration that is only looked up",
    passes=[example("requests are recorded in another bucket", TrailBucket(bucket=SAFE))],
    fails=[
        example("no access log", TrailBucket(bucket=replace(SAFE, access_log=BucketAccessLog(policy=POLICY)))),
        example(
            "requests are recorded in the bucket itself",
            TrailBucket(
                bucket=replace(
                    SAFE,
                    access_log=BucketAccessLog(
                        certain=(AccessLog(target_bucket="records", to_itself=True),), policy=POLICY
                    ),
                )
            ),
        ),
        example(
            "no target",
            TrailBucket(bucket=replace(SAFE, access_log=BucketAccessLog(certain=(AccessLog(),), policy=POLICY))),
        ),
    ],
    unknowns=[
        example("nobody knows which bucket", TrailBucket(bucket=UNKNOWN)),
        example(
            "the target comes later",
            TrailBucket(
                bucket=replace(
                    SAFE, access_log=BucketAccessLog(certain=(AccessLog(target_bucket=UNKNOWN),), policy=POLICY)
                )
            ),
        ),
    ],
)
def bucket_access_logged(trail: TrailBucket) -> Verdict:
    """Every request to the bucket that takes a trail's records is recorded in another bucket.

    Each logging configuration for the bucket has a targetBucket that is neither empty nor the bucket itself; without
    one nothing is recorded. A bucket that s3BucketName names and this stack does not create is left to the audit.
    """
    if trail.bucket is None:
        return deferred(Stage.RUN, _ELSEWHERE)
    return logged(trail.bucket.access_log, without_other_target)
