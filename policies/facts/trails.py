"""Facts about CloudTrail trails: where their records go."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from policies.facts.joins import follow
from policies.facts.properties import UNKNOWN, identity, settings_of
from policies.facts.registry import adapter
from policies.facts.s3 import BUCKET_TYPES, Bucket, bucket_from_graph
from policies.facts.s3.access_log import BucketAccessLog, bucket_access_log_from_graph
from policies.facts.s3.grants import BucketGrants, bucket_grants_from_graph

_TRAIL: Final = ("aws:cloudtrail/trail:Trail",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBucket:
    """A bucket that takes the records of a trail.

    Args:
        access: What blocks public access to it.
        grants: What it grants.
        access_log: Whether requests to it are recorded.
    """

    access: Bucket
    grants: BucketGrants
    access_log: BucketAccessLog


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailBucket:
    """Where a trail puts its records.

    Args:
        bucket: The bucket; None where this stack does not create it, so that its settings show in the account alone.
    """

    bucket: RecordBucket | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the account shows of the delivery of a trail's records to CloudWatch Logs.

    Args:
        hours_ago: Full hours since the last one; None when there was none.
    """

    hours_ago: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailDelivery:
    """Whether a trail sends its records to CloudWatch Logs.

    Args:
        cloud_watch_logs_group_arn: Log group; empty when unset.
        cloud_watch_logs_role_arn: Role that writes into it; empty when unset.
        delivery: What has been delivered; None before there is a trail.
    """

    cloud_watch_logs_group_arn: str = ""
    cloud_watch_logs_role_arn: str = ""
    delivery: Delivery | None = None


@adapter(types=_TRAIL, joined=True)
def trail_bucket_from_graph(graph: Graph, resource: Resource) -> TrailBucket:
    """Build where a trail puts its records."""
    join = follow(graph, resource, "s3BucketName", BUCKET_TYPES)
    created = [each for each in join.resources if each.kind is not Kind.READ]
    if join.unknown or len(created) > 1:
        return TrailBucket(bucket=UNKNOWN)
    return TrailBucket(bucket=_described(graph, created[0]) if created else None)


def _described(graph: Graph, bucket: Resource) -> RecordBucket:
    return RecordBucket(
        access=bucket_from_graph(graph, bucket),
        grants=bucket_grants_from_graph(graph, bucket),
        access_log=bucket_access_log_from_graph(graph, bucket),
    )


@adapter(types=_TRAIL)
def trail_delivery_from_graph(_graph: Graph, resource: Resource) -> TrailDelivery:
    """Build whether a trail sends its records to CloudWatch Logs."""

    def arn(name: str) -> Any:
        return identity(settings_of(resource), name, default="")

    return TrailDelivery(
        cloud_watch_logs_group_arn=arn("cloudWatchLogsGroupArn"),
        cloud_watch_logs_role_arn=arn("cloudWatchLogsRoleArn"),
    )
