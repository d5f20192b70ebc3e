"""The policy of a bucket."""

from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, bucket_arn, declared, inline
from policies.iam_document import parse_resource_policy

_POLICY: Final = ("aws:s3/bucketPolicy:BucketPolicy",)


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPolicy:
    """The policy of a bucket.

    Args:
        arn: ARN of the bucket.
        certain: As `Declared.certain`; without any the bucket's account alone is let in.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    arn: str
    certain: tuple[PolicyDocument, ...] = ()
    possible: tuple[PolicyDocument, ...] = ()
    looked_up: bool = False


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_policy_from_graph(graph: Graph, resource: Resource) -> BucketPolicy:
    """Build the policy of a bucket."""
    own = inline("policy", "policy", lambda _graph, _bucket, value: _document(value))
    found = declared(graph, resource, _POLICY, _of_companion, own)
    return BucketPolicy(
        arn=bucket_arn(graph, resource),
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
    )


def _of_companion(_graph: Graph, companion: Resource) -> Any:
    return _document(settings_of(companion).get("policy"))


def _document(value: Value) -> PolicyDocument:
    return policy_document(value, "policy", parse_resource_policy)
