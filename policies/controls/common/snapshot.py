"""Controls of snapshots."""

import re
from typing import Final

from ledgergate.finding import Severity
from policies.facts.snapshots import SnapshotSharing
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, require

_ACCOUNT: Final = re.compile(r"\d{12}")
_BLOCKED: Final = "block-all-sharing"


@control(
    id="LG-NET-19",
    slug="common-snapshot-not-public",
    severity=Severity.CRITICAL,
    requirements=("1.4.4", "7.2.1"),
    families=("pci", "network", "backup"),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="Any AWS customer lists public snapshots, restores yours in another account, and reads the whole "
    "database without touching your network.",
    remediation="List account ids only in shared_accounts of the aws.rds.Snapshot, ClusterSnapshot, SnapshotCopy or "
    'ClusterSnapshotCopy, and set state="block-all-sharing" on the aws.ebs.SnapshotBlockPublicAccess.',
    passes=[
        example("shared with an account", SnapshotSharing(shared_accounts=("111122223333",))),
        example("shared with nobody", SnapshotSharing()),
        example("a Region that blocks all of it", SnapshotSharing(block=_BLOCKED)),
    ],
    fails=[
        example("shared with everybody", SnapshotSharing(shared_accounts=("all",))),
        example("shared with an account, and with everybody", SnapshotSharing(shared_accounts=("111122223333", "all"))),
        example("shared with what is no account", SnapshotSharing(shared_accounts=("1111-2222-3333",))),
        example("a Region that blocks nothing", SnapshotSharing(block="unblocked")),
        example("a Region that lets shared ones be", SnapshotSharing(block="block-new-sharing")),
    ],
    unknowns=[
        example("the accounts come later", SnapshotSharing(shared_accounts=UNKNOWN)),
        example("one of them comes later", SnapshotSharing(shared_accounts=("111122223333", UNKNOWN))),
        example("the state comes later", SnapshotSharing(block=UNKNOWN)),
    ],
)
def snapshot_not_public(snapshot: SnapshotSharing) -> Verdict:
    """No snapshot can be restored by everybody.

    sharedAccounts of a snapshot of a database, or of a copy of one, holds account ids alone, never all; unset it is
    shared with nobody. A Region's block of public sharing of volume snapshots has the state block-all-sharing:
    block-new-sharing leaves those public that are so already. Each is judged where a program declares it.
    """
    if snapshot.block is not None:
        message = "snapshots of volumes can be shared with everybody"
        return require(snapshot.block == _BLOCKED, message, found=snapshot.block, wanted=_BLOCKED)
    for account in snapshot.shared_accounts:
        if not _ACCOUNT.fullmatch(account):
            return fail("the snapshot is shared with more than accounts", found=account, wanted="account ids")
    return PASS
