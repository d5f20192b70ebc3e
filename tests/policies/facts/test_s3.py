"""A bucket and its companions become one fact, from inputs and from outputs alike."""

from dataclasses import replace
from typing import Any, Final

import pytest

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Secret
from policies.controls.s3.access_block import public_access_blocked
from policies.facts.s3 import Bucket, bucket_from_graph
from policies.model import UNKNOWN, Verdict
from policies.runner import Judge
from policies.settings import Settings
from tests.policies.graphs import ACCESS_BLOCK, BUCKET, graph, resource

ON: Final = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}
BLOCKED: Final = Bucket(
    block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
)
UNDECIDED: Final = Bucket(
    block_public_acls=UNKNOWN, block_public_policy=UNKNOWN, ignore_public_acls=UNKNOWN, restrict_public_buckets=UNKNOWN
)
LEDGER: Final = resource(
    BUCKET, "ledger", {"bucket": "ledger-1"}, id="ledger-1", outputs={"arn": "arn:aws:s3:::ledger-1"}
)
OTHER: Final = resource(BUCKET, "other", {"bucket": "other-1"}, id="other-1")


def block(name: str = "block", bucket: Any = "ledger-1", **fields: Any) -> Resource:
    """Return an access block with all flags on unless `fields` says otherwise."""
    flags = {key: fields.pop(key, value) for key, value in ON.items()}
    return resource(ACCESS_BLOCK, name, {"bucket": bucket, **flags}, **fields)


def fact(*resources: Resource, of: Resource = LEDGER) -> Bucket:
    """Build the fact of one bucket in a graph."""
    return bucket_from_graph(graph(*resources), of)


def verdict(found: Bucket) -> Verdict:
    """Judge a fact by the control."""
    return Judge([public_access_blocked], Settings()).verdict(public_access_blocked, found)


@pytest.mark.parametrize("reference", ["ledger-1", "arn:aws:s3:::ledger-1", Secret("ledger-1")])
def test_block_counts_however_it_names_the_bucket(reference: object) -> None:
    """Name, id and ARN of a bucket are one identity."""
    assert fact(LEDGER, block(bucket=reference)) == BLOCKED


def test_outputs_give_the_same_fact_as_inputs() -> None:
    """A stage that knows outputs only judges the same bucket."""
    bucket = resource(BUCKET, "ledger", outputs={"bucket": "ledger-1", "arn": "arn:aws:s3:::ledger-1"})
    its_block = resource(ACCESS_BLOCK, "block", outputs={"bucket": "ledger-1", **ON})

    assert fact(bucket, its_block, of=bucket) == fact(LEDGER, block())


def test_unknown_reference_is_followed_by_dependency() -> None:
    """A real preview leaves the id unknown but says which resource it comes from."""
    its_block = block(bucket=UNKNOWN, property_dependencies={"bucket": (LEDGER.urn,)})

    assert fact(LEDGER, OTHER, its_block) == BLOCKED
    assert fact(LEDGER, OTHER, its_block, of=OTHER) == Bucket()


def test_unset_flag_is_off() -> None:
    """A block without a flag leaves that flag off."""
    assert fact(LEDGER, block(ignorePublicAcls=None)) == replace(BLOCKED, ignore_public_acls=False)


def test_block_of_another_bucket_does_not_count() -> None:
    """A companion declared for another bucket protects that one only."""
    assert fact(LEDGER, OTHER, block(bucket="other-1")) == Bucket()


def test_bucket_without_a_block_is_open() -> None:
    """A companion that is left out is as good as four flags off."""
    assert fact(LEDGER) == Bucket()


def test_two_blocks_must_agree() -> None:
    """Blocks of one bucket overwrite each other, so the weaker one decides."""
    weak = block("weak", blockPublicPolicy=False)

    assert fact(LEDGER, block(), weak) == replace(BLOCKED, block_public_policy=False)


def test_unknown_flag_stays_unknown() -> None:
    """A flag that nobody knows yet is neither on nor off, except beside one that is surely off."""
    assert fact(LEDGER, block(blockPublicAcls=UNKNOWN)) == replace(BLOCKED, block_public_acls=UNKNOWN)
    weak = block("weak", blockPublicAcls=False)
    assert fact(LEDGER, block(blockPublicAcls=UNKNOWN), weak) == replace(BLOCKED, block_public_acls=False)


def test_secret_flag_stays_secret() -> None:
    """A flag that is secret counts and is not told."""
    on: Any = Secret(value=True)

    assert fact(LEDGER, block(blockPublicAcls=on)) == replace(BLOCKED, block_public_acls=on)


def test_block_of_an_unknown_bucket_may_be_its_own() -> None:
    """A block whose bucket is unknown can turn open into undecided, never into blocked."""
    assert fact(LEDGER, block(bucket=UNKNOWN)) == UNDECIDED
    assert fact(LEDGER, block(), block("loose", bucket=UNKNOWN)) == BLOCKED
    loose = block("loose", bucket=UNKNOWN, blockPublicAcls=False)
    assert fact(LEDGER, block(), loose) == replace(BLOCKED, block_public_acls=UNKNOWN)


def test_bucket_without_a_known_name_may_own_a_block_of_unknown_owner() -> None:
    """A literal name could be that of a bucket whose own name is not known yet."""
    nameless = resource(BUCKET, "nameless", {"bucketPrefix": "ledger-"})

    assert fact(nameless, block(), of=nameless) == UNDECIDED
    assert fact(nameless, LEDGER, block(), of=nameless) == Bucket()


def test_block_that_is_only_looked_up_is_left_to_the_account() -> None:
    """A read shows that a block exists, not what it says."""
    assert fact(LEDGER, block(kind=Kind.READ)) == Bucket(access_block_read=True)
    assert verdict(fact(LEDGER, block(kind=Kind.READ))).status == "deferred"


def test_block_that_is_created_decides_beside_one_that_is_looked_up() -> None:
    """What the program creates is what the look-up will find, so a created block without flags fails."""
    read, weak = block(kind=Kind.READ), block("weak", **dict.fromkeys(ON, False))

    assert fact(LEDGER, read, block("own")) == BLOCKED
    assert verdict(fact(LEDGER, read, weak)).status == "fail"
    assert verdict(fact(LEDGER, read, block("weak", blockPublicAcls=UNKNOWN))).status == "unknown"


def test_former_bucket_type_is_a_bucket_too() -> None:
    """The deprecated token of the same resource does not escape the controls."""
    bucket = resource("aws:s3/bucketV2:BucketV2", "ledger", {"bucket": "ledger-1"})

    assert fact(bucket, block(), of=bucket) == BLOCKED


def test_flag_that_is_no_flag_is_refused() -> None:
    """A value of the wrong type is an error of the adapter, which the runner reports as undecided."""
    with pytest.raises(ValueError, match="blockPublicAcls is not a flag"):
        fact(LEDGER, block(blockPublicAcls=[]))


def test_index_belongs_to_one_graph() -> None:
    """Companions of one graph are never taken for those of another with the same resources."""
    full: Graph = graph(LEDGER, block())
    bare: Graph = graph(LEDGER)

    assert (bucket_from_graph(full, LEDGER), bucket_from_graph(bare, LEDGER)) == (BLOCKED, Bucket())
