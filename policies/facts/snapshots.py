"""Facts about who may take snapshots for themselves."""

from dataclasses import dataclass
from typing import Final

from ledgergate.graph import Graph, Resource
from policies.facts.declared import known_first
from policies.facts.properties import lift, literal, literals, settings_of
from policies.facts.registry import adapter

_DATABASE_SNAPSHOTS: Final = (
    "aws:rds/clusterSnapshot:ClusterSnapshot",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    "aws:rds/snapshot:Snapshot",
    "aws:rds/snapshotCopy:SnapshotCopy",
)
_BLOCK: Final = ("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotSharing:
    """With whom a snapshot of a database, or those of all volumes of a Region, may be shared.

    Args:
        shared_accounts: `sharedAccounts`; nobody when unset.
        block: `state` of the Region's block of public sharing: `block-all-sharing`, `block-new-sharing` or
            `unblocked`; None for a snapshot.

    Source: `aws.rds.Snapshot` and `aws.ebs.SnapshotBlockPublicAccess`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    shared_accounts: tuple[str, ...] = ()
    block: str | None = None


@adapter(types=_DATABASE_SNAPSHOTS)
def database_snapshot_from_graph(_graph: Graph, resource: Resource) -> SnapshotSharing:
    """Build with whom a snapshot of a database is shared."""
    return SnapshotSharing(shared_accounts=lift(literals(settings_of(resource), "sharedAccounts"), known_first))


@adapter(types=_BLOCK)
def snapshot_block_from_graph(_graph: Graph, resource: Resource) -> SnapshotSharing:
    """Build what a Region says about snapshots of volumes; a state that is left out says nothing."""
    return SnapshotSharing(block=literal(settings_of(resource), "state", default="unblocked"))
