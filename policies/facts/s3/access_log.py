"""Whether requests to a bucket are recorded, and whether it records those to others."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value, reveal
from policies.facts.joins import companions
from policies.facts.properties import UNKNOWN, attribute, identity, known_text, record, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline
from policies.facts.s3.policy import BucketPolicy, bucket_policy_from_graph

_LOGGING: Final = ("aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLog:
    """Where requests are recorded.

    Args:
        target_bucket: Name of the bucket that takes the records; empty when none is given.
        to_itself: Whether that is the bucket that is recorded.
    """

    target_bucket: str = ""
    to_itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAccessLog:
    """The server access log of a bucket.

    Args:
        certain: As `Declared.certain`; without any nothing is recorded.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
        takes_records: Whether a bucket of this stack sends its own records to it.
        policy: Its policy, which shows whether buckets elsewhere may.
    """

    certain: tuple[AccessLog, ...] = ()
    possible: tuple[AccessLog, ...] = ()
    looked_up: bool = False
    takes_records: bool = False
    policy: BucketPolicy


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_access_log_from_graph(graph: Graph, resource: Resource) -> BucketAccessLog:
    """Build the access log of a bucket."""
    own = inline(
        "logging",
        "loggings",
        lambda _graph, bucket, _value: record(settings_of(bucket), "logging", partial(_access_log, bucket)),
    )
    found = declared(graph, resource, _LOGGING, lambda _graph, each: _of_companion(resource, each), own)
    return BucketAccessLog(
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
        takes_records=_takes_records(graph, resource),
        policy=bucket_policy_from_graph(graph, resource),
    )


def _of_companion(bucket: Resource, companion: Resource) -> AccessLog:
    return _access_log(bucket, settings_of(companion))


def _access_log(bucket: Resource, settings: Mapping[str, Value]) -> AccessLog:
    own = {known_text(attribute(bucket, name)) for name in ("bucket", "arn")} | {bucket.id}
    named = reveal(settings.get("targetBucket"))
    known = isinstance(named, str)
    return AccessLog(
        target_bucket=identity(settings, "targetBucket", default=""),
        to_itself=(named in own - {""}) if known or named is None else UNKNOWN,
    )


def _takes_records(graph: Graph, bucket: Resource) -> Any:
    by_companion = companions(graph, bucket, _LOGGING, "targetBucket", BUCKET_TYPES)
    if by_companion.certain:
        return True
    own = {known_text(attribute(bucket, "bucket")), bucket.id} - {""}
    inline = [reveal(each.inputs.get("logging")) for each in graph.of_type(*BUCKET_TYPES)]
    targets = [each.get("targetBucket") for each in inline if isinstance(each, dict)]
    if any(target in own for target in targets if isinstance(target, str)):
        return True
    return UNKNOWN if by_companion.possible or any(each == UNKNOWN for each in (*inline, *targets)) else False
