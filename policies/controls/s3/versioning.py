"""Controls of the versions that S3 buckets keep."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity, Stage, Status
from policies.controls.holdings import holds_audit_records
from policies.controls.settled import gravest, settled
from policies.facts.labels import Labels
from policies.facts.policy_documents import PolicyDocument
from policies.facts.s3.lock import BucketLock, Retention
from policies.facts.s3.policy import BucketPolicy
from policies.facts.s3.version_deletion import VersionDeletion
from policies.facts.s3.versioning import ENABLED, BucketVersioning, Versioning
from policies.iam_document import Condition, Principal, Statement, covers_action, covers_resource
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable

if TYPE_CHECKING:
    from policies.settings import Settings

VERSIONED: Final = BucketVersioning(certain=(Versioning(status=ENABLED),))
WITH_MFA: Final = BucketVersioning(certain=(Versioning(status=ENABLED, mfa_delete=True),))


@control(
    id="LG-RET-04",
    slug="s3-bucket-versioned",
    severity=Severity.MEDIUM,
    requirements=("10.3.4",),
    families=("pci", "retention", "backup"),
    source="Demand of the banking, payments and fraud systems, after Security Hub S3.14, read 2026-11-20",
    rationale="A faulty job overwrites a month of settlement files, or malware encrypts them in place, and there is "
    "no earlier version to go back to.",
    remediation="Add an aws.s3.BucketVersioning for the bucket with versioning_configuration.status='Enabled'.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a versioning that is only looked up",
    passes=[example("every version is kept", VERSIONED)],
    fails=[
        example("no versioning", BucketVersioning()),
        example("suspended", BucketVersioning(certain=(Versioning(status="Suspended"),))),
        example("a versioning that says nothing", BucketVersioning(certain=(Versioning(),))),
        example(
            "one of two suspends it", replace(VERSIONED, certain=(*VERSIONED.certain, Versioning(status="Suspended")))
        ),
    ],
    unknowns=[
        example("the status comes later", BucketVersioning(certain=(Versioning(status=UNKNOWN),))),
        example("versioning whose bucket is not known", BucketVersioning(possible=VERSIONED.certain)),
    ],
)
def versioned(bucket: BucketVersioning) -> Verdict:
    """A bucket keeps what was overwritten or deleted as a version.

    Each versioning for the bucket has status Enabled; Suspended, Disabled and none at all do not count. A versioning
    that is only looked up is left to the audit.
    """
    absent = fail("it keeps no versions", found="no versioning", wanted=ENABLED)
    return settled(bucket, "versioning", _not_enabled, absent)


def _not_enabled(versioning: Any) -> Verdict | None:
    if versioning.status == ENABLED:
        return None
    return fail("it keeps no versions", found=f"status {versioning.status}", wanted=ENABLED)


_ARN: Final = "arn:aws:s3:::ledger"
WITHOUT_MFA: Final = Statement(
    effect="Deny",
    principals=(Principal(name="*"),),
    actions=("s3:DeleteObjectVersion",),
    resources=(f"{_ARN}/*",),
    conditions=(Condition(operator="Null", key="aws:multifactorauthage", values=("true",)),),
)


def _denying(*statements: Statement) -> BucketPolicy:
    return BucketPolicy(arn=_ARN, certain=(PolicyDocument(statements=statements),))


UNLOCKED: Final = BucketLock(labels=Labels(purpose="audit"))
UNGUARDED: Final = VersionDeletion(versioning=VERSIONED, policy=BucketPolicy(arn=_ARN), lock=UNLOCKED)
GUARDED: Final = replace(UNGUARDED, policy=_denying(WITHOUT_MFA), lock=replace(UNLOCKED, object_lock_enabled=True))


@control(
    id="LG-IAM-24",
    slug="s3-bucket-version-deletion-guarded",
    severity=Severity.LOW,
    requirements=("8.4.2", "10.3.2"),
    families=("pci", "identity", "retention"),
    source="Demand of the banking, payments and fraud systems, after Security Hub S3.20, read 2026-11-20",
    rationale="A thief of an administrator's session removes old versions of records for good, and the fraud that "
    "they showed cannot be proved any more.",
    remediation="Create the aws.s3.Bucket with object_lock_enabled=True and deny s3:DeleteObjectVersion to Principal * "
    "under Null aws:MultiFactorAuthAge true in its aws.s3.BucketPolicy; or let the root user switch MFA delete on.",
    deferrable=(Stage.DESIGN, Stage.DEPLOY),
    reach="a versioning, a policy or an object lock configuration that is only looked up",
    parameters=("audit_words",),
    passes=[
        example("denied without a second factor, and locked", GUARDED),
        example("MFA delete", replace(UNGUARDED, versioning=WITH_MFA)),
        example("locked by a configuration", replace(GUARDED, lock=replace(UNLOCKED, certain=(Retention(),)))),
        example(
            "deletion is denied altogether", replace(GUARDED, policy=_denying(replace(WITHOUT_MFA, conditions=())))
        ),
        example(
            "the absent factor in other words",
            replace(
                GUARDED,
                policy=_denying(
                    replace(
                        WITHOUT_MFA,
                        conditions=(
                            Condition(
                                operator="Bool", key="aws:multifactorauthpresent", values=("false",), if_exists=True
                            ),
                        ),
                    )
                ),
            ),
        ),
    ],
    fails=[
        example("neither", UNGUARDED),
        example("denied, and not locked", replace(GUARDED, lock=UNLOCKED)),
        example("locked, and not denied", replace(GUARDED, policy=BucketPolicy(arn=_ARN))),
        example(
            "another key prefix",
            replace(GUARDED, policy=_denying(replace(WITHOUT_MFA, resources=(f"{_ARN}/logs/*",)))),
        ),
        example(
            "one role alone is denied",
            replace(GUARDED, policy=_denying(replace(WITHOUT_MFA, principals=(Principal(name="111122223333"),)))),
        ),
        example(
            "a condition that an absent factor does not meet",
            replace(
                GUARDED,
                policy=_denying(
                    replace(
                        WITHOUT_MFA,
                        conditions=(Condition(operator="Bool", key="aws:multifactorauthpresent", values=("false",)),),
                    )
                ),
            ),
        ),
        example(
            "a bucket under a lock",
            replace(GUARDED, policy=BucketPolicy(arn=_ARN), lock=BucketLock(object_lock_enabled=True, labels=Labels())),
        ),
        example(
            "a word of the profile",
            replace(UNGUARDED, lock=BucketLock(labels=Labels(name="evidence"))),
            params={"audit_words": ("evidence",)},
        ),
    ],
    unknowns=[
        example("the policy comes later", replace(GUARDED, policy=BucketPolicy(arn=_ARN, certain=(UNKNOWN,)))),
        example(
            "nobody knows whether it is locked", replace(GUARDED, lock=replace(UNLOCKED, object_lock_enabled=UNKNOWN))
        ),
        example(
            "a policy whose bucket is not known",
            replace(GUARDED, policy=BucketPolicy(arn=_ARN, possible=GUARDED.policy.certain)),
        ),
    ],
    not_applicable=[
        example("a bucket of other data that is not locked", replace(UNGUARDED, lock=BucketLock(labels=Labels())))
    ],
)
def version_deletion_guarded(bucket: VersionDeletion, settings: "Settings") -> Verdict:
    """Nobody deletes a version of a record without a second factor.

    Either mfaDelete of its versioning is Enabled, or its objects are locked and its policy denies
    s3:DeleteObjectVersion on every object to Principal * under conditions that hold whenever the request has no
    aws:MultiFactorAuthAge: Null of it true, BoolIfExists aws:MultiFactorAuthPresent false, or none. A program cannot
    switch MFA delete on, and it excludes lifecycle rules. It speaks about buckets under an object lock, and those whose
    tags Purpose and DataClassification or name have the word audit or archive or one of audit_words. What is only
    looked up is left to the audit.
    """
    if not _is_for(bucket, settings.audit_words):
        return not_applicable("it is not locked, and nothing says that it holds audit or archive data")
    with_mfa = settled(bucket.versioning, "versioning", _without_mfa, _unguarded("no MFA delete"))
    if with_mfa is PASS:
        return PASS
    lock = (
        PASS
        if bucket.lock.object_lock_enabled
        else settled(bucket.lock, "object lock configuration", _off, _unlocked())
    )
    denial = settled(
        bucket.policy, "policy", lambda found: _undenied(found, bucket.policy.arn), _unguarded("no policy")
    )
    both = gravest(lock, denial)
    return with_mfa if both.status is Status.FAIL and with_mfa.status is not Status.FAIL else both


def _is_for(bucket: Any, further_words: Collection[str]) -> bool:
    return holds_audit_records(bucket.lock.labels, further_words) or bool(
        bucket.lock.object_lock_enabled or bucket.lock.certain
    )


def _unguarded(found: str) -> Verdict:
    return fail("versions are deleted without a second factor", found=found, wanted="a denial without MFA")


def _unlocked() -> Verdict:
    return fail("its objects are not locked", found="no object lock", wanted="an object lock, or MFA delete")


def _off(kept: Any) -> Verdict | None:
    return None if kept.enabled else _unlocked()


def _without_mfa(versioning: Any) -> Verdict | None:
    return None if versioning.mfa_delete else _unguarded("no MFA delete")


def _undenied(document: Any, arn: str) -> Verdict | None:
    if document.malformed:
        return fail(f"its policy is none that IAM takes: {document.malformed}")
    return None if any(_denies(each, arn) for each in document.statements) else _unguarded("no such statement")


def _denies(statement: Any, arn: str) -> bool:
    return (
        statement.effect == "Deny"
        and any(each.name == "*" for each in statement.principals or ())
        and covers_action(statement, "s3:DeleteObjectVersion")
        and covers_resource(statement, f"{arn}/*")
        and all(map(_holds_without_mfa, statement.conditions))
    )


def _holds_without_mfa(condition: Any) -> bool:
    """Tell whether a condition holds for every request that has no second factor, and so none of the two keys."""
    values = {value.lower() for value in condition.values}
    if condition.key == "aws:multifactorauthage":
        older = condition.operator in ("NumericGreaterThan", "NumericGreaterThanEquals") and condition.if_exists
        return older or (condition.operator == "Null" and "true" in values)
    absent = condition.operator == "Bool" and condition.if_exists and "false" in values
    return bool(condition.key == "aws:multifactorauthpresent" and absent)
