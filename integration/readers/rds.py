"""Reads databases: clusters and instances, their keys and what they state, and global databases."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.ingress import GROUP_OPERATIONS
from integration.readers.keys import key_use
from integration.readers.rds_events import EVENT_OPERATIONS, event_task
from integration.readers.rds_globals import GLOBAL_OPERATIONS, global_tasks, membership
from integration.readers.rds_guards import SHARING_OPERATIONS, guarded, sharing_tasks
from integration.readers.rds_networks import SUBNET_OPERATIONS, subnet_group_task
from integration.readers.rds_parameters import PARAMETER_OPERATIONS, cluster_parameters, instance_parameters
from integration.readers.rds_servers import (
    Build,
    cluster_upgrades,
    cluster_zones,
    instance_upgrades,
    instance_zones,
    protection,
    server,
)
from integration.readers.rds_tags import RESOURCES, TAG_OPERATIONS, list_tagged
from integration.readers.tags import tagged
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.arns import parse_arn
from policies.facts.deletion import DeletionProtection
from policies.facts.guarded_stores import GuardedStore
from policies.facts.properties import lift
from policies.facts.rds import Database, GlobalDatabase
from policies.facts.rds_clusters import GlobalMembers, UpgradedCluster, ZoneSpread
from policies.facts.rds_events import InstanceEvents
from policies.facts.rds_insights import InsightsUse
from policies.facts.rds_networks import ReachableInstance, SubnetGroup
from policies.facts.rds_parameters import ConnectionParameters
from policies.facts.rds_servers import DatabaseServer, InstanceUpgrades
from policies.facts.snapshots import SnapshotSharing
from policies.facts.tag_propagation import TagPropagation
from policies.facts.tagging import Tagged

_CLUSTER: Final = "aws:rds/cluster:Cluster"
_INSTANCE: Final = "aws:rds/instance:Instance"
_MEMBER: Final = "aws:rds/clusterInstance:ClusterInstance"

_OTHER_SERVICES: Final = {"docdb": "docdb", "neptune": "neptune"}
"""Engine → service that uses RDS's calls for databases of its own; the controls of RDS do not speak about them."""

_CLUSTERS: Final = Paging("Marker", ("DBClusters",))
_INSTANCES: Final = Paging("Marker", ("DBInstances",))


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    clusters = Subject(place.arn("rds", "cluster:*"), _CLUSTER, place)
    instances = Subject(place.arn("rds", "db:*"), _INSTANCE, place)
    of_clusters, of_instances = wanted & _OF_CLUSTERS.keys(), wanted & _OF_INSTANCES.keys()
    if of_clusters:
        yield Task(clusters, tuple(of_clusters), partial(_list_clusters, place, of_clusters))
    if of_instances:
        yield Task(instances, tuple(of_instances), partial(_list_instances, place, of_instances))
    yield from global_tasks(place, wanted)
    if InstanceEvents in wanted:
        yield event_task(place)
    if SubnetGroup in wanted:
        yield subnet_group_task(place)
    if SnapshotSharing in wanted:
        yield from sharing_tasks(place)
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
            yield from _tasks(subject, {**each}, _OF_CLUSTERS, facts)


def _list_instances(place: Place, wanted: frozenset[type], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_INSTANCES, desk.aws.rds.describe_db_instances):
        for each in page["DBInstances"]:
            member = bool(each.get("DBClusterIdentifier"))
            other = _OTHER_SERVICES.get(each["Engine"])
            token = f"aws:{other}/clusterInstance:ClusterInstance" if other else _MEMBER if member else _INSTANCE
            subject = Subject(each["DBInstanceArn"], token, place)
            facts = wanted & {Tagged} if other else wanted - _OF_THE_WHOLE if member else wanted
            yield from _tasks(subject, {**each}, _OF_INSTANCES, facts)


def _tasks(
    subject: Subject, item: Mapping[str, Any], builds: Mapping[type, Build], facts: frozenset[type]
) -> Iterator[Task]:
    """Yield a task for each fact, so that what fails for one leaves the others alone."""
    for fact in builds.keys() & facts:
        yield Task(subject, (fact,), partial(_built, subject, item, builds[fact]))


def _built(subject: Subject, item: Mapping[str, Any], build: Build, desk: Desk) -> list[Observed]:
    return [build(subject, item, desk)]


def _tagged(subject: Subject, item: Mapping[str, Any], _desk: Desk) -> Observed:
    return tagged(subject, item.get("TagList", ()))


def _propagation(subject: Subject, item: Mapping[str, Any], _desk: Desk) -> Observed:
    return Observed(subject, TagPropagation(handed_on=(item["CopyTagsToSnapshot"],)))


def _insights(subject: Subject, item: Mapping[str, Any], desk: Desk) -> Observed:
    # RDS leaves both out where an engine or a class records no performance data.
    failures: list[Failure] = []
    enabled = item.get("PerformanceInsightsEnabled") is True
    key = key_use(desk, item.get("PerformanceInsightsKMSKeyId"), failures) if enabled else None
    return Observed(subject, InsightsUse(enabled=enabled, kms_key_id=key), failures=tuple(failures))


def _reachable(subject: Subject, item: Mapping[str, Any], _desk: Desk) -> Observed:
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
    member = membership(item, desk, failures)
    encrypted = lift(member, lambda found: found and GlobalDatabase(storage_encrypted=_is_encrypted(found.database)))
    fact = Database(
        region=subject.place.region,
        storage_encrypted=item["StorageEncrypted"],
        kms_key_id=key_use(desk, item.get("KmsKeyId"), failures),
        same_region_replica=_same_region(item.get("ReplicationSourceIdentifier"), subject.place.region),
        global_database=encrypted,
    )
    return Observed(subject, fact, failures=tuple(failures))


def _same_region(source: str | None, region: str) -> bool:
    """Tell whether a replica's source is of its own Region: a plain name always is."""
    if not source:
        return False
    arn = parse_arn(source)
    return arn is None or arn.region == region


def _is_encrypted(database: Mapping[str, Any]) -> bool:
    return database.get("StorageEncrypted") is True


_OF_CLUSTERS: Final[Mapping[type, Build]] = {
    ConnectionParameters: cluster_parameters,
    Database: _cluster,
    DatabaseServer: server,
    DeletionProtection: protection,
    GuardedStore: guarded,
    InsightsUse: _insights,
    TagPropagation: _propagation,
    Tagged: _tagged,
    UpgradedCluster: cluster_upgrades,
    ZoneSpread: cluster_zones,
}
_OF_INSTANCES: Final[Mapping[type, Build]] = {
    ConnectionParameters: instance_parameters,
    Database: _instance,
    DatabaseServer: server,
    DeletionProtection: protection,
    GuardedStore: guarded,
    InsightsUse: _insights,
    InstanceUpgrades: instance_upgrades,
    ReachableInstance: _reachable,
    TagPropagation: _propagation,
    Tagged: _tagged,
    ZoneSpread: instance_zones,
}
"""Fact → what builds it of an item of the list."""

_OF_THE_WHOLE: Final = frozenset(
    {ConnectionParameters, Database, DatabaseServer, DeletionProtection, GuardedStore, TagPropagation, ZoneSpread}
)
"""Facts about a database as a whole: within a cluster they are the cluster's, not its instances'."""

_LISTS: Final = ("rds:DescribeDBClusters", "rds:DescribeDBInstances")

READING: Final = Reading(
    service="rds",
    regional=True,
    gives={
        Database: ("kms:DescribeKey", "rds:DescribeGlobalClusters", *_LISTS),
        ConnectionParameters: (*PARAMETER_OPERATIONS, *_LISTS),
        DatabaseServer: ("rds:DescribeGlobalClusters", *_LISTS),
        DeletionProtection: (*_LISTS, *GLOBAL_OPERATIONS[DeletionProtection]),
        GuardedStore: (*GROUP_OPERATIONS, *_LISTS),
        GlobalMembers: GLOBAL_OPERATIONS[GlobalMembers],
        InsightsUse: ("kms:DescribeKey", *_LISTS),
        InstanceEvents: EVENT_OPERATIONS,
        InstanceUpgrades: ("rds:DescribeDBInstances",),
        ReachableInstance: ("rds:DescribeDBInstances",),
        SnapshotSharing: SHARING_OPERATIONS,
        SubnetGroup: SUBNET_OPERATIONS,
        TagPropagation: _LISTS,
        Tagged: (*_LISTS, *TAG_OPERATIONS),
        UpgradedCluster: _LISTS,
        ZoneSpread: _LISTS,
    },
    begin=_begin,
)
