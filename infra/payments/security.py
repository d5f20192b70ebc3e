"""Keys, each usable only by the services that hold its kind of data, and the secret between CloudFront and us."""

from dataclasses import dataclass

import pulumi
from settings import Settings

from components.container_cluster import insights_group
from components.key import EncryptionKey, EncryptionKeyArgs
from components.key_policy import (
    Statement,
    used_by_distributions,
    used_by_exec,
    used_by_fargate,
    used_by_logs,
    used_through,
)
from components.origin_header import OriginHeader, OriginHeaderArgs
from components.place import Place
from components.web_acl import acl_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyArns:
    """The keys of the system."""

    database: pulumi.Output[str]
    tasks: pulumi.Output[str]
    objects: pulumi.Output[str]
    logs: pulumi.Output[str]


def make_keys(settings: Settings, place: Place) -> KeyArns:
    """Make the keys of database, tasks, buckets and logs."""
    names = settings.names
    tasks = (
        *used_by_fargate(place, names.of("cluster")),
        *used_by_exec(place),
        *used_through(place, "ecr", "lambda", "ssm"),
    )
    groups = (
        f"/{names.system}/*-{names.suffix}",
        f"/aws/rds/cluster/{names.of('database')}/*",
        insights_group(names.of("cluster")),
        *acl_groups(names),
    )
    return KeyArns(
        database=make_key(settings, place, "database", used_through(place, "rds", "secretsmanager")),
        tasks=make_key(settings, place, "ecs", tasks),
        objects=make_key(settings, place, "s3", (*used_through(place, "s3"), *used_by_distributions(place))),
        logs=make_key(settings, place, "logs", used_by_logs(place, *groups)),
    )


def make_key(
    settings: Settings, place: Place, purpose: str, uses: tuple[Statement, ...], *, name: str = ""
) -> pulumi.Output[str]:
    """Make one key and return its ARN.

    Args:
        settings: The stack.
        place: Where the key is.
        purpose: What it encrypts; part of its alias.
        uses: Who may use it, and under which condition.
        name: Logical name where several Regions have a key of this purpose.
    """
    args = EncryptionKeyArgs(
        names=settings.names, place=place, purpose=purpose, uses=uses, destroyable=settings.destroyable
    )
    return EncryptionKey(name or purpose, args).arn


def make_origin_header(settings: Settings) -> OriginHeader:
    """Make the secret header that tells CloudFront's requests from all others."""
    return OriginHeader("origin-header", OriginHeaderArgs(generation=settings.compute.origin_header_generation))
