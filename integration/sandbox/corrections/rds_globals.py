"""RDS: global databases that are made from a cluster, or change."""

from typing import Any, Final

from moto.core.responses import ActionResult
from moto.rds.models import GlobalCluster, RDSBackend
from moto.rds.responses import RDSResponse

from integration.sandbox.corrections.registry import corrects, provides

_API: Final = "Amazon RDS API reference, "


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
