"""Facts about S3 buckets, whose settings are resources of their own: one module for each kind of setting."""

from policies.facts.s3.access_block import Bucket, bucket_from_graph
from policies.facts.s3.declared import BUCKET_TYPES

__all__ = ["BUCKET_TYPES", "Bucket", "bucket_from_graph"]
