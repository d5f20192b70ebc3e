"""Reads whether a Region lets snapshots of volumes be shared with everybody."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.snapshots import SnapshotSharing

_BLOCK: Final = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"

SNAPSHOT_OPERATIONS: Final = ("ec2:GetSnapshotBlockPublicAccessState",)
"""Every call that `snapshot_task` makes."""


def snapshot_task(place: Place) -> Task:
    """Return the work of reading what a Region blocks; it says so whether a program has ever set it or not."""
    subject = Subject(place.arn("ec2", "snapshot-block-public-access"), _BLOCK, place)
    return Task(subject, (SnapshotSharing,), partial(_read, subject))


def _read(subject: Subject, desk: Desk) -> Iterator[Observed]:
    state = desk.one(desk.aws.ec2.get_snapshot_block_public_access_state)["State"]
    yield Observed(subject, SnapshotSharing(block=state))
