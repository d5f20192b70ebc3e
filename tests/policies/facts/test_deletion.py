"""What stands between a store and its loss, and where it is copied to."""

from dataclasses import replace
from typing import Any

import pytest

from ledgergate.graph import Resource
from policies.facts.copies import (
    Copies,
    bucket_copies_from_graph,
    plan_copies_from_graph,
    replica_key_from_graph,
    secret_copies_from_graph,
    table_copies_from_graph,
    table_replica_from_graph,
)
from policies.facts.deletion import (
    DeletionProtection,
    FinalCopy,
    LastResort,
    deletion_protection_from_graph,
    final_copy_from_graph,
)
from policies.facts.properties import UNKNOWN
from tests.policies.graphs import BUCKET, CLUSTER, INSTANCE, KEY, graph, resource

TABLE = "aws:dynamodb/table:Table"
POOL = "aws:cognito/userPool:UserPool"


def protection(type_: str, inputs: dict[str, Any]) -> DeletionProtection:
    """Build whether a resource is protected."""
    subject = resource(type_, "one", inputs)
    return deletion_protection_from_graph(graph(subject), subject)


@pytest.mark.parametrize(
    ("type_", "name", "value"),
    [
        (CLUSTER, "deletionProtection", True),
        (INSTANCE, "deletionProtection", True),
        ("aws:rds/globalCluster:GlobalCluster", "deletionProtection", True),
        (TABLE, "deletionProtectionEnabled", True),
        ("aws:dynamodb/tableReplica:TableReplica", "deletionProtectionEnabled", True),
        ("aws:lb/loadBalancer:LoadBalancer", "enableDeletionProtection", True),
        ("aws:alb/loadBalancer:LoadBalancer", "enableDeletionProtection", "true"),
        (POOL, "deletionProtection", "ACTIVE"),
    ],
)
def test_protection(type_: str, name: str, value: object) -> None:
    """Each type has its own property for it, and none is protected by itself."""
    assert protection(type_, {name: value}) == DeletionProtection(property=name, on=True)
    assert protection(type_, {}) == DeletionProtection(property=name)
    assert protection(type_, {name: UNKNOWN}).on == UNKNOWN


def test_pool_that_is_not_protected() -> None:
    """INACTIVE is off, and a flag has no place there."""
    assert protection(POOL, {"deletionProtection": "INACTIVE"}).on is False
    with pytest.raises(ValueError, match="deletionProtection is no text"):
        protection(POOL, {"deletionProtection": True})


def final(type_: str, inputs: dict[str, Any], *, as_outputs: bool = False) -> FinalCopy:
    """Build what is left of a store."""
    subject = resource(type_, "one", {} if as_outputs else inputs, outputs=inputs if as_outputs else {})
    return final_copy_from_graph(graph(subject), subject)


@pytest.mark.parametrize(
    ("type_", "name", "kind"),
    [
        (BUCKET, "forceDestroy", LastResort.CONTENT),
        ("aws:ecr/repository:Repository", "forceDelete", LastResort.CONTENT),
        ("aws:backup/vault:Vault", "forceDestroy", LastResort.CONTENT),
        (CLUSTER, "skipFinalSnapshot", LastResort.SNAPSHOT),
        (INSTANCE, "skipFinalSnapshot", LastResort.SNAPSHOT),
    ],
)
def test_stores_that_go_with_what_they_hold(type_: str, name: str, kind: LastResort) -> None:
    """Only when they are told to, by inputs as by outputs."""
    assert final(type_, {name: True}) == FinalCopy(kind=kind, property=name, given_up=True)
    assert final(type_, {name: True}, as_outputs=True) == final(type_, {name: True})
    assert final(type_, {}) == FinalCopy(kind=kind, property=name)
    assert final(type_, {name: UNKNOWN}).given_up == UNKNOWN


def test_windows() -> None:
    """A secret and a key can be brought back for 30 days unless they say otherwise."""
    name = "aws:secretsmanager/secret:Secret"
    assert final(KEY, {}).window_days == 30
    assert final(KEY, {"deletionWindowInDays": 7}).window_days == 7
    assert final(name, {"recoveryWindowInDays": 0}) == FinalCopy(
        kind=LastResort.SECRET, property="recoveryWindowInDays", window_days=0
    )
    assert final(name, {"recoveryWindowInDays": UNKNOWN}).window_days == UNKNOWN


def test_read_replica() -> None:
    """Its source keeps the snapshots."""
    assert final(INSTANCE, {"replicateSourceDb": "primary", "skipFinalSnapshot": True}).replica is True
    assert final(CLUSTER, {"replicationSourceIdentifier": ""}).replica is False


def test_copies_that_a_store_states() -> None:
    """Tables and secrets list their Regions."""
    table = resource(TABLE, "one", {"name": "ledger", "replicas": [{"regionName": "us-east-1"}, UNKNOWN]})
    secret = resource("aws:secretsmanager/secret:Secret", "one", {"replicas": [{"region": "us-east-1"}]})

    assert table_copies_from_graph(graph(table), table) == Copies(
        name="ledger", home="eu-west-1", regions=("us-east-1", UNKNOWN)
    )
    assert secret_copies_from_graph(graph(secret), secret) == Copies(home="eu-west-1", regions=("us-east-1",))
    whole = replace(table, inputs={"replicas": UNKNOWN})
    assert table_copies_from_graph(graph(whole), whole).regions == (UNKNOWN,)


def test_replicas_that_are_resources() -> None:
    """Where they are decides, and what they are copies of says whether they may."""
    arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger"
    table = resource(TABLE, "one", {"name": "ledger", "tags": {"DataResidency": "regional"}}, outputs={"arn": arn})
    replica = resource("aws:dynamodb/tableReplica:TableReplica", "far", {"globalTableArn": arn, "region": "us-east-1"})
    key = resource(KEY, "key", {"region": "us-west-2"})
    copied = resource(
        "aws:kms/replicaKey:ReplicaKey",
        "copy",
        {"primaryKeyArn": UNKNOWN},
        property_dependencies={"primaryKeyArn": (key.urn,)},
    )

    assert table_replica_from_graph(graph(table, replica), replica) == Copies(
        name="ledger", residency="regional", home="eu-west-1", regions=("us-east-1",)
    )
    assert replica_key_from_graph(graph(key, copied), copied) == Copies(home="us-west-2", regions=("eu-west-1",))


def plan(vault: Any, **fields: Any) -> Resource:
    """Return a backup plan that copies to a vault."""
    rules = [{"copyActions": [{"destinationVaultArn": vault}]}, {"ruleName": "daily"}]
    return resource("aws:backup/plan:Plan", "plan", {"name": "plan", "rules": rules}, **fields)


def test_copies_of_backups() -> None:
    """The Region of a vault is in its ARN, or with the vault while the ARN is unknown."""
    vault = resource("aws:backup/vault:Vault", "far", {"name": "far", "region": "us-west-2"})
    written = plan("arn:aws:backup:us-east-1:111122223333:backup-vault:theirs")
    later = plan(UNKNOWN, property_dependencies={"rules": (vault.urn,)})

    assert plan_copies_from_graph(graph(written), written).regions == ("us-east-1",)
    assert plan_copies_from_graph(graph(later, vault), later).regions == ("us-west-2",)
    assert plan_copies_from_graph(graph(plan(UNKNOWN)), plan(UNKNOWN)).regions == (UNKNOWN,)


def test_copies_of_buckets() -> None:
    """Rules that are in force lead to the Region of their bucket; one of another stack has an unknown one."""
    near, far = (resource(BUCKET, name, {"bucket": name}, id=name) for name in ("near", "far"))
    far = replace(far, inputs={**far.inputs, "region": "us-west-2"})

    def rule(bucket: str, status: str = "Enabled") -> dict[str, Any]:
        return {"status": status, "destination": {"bucket": f"arn:aws:s3:::{bucket}"}}

    rules = [rule("far"), rule("theirs"), rule("far", "Disabled")]
    kind = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
    configuration = resource(kind, "near", {"bucket": "near", "rules": rules})

    found = bucket_copies_from_graph(graph(near, far, configuration), near)
    assert sorted(map(str, found.regions)) == ["[unknown]", "us-west-2"]
    assert bucket_copies_from_graph(graph(far), far).regions == ()
