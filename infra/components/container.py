"""What a container may do, as the JSON that a task definition takes: nothing it does not need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

SCRATCH_MIB: Final = 64

_SCRATCH_OPTIONS: Final = ("nodev", "noexec", "nosuid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container of a task.

    Args:
        name: Its name within the task.
        image: Reference.
        port: Where it listens.
        user: `uid:gid`, not root.
        command: What it runs; empty for the image's own command.
        entry_point: What runs the command; empty for the image's own.
        environment: Variable → plain value; never a secret.
        secrets: Variable → ARN of a secret or parameter, which the service resolves as the task starts. Values may be
            Pulumi outputs.
        scratch: Directories that it may write to; they live in memory and end with the task.
    """

    name: str
    image: str
    port: int
    user: str
    command: Sequence[str] = ()
    entry_point: Sequence[str] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    scratch: Sequence[str] = ("/tmp",)  # noqa: S108 - a directory of the container


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTarget:
    """Where output goes.

    Args:
        group: Log group; may be a Pulumi output.
        region: Where it is.
    """

    group: Any
    region: str


def container_definition(container: Container, logs: LogTarget) -> dict[str, Any]:
    """Return the definition of a container that cannot write to its own image or gain rights.

    The directories it may write to are memory: on Fargate a volume belongs to root, so that nobody else could write.
    Source for memory on Fargate: AWS, Amazon ECS supports tmpfs mounts on AWS Fargate, 2026-01-06, read 2026-11-30.

    Args:
        container: What it is.
        logs: Where its output goes.
    """
    own = {"entryPoint": list(container.entry_point), "command": list(container.command)}
    return {
        "name": container.name,
        "image": container.image,
        "essential": True,
        "user": container.user,
        "privileged": False,
        "readonlyRootFilesystem": True,
        "linuxParameters": {
            "initProcessEnabled": True,
            "capabilities": {"drop": ["ALL"]},
            "tmpfs": [_memory(path) for path in container.scratch],
        },
        "portMappings": [{"containerPort": container.port, "hostPort": container.port, "protocol": "tcp"}],
        "environment": [{"name": name, "value": value} for name, value in sorted(container.environment.items())],
        "secrets": [{"name": name, "valueFrom": arn} for name, arn in sorted(container.secrets.items())],
        "logConfiguration": _log_configuration(container.name, logs),
        **{key: words for key, words in own.items() if words},
    }


def _memory(path: str) -> dict[str, Any]:
    return {"containerPath": path, "size": SCRATCH_MIB, "mountOptions": list(_SCRATCH_OPTIONS)}


def _log_configuration(stream: str, logs: LogTarget) -> dict[str, Any]:
    options = {"awslogs-group": logs.group, "awslogs-region": logs.region, "awslogs-stream-prefix": stream}
    return {"logDriver": "awslogs", "options": options}
