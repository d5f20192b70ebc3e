"""Reads AWS Backup: vaults, plans with what they copy and whether it is restored on trial, and who is backed up."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from integration.readers.backup_choices import CHOICE_OPERATIONS, SETTING_OPERATIONS, chosen_by, plans
from integration.readers.backup_stores import STORE_OPERATIONS, store_tasks, stores_of
from integration.readers.keys import key_use
from integration.readers.tags import mapped_tags
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.arns import parse_arn
from policies.facts.backup.plans import (
    DEFAULT_SCHEDULE,
    BackupCopy,
    BackupPlan,
    BackupRule,
    CopiedPlan,
    CopiedRule,
)
from policies.facts.backup.restore_tests import RestoreTest, TriedPlan
from policies.facts.backup.stores import BackedUpStore
from policies.facts.backup.vaults import GuardedVault, LockedVault, VaultEncryption, VaultLock
from policies.facts.copies import RESIDENCY, Copies
from policies.facts.policy_documents import PolicyDocument
from policies.facts.properties import UNKNOWN
from policies.iam_document import parse_resource_policy

_PLAN: Final = "aws:backup/plan:Plan"
_VAULT: Final = "aws:backup/vault:Vault"

_VAULTS: Final = Paging("NextToken", ("BackupVaultList",))
_TRIALS: Final = Paging("NextToken", ("RestoreTestingPlans",))
_TRIED: Final = Paging("NextToken", ("RestoreTestingSelections",))
_OWN_VAULTS: Final = "BACKUP_VAULT"
"""Vaults that are neither air-gapped nor views of another account's, as `aws.backup.Vault` makes them."""

"""Resources a page, the most that there are."""

Read = Callable[[Subject, Mapping[str, Any], Desk], Observed]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    of_vaults, of_plans = (tuple(wanted & table.keys()) for table in (_OF_VAULTS, _OF_PLANS))
    if of_vaults:
        yield Task(_all(place, "backup-vault", _VAULT), of_vaults, partial(_list_vaults, place, of_vaults))
    if of_plans:
        yield Task(_all(place, "backup-plan", _PLAN), of_plans, partial(_list_plans, place, of_plans))
    if BackedUpStore in wanted:
        yield from store_tasks(place)


def _all(place: Place, path: str, type_: str) -> Subject:
    return Subject(place.arn("backup", f"{path}:*"), type_, place)


def _list_vaults(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_VAULTS, desk.aws.backup.list_backup_vaults, ByVaultType=_OWN_VAULTS):
        for each in page["BackupVaultList"]:
            subject = Subject(each["BackupVaultArn"], _VAULT, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_observed, subject, {**each}, _OF_VAULTS[fact]))


def _list_plans(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for each in plans(desk):
        subject = Subject(each["BackupPlanArn"], _PLAN, place)
        for fact in facts:
            yield Task(subject, (fact,), partial(_observed, subject, {**each}, _OF_PLANS[fact]))


def _observed(subject: Subject, item: Mapping[str, Any], read: Read, desk: Desk) -> list[Observed]:
    return [read(subject, item, desk)]


def _encryption(subject: Subject, vault: Mapping[str, Any], desk: Desk) -> Observed:
    failures: list[Failure] = []
    key = key_use(desk, vault.get("EncryptionKeyArn"), failures)
    return Observed(subject, VaultEncryption(region=subject.place.region, kms_key=key), failures=tuple(failures))


def _lock(subject: Subject, vault: Mapping[str, Any], desk: Desk) -> Observed:
    if not vault["Locked"]:
        return Observed(subject, LockedVault())
    final = vault.get("LockDate")
    lock = VaultLock(
        min_retention_days=vault.get("MinRetentionDays") or 0,
        changeable_for_days=None if final is None else _days_until(str(final), desk.now),
    )
    return Observed(subject, LockedVault(certain=(lock,)))


def _days_until(date: str, now: datetime) -> int:
    return max(0, (datetime.fromisoformat(date) - now).days)


def _guard(subject: Subject, vault: Mapping[str, Any], desk: Desk) -> Observed:
    name, absent = vault["BackupVaultName"], "ResourceNotFoundException"
    found = desk.one_or_none(absent, desk.aws.backup.get_backup_vault_access_policy, BackupVaultName=name)
    documents = () if found is None else (PolicyDocument(statements=parse_resource_policy(found["Policy"])),)
    return Observed(subject, GuardedVault(arn=subject.arn, locks=int(vault["Locked"]), certain=documents))


def _rules(plan: Mapping[str, Any], desk: Desk) -> Any:
    found = desk.one(desk.aws.backup.get_backup_plan, BackupPlanId=plan["BackupPlanId"])
    return found["BackupPlan"]["Rules"]


def _plan(subject: Subject, plan: Mapping[str, Any], desk: Desk) -> Observed:
    return Observed(subject, BackupPlan(rules=tuple(map(_rule, _rules(plan, desk)))))


def _rule(rule: Mapping[str, Any]) -> BackupRule:
    return BackupRule(
        schedule=rule.get("ScheduleExpression") or DEFAULT_SCHEDULE,
        continuous=rule.get("EnableContinuousBackup") is True,
        delete_after_days=_kept(rule),
    )


def _kept(holder: Mapping[str, Any]) -> Any:
    lifecycle = holder.get("Lifecycle") or {}
    # What ends at an event, such as the copy of it, ends on a day that nobody knows.
    return UNKNOWN if lifecycle.get("DeleteAfterEvent") else lifecycle.get("DeleteAfterDays") or None


def _copies(subject: Subject, plan: Mapping[str, Any], desk: Desk) -> Observed:
    rules = tuple(
        CopiedRule(name=each["RuleName"], copies=tuple(map(_copy, each.get("CopyActions", ()))))
        for each in _rules(plan, desk)
    )
    return Observed(subject, CopiedPlan(region=subject.place.region, rules=rules))


def _residency(subject: Subject, plan: Mapping[str, Any], desk: Desk) -> Observed:
    copies = [each for rule in _rules(plan, desk) for each in rule.get("CopyActions", ())]
    tags = {tag["Key"]: tag["Value"] for tag in mapped_tags(desk).get(subject.arn, ())}
    fact = Copies(
        name=plan["BackupPlanName"],
        residency=tags.get(RESIDENCY, ""),
        home=subject.place.region,
        regions=tuple(_copy(each).region for each in copies),
    )
    return Observed(subject, fact)


def _copy(action: Mapping[str, Any]) -> BackupCopy:
    arn = parse_arn(action["DestinationBackupVaultArn"])
    if arn is None:
        raise ValueError("what names a vault is no ARN")
    return BackupCopy(region=arn.region, delete_after_days=_kept(action))


def _trials(subject: Subject, plan: Mapping[str, Any], desk: Desk) -> Observed:
    chosen = (each for each in stores_of(subject.place, desk) if chosen_by(plan, each, desk) is not False)
    kinds = tuple(dict.fromkeys(each.kind for each in chosen))
    return Observed(subject, TriedPlan(kinds=kinds, tests=tuple(_tests(desk))))


def _tests(desk: Desk) -> Iterator[RestoreTest]:
    for page in desk.every(_TRIALS, desk.aws.backup.list_restore_testing_plans):
        for trial in page["RestoreTestingPlans"]:
            name = trial["RestoreTestingPlanName"]
            pages = desk.every(_TRIED, desk.aws.backup.list_restore_testing_selections, RestoreTestingPlanName=name)
            for each in (item for found in pages for item in found["RestoreTestingSelections"]):
                yield RestoreTest(kind=each["ProtectedResourceType"], schedule=trial["ScheduleExpression"])


_OF_VAULTS: Final[Mapping[type, Read]] = {GuardedVault: _guard, LockedVault: _lock, VaultEncryption: _encryption}
_OF_PLANS: Final[Mapping[type, Read]] = {
    BackupPlan: _plan,
    CopiedPlan: _copies,
    Copies: _residency,
    TriedPlan: _trials,
}
"""Fact → what reads it of an item of the list."""

READING: Final = Reading(
    service="backup",
    regional=True,
    gives={
        BackedUpStore: (*CHOICE_OPERATIONS, *SETTING_OPERATIONS, *STORE_OPERATIONS, "efs:DescribeBackupPolicy"),
        BackupPlan: ("backup:GetBackupPlan", "backup:ListBackupPlans"),
        CopiedPlan: ("backup:GetBackupPlan", "backup:ListBackupPlans"),
        Copies: ("backup:GetBackupPlan", "backup:ListBackupPlans", "resourcegroupstaggingapi:GetResources"),
        GuardedVault: ("backup:GetBackupVaultAccessPolicy", "backup:ListBackupVaults"),
        LockedVault: ("backup:ListBackupVaults",),
        TriedPlan: (
            "backup:ListRestoreTestingPlans",
            "backup:ListRestoreTestingSelections",
            *CHOICE_OPERATIONS,
            *STORE_OPERATIONS,
        ),
        VaultEncryption: ("backup:ListBackupVaults", "kms:DescribeKey"),
    },
    begin=_begin,
)
