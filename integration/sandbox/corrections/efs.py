"""EFS: backups that are switched on later, or off, and whom a mount target lets in."""

import json
from typing import Any

from moto.efs.models import EFSBackend
from moto.efs.responses import EFSResponse

from integration.sandbox.corrections.registry import corrects, provides
from integration.sandbox.corrections.shelves import shelf

_POLICIES = "backup policies"


@provides(
    EFSResponse,
    "put_backup_policy",
    fact="The automatic backups of a file system go on and off",
    source="Amazon EFS API reference, PutBackupPolicy; read 2026-11-30",
)
def _put_policy(response: EFSResponse) -> tuple[str, dict[str, str]]:
    policy = json.loads(response.body)["BackupPolicy"]
    shelf(response.efs_backend, _POLICIES)[response._get_param("FileSystemId")] = policy  # noqa: SLF001 - moto has no other way
    return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}


@corrects(
    EFSBackend,
    "describe_backup_policy",
    fact="A file system tells whether its backups are on, once somebody said so",
    source="Amazon EFS API reference, DescribeBackupPolicy; read 2026-11-30",
)
def _policy(original: Any, backend: EFSBackend, file_system_id: str) -> dict[str, str]:
    backend.describe_file_systems(file_system_id=file_system_id)
    said: dict[str, str] | None = shelf(backend, _POLICIES).get(file_system_id)
    return said or original(backend, file_system_id)


@corrects(
    EFSBackend,
    "create_mount_target",
    fact="A mount target without security groups is in the default group of its network",
    source="Amazon EFS API reference, CreateMountTarget, SecurityGroups; read 2026-11-30",
)
def _in_default_group(original: Any, backend: EFSBackend, *args: Any, **kwargs: Any) -> Any:
    made = original(backend, *args, **kwargs)
    if not made.security_groups:
        made.security_groups = [backend.ec2_backend.get_default_security_group(made.subnet_vpc_id).id]
    return made
