"""A bucket for the system's own data."""

from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from components.bucket_companions import Companions
from components.bucket_policy import bucket_policy, modern_tls_only, own_keys_only, version_deletion_with_mfa_only
from components.lifecycle import Lifecycle
from components.place import Place
from components.tags import DataClass


class LockMode(StrEnum):
    """Who may lift a lock: nobody at all, or somebody with a special permission."""

    COMPLIANCE = "COMPLIANCE"
    GOVERNANCE = "GOVERNANCE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLock:
    """For how long no version can be overwritten or deleted.

    Args:
        mode: Who may lift the lock.
        days: Days from writing.
    """

    mode: LockMode
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketArgs:
    """What a bucket holds and for how long.

    Args:
        bucket: Physical name.
        place: Where it lives.
        purpose: What it is for; its `Purpose` tag.
        data_class: What it holds.
        key_arn: Key that encrypts it.
        access_log_bucket: Name of the bucket that records every request to it.
        lifecycle: How long objects stay.
        lock: Write-once protection, for records that must survive their writer.
        served: Whether a distribution reads it: its policy names the distribution, so `ServedBucketPolicy` attaches it.
        destroyable: Whether the stack may vanish: removes the objects with the bucket.
    """

    bucket: str
    place: Place
    purpose: str
    data_class: DataClass
    key_arn: pulumi.Input[str]
    access_log_bucket: pulumi.Input[str]
    lifecycle: Lifecycle
    lock: ObjectLock | None = None
    served: bool = False
    destroyable: bool = False


class Bucket(pulumi.ComponentResource):
    """A private, versioned, logged bucket under a customer-managed key.

    Args:
        name: Logical name.
        args: What it holds and for how long.
        opts: Resource options.
    """

    bucket: pulumi.Output[str]
    """Physical name."""
    host: pulumi.Output[str]
    """Regional host name, where a distribution finds it."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ledgergate:components:Bucket", name, None, opts)
        bucket = self._make_bucket(name, args)
        companions = Companions(name=name, region=args.place.region, bucket=bucket, owner=self)
        guard = companions.make_guard()
        if not args.served:
            companions.make_policy(self._policy(args), guard)
        companions.make_key_encryption(args.key_arn)
        versioning = companions.make_versioning()
        companions.make_lifecycle(args.lifecycle, versioning)
        self._make_access_log(name, args, bucket)
        if args.lock:
            self._make_object_lock(name, args.place.region, args.lock, bucket, versioning)
        self.bucket = bucket.bucket
        self.host = bucket.bucket_regional_domain_name
        self.register_outputs({"bucket": self.bucket})

    def _policy(self, args: BucketArgs) -> str:
        arn = args.place.bucket_arn(args.bucket)
        versions = version_deletion_with_mfa_only(arn) if args.lock else ()
        return bucket_policy([*modern_tls_only(arn), *own_keys_only(args.place, arn), *versions])

    def _make_bucket(self, name: str, args: BucketArgs) -> aws.s3.Bucket:
        return aws.s3.Bucket(
            name,
            region=args.place.region,
            bucket=args.bucket,
            force_destroy=args.destroyable,
            object_lock_enabled=args.lock is not None,
            tags={**args.data_class.tag, "Purpose": args.purpose},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_access_log(self, name: str, args: BucketArgs, bucket: aws.s3.Bucket) -> None:
        aws.s3.BucketLogging(
            name,
            region=args.place.region,
            bucket=bucket.id,
            target_bucket=args.access_log_bucket,
            target_prefix=f"{args.bucket}/",
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_object_lock(
        self, name: str, region: str, lock: ObjectLock, bucket: aws.s3.Bucket, versioning: aws.s3.BucketVersioning
    ) -> None:
        retention = aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(mode=lock.mode.value, days=lock.days)
        aws.s3.BucketObjectLockConfiguration(
            name,
            region=region,
            bucket=bucket.id,
            object_lock_enabled="Enabled",
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(default_retention=retention),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
