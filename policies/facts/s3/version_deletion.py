"""What keeps versions of a bucket's objects from being deleted."""

from dataclasses import dataclass

from ledgergate.graph import Graph, Resource
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES
from policies.facts.s3.lock import BucketLock, bucket_lock_from_graph
from policies.facts.s3.policy import BucketPolicy, bucket_policy_from_graph
from policies.facts.s3.versioning import BucketVersioning, bucket_versioning_from_graph


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDeletion:
    """The settings of a bucket that decide who may delete a version.

    Args:
        versioning: Its versioning, with MFA delete.
        policy: Its policy.
        lock: Its object lock.
    """

    versioning: BucketVersioning
    policy: BucketPolicy
    lock: BucketLock


@adapter(types=BUCKET_TYPES, joined=True)
def version_deletion_from_graph(graph: Graph, resource: Resource) -> VersionDeletion:
    """Build what guards the versions of a bucket."""
    return VersionDeletion(
        versioning=bucket_versioning_from_graph(graph, resource),
        policy=bucket_policy_from_graph(graph, resource),
        lock=bucket_lock_from_graph(graph, resource),
    )
