"""KMS: how often a key rotates, and who manages it."""

import json
from typing import Any, Final

from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from integration.sandbox.corrections.registry import corrects

_DEFAULT_DAYS: Final = 365
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
