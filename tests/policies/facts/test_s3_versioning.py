"""Versioning and object lock of buckets, and how a companion finds its bucket, from inputs and from outputs alike."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgergate.graph import Kind, Resource
from ledgergate.values import Secret
from policies.facts.s3.lock import Retention, bucket_lock_from_graph
from policies.facts.s3.policy import bucket_policy_from_graph
from policies.facts.s3.version_deletion import version_deletion_from_graph
from policies.facts.s3.versioning import BucketVersioning, Versioning, bucket_versioning_from_graph
from policies.model import UNKNOWN
from tests.policies.facts.s3_graphs import LEDGER, OTHER, POLICY, companion
from tests.policies.graphs import BUCKET, graph, resource


def versioning(name: str = "one", status: Any = "Enabled", **fields: Any) -> Resource:
    """Return the versioning of the ledger's bucket."""
    return companion("BucketVersioning", name, versioningConfiguration={"status": status}, **fields)


def of_versioning(*resources: Resource, of: Resource = LEDGER) -> BucketVersioning:
    """Build the versioning of one bucket in a graph."""
    return bucket_versioning_from_graph(graph(of, *resources), of)


ON: Final = BucketVersioning(certain=(Versioning(status="Enabled"),))


@pytest.mark.parametrize("bucket", ["ledger-1", "arn:aws:s3:::ledger-1", Secret("ledger-1")])
def test_companion_counts_however_it_names_the_bucket(bucket: object) -> None:
    """Name, id and ARN are one identity, and the former type of companion is one too."""
    owner = replace(LEDGER, outputs={"arn": "arn:aws:s3:::ledger-1"})

    assert of_versioning(versioning(bucket=bucket), of=owner) == ON
    former = companion("BucketVersioningV2", bucket=bucket, versioningConfiguration={"status": "Enabled"})
    assert of_versioning(former, of=owner) == ON


def test_companion_of_another_bucket_does_not_count() -> None:
    """A companion declared for another bucket says nothing about this one."""
    assert of_versioning(OTHER, versioning(bucket="other-1")) == BucketVersioning()


def test_companion_of_an_unknown_bucket_is_possible_only() -> None:
    """Nobody knows whose it is, unless a dependency tells."""
    loose = versioning(bucket=UNKNOWN)
    told = replace(loose, property_dependencies={"bucket": (LEDGER.urn,)})

    assert of_versioning(loose) == BucketVersioning(possible=ON.certain)
    assert of_versioning(OTHER, told) == ON


def test_two_companions_are_both_judged_and_the_known_one_first() -> None:
    """They overwrite each other, and what is surely wrong must be found before what nobody knows."""
    found = of_versioning(versioning("one", UNKNOWN), versioning("two", "Suspended"))

    assert found.certain == (Versioning(status="Suspended"), Versioning(status=UNKNOWN))


def test_companion_that_is_looked_up_says_nothing() -> None:
    """A read shows that there is one; of a bucket that nobody knows not even that."""
    assert of_versioning(versioning(kind=Kind.READ)) == BucketVersioning(looked_up=True)
    assert of_versioning(versioning(kind=Kind.READ), versioning("own")) == replace(ON, looked_up=True)
    assert of_versioning(versioning(kind=Kind.READ, bucket=UNKNOWN)) == BucketVersioning(possible=(UNKNOWN,))
    assert of_versioning(versioning(kind=Kind.READ, bucket=UNKNOWN), versioning("own")) == ON


def test_bucket_carries_versioning_itself() -> None:
    """The deprecated form counts, beside a companion too; that of the former type of bucket is read by nobody."""
    owner = replace(LEDGER, inputs={**LEDGER.inputs, "versioning": {"enabled": True, "mfaDelete": True}})
    former = resource("aws:s3/bucketV2:BucketV2", "old", {"bucket": "old-1", "versionings": [{"enabled": True}]})
    own = Versioning(status="Enabled", mfa_delete=True)

    assert of_versioning(of=owner) == BucketVersioning(certain=(own,))
    assert len(of_versioning(versioning(status="Suspended"), of=owner).certain) == 2
    assert of_versioning(of=former) == BucketVersioning(certain=(UNKNOWN,))


def test_outputs_of_a_bucket_do_not_speak_against_its_companions() -> None:
    """The outputs of a bucket show what the service set before the companion came."""
    outputs = {"bucket": "ledger-1", "versioning": {"enabled": False}}
    deployed = resource(BUCKET, "ledger", outputs=outputs)
    its = resource(
        "aws:s3/bucketVersioning:BucketVersioning",
        "one",
        outputs={"bucket": "ledger-1", "versioningConfiguration": {"status": "Enabled", "mfaDelete": ""}},
    )

    assert of_versioning(its, of=deployed) == ON
    assert of_versioning(of=deployed) == BucketVersioning(certain=(Versioning(status="Suspended"),))


@given(order=st.permutations(range(3)))
def test_order_of_companions_does_not_matter(order: list[int]) -> None:
    """The same companions give the same fact in whatever order they were registered, as far as it is known."""
    companions = [versioning("a", "Enabled"), versioning("b", "Enabled"), versioning("c", UNKNOWN)]

    assert of_versioning(*(companions[each] for each in order)) == of_versioning(*companions)


def lock_of(*resources: Resource, **inputs: Any) -> Any:
    """Build the object lock of a bucket."""
    owner = replace(LEDGER, inputs={**LEDGER.inputs, **inputs})
    return bucket_lock_from_graph(graph(owner, *resources), owner)


def test_object_lock() -> None:
    """Days and years are as written, 0 is none, and the lock is on unless said otherwise."""
    kept = {"mode": "COMPLIANCE", "days": 0, "years": 7.0}
    its = companion("BucketObjectLockConfiguration", rule={"defaultRetention": kept})
    expected = Retention(mode="COMPLIANCE", years=7)

    assert lock_of(its, objectLockEnabled=True).certain == (expected,)
    assert lock_of(its).object_lock_enabled is False
    assert lock_of(companion("BucketObjectLockConfiguration")).certain == (Retention(),)
    assert lock_of(companion("BucketObjectLockConfiguration", objectLockEnabled="")).certain == (
        Retention(enabled=False),
    )
    assert lock_of(companion("BucketObjectLockConfiguration", rule=UNKNOWN)).certain == (UNKNOWN,)
    assert lock_of(objectLockConfiguration={"rule": {"defaultRetention": kept}}).certain == (expected,)
    assert lock_of(companion("BucketObjectLockConfiguration", rule=[{"defaultRetention": [kept]}])).certain == (
        expected,
    )


def test_guards_of_versions_are_the_settings_themselves() -> None:
    """What guards versions is the same versioning, policy and lock that other controls judge."""
    whole = graph(LEDGER, versioning(), companion("BucketPolicy", policy=POLICY))
    found = version_deletion_from_graph(whole, LEDGER)

    assert found.versioning == ON
    assert found.policy == bucket_policy_from_graph(whole, LEDGER)
    assert found.lock == bucket_lock_from_graph(whole, LEDGER)


def test_value_of_the_wrong_kind_is_refused() -> None:
    """A value that has no place there is an error of the adapter, which the runner reports as undecided."""
    with pytest.raises(ValueError, match="versioningConfiguration is not an object"):
        of_versioning(companion("BucketVersioning", versioningConfiguration="Enabled"))
