"""Tags of what RDS holds besides databases: a row for each kind."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from integration.readers.kinds import Item, Kind
from integration.readers.tags import tagged
from integration.scanning.asker import Desk
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.tagging import Tagged

if TYPE_CHECKING:
    from types_boto3_rds import RDSClient


_MANUAL: Final = {"SnapshotType": "manual"}
"""Snapshots that somebody made; the others are RDS's own and go with their database."""

_CUSTOM: Final = {"Filters": [{"Name": "db-cluster-endpoint-type", "Values": ["custom"]}]}
"""Endpoints that somebody made; every cluster has a reader and a writer by itself."""

RESOURCES: Final[tuple["Kind[RDSClient]", ...]] = (
    Kind(
        "aws:rds/clusterEndpoint:ClusterEndpoint", "DescribeDBClusterEndpoints",
        lambda rds: rds.describe_db_cluster_endpoints, "DBClusterEndpoints", "DBClusterEndpointArn",
        "cluster-endpoint", _CUSTOM,
    ),
    Kind(
        "aws:rds/clusterParameterGroup:ClusterParameterGroup", "DescribeDBClusterParameterGroups",
        lambda rds: rds.describe_db_cluster_parameter_groups, "DBClusterParameterGroups", "DBClusterParameterGroupArn",
        "cluster-pg",
    ),
    Kind(
        "aws:rds/clusterSnapshot:ClusterSnapshot", "DescribeDBClusterSnapshots",
        lambda rds: rds.describe_db_cluster_snapshots, "DBClusterSnapshots", "DBClusterSnapshotArn",
        "cluster-snapshot", _MANUAL,
    ),
    Kind(
        "aws:rds/eventSubscription:EventSubscription", "DescribeEventSubscriptions",
        lambda rds: rds.describe_event_subscriptions, "EventSubscriptionsList", "EventSubscriptionArn", "es",
    ),
    Kind(
        "aws:rds/globalCluster:GlobalCluster", "DescribeGlobalClusters",
        lambda rds: rds.describe_global_clusters, "GlobalClusters", "GlobalClusterArn", "global-cluster",
    ),
    Kind(
        "aws:rds/optionGroup:OptionGroup", "DescribeOptionGroups",
        lambda rds: rds.describe_option_groups, "OptionGroupsList", "OptionGroupArn", "og",
    ),
    Kind(
        "aws:rds/parameterGroup:ParameterGroup", "DescribeDBParameterGroups",
        lambda rds: rds.describe_db_parameter_groups, "DBParameterGroups", "DBParameterGroupArn", "pg",
    ),
    Kind(
        "aws:rds/proxy:Proxy", "DescribeDBProxies",
        lambda rds: rds.describe_db_proxies, "DBProxies", "DBProxyArn", "db-proxy",
    ),
    Kind(
        "aws:rds/proxyEndpoint:ProxyEndpoint", "DescribeDBProxyEndpoints",
        lambda rds: rds.describe_db_proxy_endpoints, "DBProxyEndpoints", "DBProxyEndpointArn", "db-proxy-endpoint",
    ),
    Kind(
        "aws:rds/snapshot:Snapshot", "DescribeDBSnapshots",
        lambda rds: rds.describe_db_snapshots, "DBSnapshots", "DBSnapshotArn", "snapshot", _MANUAL,
    ),
    Kind(
        "aws:rds/subnetGroup:SubnetGroup", "DescribeDBSubnetGroups",
        lambda rds: rds.describe_db_subnet_groups, "DBSubnetGroups", "DBSubnetGroupArn", "subgrp",
    ),
)  # fmt: skip

TAG_OPERATIONS: Final = ("rds:ListTagsForResource", *(f"rds:{kind.operation}" for kind in RESOURCES))
"""Every call that `list_tagged` makes."""

_OF_RDS: Final = ("default.", "default:")
"""How the names of groups begin that RDS makes by itself; nobody can change them.

Source: Amazon RDS user guide, parameter groups and option groups, read 2026-11-20.
"""


def list_tagged(kind: "Kind[RDSClient]", place: Place, desk: Desk) -> Iterator[Task]:
    """Yield a task for the tags of each resource of a kind.

    Raises:
        CallFailedError: A page of the list has no answer.
    """
    for page in desk.pages(kind.paged_by("Marker"), kind.list(desk.aws.rds), **kind.asked):
        for item in page[kind.items]:
            # A proxy's own endpoint comes and goes with it, and is tagged with it.
            if item.get("IsDefault") is True:
                continue
            subject = Subject(item[kind.named], kind.type, _place_of(kind, place))
            if not subject.arn.partition(f":{kind.path}:")[2].startswith(_OF_RDS):
                yield Task(subject, (Tagged,), partial(_read_tags, subject, item))


def _place_of(kind: "Kind[RDSClient]", place: Place) -> Place:
    return Place(place.account, "", place.partition) if kind.path == "global-cluster" else place


def _read_tags(subject: Subject, item: Item, desk: Desk) -> Iterator[Observed]:
    if "TagList" in item:
        yield tagged(subject, item["TagList"])
    else:
        yield tagged(subject, desk.one(desk.aws.rds.list_tags_for_resource, ResourceName=subject.arn)["TagList"])
