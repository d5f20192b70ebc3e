"""Controls of what blocks public access to S3 buckets."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity, Stage
from policies.controls.s3.public import access_block
from policies.facts.s3 import Bucket
from policies.model import UNKNOWN, Verdict, control, example

BLOCKED: Final = Bucket(
    block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
)


@control(
    id="S3.8",
    slug="s3-bucket-public-access-blocked",
    severity=Severity.HIGH,
    requirements=("1.4.4",),
    families=("pci", "network"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="One careless policy or list entry, by hand or by a tool, publishes the bucket at once; the block is "
    "what refuses it before a crawler finds the files.",
    remediation="Add an aws.s3.BucketPublicAccessBlock for the bucket with all four flags true.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="an access block that is only looked up",
    passes=[example("all four flags", BLOCKED)],
    fails=[
        example("no access block", Bucket()),
        example("one flag off", replace(BLOCKED, ignore_public_acls=False)),
    ],
    unknowns=[example("a flag comes from a value known only later", replace(BLOCKED, block_public_policy=UNKNOWN))],
)
def public_access_blocked(bucket: Bucket) -> Verdict:
    """A bucket blocks every form of public access.

    An access block for the bucket sets blockPublicAcls, blockPublicPolicy, ignorePublicAcls and
    restrictPublicBuckets to true; each unset flag means false. Of several access blocks for one bucket all must. Where
    none is created, one that is looked up is left to the audit.
    """
    return access_block(bucket)
