"""Controls of the lifecycle of S3 buckets."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage
from policies.amounts import amount
from policies.controls.holdings import holds_audit_records
from policies.controls.settled import settled
from policies.facts.labels import Labels
from policies.facts.s3.lifecycle import BucketLifecycle, Lifecycle, LifecycleRule
from policies.facts.s3.versioning import BucketVersioning, Versioning
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable

if TYPE_CHECKING:
    from policies.settings import Settings

_WHAT: Final = "lifecycle configuration"

AUDIT: Final = Labels(name="ledger-records", purpose="audit")
SEVEN_YEARS: Final = LifecycleRule(expiration_days=2557, noncurrent_days=2557, aborts_uploads=True)
ENABLED: Final = BucketVersioning(certain=(Versioning(status="Enabled"),))


def _with(*rules: LifecycleRule) -> BucketLifecycle:
    return BucketLifecycle(certain=(Lifecycle(rules=rules),), labels=AUDIT, versioning=ENABLED)


@control(
    id="LG-RET-02",
    slug="s3-auditbucket-expiry-not-before-floor",
    severity=Severity.HIGH,
    requirements=("10.5.1", "3.2.1"),
    families=("pci", "retention"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="A lifecycle rule quietly deletes six-year-old records, and when the court or the tax office asks for "
    "them in the seventh there is nothing to show.",
    remediation="In the aws.s3.BucketLifecycleConfiguration set expiration.days and "
    "noncurrent_version_expiration.noncurrent_days of every enabled rule to audit_retention_days or more, or leave "
    "them out.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a lifecycle configuration that is only looked up",
    parameters=("audit_words", "audit_retention_days"),
    passes=[
        example("seven years", _with(SEVEN_YEARS)),
        example("nothing expires", _with(LifecycleRule(moves_noncurrent=True))),
        example("no lifecycle configuration", replace(_with(), certain=())),
        example("a rule that is switched off", _with(LifecycleRule(enabled=False, expiration_days=1))),
        example(
            "one year where that is asked",
            _with(LifecycleRule(expiration_days=365)),
            params={"audit_retention_days": 365},
        ),
    ],
    fails=[
        example("records expire a day early", _with(replace(SEVEN_YEARS, expiration_days=2556))),
        example("versions expire after a month", _with(replace(SEVEN_YEARS, noncurrent_days=30))),
        example("records expire on a date, whatever their age", _with(LifecycleRule(expiration_date="2027-01-01"))),
        example("one rule of two", _with(SEVEN_YEARS, LifecycleRule(expiration_days=90))),
        example(
            "a word of the profile",
            replace(_with(LifecycleRule(expiration_days=90)), labels=Labels(name="evidence")),
            params={"audit_words": ("evidence",)},
        ),
    ],
    unknowns=[
        example("the days come later", _with(replace(SEVEN_YEARS, expiration_days=UNKNOWN))),
        example("nobody knows whether the rule is in force", _with(LifecycleRule(enabled=UNKNOWN, expiration_days=1))),
        example(
            "rules that are too short, for a bucket that is not known",
            replace(_with(), certain=(), possible=(Lifecycle(rules=(LifecycleRule(expiration_days=1),)),)),
        ),
    ],
    not_applicable=[example("a bucket of other data", replace(_with(SEVEN_YEARS), labels=Labels(name="assets")))],
)
def expiry_not_before_floor(bucket: BucketLifecycle, settings: "Settings") -> Verdict:
    """No lifecycle rule removes records from an audit bucket before their time.

    No enabled rule of a lifecycle configuration for the bucket expires current objects after fewer than
    audit_retention_days days or on a date, or noncurrent versions after fewer days than that, whatever objects its
    filter is for. Rules that expire nothing, rules that are off, and a bucket without a configuration pass. It speaks
    about buckets whose tags Purpose and DataClassification or name have the word audit or archive or one of
    audit_words. A configuration that is only looked up is left to the audit.
    """
    if not holds_audit_records(bucket.labels, settings.audit_words):
        return not_applicable("neither its name nor its tags say that it holds audit or archive data")
    return settled(bucket, _WHAT, lambda found: _too_early(found, settings.audit_retention_days), PASS)


def _too_early(configuration: Any, wanted_days: int) -> Verdict | None:
    wanted = amount(wanted_days, "day")
    for rule in configuration.rules:
        if not rule.enabled:
            continue
        if rule.expiration_date:
            return fail("records expire whatever their age", found=f"on {rule.expiration_date}", wanted=wanted)
        if rule.expiration_days is not None and rule.expiration_days < wanted_days:
            return fail("records expire before their time", found=amount(rule.expiration_days, "day"), wanted=wanted)
        if rule.noncurrent_days is not None and rule.noncurrent_days < wanted_days:
            found = f"noncurrent versions after {amount(rule.noncurrent_days, 'day')}"
            return fail("records expire before their time", found=found, wanted=wanted)
    return None


MOVING: Final = LifecycleRule(moves_noncurrent=True)
ABORTING: Final = LifecycleRule(aborts_uploads=True)


@control(
    id="LG-RET-03",
    slug="s3-bucket-lifecycle-configured",
    severity=Severity.LOW,
    requirements=("3.2.1", "10.5.1"),
    families=("pci", "retention"),
    source="Demand of the banking, payments and fraud systems, after Security Hub S3.10 and S3.13, read 2026-11-20",
    rationale="Half-finished uploads and old versions with card data pile up unseen for years: they are paid for, "
    "found by a thief, and exceed what may be kept.",
    remediation="Add an aws.s3.BucketLifecycleConfiguration with an enabled rule that has "
    "abort_incomplete_multipart_upload, and for a versioned bucket noncurrent_version_expiration or "
    "noncurrent_version_transitions.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a lifecycle configuration or a versioning that is only looked up",
    passes=[
        example("one rule for all", _with(SEVEN_YEARS)),
        example("a rule for each", _with(MOVING, ABORTING)),
        example("without versions", replace(_with(ABORTING), versioning=BucketVersioning())),
        example("an old version moves", _with(replace(MOVING, aborts_uploads=True))),
    ],
    fails=[
        example("no lifecycle configuration", replace(_with(), certain=())),
        example("no rule", _with()),
        example("no rule that is in force", _with(replace(SEVEN_YEARS, enabled=False))),
        example("uploads stay", _with(replace(SEVEN_YEARS, aborts_uploads=False))),
        example("versions stay", _with(replace(SEVEN_YEARS, noncurrent_days=None))),
        example(
            "versions of a bucket whose versioning is suspended stay",
            replace(_with(ABORTING), versioning=BucketVersioning(certain=(Versioning(status="Suspended"),))),
        ),
    ],
    unknowns=[
        example("nobody knows whether the rule is in force", _with(replace(SEVEN_YEARS, enabled=UNKNOWN))),
        example(
            "a configuration whose bucket is not known",
            replace(_with(), certain=(), possible=_with(SEVEN_YEARS).certain),
        ),
        example(
            "versioning whose bucket is not known",
            replace(_with(ABORTING), versioning=BucketVersioning(possible=ENABLED.certain)),
        ),
    ],
)
def lifecycle_configured(bucket: BucketLifecycle) -> Verdict:
    """A bucket lets go of what nobody needs: uploads that were never completed, and old versions.

    A lifecycle configuration for the bucket has enabled rules, one of which has abortIncompleteMultipartUpload; where
    its versioning is Enabled or Suspended, one has noncurrentVersionExpiration or noncurrentVersionTransitions. The
    filters of the rules do not matter. A configuration, or a versioning that decides, which is only looked up is left
    to the audit.
    """
    absent = fail("nothing in it ever goes", found=f"no {_WHAT}", wanted="a rule that is enabled")
    return settled(bucket, _WHAT, lambda found: _leaves_things(found, bucket.versioning), absent)


def _leaves_things(configuration: Any, versioning: Any) -> Verdict | None:
    rules = [rule for rule in configuration.rules if rule.enabled]
    if not rules:
        return fail("nothing in it ever goes", found="no rule that is enabled", wanted="a rule that is enabled")
    if not any(rule.aborts_uploads for rule in rules):
        return fail("uploads that were never completed stay", found="no abortIncompleteMultipartUpload", wanted="days")
    if any(rule.moves_noncurrent or rule.noncurrent_days is not None for rule in rules):
        return None
    said = settled(versioning, "versioning", _keeps_versions, PASS)
    return None if said is PASS else said


def _keeps_versions(versioning: Any) -> Verdict | None:
    if versioning.status == "Disabled":
        return None
    found = f"versioning {versioning.status} and no rule for noncurrent versions"
    return fail("old versions stay", found=found, wanted="noncurrentVersionExpiration")
