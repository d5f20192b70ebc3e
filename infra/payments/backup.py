"""Backups: a daily one of the database, a copy in a second Region, and a weekly proof that it can be restored."""

from dataclasses import dataclass, replace

import pulumi
from backup_settings import BACKUP_DAYS
from security import KeyArns, make_key
from settings import Settings

from components.backup_permissions import Protected, backup_statements, restore_statements
from components.backup_plan import BackupPlan, BackupPlanArgs
from components.backup_vault import BackupVault, BackupVaultArgs
from components.database import Database
from components.key_policy import used_through
from components.place import Place
from components.restore_test import RestoreTest, RestoreTestArgs
from components.service_role import ROLE_LIMIT, ServiceRole, ServiceRoleArgs
from components.tags import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vaults:
    """Both vaults.

    Args:
        here: Beside the database.
        copies: In the second Region.
        protected: The cluster and every key that a backup needs.
    """

    here: BackupVault
    copies: BackupVault
    protected: Protected


def make_backup(settings: Settings, place: Place, keys: KeyArns, database: Database) -> None:
    """Make vaults, plan and restore test."""
    vaults = _make_vaults(settings, place, keys)
    BackupPlan(
        "backup",
        BackupPlanArgs(
            names=settings.names,
            region=place.region,
            vault=vaults.here.vault,
            copy_vault_arn=vaults.copies.arn,
            keep_days=BACKUP_DAYS,
            role_arn=_make_backup_role(settings, place, vaults).arn,
            resource_arn=database.arn,
        ),
    )
    RestoreTest(
        "restore",
        RestoreTestArgs(
            names=settings.names,
            region=place.region,
            vault_arn=vaults.here.arn,
            role_arn=_make_restore_role(settings, place, vaults).arn,
            cluster_arn=database.arn,
            subnet_group=database.subnet_group,
        ),
    )


def _make_vaults(settings: Settings, place: Place, keys: KeyArns) -> _Vaults:
    there = replace(place, region=settings.backup.copy_region)
    key_arn, copy_key_arn = (
        make_key(settings, each, kind, used_through(each, "backup", "rds"))
        for kind, each in (("backup", place), ("backup-copy", there))
    )
    protected = Protected(
        place=place,
        copies=there,
        cluster=settings.names.of("database"),
        subnet_group=settings.names.of("database"),
        key_arns=(keys.database, key_arn, copy_key_arn),
    )
    return _Vaults(
        here=_make_vault(settings, place, "backup", key_arn),
        copies=_make_vault(settings, there, "backup-copy", copy_key_arn),
        protected=protected,
    )


def _make_vault(settings: Settings, place: Place, kind: str, key_arn: pulumi.Input[str]) -> BackupVault:
    # AWS Backup ends what has expired with the role that made it.
    own_role = f"arn:{place.partition}:iam::{place.account_id}:role/{settings.names.of('backup', limit=ROLE_LIMIT)}"
    args = BackupVaultArgs(
        names=settings.names,
        place=place,
        kind=kind,
        data_class=DataClass.CARDHOLDER,
        key_arn=key_arn,
        exempt=(own_role, *settings.backup.administrators),
        destroyable=settings.destroyable,
    )
    return BackupVault(kind, args)


def _make_backup_role(settings: Settings, place: Place, vaults: _Vaults) -> ServiceRole:
    vault_arns = (vaults.here.arn, vaults.copies.arn)
    args = ServiceRoleArgs(
        names=settings.names,
        place=place,
        kind="backup",
        description="Takes, copies and ends snapshots of the database",
        service="backup",
        source=f"arn:{place.partition}:backup:*:{place.account_id}:*",
        statements=backup_statements(vaults.protected, vault_arns),
    )
    return ServiceRole("backup", args)


def _make_restore_role(settings: Settings, place: Place, vaults: _Vaults) -> ServiceRole:
    args = ServiceRoleArgs(
        names=settings.names,
        place=place,
        kind="restore",
        description="Tries backups of the database out",
        service="backup",
        source=f"arn:{place.partition}:backup:*:{place.account_id}:*",
        statements=restore_statements(vaults.protected),
    )
    return ServiceRole("restore", args)
