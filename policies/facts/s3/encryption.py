"""How a bucket encrypts what is written into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ledgergate.graph import Graph, Resource
from ledgergate.values import Value
from policies.facts.declared import known_first
from policies.facts.kms import KeyUse, nested_key_use
from policies.facts.labels import Labels, labels_of
from policies.facts.properties import flag, lift, literal, record, records, settings_of
from policies.facts.registry import adapter
from policies.facts.s3.declared import BUCKET_TYPES, declared, inline
from policies.facts.s3.policy import BucketPolicy, bucket_policy_from_graph

_ENCRYPTION: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
_INLINE: Final = "serverSideEncryptionConfiguration"
_FORMER_INLINE: Final = "serverSideEncryptionConfigurations"

SERVICE_KEY: Final = "AES256"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionRule:
    """One rule of an encryption configuration.

    Args:
        algorithm: `sseAlgorithm`: `AES256`, `aws:kms` or `aws:kms:dsse`; the first when unset.
        kms_master_key_id: Key that it names; None without one, which means the key that AWS manages for S3.
        bucket_key_enabled: `bucketKeyEnabled`; false when unset.

    Source of the defaults: `aws.s3.BucketServerSideEncryptionConfiguration`, pulumi-aws 7.51.1, and
    PutBucketEncryption, Amazon S3 API reference, read 2026-11-30.
    """

    algorithm: str = SERVICE_KEY
    kms_master_key_id: KeyUse | None = None
    bucket_key_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """An encryption configuration.

    Args:
        rules: Its rules.
    """

    rules: tuple[EncryptionRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketEncryption:
    """The encryption of a bucket.

    Args:
        certain: As `Declared.certain`; without any S3 encrypts with its own key, AES256.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
        labels: What the bucket calls itself.
        policy: Its policy, which shows what logs are delivered to it.
    """

    certain: tuple[Encryption, ...] = ()
    possible: tuple[Encryption, ...] = ()
    looked_up: bool = False
    labels: Labels
    policy: BucketPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithms:
    """With what an encryption configuration encrypts, whoever's the key is.

    Args:
        algorithms: The algorithm of each rule, as `EncryptionRule.algorithm`.
    """

    algorithms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAlgorithms:
    """With what a bucket encrypts.

    Args:
        certain: As `BucketEncryption.certain`.
        possible: As `Declared.possible`.
        looked_up: As `Declared.looked_up`.
    """

    certain: tuple[Algorithms, ...] = ()
    possible: tuple[Algorithms, ...] = ()
    looked_up: bool = False


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_algorithms_from_graph(graph: Graph, resource: Resource) -> BucketAlgorithms:
    """Build with what a bucket encrypts."""

    def of_companion(_graph: Graph, companion: Resource) -> Algorithms:
        return Algorithms(algorithms=lift(records(settings_of(companion), "rules", _algorithm), known_first))

    own = inline(_INLINE, _FORMER_INLINE, lambda _graph, bucket, _: record(settings_of(bucket), _INLINE, _one_rule))
    found = declared(graph, resource, _ENCRYPTION, of_companion, own)
    return BucketAlgorithms(certain=found.certain, possible=found.possible, looked_up=found.looked_up)


def _one_rule(configuration: Mapping[str, Value]) -> Algorithms:
    found = record(configuration, "rule", _algorithm)
    return Algorithms(algorithms=() if found is None else (found,))


def _algorithm(rule: Mapping[str, Value]) -> Any:
    found = record(
        rule, "applyServerSideEncryptionByDefault", lambda each: literal(each, "sseAlgorithm", default=SERVICE_KEY)
    )
    return SERVICE_KEY if found is None else found


@adapter(types=BUCKET_TYPES, joined=True)
def bucket_encryption_from_graph(graph: Graph, resource: Resource) -> BucketEncryption:
    """Build the encryption of a bucket."""
    own = inline(_INLINE, _FORMER_INLINE, lambda graph, bucket, _: _of_bucket(graph, bucket))
    found = declared(graph, resource, _ENCRYPTION, _of_companion, own)
    return BucketEncryption(
        certain=found.certain,
        possible=found.possible,
        looked_up=found.looked_up,
        labels=labels_of(resource, "bucket", "bucketPrefix"),
        policy=bucket_policy_from_graph(graph, resource),
    )


def _of_companion(graph: Graph, companion: Resource) -> Encryption:
    build = partial(_rule, graph, companion, "rules")
    return Encryption(rules=records(settings_of(companion), "rules", build))


def _of_bucket(graph: Graph, bucket: Resource) -> Any:
    def built(configuration: Mapping[str, Value]) -> Encryption:
        rule = record(configuration, "rule", partial(_rule, graph, bucket, _INLINE))
        return Encryption(rules=() if rule is None else (rule,))

    return record(settings_of(bucket), _INLINE, built)


def _rule(graph: Graph, resource: Resource, property_: str, rule: Mapping[str, Value]) -> Any:
    bucket_key = flag(rule, "bucketKeyEnabled", default=False)

    def by_default(default: Mapping[str, Value]) -> EncryptionRule:
        return EncryptionRule(
            algorithm=literal(default, "sseAlgorithm", default=SERVICE_KEY),
            kms_master_key_id=nested_key_use(graph, resource, property_, default.get("kmsMasterKeyId")),
            bucket_key_enabled=bucket_key,
        )

    found = record(rule, "applyServerSideEncryptionByDefault", by_default)
    return EncryptionRule(bucket_key_enabled=bucket_key) if found is None else found
