"""RDS: what moto takes and forgets, and what it leaves behind."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from moto.ec2.models import ec2_backends
from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend
from moto.rds.responses import RDSResponse

from integration.sandbox.corrections.registry import corrects

_API: Final = "Amazon RDS API reference, "

_INSIGHTS: Final = {
    "database_insights_mode": "database_insights_mode",
    "enable_performance_insights": "performance_insights_enabled",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}
"""Parameter of a call → attribute from which moto's answer is made."""

_DEFAULT_KEY: Final = "default_kms_key_id"
"""What moto writes for the service's own key."""


def _keep_insights(database: Any, given: Mapping[str, Any]) -> None:
    for parameter, attribute in _INSIGHTS.items():
        if given.get(parameter) is not None:
            setattr(database, attribute, given[parameter])


def _service_key(backend: RDSBackend) -> str:
    return str(backend.kms.describe_key("alias/aws/rds").arn)


@corrects(
    RDSBackend,
    "create_db_cluster",
    fact="A cluster knows its insights and its storage type, and which key encrypts it, if any",
    source=_API + "DBCluster",
)
def _new_cluster(original: Any, backend: RDSBackend, kwargs: dict[str, Any]) -> DBCluster:
    cluster: Any = original(backend, kwargs)
    held: Any = backend.clusters[kwargs["db_cluster_identifier"]]
    for each in {id(cluster): cluster, id(held): held}.values():
        _keep_insights(each, kwargs)
        if each.kms_key_id == _DEFAULT_KEY:
            each.kms_key_id = _service_key(backend) if each.storage_encrypted else None
        if each.engine.startswith("aurora") and not kwargs.get("storage_type"):
            each.storage_type = "aurora"
    return held  # type: ignore[no-any-return]  # moto's own attributes come and go


@corrects(
    RDSBackend,
    "modify_db_cluster",
    fact="Insights, IAM authentication and log exports of a cluster change",
    source=_API + "ModifyDBCluster",
)
def _modified_cluster(original: Any, backend: RDSBackend, kwargs: dict[str, Any]) -> Any:
    name = kwargs["db_cluster_identifier"]
    exports = kwargs.pop("cloudwatch_logs_export_configuration", None) or {}
    answered = original(backend, kwargs)
    cluster: Any = backend.clusters[kwargs.get("new_db_cluster_identifier") or name]
    _keep_insights(cluster, kwargs)
    if kwargs.get("enable_iam_database_authentication") is not None:
        cluster.iam_auth = kwargs["enable_iam_database_authentication"]
    kept = [each for each in cluster.enabled_cloudwatch_logs_exports if each not in exports.get("DisableLogTypes", ())]
    cluster.enabled_cloudwatch_logs_exports = sorted({*kept, *exports.get("EnableLogTypes", ())})
    return answered


@corrects(
    RDSResponse,
    "delete_db_cluster",
    fact="Automated snapshots go with their cluster, unless they shall stay",
    source=_API + "DeleteDBCluster, DeleteAutomatedBackups",
)
def _deleted_cluster(original: Any, response: RDSResponse) -> Any:
    answer = original(response)
    name = response.params.get("DBClusterIdentifier")
    if response.params.get("DeleteAutomatedBackups") is not False:
        snapshots = response.backend.cluster_snapshots
        for key, snapshot in list(snapshots.items()):
            if snapshot.cluster.db_cluster_identifier == name and snapshot.snapshot_type == "automated":
                del snapshots[key]
    return answer


@corrects(
    RDSBackend,
    "create_db_instance",
    fact="An instance has a resource id of its own, and knows its insights, subnet group, key, zone and publicity",
    source=_API + "DBInstance; CreateDBCluster, AvailabilityZones; read 2026-11-30",
)
def _new_instance(original: Any, backend: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    instance: DBInstance = original(backend, db_kwargs)
    seed = f"{backend.account_id}/{backend.region_name}/{instance.db_instance_identifier}/{instance.created}"
    instance.dbi_resource_id = f"db-{hashlib.sha256(seed.encode()).hexdigest()[:26].upper()}"
    _keep_insights(instance, db_kwargs)
    if isinstance(instance, DBInstanceClustered):
        if instance.cluster.db_subnet_group_name in backend.subnet_groups:
            instance.db_subnet_group_name = instance.cluster.db_subnet_group_name
        if not db_kwargs.get("availability_zone"):
            instance.availability_zone = _emptiest_zone(instance)
    elif instance.kms_key_id == _DEFAULT_KEY:
        instance.kms_key_id = _service_key(backend)
    if instance.publicly_accessible is None:
        instance.publicly_accessible = _reaches_internet(instance)
    return instance


def _emptiest_zone(instance: DBInstanceClustered) -> str:
    """Return where RDS puts an instance of a cluster that names no zone: the first three get one each."""
    others = [each.availability_zone for each in instance.cluster.members if each is not instance]
    zones: list[str] = instance.cluster.availability_zones or []
    return min(zones, key=others.count)


def _reaches_internet(instance: Any) -> bool:
    """Tell what PubliclyAccessible defaults to: whether an internet gateway is attached to the VPC.

    Source: Amazon RDS API reference, CreateDBInstance, PubliclyAccessible.
    """
    group = getattr(instance, "db_subnet_group", None)
    if group is None:
        return True
    gateways = ec2_backends[instance.account_id][instance.region].internet_gateways.values()
    return any(gateway.vpc is not None and gateway.vpc.id == group.vpc_id for gateway in gateways)


@corrects(DBInstance, "update", fact="Insights of an instance change", source=_API + "ModifyDBInstance")
def _modified_instance(original: Any, instance: DBInstance, **given: Any) -> None:
    original(instance, **given)
    _keep_insights(instance, given)
