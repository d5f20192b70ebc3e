"""ElastiCache: the clusters that a replication group is made of, and the security groups and nodes of clusters."""

from types import SimpleNamespace
from typing import Any, Final

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import CacheClusterNotFound, CacheSubnetGroupNotFound
from moto.elasticache.models import CacheCluster, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from integration.sandbox.corrections.registry import corrects, provides

_MEMCACHED_PORT: Final = 11211


def _memberships(ids: Any) -> list[dict[str, str]]:
    return [{"security_group_id": each, "status": "active"} for each in ids or ()]


@corrects(
    CacheCluster,
    "__init__",
    fact="A cluster tells its security groups, and where its nodes are reached: Memcached at another port than Redis",
    source="Amazon ElastiCache API reference, CacheCluster, CacheNode and CreateCacheCluster, read 2026-12-01",
)
def _guarded(original: Any, cluster: CacheCluster, *args: Any, **kwargs: Any) -> None:
    original(cluster, *args, **kwargs)
    cluster.security_groups = _memberships(cluster.security_group_ids)  # type: ignore[attr-defined]  # it is put there
    if cluster.engine == "memcached" and not kwargs.get("port"):
        cluster.port = _MEMCACHED_PORT
    name, count = cluster.cache_cluster_id, int(cluster.num_cache_nodes or 1)
    cluster.cache_nodes = _nodes(name, cluster.port, count)  # type: ignore[attr-defined]  # as above


def _nodes(cluster: str, port: Any, count: int) -> list[dict[str, Any]]:
    end = {"address": f"{cluster}.cache.amazonaws.com", "port": port}
    return [{"cache_node_id": f"{number:04}", "endpoint": end} for number in range(1, count + 1)]


@corrects(
    ElastiCacheBackend,
    "describe_cache_clusters",
    fact="The nodes of a replication group are clusters, which tell its subnet group and its security groups",
    source="Amazon ElastiCache API reference, DescribeCacheClusters and ReplicationGroup, read 2026-11-30",
)
def _with_members(original: Any, backend: ElastiCacheBackend, cache_cluster_id: str | None = None) -> list[Any]:
    members = {each.cache_cluster_id: each for group in backend.replication_groups.values() for each in _of(group)}
    if cache_cluster_id in members:
        return [members[cache_cluster_id]]
    own = original(backend, cache_cluster_id)
    left = [each for each in own if each.cache_cluster_status != "deleting"]
    if cache_cluster_id and not left:
        raise CacheClusterNotFound(cache_cluster_id)
    return [*left, *members.values()]


def _of(group: Any) -> list[SimpleNamespace]:
    if group.status == "deleting":
        return []
    start = group.arn.partition(":replicationgroup:")[0]
    return [
        SimpleNamespace(
            arn=f"{start}:cluster:{name}",
            cache_cluster_id=name,
            cache_cluster_status="available",
            cache_node_type=group.cache_node_type,
            cache_nodes=_nodes(name, group.port, 1),
            cache_subnet_group_name=group.cache_subnet_group_name,
            engine=group.engine,
            replication_group_id=group.replication_group_id,
            security_groups=_memberships(group.security_group_ids),
        )
        for name in group.member_clusters
    ]


@provides(
    ElastiCacheResponse,
    "delete_cache_subnet_group",
    fact="A group of subnets can be deleted",
    source="Amazon ElastiCache API reference, DeleteCacheSubnetGroup, read 2026-11-30",
)
def _without_group(response: ElastiCacheResponse) -> ActionResult:
    name = response._get_param("CacheSubnetGroupName")  # noqa: SLF001 - moto's own way to a parameter
    if response.elasticache_backend.cache_subnet_groups.pop(name, None) is None:
        raise CacheSubnetGroupNotFound(name)
    return ActionResult({})
