"""Databases as RDS and KMS describe them."""

from typing import Any

import pytest

from integration.readers import rds
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.rds import Database, GlobalDatabase
from policies.facts.tagging import Tag, Tagged
from tests.integration.scanning.lines import Answer, CannedLine, read

HERE = "arn:aws:rds:eu-west-1:111122223333:"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234"
CLUSTER = {
    "DBClusterArn": HERE + "cluster:books",
    "Engine": "aurora-postgresql",
    "StorageEncrypted": True,
    "KmsKeyId": KEY,
}
INSTANCE = {"DBInstanceArn": HERE + "db:books", "Engine": "postgres", "StorageEncrypted": True, "KmsKeyId": KEY}
CUSTOMER = KeyUse(manager=KeyManager.CUSTOMER, region="eu-west-1")


def answers(**changed: Answer | list[Answer]) -> CannedLine:
    """Return an account with one key and nothing else, but for what is changed."""
    return CannedLine(
        {
            "DescribeDBClusters": {"DBClusters": []},
            "DescribeDBInstances": {"DBInstances": []},
            "DescribeGlobalClusters": {"GlobalClusters": []},
            "DescribeKey": {"KeyMetadata": {"Arn": KEY, "KeyManager": "CUSTOMER"}},
            **changed,
        }
    )


def cluster(*, line: dict[str, Answer | list[Answer]] | None = None, **changed: Any) -> Any:
    """Return what is read of one cluster."""
    (found,) = read(
        rds.READING, answers(DescribeDBClusters={"DBClusters": [CLUSTER | changed]}, **(line or {})), [Database]
    )
    return found


def instance(**changed: Any) -> Any:
    """Return what is read of one instance."""
    (found,) = read(rds.READING, answers(DescribeDBInstances={"DBInstances": [INSTANCE | changed]}), [Database])
    return found


def test_a_cluster_and_its_key() -> None:
    """Who manages a key is what KMS says."""
    managed = {"DescribeKey": {"KeyMetadata": {"Arn": KEY, "KeyManager": "AWS"}}}
    expected = Database(region="eu-west-1", storage_encrypted=True, kms_key_id=CUSTOMER)
    assert cluster().fact == expected
    assert cluster(line={**managed}).fact.kms_key_id == KeyUse(manager=KeyManager.AWS, region="eu-west-1")
    assert cluster(StorageEncrypted=False, KmsKeyId=None).fact == Database(region="eu-west-1")


def test_a_key_that_nobody_may_look_at() -> None:
    """The key is unknown, with the call that failed; everything else is known."""
    found = cluster(line={"DescribeKey": Trouble(Cause.DENIED, "AccessDeniedException")})
    assert found.fact == Database(region="eu-west-1", storage_encrypted=True, kms_key_id=UNKNOWN)
    assert [failure.call.operation for failure in found.failures] == ["DescribeKey"]


@pytest.mark.parametrize(
    "metadata", [{}, {"KeyMetadata": {"Arn": KEY}}, {"KeyMetadata": {"Arn": KEY, "KeyManager": "?"}}]
)
def test_a_key_of_which_kms_says_nothing(metadata: dict[str, Any]) -> None:
    """A description without a manager decides nothing."""
    found = cluster(line={"DescribeKey": metadata})
    assert isinstance(found, Unread)
    assert (found.facts, found.failure.cause) == ((Database,), Cause.UNPARSABLE)


@pytest.mark.parametrize(
    ("globals_", "own", "expected"),
    [
        ([], {}, None),
        ([{"GlobalClusterIdentifier": "w", "StorageEncrypted": True, "GlobalClusterMembers": []}], {}, None),
        (
            [{"GlobalClusterIdentifier": "w", "GlobalClusterMembers": [{"DBClusterArn": CLUSTER["DBClusterArn"]}]}],
            {},
            GlobalDatabase(storage_encrypted=False),
        ),
        (
            [{"GlobalClusterIdentifier": "w", "StorageEncrypted": True, "GlobalClusterMembers": []}],
            {"GlobalClusterIdentifier": "w"},
            GlobalDatabase(storage_encrypted=True),
        ),
        ([], {"GlobalClusterIdentifier": "w"}, UNKNOWN),
    ],
)
def test_global_databases(globals_: list[Any], own: dict[str, Any], expected: object) -> None:
    """A member is known by its ARN or by the name that it gives; where that is not listed, nobody knows."""
    assert (
        cluster(line={"DescribeGlobalClusters": {"GlobalClusters": globals_}}, **own).fact.global_database == expected
    )


def test_global_databases_that_nobody_may_list() -> None:
    """Whether it is a member is unknown, with the call that failed."""
    found = cluster(line={"DescribeGlobalClusters": Trouble(Cause.TIMED_OUT, "ReadTimeoutError")})
    assert found.fact.global_database == UNKNOWN
    assert [failure.cause for failure in found.failures] == [Cause.TIMED_OUT]


@pytest.mark.parametrize(
    ("source", "expected"),
    [(None, False), ("books", True), (HERE + "db:books", True), ("arn:aws:rds:eu-west-2:111122223333:db:books", False)],
)
def test_replicas(source: str | None, expected: object) -> None:
    """A source by its plain name is of the same Region, one by its ARN is where the ARN says."""
    assert instance(ReadReplicaSourceDBInstanceIdentifier=source).fact.same_region_replica is expected
    assert cluster(ReplicationSourceIdentifier=source).fact.same_region_replica is expected


def test_what_the_controls_of_rds_do_not_speak_about() -> None:
    """Members of a cluster, and databases of other services that share the calls, have no encryption of their own."""
    line = answers(
        DescribeDBClusters={"DBClusters": [CLUSTER | {"Engine": "docdb"}]},
        DescribeDBInstances={"DBInstances": [INSTANCE | {"DBClusterIdentifier": "books"}]},
    )
    assert read(rds.READING, line, [Database]) == []


def test_an_encryption_that_is_missing_is_undecided() -> None:
    """RDS always says whether storage is encrypted; if it does not, nobody knows."""
    item = {key: value for key, value in INSTANCE.items() if key != "StorageEncrypted"}
    (found,) = read(rds.READING, answers(DescribeDBInstances={"DBInstances": [item]}), [Database])
    assert isinstance(found, Unread)


def test_what_else_carries_tags() -> None:
    """Groups are asked for their tags one by one, RDS's own are passed over, and a snapshot tells them itself."""
    groups = [{"DBParameterGroupArn": f"{HERE}pg:{name}"} for name in ("default.postgres16", "books")]
    snapshot = {"DBSnapshotArn": HERE + "snapshot:s", "TagList": [{"Key": "a", "Value": "b"}]}
    endpoints = [
        {"DBProxyEndpointArn": f"{HERE}db-proxy-endpoint:{name}", "IsDefault": name == "its-own", "TagList": []}
        for name in ("its-own", "made")
    ]
    line = answers(
        DescribeDBClusterEndpoints={"DBClusterEndpoints": []},
        DescribeDBProxyEndpoints={"DBProxyEndpoints": endpoints},
        DescribeDBClusterParameterGroups={"DBClusterParameterGroups": []},
        DescribeDBClusterSnapshots={"DBClusterSnapshots": []},
        DescribeEventSubscriptions={"EventSubscriptionsList": []},
        DescribeOptionGroups={"OptionGroupsList": []},
        DescribeDBParameterGroups={"DBParameterGroups": groups},
        DescribeDBProxies=Trouble(Cause.DENIED, "AccessDenied"),
        DescribeDBSnapshots={"DBSnapshots": [snapshot]},
        DescribeDBSubnetGroups={"DBSubnetGroups": []},
        ListTagsForResource={"TagList": [{"Key": "c", "Value": "d"}]},
    )
    found = {each.subject.arn: each for each in read(rds.READING, line, [Tagged])}
    assert found.keys() == {
        HERE + "pg:books",
        HERE + "snapshot:s",
        HERE + "db-proxy:*",
        HERE + "db-proxy-endpoint:made",
    }
    one, two = found[HERE + "pg:books"], found[HERE + "snapshot:s"]
    assert isinstance(one, Observed)
    assert isinstance(two, Observed)
    assert one.fact == Tagged(type="aws:rds/parameterGroup:ParameterGroup", tags=(Tag(key="c", value="d"),))
    assert two.fact == Tagged(type="aws:rds/snapshot:Snapshot", tags=(Tag(key="a", value="b"),))
