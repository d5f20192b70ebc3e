"""What a stack may configure of its backups."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.configuration import read_texts, refuse

BACKUP_DAYS: Final = 30
"""Days that a daily backup and its copy are kept."""

_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """Copies of the database beside the database.

    Args:
        copy_region: Where the second vault is.
        administrators: ARNs of the roles that may delete a backup before its time.
    """

    copy_region: str
    administrators: tuple[str, ...]


def read_backup(config: pulumi.Config, region: str, regions: Sequence[str]) -> BackupSettings:
    """Read where copies go.

    Args:
        config: Configuration of the stack.
        region: Where the system runs.
        regions: Where payment data may live; the first other one is the default.

    Raises:
        pulumi.RunError: A key is wrong; the message names it and the fix.
    """
    return BackupSettings(
        copy_region=_read_copy_region(config, region, regions), administrators=_read_administrators(config)
    )


def _read_copy_region(config: pulumi.Config, region: str, regions: Sequence[str]) -> str:
    others = [other for other in regions if other != region]
    key = config.full_key("drRegion")
    chosen = config.get("drRegion") or others[0]
    if chosen == region:
        raise refuse(key, f"{chosen!r} is where the system itself runs: use {' or '.join(others)}.")
    if chosen not in others:
        raise refuse(key, f"{chosen!r} may not hold payment data: use {' or '.join(others)}.")
    return chosen


def _read_administrators(config: pulumi.Config) -> tuple[str, ...]:
    roles = read_texts(config, "backupAdministrators")
    for role in roles:
        if not _ROLE.fullmatch(role):
            key = config.full_key("backupAdministrators")
            raise refuse(key, f"{role!r} is no role: name ARNs such as arn:aws:iam::111122223333:role/backup-admin.")
    return roles
