"""ECS clusters and task definitions."""

import json
from collections.abc import Mapping
from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
from integration.sandbox.types.shapes import whole, without_nothing
from integration.sandbox.types.tags import as_tags, retag, tags_from

_RENAMED: Final = {"sizeInGib": "sizeInGiB", "s3BucketEncryptionEnabled": "s3EncryptionEnabled"}
"""Name as programs write it → as ECS does, where they differ in more than the first letter."""

_WRITTEN: Final = {name: written for written, name in _RENAMED.items()}
"""The other way round."""

_SAME: Final = (
    "cpu",
    "executionRoleArn",
    "ipcMode",
    "memory",
    "networkMode",
    "pidMode",
    "placementConstraints",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
)
"""Settings of a task definition that programs write as ECS does."""


def set_tags(subject: Subject) -> None:
    """Give what is named by its ARN the wanted tags, and no others."""
    ecs, arn = subject.aws.of("ecs"), subject.id
    retag(
        subject,
        lambda tags: ecs.tag_resource(resourceArn=arn, tags=as_tags(tags, "key", "value")),
        lambda keys: ecs.untag_resource(resourceArn=arn, tagKeys=keys),
    )


def tags_of(subject: Subject) -> dict[str, str]:
    """Return the tags of what is named by its ARN."""
    return tags_from(
        subject.aws.of("ecs").list_tags_for_resource(resourceArn=subject.id).get("tags", ()), "key", "value"
    )


def _create_cluster(subject: Subject) -> str:
    wanted = subject.inputs
    given = {name: _renamed(wanted[name], _RENAMED) for name in ("configuration", "settings") if wanted.get(name)}
    return str(subject.aws.of("ecs").create_cluster(clusterName=wanted["name"], **given)["cluster"]["clusterArn"])


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a setting with other names at whatever depth, and without what nobody set."""
    if isinstance(value, Mapping):
        return {names.get(name, name): _renamed(item, names) for name, item in value.items() if item is not None}
    return [_renamed(item, names) for item in value] if isinstance(value, list) else value


def _read_cluster(subject: Subject) -> Properties:
    include = ["SETTINGS", "CONFIGURATIONS"]
    found: Any = subject.aws.of("ecs").describe_clusters(clusters=[subject.id], include=include)["clusters"]
    if not found or found[0]["status"] == "INACTIVE":
        raise GoneError
    return {
        "arn": found[0]["clusterArn"],
        "configuration": _renamed(found[0].get("configuration"), _WRITTEN),
        "name": found[0]["clusterName"],
        "settings": found[0]["settings"],
        "tagsAll": tags_of(subject),
    }


def _change_cluster(subject: Subject) -> None:
    settings = subject.inputs.get("settings") or [{"name": "containerInsights", "value": "disabled"}]
    given = {"configuration": _renamed(subject.inputs.get("configuration") or {}, _RENAMED), "settings": settings}
    subject.aws.of("ecs").update_cluster(cluster=subject.id, **given)


def _delete_cluster(subject: Subject) -> None:
    subject.aws.of("ecs").delete_cluster(cluster=subject.id)


def _register(subject: Subject) -> str:
    wanted = subject.inputs
    given = {name: wanted[name] for name in _SAME if wanted.get(name)}
    if storage := wanted.get("ephemeralStorage"):
        given["ephemeralStorage"] = {_RENAMED[name]: whole(size) for name, size in storage.items()}
    containers = json.loads(wanted["containerDefinitions"])
    volumes = [without_nothing(_volume(each)) for each in wanted.get("volumes") or ()]
    made = subject.aws.of("ecs").register_task_definition(
        family=wanted["family"], containerDefinitions=containers, volumes=volumes, **given
    )
    # The provider's id is the family, which would not tell one revision from the next.
    return str(made["taskDefinition"]["taskDefinitionArn"])


def _volume(wanted: Properties) -> dict[str, Any]:
    host = {"sourcePath": wanted["hostPath"]} if wanted.get("hostPath") else None
    return {**{name: value for name, value in wanted.items() if name != "hostPath"}, "host": host}


def _read_definition(subject: Subject) -> Properties:
    found: Any = subject.aws.of("ecs").describe_task_definition(taskDefinition=subject.id)["taskDefinition"]
    if found["status"] == "INACTIVE":
        raise GoneError
    arn = found["taskDefinitionArn"]
    return {
        **{name: found[name] for name in _SAME if name in found},
        "arn": arn,
        "arnWithoutRevision": arn.rpartition(":")[0],
        "containerDefinitions": json.dumps(found["containerDefinitions"]),
        "family": found["family"],
        "revision": found["revision"],
        "tagsAll": tags_of(subject),
    }


def _deregister(subject: Subject) -> None:
    subject.aws.of("ecs").deregister_task_definition(taskDefinition=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:ecs/cluster:Cluster",
        create=_create_cluster,
        read=_read_cluster,
        delete=_delete_cluster,
        fixed=("name",),
        updates=put(_change_cluster, "configuration", "settings"),
        settings={"tagsAll": set_tags},
    ),
    Handler(
        type="aws:ecs/taskDefinition:TaskDefinition",
        create=_register,
        read=_read_definition,
        delete=_deregister,
        fixed=(*_SAME, "containerDefinitions", "ephemeralStorage", "family", "volumes"),
        settings={"tagsAll": set_tags},
        ignored={
            "skipDestroy": "what the program drops goes from the sandbox",
            "trackLatest": "nobody else registers revisions in a sandbox",
        },
    ),
)
