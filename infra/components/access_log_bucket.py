"""The bucket that records every request to the other buckets."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket_companions import Companions
from components.bucket_policy import access_log_delivery, bucket_policy, modern_tls_only
from components.lifecycle import Lifecycle
from components.place import Place
from components.tags import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogBucketArgs:
    """Whose requests are recorded, for how long.

    Args:
        bucket: Physical name.
        place: Where it lives.
        sources: Physical names of the buckets that are logged.
        lifecycle: How long records stay.
        destroyable: Whether the stack may vanish: removes the records with the bucket.
    """

    bucket: str
    place: Place
    sources: Sequence[str]
    lifecycle: Lifecycle
    destroyable: bool = False


class AccessLogBucket(pulumi.ComponentResource):
    """A target of S3 server access logs.

    S3 delivers them neither under a customer-managed key nor into a bucket with a default lock, so this
    bucket has the service's own encryption and is no target of itself.
    Source for the encryption: Trivy's check AWS-0132, read 2026-11-21.

    Args:
        name: Logical name.
        args: Whose requests, for how long.
        opts: Resource options.
    """

    bucket: pulumi.Output[str]
    """Physical name."""

    def __init__(self, name: str, args: AccessLogBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:AccessLogBucket", name, None, opts)
        bucket = self._make_bucket(name, args)
        companions = Companions(name=name, region=args.place.region, bucket=bucket, owner=self)
        arn = args.place.bucket_arn(args.bucket)
        delivery = access_log_delivery(args.place, args.bucket, args.sources)
        companions.make_policy(bucket_policy([*modern_tls_only(arn), *delivery]), companions.make_guard())
        companions.make_service_encryption()
        companions.make_lifecycle(args.lifecycle, companions.make_versioning())
        self.bucket = bucket.bucket
        self.register_outputs({"bucket": self.bucket})

    def _make_bucket(self, name: str, args: AccessLogBucketArgs) -> aws.s3.Bucket:
        return aws.s3.Bucket(
            name,
            region=args.place.region,
            bucket=args.bucket,
            force_destroy=args.destroyable,
            tags={**DataClass.INTERNAL.tag, "Purpose": "access-logs"},
            opts=pulumi.ResourceOptions(parent=self),
        )
