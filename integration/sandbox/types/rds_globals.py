"""Global databases, which clusters of several Regions belong to."""

from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.rds_tags import set_tags
from integration.sandbox.types.tags import tags_from

_CREATED: Final = {
    "deletionProtection": "DeletionProtection",
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "globalClusterIdentifier": "GlobalClusterIdentifier",
    "sourceDbClusterIdentifier": "SourceDBClusterIdentifier",
    "storageEncrypted": "StorageEncrypted",
}
"""Property → its name in the call that creates one."""


def _create(subject: Subject) -> str:
    given: Any = {call: subject.inputs[name] for name, call in _CREATED.items() if subject.inputs.get(name) is not None}
    if "SourceDBClusterIdentifier" in given:
        given = {name: value for name, value in given.items() if name not in ("Engine", "EngineVersion")}
    return str(subject.aws.rds.create_global_cluster(**given)["GlobalCluster"]["GlobalClusterIdentifier"])


def _found(subject: Subject) -> Any:
    for each in subject.aws.rds.describe_global_clusters()["GlobalClusters"]:
        if each["GlobalClusterIdentifier"] == subject.id:
            return each
    raise GoneError


def _read(subject: Subject) -> Properties:
    found = _found(subject)
    return {
        "arn": found["GlobalClusterArn"],
        "deletionProtection": found["DeletionProtection"],
        "endpoint": found["Endpoint"],
        "engine": found["Engine"],
        "engineVersion": subject.inputs.get("engineVersion", found["EngineVersion"]),
        "engineVersionActual": found["EngineVersion"],
        "globalClusterIdentifier": found["GlobalClusterIdentifier"],
        "globalClusterMembers": [
            {"dbClusterArn": each["DBClusterArn"], "isWriter": each["IsWriter"]}
            for each in found["GlobalClusterMembers"]
        ],
        "globalClusterResourceId": found["GlobalClusterResourceId"],
        "storageEncrypted": found["StorageEncrypted"],
        "tagsAll": tags_from(found["TagList"]),
    }


def _protect(subject: Subject) -> None:
    protected = subject.inputs.get("deletionProtection") is True
    subject.aws.rds.modify_global_cluster(GlobalClusterIdentifier=subject.id, DeletionProtection=protected)


def _delete(subject: Subject) -> None:
    # A cluster that it was made from stays, and belongs to it until then.
    for each in _found(subject)["GlobalClusterMembers"]:
        subject.aws.rds.remove_from_global_cluster(
            GlobalClusterIdentifier=subject.id, DbClusterIdentifier=each["DBClusterArn"]
        )
    subject.aws.rds.delete_global_cluster(GlobalClusterIdentifier=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:rds/globalCluster:GlobalCluster",
        create=_create,
        read=_read,
        delete=_delete,
        fixed=("engine", "engineVersion", "globalClusterIdentifier", "sourceDbClusterIdentifier", "storageEncrypted"),
        updates=put(_protect, "deletionProtection"),
        settings={"tagsAll": set_tags("global-cluster", regional=False)},
        ignored={"forceDestroy": "a sandbox takes every cluster out of it before it goes"},
    ),
)
