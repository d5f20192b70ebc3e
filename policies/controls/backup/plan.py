"""Controls of backup plans."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.amounts import amount
from policies.facts.backup.plans import BackupCopy, BackupPlan, BackupRule, CopiedPlan, CopiedRule
from policies.facts.backup.restore_tests import RestoreTest, TriedPlan
from policies.facts.schedules import longest_wait_days, longest_wait_hours
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, require

if TYPE_CHECKING:
    from policies.settings import Settings

_LONGEST_CONTINUOUS: Final = 35
"""Days that a continuous backup is kept at most. Source: BackupRule, AWS Backup API reference, read 2026-11-30."""

DAILY: Final = BackupRule(schedule="cron(0 3 * * ? *)", delete_after_days=30)
MONTHLY: Final = BackupRule(schedule="cron(0 3 1 * ? *)", delete_after_days=2557)
CONTINUOUS: Final = BackupRule(continuous=True, delete_after_days=35)
_SEVEN_YEARS: Final[dict[str, Any]] = {"min_backup_days": 2557}


def _plan(*rules: BackupRule) -> BackupPlan:
    return BackupPlan(rules=rules)


@control(
    id="LG-RET-07",
    slug="backup-plan-frequency-and-retention-floor",
    severity=Severity.MEDIUM,
    requirements=("3.2.1", "10.5.1"),
    families=("pci", "retention", "backup"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="With a backup once a week, six days of bookings are lost in a crash; with copies kept a few days, an "
    "error found at month's end cannot be undone.",
    remediation="Give the aws.backup.Plan a rule whose schedule fires every max_backup_hours or more often, and every "
    "rule a lifecycle with delete_after of min_backup_days or more, or none.",
    parameters=("max_backup_hours", "min_backup_days"),
    passes=[
        example("every day, for 30 days", _plan(DAILY)),
        example("every day by default, for good", _plan(BackupRule())),
        example("a monthly one beside it", _plan(DAILY, MONTHLY)),
        example("continuous, for 35 days", _plan(CONTINUOUS)),
        example("continuous, and snapshots for seven years", _plan(CONTINUOUS, MONTHLY), _SEVEN_YEARS),
        example("four times a day", _plan(replace(DAILY, schedule="cron(0 */6 * * ? *)")), {"max_backup_hours": 6}),
    ],
    fails=[
        example("no rule", _plan()),
        example("every week", _plan(replace(DAILY, schedule="cron(0 3 ? * SUN *)"))),
        example("a schedule that never fires", _plan(replace(DAILY, schedule="daily"))),
        example("for a week", _plan(replace(DAILY, delete_after_days=7))),
        example("one of two rules for a week", _plan(DAILY, replace(MONTHLY, delete_after_days=7))),
        example("continuous alone, where seven years are asked", _plan(CONTINUOUS), _SEVEN_YEARS),
        example("continuous for longer than that is possible", _plan(DAILY, replace(CONTINUOUS, delete_after_days=90))),
        example("continuous without an end", _plan(DAILY, replace(CONTINUOUS, delete_after_days=None))),
        example("every day, where four times are asked", _plan(DAILY), {"max_backup_hours": 6}),
    ],
    unknowns=[
        example("the rules come later", BackupPlan(rules=UNKNOWN)),
        example("the schedule comes later", _plan(replace(DAILY, schedule=UNKNOWN))),
        example("the days come later", _plan(replace(DAILY, delete_after_days=UNKNOWN))),
    ],
)
def frequent_and_kept(plan: BackupPlan, settings: "Settings") -> Verdict:
    """A plan backs up often enough, and keeps what it makes long enough.

    Some rule's schedule, every day at five when unset, lets at most max_backup_hours pass. lifecycle.deleteAfter of
    every rule is min_backup_days or more, or unset. A rule with enableContinuousBackup keeps 35 days at most; where
    that is less than min_backup_days, another rule that makes snapshots keeps them for long enough.
    """
    rules = tuple(plan.rules)
    floor, hours = settings.min_backup_days, settings.max_backup_hours
    long_enough = [not rule.continuous and _is_kept(rule.delete_after_days, floor) for rule in rules]
    for rule in rules:
        problem = _retention_problem(rule, floor, snapshots_kept=any(long_enough))
        if problem is not None:
            return problem
    waits = [wait for rule in rules if (wait := longest_wait_hours(rule.schedule)) is not None]
    message = "it does not back up often enough"
    found = f"every {amount(min(waits), 'hour')}" if waits else "no schedule that fires regularly"
    return require(waits and min(waits) <= hours, message, found=found, wanted=f"every {amount(hours, 'hour')}")


def _is_kept(days: int | None, floor: int) -> bool:
    return days is None or days >= floor


def _retention_problem(rule: Any, floor: int, *, snapshots_kept: bool) -> Verdict | None:
    days = rule.delete_after_days
    if rule.continuous and (days is None or days > _LONGEST_CONTINUOUS):
        found = "no deleteAfter" if days is None else amount(days, "day")
        return fail("a continuous backup cannot be kept so long", found=found, wanted=f"{_LONGEST_CONTINUOUS} or less")
    if _is_kept(days, floor) or (rule.continuous and snapshots_kept):
        return None
    return fail(
        "what it makes is not kept long enough",
        found=amount(days, "day"),
        wanted=f"{amount(floor, 'day')} or more",
    )


_COPY: Final = BackupCopy(region="us-west-2", delete_after_days=30)
COPIED: Final = CopiedPlan(region="us-east-1", rules=(CopiedRule(name="daily", copies=(_COPY,)),))
_PAYMENTS: Final[dict[str, Any]] = {"system": "payments"}


def _copied(*copies: BackupCopy) -> CopiedPlan:
    return replace(COPIED, rules=(CopiedRule(name="daily", copies=copies),))


@control(
    id="LG-DR-04",
    slug="backup-plan-copied-to-second-region",
    severity=Severity.HIGH,
    requirements=(),
    families=("backup", "resilience"),
    source="Demand of the banking and payments systems, read 2026-11-20",
    rationale="When the Region is lost, or somebody deletes everything in it with stolen rights, the backups go with "
    "the databases that they were for.",
    remediation="Give each rule of the aws.backup.Plan an entry in copy_actions whose destination_vault_arn is a vault "
    "of another Region, with a lifecycle whose delete_after is min_backup_days or more, or none.",
    parameters=("copied_backup_systems", "min_backup_days", "system"),
    passes=[
        example("copied, and kept as long", COPIED, _PAYMENTS),
        example("copied, and kept for good", _copied(replace(_COPY, delete_after_days=None)), _PAYMENTS),
        example("one of two copies", _copied(replace(_COPY, region="us-east-1"), _COPY), _PAYMENTS),
    ],
    fails=[
        example("not copied", _copied(), _PAYMENTS),
        example("copied within the Region", _copied(replace(_COPY, region="us-east-1")), _PAYMENTS),
        example("copied for a week", _copied(replace(_COPY, delete_after_days=7)), _PAYMENTS),
        example("one of two rules", replace(COPIED, rules=(*COPIED.rules, CopiedRule(name="monthly"))), _PAYMENTS),
        example("no rule", replace(COPIED, rules=()), _PAYMENTS),
    ],
    unknowns=[
        example("the vault comes later", _copied(replace(_COPY, region=UNKNOWN)), _PAYMENTS),
        example("the days come later", _copied(replace(_COPY, delete_after_days=UNKNOWN)), _PAYMENTS),
        example("the copies come later", replace(COPIED, rules=(CopiedRule(copies=UNKNOWN),)), _PAYMENTS),
    ],
    not_applicable=[example("another system", _copied(), {"system": "fraud"})],
)
def copied_to_second_region(plan: CopiedPlan, settings: "Settings") -> Verdict:
    """What a plan backs up outlives the loss of its Region.

    In the systems of copied_backup_systems, each rule has an entry in copyActions whose vault is in another Region than
    the plan and whose lifecycle.deleteAfter is min_backup_days or more, or unset. What AWS Backup backs up are data
    stores, so every rule of every plan counts. Other systems are not applicable.
    """
    if settings.system not in settings.copied_backup_systems:
        return not_applicable("its system copies no backups to other Regions")
    floor, rules = settings.min_backup_days, tuple(plan.rules)
    for rule in rules:
        if not any(each.region != plan.region and _is_kept(each.delete_after_days, floor) for each in rule.copies):
            wanted = f"a copy in another Region for {amount(floor, 'day')} or more"
            return fail("a rule makes no copy that outlives the Region", found=f"rule {rule.name}", wanted=wanted)
    return require(rules, "it has no rules, so it copies nothing", found="no rule", wanted="a rule")


_TEST: Final = RestoreTest(kind="Aurora", schedule="cron(0 9 ? * SUN *)")
TRIED: Final = TriedPlan(kinds=("Aurora",), tests=(_TEST,))


@control(
    id="LG-DR-21",
    slug="backup-restoretest-scheduled",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("backup", "resilience"),
    source="Demand of the banking and payments systems, read 2026-11-20",
    rationale="Backups that were never restored turn out unusable in the emergency, for want of a key, a role or a "
    "subnet, when there is no time to repair them.",
    remediation="Add an aws.backup.RestoreTestingPlan with a schedule_expression that fires every "
    "max_restore_test_days or more often, and an aws.backup.RestoreTestingSelection of it for each kind of store.",
    parameters=("max_restore_test_days",),
    passes=[
        example("every week", TRIED),
        example("each kind", replace(TRIED, kinds=("Aurora", "EFS"), tests=(_TEST, replace(_TEST, kind="EFS")))),
    ],
    fails=[
        example("no trial", replace(TRIED, tests=())),
        example("another kind", replace(TRIED, tests=(replace(_TEST, kind="RDS"),))),
        example("one of two kinds", replace(TRIED, kinds=("Aurora", "DynamoDB"))),
        example("twice a year", replace(TRIED, tests=(replace(_TEST, schedule="cron(0 9 1 1,7 ? *)"),))),
        example("every week, where every day is asked", TRIED, {"max_restore_test_days": 1}),
        example("a schedule that never fires", replace(TRIED, tests=(replace(_TEST, schedule="weekly"),))),
    ],
    unknowns=[
        example("a trial comes later", replace(TRIED, tests=(UNKNOWN,))),
        example("its schedule comes later", replace(TRIED, tests=(replace(_TEST, schedule=UNKNOWN),))),
        example("nobody knows the kind of a store", replace(TRIED, kinds=(UNKNOWN,))),
    ],
    not_applicable=[example("nothing of the stack is backed up", TriedPlan())],
)
def restore_tested(plan: TriedPlan, settings: "Settings") -> Verdict:
    """What a plan backs up is restored on trial, again and again.

    For each kind of table, database and file system of the stack that the plan chooses, a RestoreTestingSelection has
    that protectedResourceType and belongs to a RestoreTestingPlan of the same Region whose scheduleExpression lets at
    most max_restore_test_days pass. A plan that chooses no store of the stack is not applicable. In an account the
    stores and the trials are those of its Region.
    """
    most = settings.max_restore_test_days
    kinds = tuple(plan.kinds)
    if not kinds:
        return not_applicable("it chooses no store of the stack")
    for kind in kinds:
        waits = _waits(plan, kind, most)
        if waits is not None:
            found = f"{kind}: {waits}"
            return fail(
                "a kind of store is not restored on trial",
                found=found,
                wanted=f"every {amount(most, 'day')} or more often",
            )
    return PASS


def _waits(plan: Any, kind: str, most: int) -> str | None:
    """Return what is found instead of a trial that is frequent enough; None where there is one."""
    found = "no trial"
    for test in plan.tests:
        if test.kind == kind:
            wait = longest_wait_days(test.schedule)
            if wait is not None and wait <= most:
                return None
            found = test.schedule
    return found
