"""Databases as RDS and KMS describe them."""

from dataclasses import replace
from typing import Any

import pytest

from integration.readers import rds
from integration.scanning.calls import Cause, Trouble
from integration.scanning.observed import Observed, Unread
from policies.facts.kms import KeyManager, KeyUse
from policies.facts.properties import UNKNOWN
from policies.facts.rds import Database, GlobalDatabase
from policies.facts.rds_events import EventSubscription, InstanceEvents
from policies.facts.rds_insights import InsightsUse
from policies.facts.rds_networks import ReachableInstance, SubnetGroup
from policies.facts.rds_servers import InstanceUpgrades
from policies.facts.subnet_routes import RoutedSubnet, SubnetRoute
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


def of_instance(fact: type, **changed: Any) -> Any:
    """Return one fact of one instance."""
    (found,) = read(rds.READING, answers(DescribeDBInstances={"DBInstances": [INSTANCE | changed]}), [fact])
    return found


def test_performance_data_and_its_key() -> None:
    """What is not recorded needs no key; clusters, and instances in them, are asked each by itself."""
    recorded = {"PerformanceInsightsEnabled": True, "PerformanceInsightsKMSKeyId": KEY}
    assert of_instance(InsightsUse).fact == InsightsUse()
    assert of_instance(InsightsUse, **recorded).fact == InsightsUse(enabled=True, kms_key_id=CUSTOMER)
    assert of_instance(InsightsUse, **recorded, DBClusterIdentifier="books").fact.enabled is True
    (found,) = read(rds.READING, answers(DescribeDBClusters={"DBClusters": [CLUSTER | recorded]}), [InsightsUse])
    assert isinstance(found, Observed)
    assert found.fact == InsightsUse(enabled=True, kms_key_id=CUSTOMER)
    line = answers(
        DescribeDBInstances={"DBInstances": [INSTANCE | recorded]},
        DescribeKey=Trouble(Cause.DENIED, "AccessDeniedException"),
    )
    (unknown,) = read(rds.READING, line, [InsightsUse])
    assert isinstance(unknown, Observed)
    assert unknown.fact == InsightsUse(enabled=True, kms_key_id=UNKNOWN)


def test_upgrades_and_reach_of_instances() -> None:
    """Both are always said; if they are not, nobody knows."""
    assert of_instance(InstanceUpgrades, AutoMinorVersionUpgrade=False).fact == InstanceUpgrades(automatic=False)
    assert of_instance(ReachableInstance, PubliclyAccessible=True).fact == ReachableInstance(publicly_accessible=True)
    assert isinstance(of_instance(InstanceUpgrades), Unread)
    assert isinstance(of_instance(ReachableInstance), Unread)
    docdb = answers(DescribeDBInstances={"DBInstances": [INSTANCE | {"Engine": "docdb"}]})
    assert read(rds.READING, docdb, [InstanceUpgrades, ReachableInstance, InsightsUse]) == []


def events(instances: list[Any], subscriptions: Any) -> Any:
    """Return what is read of the subscriptions of a Region."""
    line = answers(DescribeDBInstances={"DBInstances": instances}, DescribeEventSubscriptions=subscriptions)
    (found,) = read(rds.READING, line, [InstanceEvents])
    return found


def test_subscriptions_to_events() -> None:
    """A Region counts when it has instances; an absent kind or list of categories means all of them."""
    item = {"SourceType": "db-instance", "EventCategoriesList": ["failure"], "Enabled": True}
    listed = {"EventSubscriptionsList": [item, {"Enabled": False}]}
    both = (
        EventSubscription(region="eu-west-1", source_type="db-instance", categories=("failure",)),
        EventSubscription(region="eu-west-1", enabled=False),
    )
    assert events([INSTANCE], listed).fact == InstanceEvents(
        regions=("eu-west-1",), subscriptions=both, whole_account=True
    )
    assert events([], {"EventSubscriptionsList": []}).fact == InstanceEvents(whole_account=True)
    assert isinstance(events([], Trouble(Cause.DENIED, "AccessDenied")), Unread)
    assert isinstance(events([], {"EventSubscriptionsList": [{}]}), Unread)


SUBNET = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}
OWN = {"SubnetId": "subnet-1"}
OUT = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}


def subnets(tables: Any, subnet: Any = SUBNET) -> Any:
    """Return what is read of a group of one subnet."""
    group = {"DBSubnetGroupArn": HERE + "subgrp:books", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}
    line = answers(
        DescribeDBSubnetGroups={"DBSubnetGroups": [group]},
        DescribeSubnets={"Subnets": [subnet] if subnet else []},
        DescribeRouteTables=tables if isinstance(tables, Trouble) else {"RouteTables": tables},
    )
    (found,) = read(rds.READING, line, [SubnetGroup])
    return found


def table(association: dict[str, Any], *routes: dict[str, Any]) -> dict[str, Any]:
    """Return a route table."""
    local = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}
    return {"VpcId": "vpc-1", "Associations": [association], "Routes": [local, *routes]}


def test_subnets_of_a_group() -> None:
    """A subnet uses its own table, else the main one of its network; the local route is none that leads anywhere."""
    out = SubnetRoute(everything=True, internet=True)
    nat = {"DestinationIpv6CidrBlock": "::/0", "NatGatewayId": "nat-1"}
    plain = RoutedSubnet(zone="eu-west-1a")
    data = SUBNET | {"Tags": [{"Key": "Tier", "Value": "data"}]}
    assert subnets([table({"Main": True}, OUT)]).fact == SubnetGroup(subnets=(replace(plain, routes=(out,)),))
    assert subnets([table({"Main": True}, OUT), table(OWN)], data).fact.subnets == (replace(plain, tier="data"),)
    assert subnets([table(OWN, nat)]).fact.subnets[0].routes == (SubnetRoute(everything=True, internet=False),)
    halves = [{"DestinationCidrBlock": block, "NatGatewayId": "nat-1"} for block in ("0.0.0.0/1", "128.0.0.0/1")]
    through = SubnetRoute(everything=True, internet=False)
    assert subnets([table(OWN, *halves)]).fact.subnets[0].routes == (through, through)
    assert subnets([table(OWN, halves[0])]).fact.subnets[0].routes == (replace(through, everything=False),)
    listed = {"DestinationPrefixListId": "pl-1", "NatGatewayId": "nat-1"}
    assert subnets([table(OWN, listed)]).fact.subnets[0].routes == (replace(through, everything=UNKNOWN),)
    endpoint = {"DestinationPrefixListId": "pl-2", "GatewayId": "vpce-1"}
    assert subnets([table(OWN, endpoint)]).fact.subnets[0].routes == (replace(through, everything=False),)
    assert subnets([]).fact.subnets[0].routes == UNKNOWN
    assert subnets([], None).fact.subnets == (UNKNOWN,)
    assert isinstance(subnets(Trouble(Cause.DENIED, "UnauthorizedOperation")), Unread)
