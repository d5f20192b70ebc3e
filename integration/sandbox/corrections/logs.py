"""CloudWatch Logs: the key of a group that exists."""

from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from integration.sandbox.corrections.registry import provides

_SOURCE = "Amazon CloudWatch Logs API reference, AssociateKmsKey and DisassociateKmsKey"


def _group(response: LogsResponse) -> Any:
    name = response._get_param("logGroupName")  # noqa: SLF001 - moto's own way to a parameter
    group = response.logs_backend.groups.get(name)
    if group is None:
        raise ResourceNotFoundException
    return group


@provides(LogsResponse, "associate_kms_key", fact="A group takes a key later", source=_SOURCE)
def _associate(response: LogsResponse) -> str:
    _group(response).kms_key_id = response._get_param("kmsKeyId")  # noqa: SLF001 - as above
    return ""


@provides(LogsResponse, "disassociate_kms_key", fact="A group gives its key up", source=_SOURCE)
def _disassociate(response: LogsResponse) -> str:
    _group(response).kms_key_id = None
    return ""
