"""What blocks public access to a bucket."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from policies.facts.joins import all_agree, companions
from policies.facts.properties import flag, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES

_ACCESS_BLOCK: Final = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket with the settings that its companions give it.

    Args:
        block_public_acls: `blockPublicAcls` of its access block; false when unset or without a block.
        block_public_policy: `blockPublicPolicy`, in the same way.
        ignore_public_acls: `ignorePublicAcls`, in the same way.
        restrict_public_buckets: `restrictPublicBuckets`, in the same way.
        access_block_read: Its access block is only looked up (`.get`), so that its flags show in the account alone;
            false where one is created too, which then decides.

    Several access blocks of one bucket overwrite each other, so a flag counts only when all of them set it.
    Source of the defaults: properties of `aws.s3.BucketPublicAccessBlock`, pulumi-aws 7.51.1, read 2026-11-20.
    """

    block_public_acls: bool = False
    block_public_policy: bool = False
    ignore_public_acls: bool = False
    restrict_public_buckets: bool = False
    access_block_read: bool = False


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_from_graph(graph: Graph, resource: Resource) -> Bucket:
    """Build a bucket with its companions."""
    blocks = companions(graph, resource, _ACCESS_BLOCK, "bucket", BUCKET_TYPES)
    created = [block for block in blocks.certain if block.kind is not Kind.READ]

    def effective(name: str) -> Any:
        certain = [flag(settings_of(block), name, default=False) for block in created]
        return all_agree(certain, [flag(settings_of(block), name, default=False) for block in blocks.possible])

    return Bucket(
        block_public_acls=effective("blockPublicAcls"),
        block_public_policy=effective("blockPublicPolicy"),
        ignore_public_acls=effective("ignorePublicAcls"),
        restrict_public_buckets=effective("restrictPublicBuckets"),
        access_block_read=bool(blocks.certain) and not created,
    )
