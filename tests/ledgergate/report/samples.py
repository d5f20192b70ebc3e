"""Findings and reports to write."""

from dataclasses import replace

from ledgergate.finding import Finding, Severity, Source, Status
from ledgergate.report import Report, StackReport
from ledgergate.report.rule import Rule

BUCKET = "aws:s3/bucket:Bucket"
FAILED = Finding(
    control="S3.8",
    slug="s3-bucket-public-access-blocked",
    status=Status.FAIL,
    severity=Severity.HIGH,
    requirements=("1.4.4",),
    message="public access is not blocked",
    resource=f"urn:pulumi:prod::shop::{BUCKET}::logs",
    type=BUCKET,
    program="shop",
    stack="prod",
    found="ignorePublicAcls is false",
    wanted="all four flags true",
    source=Source("components/bucket.py", 41, "__main__.py", 7),
    observed_at="2026-11-21T00:00:00Z",
)
PASSED = replace(FAILED, status=Status.PASS, message="", found="", wanted="")
UNDECIDED = replace(FAILED, status=Status.UNKNOWN, message="`acl` is not known before deployment")
WAIVED = replace(FAILED, waiver="W-1")
DEFERRED = replace(FAILED, status=Status.DEFERRED, message="the bucket is outside the stack")
NOT_APPLICABLE = replace(FAILED, status=Status.NOT_APPLICABLE, resource="", type="", source=None)


def in_stack(finding: Finding, stack: str) -> Finding:
    """Return the same finding in another stack."""
    return replace(finding, stack=stack, resource=finding.resource.replace(":prod:", f":{stack}:"))


def judged(*findings: Finding, stack: str = "prod") -> StackReport:
    """Return a stack with these findings."""
    moved = tuple(in_stack(finding, stack) for finding in findings)
    return StackReport("shop", stack, moved, 12, "symbolic", {"aws:ec2/getAmi:getAmi": 2}, 1.25)


RULE = Rule(
    control="S3.8",
    slug="s3-bucket-public-access-blocked",
    title="A bucket blocks public access.",
    condition="All four flags are true; unset means false.\n\nBuckets outside the stack are left to the audit.",
    severity=Severity.HIGH,
    rationale="A crawler finds the files and sells them.",
    remediation="Add a public access block.",
    requirements=("1.4.4",),
    families=("pci", "network"),
    source="Demand of the shop, read 2026-11-20",
)
BROKEN = StackReport("shop", "dev", error="shop/dev: the program failed: ValueError: no")
STOPPED = StackReport("shop", "dev", stopped=True)


def report(*stacks: StackReport, errors: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Report:
    """Return a report over these stacks."""
    return Report(stacks, {RULE.control: RULE}, errors, notes, "2026-11-21T00:00:00Z")
