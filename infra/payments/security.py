"""Keys: one for each kind of data, each usable only by the service that holds that data."""

from dataclasses import dataclass

import pulumi
from settings import Settings

from components.key import EncryptionKey, EncryptionKeyArgs
from components.key_policy import Statement, used_by_exec, used_by_fargate, used_by_logs, used_through
from components.place import Place


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
    tasks = (*used_by_fargate(place, names.of("cluster")), *used_by_exec(place))
    groups = (f"/{names.system}/*-{names.suffix}", f"/aws/rds/cluster/{names.of('database')}/*")
    return KeyArns(
        database=_make_key(settings, place, "database", used_through(place, "rds", "secretsmanager")),
        tasks=_make_key(settings, place, "ecs", tasks),
        objects=_make_key(settings, place, "s3", used_through(place, "s3")),
        logs=_make_key(settings, place, "logs", used_by_logs(place, *groups)),
    )


def _make_key(settings: Settings, place: Place, purpose: str, uses: tuple[Statement, ...]) -> pulumi.Output[str]:
    args = EncryptionKeyArgs(
        names=settings.names, place=place, purpose=purpose, uses=uses, destroyable=settings.destroyable
    )
    return EncryptionKey(purpose, args).arn
