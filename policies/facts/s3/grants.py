"""Whom a bucket's access list and policy let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.properties import literal, record, records, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline
from policies.facts.s3.policy import BucketPolicy, bucket_policy_from_graph

_ACL: Final = ("aws:s3/bucketAcl:BucketAcl", "aws:s3/bucketAclV2:BucketAclV2")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessList:
    """An access control list.

    Args:
        canned: Canned list, `private`, `public-read`, …; empty when the grants are written out.
        group_uris: URIs of the groups that it grants something; empty for a grantee that is no group.

    Source of the forms: `aws.s3.BucketAcl` and `aws.s3.Bucket`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    canned: str = ""
    group_uris: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketGrants:
    """What a bucket grants by access lists and policy.

    Args:
        certain: Access lists, as `Declared.certain`; without any the owner alone is let in.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
        policy: Its policy.
    """

    certain: tuple[AccessList, ...] = ()
    possible: tuple[AccessList, ...] = ()
    looked_up: bool = False
    policy: BucketPolicy


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_grants_from_graph(graph: Graph, resource: Resource) -> BucketGrants:
    """Build what a bucket grants."""
    found = declared(
        graph,
        resource,
        _ACL,
        _of_companion,
        inline("acl", "acl", lambda _graph, bucket, _value: AccessList(canned=literal(settings_of(bucket), "acl"))),
        inline("grants", "grants", lambda _graph, bucket, _value: _of_bucket(bucket)),
    )
    return BucketGrants(
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
        policy=bucket_policy_from_graph(graph, resource),
    )


def _of_companion(_graph: Graph, companion: Resource) -> AccessList:
    def uris(written: Mapping[str, Value]) -> Any:
        return records(written, "grants", lambda grant: _or_empty(record(grant, "grantee", _uri)))

    settings = settings_of(companion)
    granted = record(settings, "accessControlPolicy", uris)
    return AccessList(canned=literal(settings, "acl", default=""), group_uris=() if granted is None else granted)


def _of_bucket(bucket: Resource) -> AccessList:
    return AccessList(group_uris=records(settings_of(bucket), "grants", _uri))


def _uri(grantee: Mapping[str, Value]) -> Any:
    return literal(grantee, "uri", default="")


def _or_empty(uri: Any) -> Any:
    return "" if uri is None else uri
