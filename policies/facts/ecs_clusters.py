"""Facts about what encrypts the data of an ECS cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.ecs_services import SERVICES
from policies.facts.joins import companions
from policies.facts.kms import KeyUse, nested_key_use
from policies.facts.properties import UNKNOWN, flag, identity, lift, literal, record, settings_of
from policies.facts.registry import adapter

CLUSTERS: Final = ("aws:ecs/cluster:Cluster",)
_CONFIGURATION: Final = "configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecLog:
    """Where the record of exec sessions goes.

    Args:
        logging: `logging`; `DEFAULT` when unset, which means wherever the task logs.
        log_group: `logConfiguration.cloudWatchLogGroupName`; empty when unset.
        log_group_encrypted: `logConfiguration.cloudWatchEncryptionEnabled`; false when unset.
        bucket: `logConfiguration.s3BucketName`; empty when unset.
        bucket_encrypted: `logConfiguration.s3BucketEncryptionEnabled`; false when unset.

    Source of the defaults: ExecuteCommandConfiguration and ExecuteCommandLogConfiguration, Amazon ECS API reference,
    read 2026-11-30.
    """

    logging: str = "DEFAULT"
    log_group: str = ""
    log_group_encrypted: bool = False
    bucket: str = ""
    bucket_encrypted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterEncryption:
    """What encrypts the data of a cluster.

    Args:
        storage_key: `configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId`; None when unset, for
            which AWS owns the key.
        exec_enabled: Whether a service of the stack in it has `enableExecuteCommand`; false when unset.
        exec_key: `configuration.executeCommandConfiguration.kmsKeyId`; None when unset.
        exec_log: The rest of `configuration.executeCommandConfiguration`.
    """

    storage_key: KeyUse | None = None
    exec_enabled: bool = False
    exec_key: KeyUse | None = None
    exec_log: ExecLog = ExecLog()


@adapter(types=CLUSTERS, joined=True)
def cluster_encryption_from_graph(graph: Graph, resource: Resource) -> ClusterEncryption:
    """Build what encrypts the data of a cluster, with its keys and its services."""
    sessions = _part(resource, "executeCommandConfiguration")
    storage = _part(resource, "managedStorageConfiguration")
    return ClusterEncryption(
        storage_key=_key(graph, resource, storage, "fargateEphemeralStorageKmsKeyId"),
        exec_enabled=_exec_enabled(graph, resource),
        exec_key=_key(graph, resource, sessions, "kmsKeyId"),
        exec_log=lift(sessions, _log),
    )


def _part(cluster: Resource, name: str) -> Any:
    """Return a nested object of the configuration as it is written; an empty one where there is none."""
    configuration = settings_of(cluster).get(_CONFIGURATION) or {}
    found = record({name: configuration}, name, lambda whole: record(whole, name, dict))
    return {} if found is None else found


def _key(graph: Graph, cluster: Resource, part: Any, name: str) -> Any:
    value = lift(part, lambda settings: settings.get(name))
    return nested_key_use(graph, cluster, _CONFIGURATION, value)


def _exec_enabled(graph: Graph, cluster: Resource) -> Any:
    """Return whether any service of the cluster lets people in; unknown where only a service that may be its does."""
    found = companions(graph, cluster, SERVICES, "cluster", CLUSTERS)
    certain = [flag(settings_of(each), "enableExecuteCommand", default=False) for each in found.certain]
    possible = [flag(settings_of(each), "enableExecuteCommand", default=False) for each in found.possible]
    if any(value is True for value in certain):
        return True
    return False if all(value is False for value in (*certain, *possible)) else UNKNOWN


def _log(sessions: Mapping[str, Value]) -> ExecLog:
    target = sessions.get("logConfiguration")
    settings = target[0] if isinstance(target, list) and len(target) == 1 else target or {}

    def of(build: Any, name: str, default: Any) -> Any:
        return lift(settings, lambda each: build(each, name, default=default))

    return ExecLog(
        logging=literal(sessions, "logging", default="DEFAULT"),
        log_group=of(identity, "cloudWatchLogGroupName", ""),
        log_group_encrypted=of(flag, "cloudWatchEncryptionEnabled", default=False),
        bucket=of(identity, "s3BucketName", ""),
        bucket_encrypted=of(flag, "s3BucketEncryptionEnabled", default=False),
    )
