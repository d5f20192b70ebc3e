"""EMR: where the nodes of a cluster are."""

from typing import Any

from moto.emr.models import ElasticMapReduceBackend

from integration.sandbox.corrections.registry import corrects


@corrects(
    ElasticMapReduceBackend,
    "run_instances",
    fact="The nodes of a cluster are in its subnet, which decides whether they get a public address",
    source="Amazon EMR management guide, configure networking, read 2026-11-30",
)
def _in_subnet(
    original: Any, backend: ElasticMapReduceBackend, cluster_id: str, instances: dict[str, Any], instance_group: Any
) -> None:
    subnet = backend.clusters[cluster_id].ec2_subnet_id
    # Nobody says anything of public addresses, so the subnet does.
    placed = {"subnet_id": subnet, "associate_public_ip": None} if subnet else {}
    original(backend, cluster_id, {**instances, **placed}, instance_group)
