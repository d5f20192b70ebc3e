"""Buckets: static assets, audit records, and the record of requests to both."""

from dataclasses import dataclass
from typing import Final

import pulumi
from settings import LOG_RETENTION_DAYS, Settings

from components.access_log_bucket import AccessLogBucket, AccessLogBucketArgs
from components.bucket import Bucket, BucketArgs, LockMode, ObjectLock
from components.lifecycle import Lifecycle
from components.names import Names
from components.place import Place
from components.tags import DataClass

AT_HAND_DAYS: Final = 92
"""PCI DSS v4.0.1 10.5.1 wants three months of audit records at hand."""

BUCKET_LIMIT: Final = 63
"""Characters of a bucket's name."""

UNDO_DAYS: Final = 30
"""How long an overwritten object can be brought back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketNames:
    """The physical names of the buckets, and the bucket that is served."""

    static: pulumi.Output[str]
    audit: pulumi.Output[str]
    access_logs: pulumi.Output[str]
    assets: Bucket


def balancer_logs(names: Names) -> str:
    """Return the name of the bucket that records requests to the load balancer."""
    return names.of("balancer-logs", limit=BUCKET_LIMIT)


def make_buckets(settings: Settings, place: Place, key_arn: pulumi.Input[str]) -> BucketNames:
    """Make the two buckets of the system and the one that records requests to them."""
    names = settings.names
    access_logs = AccessLogBucket(
        "access-logs",
        AccessLogBucketArgs(
            bucket=names.of("access-logs"),
            place=place,
            sources=[names.of("static"), names.of("audit"), balancer_logs(names)],
            lifecycle=Lifecycle(noncurrent_days=UNDO_DAYS, expire_days=LOG_RETENTION_DAYS),
            destroyable=settings.destroyable,
        ),
    )
    assets = _make_static(settings, place, key_arn, access_logs)
    return BucketNames(
        static=assets.bucket,
        audit=_make_audit(settings, place, key_arn, access_logs),
        access_logs=access_logs.bucket,
        assets=assets,
    )


def _make_static(settings: Settings, place: Place, key_arn: pulumi.Input[str], access_logs: AccessLogBucket) -> Bucket:
    args = BucketArgs(
        bucket=settings.names.of("static"),
        place=place,
        purpose="static-assets",
        data_class=DataClass.PUBLIC,
        key_arn=key_arn,
        access_log_bucket=access_logs.bucket,
        lifecycle=Lifecycle(noncurrent_days=UNDO_DAYS),
        served=True,
        destroyable=settings.destroyable,
    )
    return Bucket("static", args)


def _make_audit(
    settings: Settings, place: Place, key_arn: pulumi.Input[str], access_logs: AccessLogBucket
) -> pulumi.Output[str]:
    days = settings.audit_retention_days
    # A lock that nobody lifts would keep the stack from being destroyed, which B-79 demands where it is destroyable.
    mode = LockMode.GOVERNANCE if settings.destroyable else LockMode.COMPLIANCE
    args = BucketArgs(
        bucket=settings.names.of("audit"),
        place=place,
        purpose="audit",
        data_class=DataClass.CONFIDENTIAL,
        key_arn=key_arn,
        access_log_bucket=access_logs.bucket,
        lifecycle=Lifecycle(archive_after_days=AT_HAND_DAYS, expire_days=days, noncurrent_days=days),
        lock=ObjectLock(mode=mode, days=days),
        destroyable=settings.destroyable,
    )
    return Bucket("audit", args).bucket
