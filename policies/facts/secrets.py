"""Facts about what is kept in Secrets Manager and as secret in Parameter Store."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.joins import companions
from policies.facts.kms import KeyUse, key_use, nested_key_use
from policies.facts.properties import UNKNOWN, flag, identity, literal, record, records, region_of, settings_of, whole
from policies.facts.registry import adapter
from policies.facts.schedules import longest_wait_days
from policies.facts.tagging import tagged_from_graph

SECRET_TYPES: Final = ("aws:secretsmanager/secret:Secret",)
_ROTATION: Final = ("aws:secretsmanager/secretRotation:SecretRotation",)
_PARAMETER: Final = ("aws:ssm/parameter:Parameter",)
CLASS_TAG: Final = "SecretClass"
"""Tag whose value says what kind of secret it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReplica:
    """A copy of a secret.

    Args:
        region: Region it is in.
        kms_key_id: Key that it names; None when unset, for which the service takes a key that AWS manages.
    """

    region: str
    kms_key_id: KeyUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSecret:
    """A secret with its copies.

    Args:
        region: Region it is in.
        kms_key_id: `kmsKeyId`; None when unset, for which the service takes a key that AWS manages.
        replicas: `replicas`; empty when unset.

    Source of the default: CreateSecret, Secrets Manager API reference, read 2026-11-30.
    """

    region: str
    kms_key_id: KeyUse | None = None
    replicas: tuple[SecretReplica, ...] = ()


@adapter(types=SECRET_TYPES, joined=True)
def stored_secret_from_graph(graph: Graph, resource: Resource) -> StoredSecret:
    """Build a secret with the keys of its stack."""
    return StoredSecret(
        region=region_of(graph, resource),
        kms_key_id=key_use(graph, resource, "kmsKeyId"),
        replicas=records(settings_of(resource), "replicas", partial(_replica, graph, resource)),
    )


def _replica(graph: Graph, secret: Resource, replica: Mapping[str, Value]) -> SecretReplica:
    region = literal(replica, "region")
    return SecretReplica(
        region=UNKNOWN if region is None else region,
        kms_key_id=nested_key_use(graph, secret, "replicas", replica.get("kmsKeyId")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """How a secret is renewed.

    Args:
        enabled: `rotationEnabled`; true when unset, as `rotationRules` is there then.
        longest_days: Longest time between two rotations: `automaticallyAfterDays`, or what `scheduleExpression`
            comes to; None when neither is set, or the schedule is none that is understood.

    Source of the default: `aws.secretsmanager.SecretRotation`, pulumi-aws 7.51.1, read 2026-11-30.
    """

    enabled: bool = True
    longest_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatedSecret:
    """A secret with what renews it.

    Args:
        class_tag: Value of its tag `SecretClass`; empty without one.
        owned: Whether a service owns it and renews it by itself, as RDS does with the passwords it manages.
        rotations: Rotations that the stack creates for it.
        maybe_rotated: Whether there is a rotation of which nobody knows for which secret it is.
        rotation_read: Whether a rotation of it is only looked up, so that its rules show in the account alone.
        days_since_rotation: Days since it was rotated, or created when it never was; None before deployment.
    """

    class_tag: str = ""
    owned: bool = False
    rotations: tuple[Rotation, ...] = ()
    maybe_rotated: bool = False
    rotation_read: bool = False
    days_since_rotation: int | None = None


@adapter(types=SECRET_TYPES, joined=True)
def rotated_secret_from_graph(graph: Graph, resource: Resource) -> RotatedSecret:
    """Build a secret with its rotations. A secret that a service owns is never one that a program creates."""
    found = companions(graph, resource, _ROTATION, "secretId", SECRET_TYPES)
    created = [each for each in found.certain if each.kind is not Kind.READ]
    return RotatedSecret(
        class_tag=tag_value(graph, resource, CLASS_TAG),
        rotations=tuple(map(_rotation, created)),
        maybe_rotated=bool(found.possible),
        rotation_read=len(created) < len(found.certain),
    )


def _rotation(resource: Resource) -> Rotation:
    settings = settings_of(resource)
    days = record(settings, "rotationRules", _longest_days)
    return Rotation(enabled=flag(settings, "rotationEnabled", default=days is not None), longest_days=days)


def _longest_days(rules: Mapping[str, Value]) -> Any:
    days = whole(rules, "automaticallyAfterDays", default=None)
    if days is not None:
        return days
    expression = reveal(literal(rules, "scheduleExpression"))
    return longest_wait_days(expression) if isinstance(expression, str) else expression


def tag_value(graph: Graph, resource: Resource, key: str) -> Any:
    """Return the value of a tag, its own before one of its provider; empty without one."""
    tagged = tagged_from_graph(graph, resource)
    for tags in (reveal(tagged.tags), reveal(tagged.default_tags)):
        if isinstance(tags, Unknown):
            return UNKNOWN
        for tag in tags or ():
            if reveal(tag).key == key:
                return reveal(tag).value
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParameter:
    """A parameter of Parameter Store.

    Args:
        name: `name`.
        type: `type`: `String`, `StringList` or `SecureString`.
        class_tag: Value of its tag `SecretClass`; empty without one.
        key_id: `keyId`; None when unset, for which the service takes a key that AWS manages.

    Source of the default: PutParameter, Systems Manager API reference, read 2026-11-30.
    """

    name: str
    type: str
    class_tag: str = ""
    key_id: KeyUse | None = None


@adapter(types=_PARAMETER, joined=True)
def stored_parameter_from_graph(graph: Graph, resource: Resource) -> StoredParameter:
    """Build a parameter with the keys of its stack."""
    settings = settings_of(resource)
    return StoredParameter(
        name=identity(settings, "name", default=""),
        type=literal(settings, "type", default="String"),
        class_tag=tag_value(graph, resource, CLASS_TAG),
        key_id=key_use(graph, resource, "keyId"),
    )
