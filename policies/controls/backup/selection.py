"""Controls of what backup plans choose."""

from typing import Final

from ledgergate.finding import Severity
from policies.facts.backup.stores import BackedUpStore
from policies.model import UNKNOWN, Verdict, control, example, require

_WANTED: Final = "a selection of a backup plan"


@control(
    id="LG-DR-03",
    slug="backup-selection-covers-datastores",
    severity=Severity.MEDIUM,
    requirements=(),
    families=("backup",),
    source="Demand of the banking, payments and fraud systems, read 2026-11-20",
    rationale="The table that no selection names is the one that a wrong script empties, and the team learns then "
    "that there is nothing to restore.",
    remediation="Name the store in resources of an aws.backup.Selection, by its ARN or a pattern, or give it a tag "
    "that selection_tags or conditions ask for; an aws.efs.BackupPolicy with status ENABLED does it for a file system.",
    passes=[example("a plan chooses it", BackedUpStore(chosen=True))],
    fails=[example("no plan chooses it", BackedUpStore())],
    unknowns=[
        example("what a plan chooses comes later", BackedUpStore(chosen=UNKNOWN)),
    ],
)
def store_chosen(store: BackedUpStore) -> Verdict:
    """Every table, database and file system is backed up by a plan.

    A selection in its Region, of a plan that the stack creates, chooses it: under resources by ARN or pattern, or by
    selectionTags, or all where it has neither; it meets all conditions and is not under notResources. Automatic backups
    of a file system count too. A selection of a plan of another stack, and a store that only one of resources and
    selectionTags chooses, are undecided. Buckets are not asked: locked and replicated ones need no backup.

    In an account every plan of the Region counts. Where AWS Backup is not switched on for a kind of store, Aurora fails
    and other kinds are undecided. Whether its jobs succeed is not asked.
    """
    return require(store.chosen, "no backup plan chooses it", found="no selection", wanted=_WANTED)
