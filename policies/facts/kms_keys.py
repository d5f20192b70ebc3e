"""Facts about KMS keys: rotation, policy, and the Regions they are in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledgergate.graph import Graph, Kind, Resource
from ledgergate.values import Unknown, Value, reveal
from policies.facts.arns import parse_arn
from policies.facts.joins import companions, follow, named
from policies.facts.kms import KEY_TYPES
from policies.facts.policy_documents import PolicyDocument, policy_document
from policies.facts.properties import (
    UNKNOWN,
    attribute,
    flag,
    identity,
    known_text,
    literal,
    region_of,
    settings_of,
    whole,
)
from policies.facts.registry import adapter
from policies.iam_document import parse_resource_policy

_KEY: Final = ("aws:kms/key:Key",)
_KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"
_REPLICA: Final = ("aws:kms/replicaKey:ReplicaKey",)
_ALIAS: Final = "aws:kms/alias:Alias"
_WITH_POLICY: Final = (*(type_ for type_ in KEY_TYPES if type_ != _ALIAS), _KEY_POLICY)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRotation:
    """How a key's material is renewed.

    Args:
        rotates: `enableKeyRotation`; false when unset.
        period_days: `rotationPeriodInDays`; 365 when unset.
        spec: `customerMasterKeySpec`; `SYMMETRIC_DEFAULT` when unset.
        usage: `keyUsage`; `ENCRYPT_DECRYPT` when unset.
        custom_store: Whether `customKeyStoreId` or `xksKeyId` puts its material outside KMS.

    Source of the defaults: CreateKey and EnableKeyRotation, KMS API reference, read 2026-11-20.
    """

    rotates: bool = False
    period_days: int = 365
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    custom_store: bool = False


@adapter(types=_KEY)
def key_rotation_from_graph(_graph: Graph, resource: Resource) -> KeyRotation:
    """Build the rotation of a key."""
    settings = settings_of(resource)
    stores = [identity(settings, name, default="") for name in ("customKeyStoreId", "xksKeyId")]
    return KeyRotation(
        rotates=flag(settings, "enableKeyRotation", default=False),
        period_days=whole(settings, "rotationPeriodInDays", default=365),
        spec=literal(settings, "customerMasterKeySpec", default="SYMMETRIC_DEFAULT"),
        usage=literal(settings, "keyUsage", default="ENCRYPT_DECRYPT"),
        custom_store=UNKNOWN if any(isinstance(each, Unknown) for each in stores) else any(map(reveal, stores)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedKey:
    """A key policy, on the key or as a resource of its own.

    Args:
        account: Account of the key, 12 digits, as its ARN says; of a `KeyPolicy`, what the key that it names says.
        policy: `policy`; None when it is left out, so that KMS writes its own, which trusts the account's root alone.

    Source of the default: default key policy, KMS developer guide, read 2026-11-20.
    """

    account: str
    policy: PolicyDocument | None = None


@adapter(types=_WITH_POLICY)
def guarded_key_from_graph(_graph: Graph, resource: Resource) -> GuardedKey:
    """Build the policy of a key."""
    value = settings_of(resource).get("policy")
    required = resource.type == _KEY_POLICY
    arn = parse_arn(known_text(settings_of(resource).get("keyId") if required else attribute(resource, "arn")))
    return GuardedKey(
        account=arn.account if arn else UNKNOWN,
        policy=policy_document(value, "policy", parse_resource_policy) if required or value is not None else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedKey:
    """A key, the Regions it is in, and the stores under it that are copied to other Regions.

    Args:
        multi_region: `multiRegion`; false when unset.
        region: Region of the key.
        replica_regions: Regions of its `ReplicaKey`s.
        copied_stores: Logical names of the global tables, members of global databases, replicated secrets and
            replicated buckets of the stack that name the key, by ARN, id or alias.
    """

    multi_region: bool = False
    region: str
    replica_regions: tuple[str, ...] = ()
    copied_stores: tuple[str, ...] = ()


@adapter(types=_KEY, joined=True)
def copied_key_from_graph(graph: Graph, resource: Resource) -> CopiedKey:
    """Build a key with its replicas and the copied stores that use it."""
    replicas = companions(graph, resource, _REPLICA, "primaryKeyArn", _KEY)
    regions = [region_of(graph, each) for each in replicas.certain]
    return CopiedKey(
        multi_region=flag(settings_of(resource), "multiRegion", default=False),
        region=region_of(graph, resource),
        replica_regions=(*regions, *(UNKNOWN for _ in replicas.possible)),
        copied_stores=tuple(_users(graph, resource)),
    )


def _users(graph: Graph, key: Resource) -> Iterator[Any]:
    for store, property_, value in _copied_stores(graph):
        uses = _names(graph, store, property_, value, key)
        if uses is not False:
            yield store.name if uses else UNKNOWN


def _copied_stores(graph: Graph) -> Iterator[tuple[Resource, str, Value]]:
    """Yield each copied store of the stack with the property that names its key, and that value."""
    for table in _created(graph, "aws:dynamodb/table:Table"):
        if settings_of(table).get("replicas"):
            yield table, "serverSideEncryption", _inside(settings_of(table), "serverSideEncryption", "kmsKeyArn")
    for secret in _created(graph, "aws:secretsmanager/secret:Secret"):
        if settings_of(secret).get("replicas"):
            yield secret, "kmsKeyId", settings_of(secret).get("kmsKeyId")
    for cluster in _created(graph, "aws:rds/cluster:Cluster"):
        if settings_of(cluster).get("globalClusterIdentifier"):
            yield cluster, "kmsKeyId", settings_of(cluster).get("kmsKeyId")
    replicated = {_bucket(graph, each) for each in _created(graph, _REPLICATION)} - {""}
    for encryption in _created(graph, _BUCKET_ENCRYPTION):
        if _bucket(graph, encryption) in replicated:
            for rule in reveal(settings_of(encryption).get("rules")) or ():
                value = _inside(rule, "applyServerSideEncryptionByDefault", "kmsMasterKeyId")
                yield encryption, "rules", value


_REPLICATION: Final = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
_BUCKET_ENCRYPTION: Final = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_BUCKETS: Final = ("aws:s3/bucket:Bucket",)


def _created(graph: Graph, type_: str) -> Iterator[Resource]:
    return (each for each in graph.of_type(type_) if each.kind is Kind.CUSTOM)


def _bucket(graph: Graph, companion: Resource) -> str:
    found = follow(graph, companion, "bucket", _BUCKETS).resources
    return found[0].urn if found else ""


def _inside(settings: Any, outer: str, name: str) -> Value:
    plain = settings if isinstance(settings, Unknown) else reveal(settings.get(outer))
    return plain.get(name) if isinstance(plain, Mapping) else plain


def _names(graph: Graph, holder: Resource, property_: str, value: Value, key: Resource) -> bool | None:
    """Tell whether a value names the key; None when nobody knows."""
    plain = reveal(value)
    if isinstance(plain, Unknown):
        among = holder.property_dependencies.get(property_, ())
        return True if among == (key.urn,) else None if not among or key.urn in among else False
    found = named(graph, plain, KEY_TYPES) if isinstance(plain, str) else ()
    aliases = [follow(graph, each, "targetKeyId", KEY_TYPES) for each in found if each.type == _ALIAS]
    return any(each.urn == key.urn for each in (*found, *(each for join in aliases for each in join.resources)))
