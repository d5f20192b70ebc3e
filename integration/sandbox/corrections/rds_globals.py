"""RDS: global databases that are made from a cluster, or change."""

from typing import Any, Final

from moto.core.responses import ActionResult
from moto.rds.models import GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from integration.sandbox.corrections.registry import corrects, provides

_API: Final = "Amazon RDS API reference, "
_HOME: Final = "us-east-1"
"""Region in which moto keeps global databases."""


@corrects(
    RDSBackend,
    "create_global_cluster",
    fact="The cluster that a global database is made from is its primary, and gives it its encryption",
    source=_API + "CreateGlobalCluster, SourceDBClusterIdentifier; read 2026-11-30",
)
def _new_global_cluster(original: Any, backend: RDSBackend, **given: Any) -> GlobalCluster:
    made: GlobalCluster = original(backend, **given)
    for source in made.members:
        source.is_writer = True
        made.storage_encrypted = source.storage_encrypted
    return made


@provides(
    RDSResponse,
    "modify_global_cluster",
    fact="The protection of a global database changes",
    source=_API + "ModifyGlobalCluster; read 2026-11-30",
)
def _modified_global_cluster(response: RDSResponse) -> ActionResult:
    found = response.global_backend.global_clusters[response.params["GlobalClusterIdentifier"]]
    if response.params.get("DeletionProtection") is not None:
        found.deletion_protection = response.params["DeletionProtection"]
    return ActionResult({"GlobalCluster": found})


@corrects(
    RDSResponse,
    "create_global_cluster",
    fact="A global database has the tags that it is created with",
    source=_API + "CreateGlobalCluster, Tags; read 2026-11-30",
)
def _tagged_global_cluster(original: Any, response: RDSResponse) -> Any:
    answer = original(response)
    made = response.global_backend.global_clusters[response.params["GlobalClusterIdentifier"]]
    made.add_tags(response.params.get("Tags", []))
    return answer


@corrects(
    RDSBackend,
    "_get_resource_for_tagging",
    fact="A global database takes tags, under an ARN without a Region",
    source=_API + "AddTagsToResource; resource types of Amazon RDS, service authorization reference; read 2026-11-30",
)
def _global_cluster_for_tagging(original: Any, backend: RDSBackend, arn: str) -> Any:
    _, of_global, name = arn.partition(":global-cluster:")
    return rds_backends[backend.account_id][_HOME].global_clusters[name] if of_global else original(backend, arn)
