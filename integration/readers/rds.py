"""Reads databases: clusters and instances with the keys and global databases that decide about their encryption."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.keys import key_use
from integration.readers.rds_events import EVENT_OPERATIONS, event_task
from integration.readers.rds_networks import SUBNET_OPERATIONS, subnet_group_task
from integration.readers.rds_tags import RESOURCES, TAG_OPERATIONS, list_tagged
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import CallFailedError, Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.arns import parse_arn
from policies.facts.properties import UNKNOWN
from policies.facts.rds import Database, GlobalDatabase
from policies.facts.rds_events import InstanceEvents
from policies.facts.rds_insights import InsightsUse
from policies.facts.rds_networks import ReachableInstance, SubnetGroup
from policies.facts.rds_servers import InstanceUpgrades
from policies.facts.tagging import Tagged

_CLUSTER: Final = "aws:rds/cluster:Cluster"
_INSTANCE: Final = "aws:rds/instance:Instance"
_MEMBER: Final = "aws:rds/clusterInstance:ClusterInstance"

_OTHER_SERVICES: Final = {"docdb": "docdb", "neptune": "neptune"}
"""Engine → service that uses RDS's calls for databases of its own; the controls of RDS do not speak about them."""

_CLUSTERS: Final = Paging("Marker", ("DBClusters",))
_INSTANCES: Final = Paging("Marker", ("DBInstances",))
_GLOBALS: Final = Paging("Marker", ("GlobalClusters",))


_OF_CLUSTERS: Final = frozenset({Database, InsightsUse, Tagged})
_OF_INSTANCES: Final = frozenset({Database, InsightsUse, InstanceUpgrades, ReachableInstance, Tagged})
"""Facts that the lists of clusters and of instances give."""


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    clusters = Subject(place.arn("rds", "cluster:*"), _CLUSTER, place)
    instances = Subject(place.arn("rds", "db:*"), _INSTANCE, place)
    of_clusters, of_instances = wanted & _OF_CLUSTERS, wanted & _OF_INSTANCES
    if of_clusters:
        yield Task(clusters, tuple(of_clusters), partial(_list_clusters, place, of_clusters))
    if of_instances:
        yield Task(instances, tuple(of_instances), partial(_list_instances, place, of_instances))
    if InstanceEvents in wanted:
        yield event_task(place)
    if SubnetGroup in wanted:
        yield subnet_group_task(place)
    if Tagged in wanted:
        for kind in RESOURCES:
            subject = Subject(place.arn("rds", f"{kind.path}:*"), kind.type, place)
            yield Task(subject, (Tagged,), partial(list_tagged, kind, place))


def _list_clusters(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_CLUSTERS, desk.aws.rds.describe_db_clusters):
        for each in page["DBClusters"]:
            other = _OTHER_SERVICES.get(each["Engine"])
            subject = Subject(each["DBClusterArn"], f"aws:{other}/cluster:Cluster" if other else _CLUSTER, place)
            facts = wanted & {Tagged} if other else wanted
            yield from _tasks(subject, {**each}, _cluster, facts)


def _list_instances(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_INSTANCES, desk.aws.rds.describe_db_instances):
        for each in page["DBInstances"]:
            # Within a cluster the cluster's storage is what is encrypted.
            member = bool(each.get("DBClusterIdentifier"))
            other = _OTHER_SERVICES.get(each["Engine"])
            token = f"aws:{other}/clusterInstance:ClusterInstance" if other else _MEMBER if member else _INSTANCE
            subject = Subject(each["DBInstanceArn"], token, place)
            facts = wanted & {Tagged} if other else wanted - {Database} if member else wanted
            yield from _tasks(subject, {**each}, _instance, facts)


Build = Callable[[Subject, Mapping[str, Any], Desk], Observed]


def _tasks(subject: Subject, item: Mapping[str, Any], build: Build, facts: frozenset[type]) -> Iterator[Task]:
    """Yield a task for each fact, so that what fails for one leaves the other alone."""
    if Tagged in facts:
        yield Task(subject, (Tagged,), lambda _: [tagged(subject, item.get("TagList", ()))])
    if Database in facts:
        yield Task(subject, (Database,), lambda desk: [build(subject, item, desk)])
    if InsightsUse in facts:
        yield Task(subject, (InsightsUse,), lambda desk: [_insights(subject, item, desk)])
    if InstanceUpgrades in facts:
        yield Task(subject, (InstanceUpgrades,), lambda _: [_upgrades(subject, item)])
    if ReachableInstance in facts:
        yield Task(subject, (ReachableInstance,), lambda _: [_reachable(subject, item)])


def _insights(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Observed:
    # RDS leaves both out where an engine or a class records no performance data.
    failures: list[Failure] = []
    enabled = item.get("PerformanceInsightsEnabled") is True
    key = key_use(desk, item.get("PerformanceInsightsKMSKeyId"), failures) if enabled else None
    return Observed(subject, InsightsUse(enabled=enabled, kms_key_id=key), failures=tuple(failures))


def _upgrades(subject: Subject, item: Mapping[str, Any]) -> Observed:
    return Observed(subject, InstanceUpgrades(automatic=item["AutoMinorVersionUpgrade"]))


def _reachable(subject: Subject, item: Mapping[str, Any]) -> Observed:
    return Observed(subject, ReachableInstance(publicly_accessible=item["PubliclyAccessible"]))


def _instance(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Observed:
    failures: list[Failure] = []
    source = item.get("ReadReplicaSourceDBInstanceIdentifier") or item.get("ReadReplicaSourceDBClusterIdentifier")
    fact = Database(
        region=subject.place.region,
        storage_encrypted=item["StorageEncrypted"],
        kms_key_id=key_use(desk, item.get("KmsKeyId"), failures),
        same_region_replica=_same_region(source, subject.place.region),
    )
    return Observed(subject, fact, failures=tuple(failures))


def _cluster(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Observed:
    failures: list[Failure] = []
    fact = Database(
        region=subject.place.region,
        storage_encrypted=item["StorageEncrypted"],
        kms_key_id=key_use(desk, item.get("KmsKeyId"), failures),
        same_region_replica=_same_region(item.get("ReplicationSourceIdentifier"), subject.place.region),
        global_database=_global_database(subject.arn, item.get("GlobalClusterIdentifier"), desk, failures),
    )
    return Observed(subject, fact, failures=tuple(failures))


def _same_region(source: str | None, region: str) -> bool:
    """Tell whether a replica's source is of its own Region: a plain name always is."""
    if not source:
        return False
    arn = parse_arn(source)
    return arn is None or arn.region == region


def _global_database(cluster_arn: str, named: str | None, desk: Desk, failures: list[Failure]) -> Any:
    try:
        pages = desk.every(_GLOBALS, desk.aws.rds.describe_global_clusters)
    except CallFailedError as error:
        failures.append(error.failure)
        return UNKNOWN
    for each in (item for page in pages for item in page["GlobalClusters"]):
        members = [member.get("DBClusterArn") for member in each["GlobalClusterMembers"]]
        if cluster_arn in members or (named and named == each["GlobalClusterIdentifier"]):
            return GlobalDatabase(storage_encrypted=each.get("StorageEncrypted") is True)
    return UNKNOWN if named else None


_LISTS: Final = ("rds:DescribeDBClusters", "rds:DescribeDBInstances")

READING: Final = Reading(
    service="rds",
    regional=True,
    gives={
        Database: (
            "kms:DescribeKey",
            "rds:DescribeDBClusters",
            "rds:DescribeDBInstances",
            "rds:DescribeGlobalClusters",
        ),
        InsightsUse: ("kms:DescribeKey", *_LISTS),
        InstanceEvents: EVENT_OPERATIONS,
        InstanceUpgrades: ("rds:DescribeDBInstances",),
        ReachableInstance: ("rds:DescribeDBInstances",),
        SubnetGroup: SUBNET_OPERATIONS,
        Tagged: ("rds:DescribeDBClusters", "rds:DescribeDBInstances", *TAG_OPERATIONS),
    },
    begin=_begin,
)
