"""Reads which addresses the primary nodes of EMR clusters have."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.ec2_subnets import SubnetAddresses
from policies.facts.emr import NodeCluster, NodeSubnet
from policies.facts.properties import UNKNOWN

_CLUSTER: Final = "aws:emr/cluster:Cluster"
_CLUSTERS: Final = Paging("Marker", ("Clusters",))
_NODES: Final = Paging("Marker", ("Instances",))
_LIVING: Final = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")
"""States of a cluster that has not ended. Source: ClusterState, EMR API reference, read 2026-11-30."""
_ENDED: Final = "TERMINATED"
_FLEET: Final = "INSTANCE_FLEET"


def _begin(place: Place, _wanted: frozenset[type]) -> Iterator[Task]:
    subject = Subject(place.arn("elasticmapreduce", "cluster/*"), _CLUSTER, place)
    yield Task(subject, (NodeCluster,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_CLUSTERS, desk.aws.emr.list_clusters, ClusterStates=[*_LIVING]):
        for each in page["Clusters"]:
            subject = Subject(place.arn("elasticmapreduce", f"cluster/{each['Id']}"), _CLUSTER, place)
            yield Task(subject, (NodeCluster,), partial(_read, subject, each["Id"]))


def _read(subject: Subject, id_: str, desk: Desk) -> Iterator[Observed]:
    emr = desk.aws.emr
    cluster = desk.one(emr.describe_cluster, ClusterId=id_)["Cluster"]
    fleet = cluster.get("InstanceCollectionType") == _FLEET
    primary: Any = {"InstanceFleetType": "MASTER"} if fleet else {"InstanceGroupTypes": ["MASTER"]}
    pages = desk.every(_NODES, emr.list_instances, ClusterId=id_, **primary)
    nodes = [each for page in pages for each in page["Instances"] if each["Status"]["State"] != _ENDED]
    # EMR leaves the address out of a node that has none; a cluster that starts has no node yet.
    seen = tuple(NodeSubnet(addresses=SubnetAddresses(public=bool(each.get("PublicIpAddress")))) for each in nodes)
    yield Observed(subject, NodeCluster(subnets=seen or UNKNOWN))


READING: Final = Reading(
    service="emr",
    regional=True,
    gives={NodeCluster: ("emr:DescribeCluster", "emr:ListClusters", "emr:ListInstances")},
    begin=_begin,
)
