"""ECR: which key encrypts images that no other one encrypts."""

from typing import Any, Final

from moto.ecr.models import Repository
from moto.kms.models import KmsBackend, kms_backends

from integration.sandbox.corrections.registry import corrects

_ALIAS: Final = "alias/aws/ecr"


@corrects(
    Repository,
    "_determine_encryption_config",
    fact="Encryption with KMS and without a key of one's own uses the key that AWS manages for ECR",
    source="Amazon ECR API reference, EncryptionConfiguration, read 2026-11-30",
)
def _encrypted(original: Any, repository: Repository, encryption_config: dict[str, str] | None) -> Any:
    given = encryption_config or {}
    if given.get("encryptionType", "").startswith("KMS") and not given.get("kmsKey"):
        return {**given, "kmsKey": _service_key(kms_backends[repository.account_id][repository.region_name])}
    return original(repository, encryption_config)


def _service_key(keys: KmsBackend) -> str:
    known = keys.get_key_id_from_alias(_ALIAS)
    if known is not None:
        return str(keys.keys[known].arn)
    key = keys.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", None)
    key.key_manager = "AWS"
    keys.create_alias(key.id, _ALIAS)
    return str(key.arn)
