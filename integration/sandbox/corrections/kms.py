"""KMS: what a key is made of, how often it rotates, and who manages it."""

import json
from typing import Any, Final, NoReturn

from moto.core.exceptions import JsonRESTError
from moto.kms import models
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse
from moto.kms.utils import RESERVED_ALIASES, AbstractPrivateKey, generate_private_key

from integration.sandbox.corrections.registry import corrects, sets

_DEFAULT_DAYS: Final = 365
_SYMMETRIC: Final = "SYMMETRIC_DEFAULT"
_UNSUPPORTED: Final = JsonRESTError("UnsupportedOperationException", "The operation needs an asymmetric key.")
_PERIOD: Final = "rotation_period_days"
"""Attribute of moto's key that holds it."""

_SOURCE: Final = "AWS KMS API reference, EnableKeyRotation and GetKeyRotationStatus"


def _key(response: KmsResponse) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]  # noqa: SLF001 - moto's own way to a parameter


@corrects(KmsResponse, "enable_key_rotation", fact="The period is kept; 365 days where none is given", source=_SOURCE)
def _enable(original: Any, response: KmsResponse) -> Any:
    answer = original(response)
    days = response._get_param("RotationPeriodInDays")  # noqa: SLF001 - as above
    setattr(_key(response), _PERIOD, int(days or getattr(_key(response), _PERIOD, _DEFAULT_DAYS)))
    return answer


@corrects(KmsResponse, "get_key_rotation_status", fact="The answer names key and period", source=_SOURCE)
def _status(original: Any, response: KmsResponse) -> Any:
    answer = json.loads(original(response))
    key = _key(response)
    if answer["KeyRotationEnabled"]:
        answer |= {"KeyId": key.id, "RotationPeriodInDays": getattr(key, _PERIOD, _DEFAULT_DAYS)}
    return json.dumps(answer)


@corrects(
    models.Key,
    "to_dict",
    fact="A key says what it is for and whether it may have replicas, though nobody said so",
    source="AWS KMS API reference, CreateKey: ENCRYPT_DECRYPT, and of one Region; read 2026-11-30",
)
def _told(original: Any, key: models.Key) -> dict[str, Any]:
    told: dict[str, Any] = original(key)
    metadata = told["KeyMetadata"]
    metadata |= {"KeyUsage": metadata.get("KeyUsage") or "ENCRYPT_DECRYPT", "MultiRegion": key.multi_region is True}
    return told


class _NoKeyPair(AbstractPrivateKey):
    def sign(self, message: bytes, signing_algorithm: str) -> NoReturn:  # noqa: ARG002 - as moto calls it
        raise _UNSUPPORTED

    def verify(self, message: bytes, signature: bytes, signing_algorithm: str) -> NoReturn:  # noqa: ARG002
        raise _UNSUPPORTED

    def public_key(self) -> NoReturn:
        raise _UNSUPPORTED


def _key_pair(key_spec: str) -> AbstractPrivateKey:
    """Make one where there is one: to make it takes longer than all the rest of a key."""
    return _NoKeyPair() if key_spec == _SYMMETRIC else generate_private_key(key_spec)


sets(
    models,
    "generate_private_key",
    _key_pair,
    fact="A symmetric key has no key pair",
    source="AWS KMS API reference, GetPublicKey: of an asymmetric key; read 2026-12-01",
)
sets(
    models,
    "RESERVED_ALIASES",
    [*RESERVED_ALIASES, "alias/aws/lambda", "alias/aws/sns", "alias/aws/sqs"],
    fact="More services than moto knows have a key that AWS manages",
    source="Amazon SNS, Amazon SQS and AWS Lambda developer guides, encryption at rest, read 2026-11-30",
)


@corrects(
    KmsBackend,
    "_generate_default_keys",
    fact="The key behind an alias that begins with alias/aws/ is managed by AWS",
    source="AWS KMS API reference, KeyMetadata",
)
def _service_key(original: Any, backend: KmsBackend, alias_name: str) -> str | None:
    found: str | None = original(backend, alias_name)
    if found is not None:
        backend.keys[found].key_manager = "AWS"
    return found


@corrects(
    KmsBackend,
    "replicate_key",
    fact="A replica is a key of its own, which says that it is one",
    source="AWS KMS API reference, ReplicateKey and MultiRegionConfiguration, read 2026-11-30",
)
def _replicate(original: Any, backend: KmsBackend, key_id: str, replica_region: str) -> Any:
    replica = original(backend, backend.get_key_id(key_id), replica_region)
    # Both list the same replicas, now and later.
    replica.multi_region_configuration = {**replica.multi_region_configuration, "MultiRegionKeyType": "REPLICA"}
    replica.policy = replica.generate_default_policy()
    return replica
