"""CloudWatch Logs: the key of a group that exists, filters that are put again, and fields of deliveries."""

from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.metric_filters import MetricFilters
from moto.logs.responses import LogsResponse

from integration.sandbox.corrections.registry import corrects, provides

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


@provides(
    LogsResponse,
    "update_delivery_configuration",
    fact="The fields of a delivery change",
    source="Amazon CloudWatch Logs API reference, UpdateDeliveryConfiguration",
)
def _update_delivery(response: LogsResponse) -> str:
    delivery = response.logs_backend.get_delivery(response._get_param("id"))  # noqa: SLF001 - as above
    delivery.record_fields = response._get_param("recordFields") or delivery.record_fields  # noqa: SLF001 - as above
    delivery.field_delimiter = response._get_param("fieldDelimiter") or delivery.field_delimiter  # noqa: SLF001 - as above
    return "{}"


@corrects(
    MetricFilters,
    "add_filter",
    fact="A filter that is put again replaces the one of its name",
    source="Amazon CloudWatch Logs API reference, PutMetricFilter",
)
def _replaced(original: Any, held: MetricFilters, filter_name: str, pattern: str, group: str, metrics: Any) -> None:
    same = (each for each in held.metric_filters if (each["filterName"], each["logGroupName"]) == (filter_name, group))
    for each in list(same):
        held.metric_filters.remove(each)
    original(held, filter_name, pattern, group, metrics)
