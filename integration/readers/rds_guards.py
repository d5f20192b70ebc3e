"""What guards databases in their network, and with whom their snapshots are shared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from integration.readers.ingress import attached
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.guarded_stores import GuardedStore
from policies.facts.properties import UNKNOWN
from policies.facts.snapshots import SnapshotSharing

if TYPE_CHECKING:
    from types_boto3_rds import RDSClient

Item = Mapping[str, Any]

_RESTORE: Final = "restore"
"""Attribute that names who may restore a snapshot. Source: DBSnapshotAttribute, RDS API reference, read 2026-11-30."""
_MANUAL: Final = "manual"
"""Snapshots that somebody made; RDS shares no others. Source: ModifyDBSnapshotAttribute, RDS API, read 2026-11-30."""


def guarded(subject: Subject, item: Item, desk: Desk) -> Observed:
    """Return the port of a database with its security groups; an instance tells none before it can be reached."""
    failures: list[Failure] = []
    ids = [each["VpcSecurityGroupId"] for each in item["VpcSecurityGroups"]]
    port = item["Port"] if "DBClusterArn" in item else item.get("Endpoint", {}).get("Port", UNKNOWN)
    fact = GuardedStore(port=port, groups=attached(ids, desk, failures))
    return Observed(subject, fact, failures=tuple(failures))


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of snapshot: its type token, the path in its ARN, what lists it, and what tells its attributes."""

    type: str
    path: str
    list: "Callable[[RDSClient], Callable[..., Any]]"
    items: str
    name: str
    tell: "Callable[[RDSClient], Callable[..., Any]]"
    result: str
    attributes: str


_KINDS: Final = (
    _Kind(
        "aws:rds/snapshot:Snapshot", "snapshot", lambda rds: rds.describe_db_snapshots, "DBSnapshots",
        "DBSnapshotIdentifier", lambda rds: rds.describe_db_snapshot_attributes,
        "DBSnapshotAttributesResult", "DBSnapshotAttributes",
    ),
    _Kind(
        "aws:rds/clusterSnapshot:ClusterSnapshot", "cluster-snapshot", lambda rds: rds.describe_db_cluster_snapshots,
        "DBClusterSnapshots", "DBClusterSnapshotIdentifier", lambda rds: rds.describe_db_cluster_snapshot_attributes,
        "DBClusterSnapshotAttributesResult", "DBClusterSnapshotAttributes",
    ),
)  # fmt: skip

SHARING_OPERATIONS: Final = (
    "rds:DescribeDBClusterSnapshotAttributes",
    "rds:DescribeDBClusterSnapshots",
    "rds:DescribeDBSnapshotAttributes",
    "rds:DescribeDBSnapshots",
)
"""Every call that `sharing_tasks` lead to."""


def sharing_tasks(place: Place) -> Iterator[Task]:
    """Yield the work of reading the snapshots of a Region that somebody made."""
    for kind in _KINDS:
        subject = Subject(place.arn("rds", f"{kind.path}:*"), kind.type, place)
        yield Task(subject, (SnapshotSharing,), partial(_list, kind, place))


def _list(kind: _Kind, place: Place, desk: Desk) -> Iterator[Task]:
    paging = Paging("Marker", (kind.items,))
    for page in desk.pages(paging, kind.list(desk.aws.rds), SnapshotType=_MANUAL):
        for each in page[kind.items]:
            subject = Subject(place.arn("rds", f"{kind.path}:{each[kind.name]}"), kind.type, place)
            yield Task(subject, (SnapshotSharing,), partial(_read, kind, subject, each[kind.name]))


def _read(kind: _Kind, subject: Subject, name: str, desk: Desk) -> Iterator[Observed]:
    told = desk.one(kind.tell(desk.aws.rds), **{kind.name: name})[kind.result]
    if told[kind.name] != name:
        raise ValueError("the answer is about another snapshot")
    with_whom = [each["AttributeValues"] for each in told[kind.attributes] if each["AttributeName"] == _RESTORE]
    yield Observed(subject, SnapshotSharing(shared_accounts=tuple(each for values in with_whom for each in values)))
