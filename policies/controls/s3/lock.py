"""Controls of the object locks of S3 buckets."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage
from policies.amounts import amount
from policies.controls.holdings import holds_audit_records, holds_cardholder_data
from policies.controls.settled import settled
from policies.facts.labels import Labels
from policies.facts.s3.lock import BucketLock, Retention
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require
from policies.vocabulary import EnvironmentClass, LockMode, LockScope

if TYPE_CHECKING:
    from policies.settings import Settings

_WHAT: Final = "object lock configuration"
_DAYS_A_YEAR: Final = 365.25

AUDIT: Final = Labels(name="ledger-records", purpose="audit")
OPEN: Final = BucketLock(labels=AUDIT)
SEVEN_YEARS: Final = Retention(mode="COMPLIANCE", years=7)
LOCKED: Final = BucketLock(object_lock_enabled=True, certain=(SEVEN_YEARS,), labels=AUDIT)


def _kept(retention: Retention) -> BucketLock:
    return replace(LOCKED, certain=(retention,))


@control(
    id="S3.15",
    slug="s3-bucket-object-locked",
    severity=Severity.MEDIUM,
    requirements=("10.5.1",),
    families=("pci", "retention"),
    source="AWS Security Hub, PCI DSS v4.0.1 standard, read 2026-11-20",
    rationale="Whoever has write access replaces or deletes archived records without trace, and an auditor can no "
    "longer rely on any of them as evidence.",
    remediation="Create the aws.s3.Bucket with object_lock_enabled=True, or add an "
    "aws.s3.BucketObjectLockConfiguration for it; set rule.default_retention.mode where object_lock_mode asks for one.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="an object lock configuration that is only looked up",
    parameters=("audit_words", "object_lock_mode", "object_lock_scope"),
    passes=[
        example("locked from the beginning", BucketLock(object_lock_enabled=True, labels=AUDIT)),
        example("locked by a configuration", replace(LOCKED, object_lock_enabled=False)),
        example("the mode that is asked for", LOCKED, params={"object_lock_mode": LockMode.COMPLIANCE}),
    ],
    fails=[
        example("an audit bucket without a lock", OPEN),
        example("cardholder data without a lock", BucketLock(labels=Labels(data_classification="cardholder"))),
        example("an archive by its name", BucketLock(labels=Labels(name="ledger-archive-eu"))),
        example(
            "a word of the profile",
            BucketLock(labels=Labels(purpose="evidence")),
            params={"audit_words": ("evidence",)},
        ),
        example("every bucket", BucketLock(labels=Labels()), params={"object_lock_scope": LockScope.ALL}),
        example("another mode", LOCKED, params={"object_lock_mode": LockMode.GOVERNANCE}),
        example(
            "no mode at all",
            BucketLock(object_lock_enabled=True, labels=AUDIT),
            params={"object_lock_mode": LockMode.COMPLIANCE},
        ),
    ],
    unknowns=[
        example("nobody knows whether it is locked", replace(OPEN, object_lock_enabled=UNKNOWN)),
        example("a configuration whose bucket is not known", replace(OPEN, possible=LOCKED.certain)),
        example("nobody knows its purpose", BucketLock(labels=Labels(purpose=UNKNOWN))),
    ],
    not_applicable=[
        example("a bucket of other data", BucketLock(labels=Labels(name="assets", purpose="static-assets")))
    ],
)
def object_locked(bucket: BucketLock, settings: "Settings") -> Verdict:
    """A bucket of audit, archive or cardholder data locks its objects against change.

    objectLockEnabled of the bucket is true, or an object lock configuration for it is in force; unless object_lock_mode
    is any, every such configuration has a default retention of that mode. It speaks about buckets whose tag
    DataClassification is cardholder, or whose tags Purpose and DataClassification or name have the word audit or
    archive or one of audit_words; with object_lock_scope all about every bucket. A configuration that is only looked up
    is left to the audit.
    """
    everywhere = settings.object_lock_scope is LockScope.ALL
    if not (
        everywhere or holds_audit_records(bucket.labels, settings.audit_words) or holds_cardholder_data(bucket.labels)
    ):
        return not_applicable("neither its name nor its tags say that it holds audit, archive or cardholder data")
    if settings.object_lock_mode is LockMode.ANY:
        return PASS if bucket.object_lock_enabled else settled(bucket, _WHAT, _not_in_force, _unlocked())
    wanted = settings.object_lock_mode.value
    return settled(bucket, _WHAT, lambda kept: _not_in_force(kept) or _other_mode(kept, (wanted,)), _unlocked())


def _unlocked() -> Verdict:
    return fail("its objects are not locked", found="no object lock", wanted="an object lock")


def _not_in_force(kept: Any) -> Verdict | None:
    return None if kept.enabled else _unlocked()


def _other_mode(kept: Any, wanted: tuple[str, ...]) -> Verdict | None:
    if kept.mode in wanted:
        return None
    found = f"mode {kept.mode}" if kept.mode else "no default retention"
    return fail("its default retention has another mode", found=found, wanted=" or ".join(wanted))


@control(
    id="LG-RET-01",
    slug="s3-auditbucket-object-lock-floor",
    severity=Severity.HIGH,
    requirements=("10.5.1", "10.3.4"),
    families=("pci", "retention"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="An insider deletes the traces of a fraud, or ransomware deletes everything; without a lock nothing "
    "stops whoever holds rights on the bucket.",
    remediation="Add an aws.s3.BucketObjectLockConfiguration whose rule.default_retention has days or years that "
    "make up audit_retention_days, in mode COMPLIANCE (GOVERNANCE is enough below class prod).",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="an object lock configuration that is only looked up",
    parameters=("audit_words", "audit_retention_days", "environment_class"),
    passes=[
        example("seven years", LOCKED),
        example("as many days", _kept(Retention(mode="COMPLIANCE", days=2557))),
        example(
            "a lock that can be lifted, below prod",
            _kept(Retention(mode="GOVERNANCE", years=7)),
            params={"environment_class": EnvironmentClass.DEV},
        ),
        example(
            "one year where that is asked",
            _kept(Retention(mode="COMPLIANCE", days=365)),
            params={"audit_retention_days": 365},
        ),
    ],
    fails=[
        example("no object lock", OPEN),
        example("no default retention", BucketLock(object_lock_enabled=True, labels=AUDIT)),
        example("a configuration without one", _kept(Retention())),
        example("a day short", _kept(Retention(mode="COMPLIANCE", days=2556))),
        example("six years", _kept(Retention(mode="COMPLIANCE", years=6))),
        example("a lock that can be lifted, in prod", _kept(Retention(mode="GOVERNANCE", years=7))),
        example(
            "a word of the profile", BucketLock(labels=Labels(name="evidence")), params={"audit_words": ("evidence",)}
        ),
        example("a configuration that is switched off", _kept(replace(SEVEN_YEARS, enabled=False))),
    ],
    unknowns=[
        example("the mode comes later", _kept(Retention(mode=UNKNOWN, years=7))),
        example("the days come later", _kept(Retention(mode="COMPLIANCE", days=UNKNOWN))),
        example("a configuration whose bucket is not known", replace(OPEN, possible=LOCKED.certain)),
    ],
    not_applicable=[example("a bucket of other data", BucketLock(labels=Labels(name="assets")))],
)
def audit_lock_floor(bucket: BucketLock, settings: "Settings") -> Verdict:
    """Records in an audit bucket are locked by default for as long as they must be kept.

    Every object lock configuration for the bucket has a default retention of at least audit_retention_days, years
    counting 365.25 days each and rounded up; its mode is COMPLIANCE in class prod, COMPLIANCE or GOVERNANCE below. A
    bucket without such a configuration fails. It speaks about buckets whose tags Purpose and DataClassification or name
    have the word audit or archive or one of audit_words. A configuration that is only looked up is left to the audit.
    """
    if not holds_audit_records(bucket.labels, settings.audit_words):
        return not_applicable("neither its name nor its tags say that it holds audit or archive data")
    in_prod = settings.environment_class is EnvironmentClass.PROD
    modes = ("COMPLIANCE",) if in_prod else ("COMPLIANCE", "GOVERNANCE")

    def fault(kept: Any) -> Verdict | None:
        # The time first: a waiver of the mode must not hide that it is too short.
        return _not_in_force(kept) or _too_short(kept, settings.audit_retention_days) or _other_mode(kept, modes)

    return settled(bucket, _WHAT, fault, _unlocked())


def _too_short(kept: Any, wanted_days: int) -> Verdict | None:
    days = kept.days if kept.days is not None else math.ceil((kept.years or 0) * _DAYS_A_YEAR)
    said = require(
        days >= wanted_days,
        "its records are not locked as long as they must be kept",
        found=amount(days, "day"),
        wanted=amount(wanted_days, "day"),
    )
    return None if said is PASS else said
