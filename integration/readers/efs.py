"""Reads which security groups guard the ways to file systems."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.readers.ingress import GROUP_OPERATIONS, attached
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.guarded_stores import NFS_PORT, GuardedStore

_MOUNT: Final = "aws:efs/mountTarget:MountTarget"
_SYSTEMS: Final = Paging("Marker", ("FileSystems",), answered="NextMarker")
_MOUNTS: Final = Paging("Marker", ("MountTargets",), answered="NextMarker")


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("elasticfilesystem", "mount-target/*"), _MOUNT, place)
    yield Task(subject, (GuardedStore,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_SYSTEMS, desk.aws.efs.describe_file_systems):
        for each in page["FileSystems"]:
            path = f"file-system/{each['FileSystemId']}"
            subject = Subject(place.arn("elasticfilesystem", path), _MOUNT, place)
            yield Task(subject, (GuardedStore,), partial(_list_mounts, place, each["FileSystemId"]))


def _list_mounts(place: Place, system: str, desk: Desk) -> Iterator[Task]:
    for page in desk.every(_MOUNTS, desk.aws.efs.describe_mount_targets, FileSystemId=system):
        for each in page["MountTargets"]:
            subject = Subject(place.arn("elasticfilesystem", f"mount-target/{each['MountTargetId']}"), _MOUNT, place)
            yield Task(subject, (GuardedStore,), partial(_read, subject, each["MountTargetId"]))


def _read(subject: Subject, mount: str, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    ids = desk.one(desk.aws.efs.describe_mount_target_security_groups, MountTargetId=mount)["SecurityGroups"]
    fact = GuardedStore(port=NFS_PORT, groups=attached(ids, desk, failures))
    yield Observed(subject, fact, failures=tuple(failures))


READING: Final = Reading(
    service="efs",
    regional=True,
    gives={
        GuardedStore: (
            "efs:DescribeFileSystems",
            "efs:DescribeMountTargetSecurityGroups",
            "efs:DescribeMountTargets",
            *GROUP_OPERATIONS,
        )
    },
    begin=_begin,
)
