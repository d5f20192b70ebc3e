"""Facts about CloudTrail trails: where their records go."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
class Exposure:
    """What lets people into a bucket that takes the records of a trail.

    Args:
        access: What blocks public access to it.
        grants: What it grants.
    """

    access: Bucket
    grants: BucketGrants


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailExposure:
    """Who gets at the records of a trail.

    Args:
        bucket: The bucket that takes them; None where this stack does not create it, so that its settings show in the
            account alone.
    """

    bucket: Exposure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailAccessLog:
    """Whether requests for the records of a trail are recorded.

    Args:
        bucket: Access log of the bucket that takes them; None as in `TrailExposure`.
    """

    bucket: BucketAccessLog | None = None


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
def trail_exposure_from_graph(graph: Graph, resource: Resource) -> TrailExposure:
    """Build who gets at the records of a trail."""

    def described(bucket: Resource) -> Exposure:
        return Exposure(access=bucket_from_graph(graph, bucket), grants=bucket_grants_from_graph(graph, bucket))

    return TrailExposure(bucket=_of_bucket(graph, resource, described))


@adapter(types=_TRAIL, joined=True)
def trail_access_log_from_graph(graph: Graph, resource: Resource) -> TrailAccessLog:
    """Build whether requests for the records of a trail are recorded."""
    return TrailAccessLog(bucket=_of_bucket(graph, resource, partial(bucket_access_log_from_graph, graph)))


def _of_bucket(graph: Graph, trail: Resource, described: Callable[[Resource], Any]) -> Any:
    join = follow(graph, trail, "s3BucketName", BUCKET_TYPES)
    created = [each for each in join.resources if each.kind is not Kind.READ]
    if join.unknown or len(created) > 1:
        return UNKNOWN
    return described(created[0]) if created else None


@adapter(types=_TRAIL)
def trail_delivery_from_graph(_graph: Graph, resource: Resource) -> TrailDelivery:
    """Build whether a trail sends its records to CloudWatch Logs."""

    def arn(name: str) -> Any:
        return identity(settings_of(resource), name, default="")

    return TrailDelivery(
        cloud_watch_logs_group_arn=arn("cloudWatchLogsGroupArn"),
        cloud_watch_logs_role_arn=arn("cloudWatchLogsRoleArn"),
    )
