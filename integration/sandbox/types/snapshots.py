"""Snapshots: what a Region blocks of their sharing."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject

_UNBLOCKED: Final = "unblocked"
_BLOCK: Final = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"


def _block(subject: Subject) -> str:
    _set_block(subject)
    return subject.place.region


def _set_block(subject: Subject) -> None:
    state: Any = subject.inputs["state"]
    if state == _UNBLOCKED:
        subject.aws.ec2.disable_snapshot_block_public_access()
    else:
        subject.aws.ec2.enable_snapshot_block_public_access(State=state)


def _read_block(subject: Subject) -> Properties:
    state = subject.aws.ec2.get_snapshot_block_public_access_state()["State"]
    if state == _UNBLOCKED and subject.inputs.get("state") != _UNBLOCKED:
        raise GoneError
    # The provider tells no ARN; it is under this one that an audit reads the Region.
    return {"arn": subject.arn("ec2", "snapshot-block-public-access"), "state": state}


def _unblock(subject: Subject) -> None:
    subject.aws.ec2.disable_snapshot_block_public_access()


HANDLERS: Final = (
    Handler(type=_BLOCK, create=_block, read=_read_block, delete=_unblock, updates={"state": _set_block}),
)
