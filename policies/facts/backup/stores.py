"""Stores: whether some plan backs them up."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from policies.facts.backup.choices import any_of
from policies.facts.backup.selections import STORES, chosen, names
from policies.facts.properties import UNKNOWN, lift, literal, record, settings_of
from policies.facts.registry import adapter

_FILES: Final = "aws:efs/fileSystem:FileSystem"
_AUTOMATIC: Final = "aws:efs/backupPolicy:BackupPolicy"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUpStore:
    """A table, database or file system.

    Args:
        chosen: Whether a selection of a plan of the stack chooses it, or the automatic backups of a file system are on.
    """

    chosen: bool = False


@adapter(types=STORES, joined=True)
def backed_up_store_from_graph(graph: Graph, resource: Resource) -> BackedUpStore:
    """Build whether a store is backed up."""
    ways = [chosen(graph, resource)]
    if resource.type == _FILES and ways[0] is not True:
        ways += [_is_automatic(graph, each, resource) for each in graph.of_type(_AUTOMATIC)]
    return BackedUpStore(chosen=any_of(ways))


def _is_automatic(graph: Graph, policy: Resource, store: Resource) -> Any:
    owned = names(graph, policy, "fileSystemId", store)
    if owned is False:
        return False
    if owned is not True or policy.kind is Kind.READ:
        return UNKNOWN
    status = record(settings_of(policy), "backupPolicy", lambda inner: literal(inner, "status", default=""))
    return lift(status, lambda text: text == "ENABLED") if status is not None else False
