"""Snapshots: those of databases with whom they are shared, and what a Region blocks of sharing those of volumes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from integration.sandbox.handler import Apply, GoneError, Handler, Properties, Subject
from integration.sandbox.types.ec2_shared import the_one
from integration.sandbox.types.rds_tags import set_tags
from integration.sandbox.types.tags import tags_from

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


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of snapshot: how RDS and the provider call it, and the path in its ARN."""

    word: str
    source: str
    path: str

    @property
    def name(self) -> str:
        """Property that holds its name, as the provider calls it."""
        return f"{self.word}SnapshotIdentifier"

    def call(self, subject: Subject, verb: str, *, ending: str = "", **given: Any) -> Any:
        """Call an operation on one of its kind."""
        spelled = self.word.removeprefix("db").lower()
        operation = f"{verb}_db_{f'{spelled}_' if spelled else ''}snapshot{ending}"
        return getattr(subject.aws.rds, operation)(**{f"DB{self.name[2:]}": subject.inputs[self.name], **given})


_OF_INSTANCES: Final = _Kind("db", "dbInstanceIdentifier", "snapshot")
_OF_CLUSTERS: Final = _Kind("dbCluster", "dbClusterIdentifier", "cluster-snapshot")


def _create(kind: _Kind) -> Callable[[Subject], str]:
    def create(subject: Subject) -> str:
        kind.call(subject, "create", **{f"DB{kind.source[2:]}": subject.inputs[kind.source]})
        return str(subject.inputs[kind.name])

    return create


def _share(kind: _Kind) -> Apply:
    def share(subject: Subject) -> None:
        wanted = {*(subject.inputs.get("sharedAccounts") or ())}
        told = _with_whom(kind, subject)
        change = {"ValuesToAdd": sorted(wanted - told), "ValuesToRemove": sorted(told - wanted)}
        kind.call(subject, "modify", ending="_attribute", AttributeName="restore", **change)

    return share


def _with_whom(kind: _Kind, subject: Subject) -> set[str]:
    told = kind.call(subject, "describe", ending="_attributes")
    listed: Any = next(value for name, value in told.items() if name.endswith("AttributesResult"))
    attributes: Any = next(value for name, value in listed.items() if name.endswith("Attributes"))
    return {account for each in attributes for account in each["AttributeValues"]}


def _read(kind: _Kind) -> Callable[[Subject], Properties]:
    def read(subject: Subject) -> Properties:
        told = kind.call(subject, "describe", ending="s")
        found: Any = the_one(next(value for name, value in told.items() if name.endswith("Snapshots")))
        arn = subject.arn("rds", f"{kind.path}:{subject.id}")
        return {
            # The provider tells it under another name alone; it is under this one that an audit reads it.
            "arn": arn,
            f"{kind.word}SnapshotArn": arn,
            "engine": found["Engine"],
            "sharedAccounts": sorted(_with_whom(kind, subject)),
            "tagsAll": tags_from(found.get("TagList", [])),
        }

    return read


def _delete(kind: _Kind) -> Apply:
    def delete(subject: Subject) -> None:
        kind.call(subject, "delete")

    return delete


def _handler(kind: _Kind, type_: str) -> Handler:
    return Handler(
        type=type_,
        create=_create(kind),
        read=_read(kind),
        delete=_delete(kind),
        fixed=(kind.name, kind.source),
        settings={"sharedAccounts": _share(kind), "tagsAll": set_tags(kind.path)},
    )


HANDLERS: Final = (
    Handler(type=_BLOCK, create=_block, read=_read_block, delete=_unblock, updates={"state": _set_block}),
    _handler(_OF_INSTANCES, "aws:rds/snapshot:Snapshot"),
    _handler(_OF_CLUSTERS, "aws:rds/clusterSnapshot:ClusterSnapshot"),
)
