"""File systems of EFS, and whether they are backed up by themselves."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.tags import retag, tag_list, tags_from

_WRITTEN: Final = {
    "availabilityZoneName": "AvailabilityZoneName",
    "encrypted": "Encrypted",
    "kmsKeyId": "KmsKeyId",
    "performanceMode": "PerformanceMode",
}
"""Property → its name in the call that creates one."""


def _create(subject: Subject) -> str:
    given: Any = {call: subject.inputs[name] for name, call in _WRITTEN.items() if subject.inputs.get(name) is not None}
    token = str(subject.inputs.get("creationToken") or "pulumi")
    # The provider never asks for backups here: a policy does.
    made = subject.aws.of("efs").create_file_system(CreationToken=token, Backup=False, **given)
    return str(made["FileSystemId"])


def _read(subject: Subject) -> Properties:
    found: Any = subject.aws.of("efs").describe_file_systems(FileSystemId=subject.id)["FileSystems"][0]
    return {
        "arn": found["FileSystemArn"],
        "creationToken": found["CreationToken"],
        "encrypted": found["Encrypted"],
        "kmsKeyId": found.get("KmsKeyId", ""),
        "performanceMode": found["PerformanceMode"],
        "tagsAll": tags_from(found["Tags"]),
    }


def _tag(subject: Subject) -> None:
    efs = subject.aws.of("efs")
    retag(
        subject,
        lambda _: efs.tag_resource(ResourceId=subject.id, Tags=tag_list(subject)),
        lambda keys: efs.untag_resource(ResourceId=subject.id, TagKeys=keys),
    )


def _delete(subject: Subject) -> None:
    subject.aws.of("efs").delete_file_system(FileSystemId=subject.id)


def _put_policy(subject: Subject) -> str:
    name = str(subject.inputs["fileSystemId"])
    status = {"Status": subject.inputs["backupPolicy"]["status"]}
    subject.aws.of("efs").put_backup_policy(FileSystemId=name, BackupPolicy=status)
    return name


def _change_policy(subject: Subject) -> None:
    _put_policy(subject)


def _read_policy(subject: Subject) -> Properties:
    found = subject.aws.of("efs").describe_backup_policy(FileSystemId=subject.id)["BackupPolicy"]
    return {"backupPolicy": {"status": found["Status"]}, "fileSystemId": subject.id}


def _drop_policy(subject: Subject) -> None:
    subject.aws.of("efs").put_backup_policy(FileSystemId=subject.id, BackupPolicy={"Status": "DISABLED"})


HANDLERS: Final = (
    Handler(
        type="aws:efs/fileSystem:FileSystem",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("creationToken", *_WRITTEN),
        settings={"tagsAll": _tag},
    ),
    Handler(
        type="aws:efs/backupPolicy:BackupPolicy",
        create=_put_policy,
        read=_read_policy,
        delete=_drop_policy,
        fixed=("fileSystemId",),
        updates=put(_change_policy, "backupPolicy"),
    ),
)
