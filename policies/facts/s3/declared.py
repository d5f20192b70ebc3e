"""Settings of buckets: which companions carry them, and where a bucket carries them itself."""

from collections.abc import Callable
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts import declared as of_any
from policies.facts.properties import UNKNOWN, attribute, known_text, lift, region_of

BUCKET_TYPES: Final = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_FORMER: Final = "aws:s3/bucketV2:BucketV2"

_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""Beginning of a Region's name → its partition; `aws` for all others."""


def inline(name: str, former: str, build: Callable[[Graph, Resource, Value], Any]) -> tuple[str, str, Any]:
    """Return where a bucket itself carries a setting.

    Args:
        name: camelCase property.
        former: What it is called in the former type of bucket; its content has another form there, which nobody reads.
        build: Makes the setting of the bucket and the property's value.
    """
    return name, former, build


def declared(
    graph: Graph, bucket: Resource, types: tuple[str, ...], build: of_any.Build, *own: tuple[str, str, Any]
) -> of_any.Declared:
    """Return what a program declares of one setting of a bucket.

    Args:
        graph: The stack.
        bucket: The bucket.
        types: Types of the companions, which name the bucket in `bucket`.
        build: Makes the setting of a companion.
        own: Where the bucket may carry it itself, see `inline`.
    """
    is_former = bucket.type == _FORMER
    places = [of_any.Inline(former, None) if is_former else of_any.Inline(name, make) for name, former, make in own]
    return of_any.declared(graph, bucket, of_any.Carriers(types, "bucket", BUCKET_TYPES), build, *places)


def bucket_arn(graph: Graph, bucket: Resource) -> Any:
    """Return the ARN of a bucket: its output, or made of its name where the output is not known yet."""
    arn = attribute(bucket, "arn")
    if known_text(arn):
        return arn
    region = known_text(region_of(graph, bucket))
    partition = next((found for start, found in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")
    return lift(attribute(bucket, "bucket"), lambda name: f"arn:{partition}:s3:::{name}" if name else UNKNOWN)
