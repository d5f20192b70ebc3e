"""Reads caches: where they are in a network, and which security groups guard them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from integration.readers.ingress import GROUP_OPERATIONS, attached
from integration.readers.subnets import SUBNET_CALLS, routed_subnets
from integration.scanning.asker import Desk, Paging
from integration.scanning.calls import Failure
from integration.scanning.observed import Observed, Place, Reading, Subject, Task
from policies.facts.elasticache_networks import PlacedCache
from policies.facts.guarded_stores import GuardedStore
from policies.facts.properties import UNKNOWN

_REPLICATED: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_CLUSTER: Final = "aws:elasticache/cluster:Cluster"
_REPLICATION_GROUPS: Final = Paging("Marker", ("ReplicationGroups",))
_CLUSTERS: Final = Paging("Marker", ("CacheClusters",))
_SUBNET_GROUPS: Final = Paging("Marker", ("CacheSubnetGroups",))

Item = Mapping[str, Any]


def _begin(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    groups = Subject(place.arn("elasticache", "replicationgroup:*"), _REPLICATED, place)
    facts = tuple(wanted & _OF_GROUPS.keys())
    yield Task(groups, facts, partial(_list_groups, place, facts))
    clusters = Subject(place.arn("elasticache", "cluster:*"), _CLUSTER, place)
    yield Task(clusters, facts, partial(_list_clusters, place, facts))


def _list_groups(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_REPLICATION_GROUPS, desk.aws.elasticache.describe_replication_groups):
        for each in page["ReplicationGroups"]:
            subject = Subject(each["ARN"], _REPLICATED, place)
            for fact in facts:
                yield Task(subject, (fact,), partial(_OF_GROUPS[fact], subject, {**each}))


def _list_clusters(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_CLUSTERS, desk.aws.elasticache.describe_cache_clusters):
        for each in page["CacheClusters"]:
            # One of a replication group is where that group is, and read there.
            if not each.get("ReplicationGroupId"):
                subject = Subject(each["ARN"], _CLUSTER, place)
                for fact in facts:
                    yield Task(subject, (fact,), partial(_OF_CLUSTERS[fact], subject, {**each}))


def _members(group: Item, desk: Desk) -> list[Any]:
    """Return the clusters of a replication group, which alone tell its network; there is one at least."""
    pages = desk.every(_CLUSTERS, desk.aws.elasticache.describe_cache_clusters)
    own = {*group["MemberClusters"]}
    return [each for page in pages for each in page["CacheClusters"] if each["CacheClusterId"] in own]


def _read_guarded(subject: Subject, group: Item, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    members = _members(group, desk)
    ids = dict.fromkeys(each["SecurityGroupId"] for member in members for each in member["SecurityGroups"])
    groups = attached(ids, desk, failures) if members else UNKNOWN
    yield Observed(subject, GuardedStore(port=_port_of(group), groups=groups), failures=tuple(failures))


def _port_of(group: Item) -> Any:
    """Return the port of a replication group; it tells none before it can be reached."""
    ends = [group.get("ConfigurationEndpoint"), *(each.get("PrimaryEndpoint") for each in group["NodeGroups"])]
    return next((each["Port"] for each in ends if each), UNKNOWN)


def _read_placed(subject: Subject, group: Item, desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, _placed(_members(group, desk), desk))


def _read_cluster(subject: Subject, cluster: Item, desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, _placed((cluster,), desk))


def _read_guarded_cluster(subject: Subject, cluster: Item, desk: Desk) -> Iterator[Observed]:
    failures: list[Failure] = []
    ids = dict.fromkeys(each["SecurityGroupId"] for each in cluster["SecurityGroups"])
    answer = desk.one(
        desk.aws.elasticache.describe_cache_clusters, CacheClusterId=cluster["CacheClusterId"], ShowCacheNodeInfo=True
    )
    groups = attached(ids, desk, failures)
    yield Observed(subject, GuardedStore(port=_port_of_nodes(answer), groups=groups), failures=tuple(failures))


def _port_of_nodes(answer: Item) -> Any:
    """Return the port of a cluster; its nodes tell none before they can be reached."""
    nodes = [node for each in answer["CacheClusters"] for node in each["CacheNodes"]]
    return next((node["Endpoint"]["Port"] for node in nodes if node.get("Endpoint")), UNKNOWN)


def _placed(clusters: Sequence[Item], desk: Desk) -> PlacedCache:
    if not clusters:
        return PlacedCache(group_name=UNKNOWN)
    name = clusters[0].get("CacheSubnetGroupName", "")
    pages = desk.every(_SUBNET_GROUPS, desk.aws.elasticache.describe_cache_subnet_groups)
    listed = [each for page in pages for each in page["CacheSubnetGroups"] if each["CacheSubnetGroupName"] == name]
    ids = [each["SubnetIdentifier"] for group in listed for each in group["Subnets"]]
    return PlacedCache(group_name=name, group_in_stack=bool(listed), subnets=routed_subnets(desk, ids))


_OF_GROUPS: Final[Mapping[type, Callable[[Subject, Item, Desk], Iterator[Observed]]]] = {
    GuardedStore: _read_guarded,
    PlacedCache: _read_placed,
}
"""Fact → what reads it of a replication group."""

_OF_CLUSTERS: Final[Mapping[type, Callable[[Subject, Item, Desk], Iterator[Observed]]]] = {
    GuardedStore: _read_guarded_cluster,
    PlacedCache: _read_cluster,
}
"""Fact → what reads it of a cluster without a replication group."""

_LISTS: Final = ("elasticache:DescribeCacheClusters", "elasticache:DescribeReplicationGroups")

READING: Final = Reading(
    service="elasticache",
    regional=True,
    gives={
        GuardedStore: (*GROUP_OPERATIONS, *_LISTS),
        PlacedCache: ("elasticache:DescribeCacheSubnetGroups", *SUBNET_CALLS, *_LISTS),
    },
    begin=_begin,
)
