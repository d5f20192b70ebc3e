"""Trails become facts with the bucket that takes their records."""

from typing import Any, Final

from ledgergate.graph import Kind, Resource
from policies.facts.s3 import bucket_from_graph
from policies.facts.s3.access_log import bucket_access_log_from_graph
from policies.facts.trails import (
    TrailAccessLog,
    TrailDelivery,
    TrailExposure,
    trail_access_log_from_graph,
    trail_delivery_from_graph,
    trail_exposure_from_graph,
)
from policies.model import UNKNOWN
from tests.policies.graphs import ACCESS_BLOCK, BUCKET, graph, resource

RECORDS: Final = resource(BUCKET, "records", {"bucket": "records-1"}, id="records-1")
BLOCK: Final = resource(ACCESS_BLOCK, "records", {"bucket": "records-1", "blockPublicAcls": True})


def trail(bucket: Any, **fields: Any) -> Resource:
    """Return a trail that puts its records there."""
    return resource("aws:cloudtrail/trail:Trail", "trail", {"s3BucketName": bucket}, **fields)


def of_trail(subject: Resource, *others: Resource) -> TrailExposure:
    """Build who gets at the records of a trail."""
    return trail_exposure_from_graph(graph(subject, *others), subject)


def log_of_trail(subject: Resource, *others: Resource) -> TrailAccessLog:
    """Build whether requests for the records of a trail are recorded."""
    return trail_access_log_from_graph(graph(subject, *others), subject)


def test_bucket_of_the_stack_is_described_whole() -> None:
    """Its settings are those that the controls of buckets judge."""
    found = of_trail(trail("records-1"), RECORDS, BLOCK)

    assert found.bucket is not None
    assert found.bucket.access == bucket_from_graph(graph(RECORDS, BLOCK), RECORDS)
    assert found.bucket.access.block_public_acls is True
    log = bucket_access_log_from_graph(graph(RECORDS), RECORDS)
    assert log_of_trail(trail("records-1"), RECORDS) == TrailAccessLog(bucket=log)


def test_bucket_of_another_stack_is_left_to_the_account() -> None:
    """Named or only looked up, its settings do not show here."""
    read = resource(BUCKET, "records", {"bucket": "records-1"}, id="records-1", kind=Kind.READ)

    assert of_trail(trail("elsewhere"), RECORDS) == TrailExposure()
    assert of_trail(trail("records-1"), read) == TrailExposure()
    assert log_of_trail(trail("elsewhere"), RECORDS) == TrailAccessLog()


def test_bucket_that_is_not_known() -> None:
    """A dependency tells which one it is, else nobody does."""
    told = trail(UNKNOWN, property_dependencies={"s3BucketName": (RECORDS.urn,)})

    assert of_trail(told, RECORDS) == of_trail(trail("records-1"), RECORDS)
    assert of_trail(trail(UNKNOWN), RECORDS) == TrailExposure(bucket=UNKNOWN)
    assert log_of_trail(trail(UNKNOWN), RECORDS) == TrailAccessLog(bucket=UNKNOWN)


def test_delivery_to_cloudwatch() -> None:
    """What is unset is empty, before deployment nothing is known of deliveries, and outputs give the same."""
    arns = {"cloudWatchLogsGroupArn": "arn:g", "cloudWatchLogsRoleArn": UNKNOWN}
    expected = TrailDelivery(cloud_watch_logs_group_arn="arn:g", cloud_watch_logs_role_arn=UNKNOWN)
    written = resource("aws:cloudtrail/trail:Trail", "trail", arns)
    deployed = resource("aws:cloudtrail/trail:Trail", "trail", outputs=arns)

    assert trail_delivery_from_graph(graph(written), written) == expected
    assert trail_delivery_from_graph(graph(deployed), deployed) == expected
    assert trail_delivery_from_graph(graph(trail("b")), trail("b")) == TrailDelivery()
