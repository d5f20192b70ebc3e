"""Whether a bucket keeps every version of its objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.properties import flag, lift, literal, record, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline

_VERSIONING: Final = (
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketVersioningV2:BucketVersioningV2",
)

ENABLED: Final = "Enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioning:
    """How a bucket treats versions.

    Args:
        status: `Enabled`, `Suspended` or `Disabled`; the last when unset.
        mfa_delete: Whether deleting a version takes a second factor; false when unset.

    Source of the defaults: `aws.s3.BucketVersioning` and `aws.s3.Bucket`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    status: str = "Disabled"
    mfa_delete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketVersioning:
    """The versioning of a bucket.

    Args:
        certain: As `Declared.certain`; without any a bucket keeps no versions.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    certain: tuple[Versioning, ...] = ()
    possible: tuple[Versioning, ...] = ()
    looked_up: bool = False


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_versioning_from_graph(graph: Graph, resource: Resource) -> BucketVersioning:
    """Build the versioning of a bucket."""
    own = inline("versioning", "versionings", lambda _graph, bucket, _value: _of_bucket(bucket))
    found = declared(graph, resource, _VERSIONING, _of_companion, own)
    return BucketVersioning(certain=found.certain, possible=found.possible, looked_up=found.looked_up)


def _of_companion(_graph: Graph, companion: Resource) -> Any:
    def built(configuration: Mapping[str, Value]) -> Versioning:
        mfa = literal(configuration, "mfaDelete", default="")
        return Versioning(
            status=literal(configuration, "status", default="Disabled"),
            mfa_delete=lift(mfa, lambda text: text == ENABLED),
        )

    return record(settings_of(companion), "versioningConfiguration", built) or Versioning()


def _of_bucket(bucket: Resource) -> Any:
    def built(configuration: Mapping[str, Value]) -> Versioning:
        enabled = flag(configuration, "enabled", default=False)
        return Versioning(
            # The provider suspends where it is switched off, which is Disabled for a bucket that never had versions.
            status=lift(enabled, lambda on: ENABLED if on else "Suspended"),
            mfa_delete=flag(configuration, "mfaDelete", default=False),
        )

    return record(settings_of(bucket), "versioning", built)
