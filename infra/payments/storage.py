"""Buckets: static assets, audit records, what AWS Config records, and the record of requests to all of them."""

from dataclasses import dataclass
from typing import Final

import pulumi
from monitoring_settings import Adoption
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
    """The physical names of the buckets, the bucket that is served, and that of a recorder where the stack has one."""

    static: pulumi.Output[str]
    audit: pulumi.Output[str]
    access_logs: pulumi.Output[str]
    assets: Bucket
    config_logs: Bucket | None


def balancer_logs(names: Names) -> str:
    """Return the name of the bucket that records requests to the load balancer."""
    return names.of("balancer-logs", limit=BUCKET_LIMIT)


def config_logs(names: Names) -> str:
    """Return the name of the bucket that takes what AWS Config records."""
    return names.of("config-logs", limit=BUCKET_LIMIT)


def make_buckets(settings: Settings, place: Place, key_arn: pulumi.Input[str]) -> BucketNames:
    """Make the buckets of the system and the one that records requests to them."""
    names = settings.names
    recorded = [config_logs(names)] if settings.monitoring.config_rules is Adoption.CREATE else []
    access_logs = AccessLogBucket(
        "access-logs",
        AccessLogBucketArgs(
            bucket=names.of("access-logs"),
            place=place,
            sources=[names.of("static"), names.of("audit"), balancer_logs(names), *recorded],
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
        config_logs=_make_config_logs(settings, place, key_arn, access_logs) if recorded else None,
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


def _make_config_logs(
    settings: Settings, place: Place, key_arn: pulumi.Input[str], access_logs: AccessLogBucket
) -> Bucket:
    # AWS Config delivers into no bucket with a default lock, so the audit bucket cannot take this record.
    days = settings.audit_retention_days
    args = BucketArgs(
        bucket=config_logs(settings.names),
        place=place,
        purpose="config-logs",
        data_class=DataClass.CONFIDENTIAL,
        key_arn=key_arn,
        access_log_bucket=access_logs.bucket,
        lifecycle=Lifecycle(archive_after_days=AT_HAND_DAYS, expire_days=days, noncurrent_days=days),
        destroyable=settings.destroyable,
    )
    return Bucket("config-logs", args)
