"""Controls of what stands between a store and its loss."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.amounts import amount
from policies.facts.deletion import DeletionProtection, FinalCopy, LastResort
from policies.model import UNKNOWN, Verdict, control, example, not_applicable, require
from policies.vocabulary import EnvironmentClass

if TYPE_CHECKING:
    from policies.settings import Settings

SOURCE: Final = "Demand of the banking and fraud systems, read 2026-11-20"
MIN_SECRET_DAYS: Final = 7
"""Shortest window that Secrets Manager takes besides none. Source: DeleteSecret API reference, read 2026-11-20."""

FOR_A_WHILE: Final[dict[str, Any]] = {"destroyable": True, "environment_class": EnvironmentClass.DEV}
FOR_GOOD: Final[dict[str, Any]] = {"destroyable": True, "environment_class": EnvironmentClass.PROD}
PROTECTED: Final = DeletionProtection(on=True)
OPEN: Final = DeletionProtection()


@control(
    id="LG-DR-06",
    slug="common-resource-deletion-protected",
    severity=Severity.HIGH,
    requirements=(),
    families=("resilience",),
    source=SOURCE,
    rationale="A wrong stack name in a terminal, or a replacement hidden in a long preview, deletes the production "
    "database in seconds, and service stops until it is restored.",
    remediation="Set deletion_protection=True on the aws.rds.Cluster, aws.rds.Instance or aws.rds.GlobalCluster, "
    "deletion_protection_enabled=True on the aws.dynamodb.Table or TableReplica, enable_deletion_protection=True on "
    'the aws.lb.LoadBalancer, deletion_protection="ACTIVE" on the aws.cognito.UserPool.',
    parameters=("destroyable", "environment_class"),
    passes=[example("protected", PROTECTED)],
    fails=[
        example("not protected, as by default", OPEN),
        example("destroyable, but of class prod", OPEN, FOR_GOOD),
    ],
    unknowns=[example("set later", replace(PROTECTED, on=UNKNOWN))],
    not_applicable=[example("an environment that is made to be destroyed", OPEN, FOR_A_WHILE)],
)
def deletion_protected(resource: DeletionProtection, settings: "Settings") -> Verdict:
    """A store or an entry point cannot be deleted by mistake.

    deletionProtection of clusters, instances and global databases, deletionProtectionEnabled of tables and their
    replicas and enableDeletionProtection of load balancers is true, deletionProtection of user pools is ACTIVE; unset
    means off. Stacks that are destroyable are not applicable, unless they are of class prod.
    """
    if _is_made_to_be_destroyed(settings):
        return not_applicable("its stack is made to be destroyed")
    return require(resource.on, "it is not protected from deletion", found="off", wanted=f"{resource.property} on")


def _is_made_to_be_destroyed(settings: "Settings") -> bool:
    return settings.destroyable and settings.environment_class is not EnvironmentClass.PROD


KEY: Final = FinalCopy(kind=LastResort.KEY, property="deletionWindowInDays", window_days=30)
SECRET: Final = FinalCopy(kind=LastResort.SECRET, property="recoveryWindowInDays", window_days=7)
DATABASE: Final = FinalCopy(kind=LastResort.SNAPSHOT, property="skipFinalSnapshot")


@control(
    id="LG-DR-07",
    slug="common-datastore-final-copy-kept",
    severity=Severity.HIGH,
    requirements=(),
    families=("resilience", "retention"),
    source=SOURCE,
    rationale="A mistaken destroy of the wrong stack takes the last copy with it: without a final snapshot or a "
    "waiting time, nobody can bring back data or keys.",
    remediation="Remove force_destroy, force_delete and skip_final_snapshot and name a final_snapshot_identifier; set "
    "recovery_window_in_days of an aws.secretsmanager.Secret to 7 or more and deletion_window_in_days of an "
    "aws.kms.Key to what the profile demands.",
    not_read="what is left of a store is said in the call that deletes it, and no account shows that beforehand",
    parameters=("destroyable", "environment_class", "min_key_deletion_days"),
    passes=[
        example("a bucket that goes only when it is empty", FinalCopy()),
        example("a database with a last snapshot", DATABASE),
        example("a secret that can be brought back for a week", SECRET),
        example("a key that can be kept for 30 days", KEY),
    ],
    fails=[
        example("a bucket that goes with what it holds", FinalCopy(given_up=True)),
        example("a database without a last snapshot", replace(DATABASE, given_up=True)),
        example("a secret that is gone at once", replace(SECRET, window_days=0)),
        example("a key that is gone after a week", replace(KEY, window_days=7)),
        example("destroyable, but of class prod", FinalCopy(given_up=True), FOR_GOOD),
    ],
    unknowns=[
        example("set later", FinalCopy(given_up=UNKNOWN)),
        example("the window comes later", replace(KEY, window_days=UNKNOWN)),
    ],
    not_applicable=[
        example("an environment that is made to be destroyed", FinalCopy(given_up=True), FOR_A_WHILE),
        example("a read replica", replace(DATABASE, given_up=True, replica=True)),
    ],
)
def final_copy_kept(store: FinalCopy, settings: "Settings") -> Verdict:
    """A store that is deleted leaves something from which it can be brought back.

    forceDestroy of buckets and backup vaults, forceDelete of image repositories and skipFinalSnapshot of databases are
    not true; recoveryWindowInDays of a secret is 7 or more and deletionWindowInDays of a key min_key_deletion_days or
    more, both 30 when unset. RDS takes no snapshot of a read replica, which is not applicable, and neither are stacks
    that are destroyable, unless they are of class prod.
    """
    if _is_made_to_be_destroyed(settings):
        return not_applicable("its stack is made to be destroyed")
    if store.kind in (LastResort.SECRET, LastResort.KEY):
        least = MIN_SECRET_DAYS if store.kind is LastResort.SECRET else settings.min_key_deletion_days
        days = store.window_days
        message = "it cannot be brought back for long enough"
        return require(
            days >= least, message, found=f"{store.property} {days}", wanted=f"{amount(least, 'day')} or more"
        )
    if store.replica:
        return not_applicable("RDS takes no snapshot of a read replica")
    message = "nothing is left of it when it is deleted"
    return require(not store.given_up, message, found=f"{store.property} true", wanted="false")
