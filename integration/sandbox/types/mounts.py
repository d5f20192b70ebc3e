"""The ways to file systems."""

from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.ec2_shared import the_one


def _efs(subject: Subject) -> Any:
    return subject.aws.of("efs")


def _create_mount(subject: Subject) -> str:
    given = subject.given("fileSystemId", "subnetId", "securityGroups")
    return str(_efs(subject).create_mount_target(**given)["MountTargetId"])


def _read_mount(subject: Subject) -> Properties:
    client = _efs(subject)
    found = the_one(client.describe_mount_targets(MountTargetId=subject.id)["MountTargets"])
    groups = client.describe_mount_target_security_groups(MountTargetId=subject.id)["SecurityGroups"]
    return {
        # A mount target has no ARN; it is under this one that an audit reads it.
        "arn": subject.arn("elasticfilesystem", f"mount-target/{subject.id}"),
        "fileSystemId": found["FileSystemId"],
        "networkInterfaceId": found["NetworkInterfaceId"],
        "securityGroups": groups,
        "subnetId": found["SubnetId"],
    }


def _set_groups(subject: Subject) -> None:
    groups = subject.inputs.get("securityGroups") or []
    _efs(subject).modify_mount_target_security_groups(MountTargetId=subject.id, SecurityGroups=groups)


def _delete_mount(subject: Subject) -> None:
    _efs(subject).delete_mount_target(MountTargetId=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:efs/mountTarget:MountTarget",
        create=_create_mount,
        read=_read_mount,
        delete=_delete_mount,
        fixed=("fileSystemId", "subnetId"),
        updates=put(_set_groups, "securityGroups"),
    ),
)
