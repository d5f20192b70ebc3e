"""DynamoDB: encryption that changes, and replicas, which are tables of other Regions."""

import copy
from typing import Any, Final

from moto.core.responses import ActionResult
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.kms.models import kms_backends

from integration.sandbox.corrections.registry import corrects

_API: Final = "Amazon DynamoDB API reference, "
_REPLICAS: Final = "ledgergate_replicas"
"""Attribute of a table of moto's: Region → replica as DescribeTable shows it."""


def _replicas_of(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = vars(table).setdefault(_REPLICAS, {})
    return found


@corrects(
    DynamoHandler,
    "update_table",
    fact="The encryption of a table changes, and replicas come and go",
    source=_API + "UpdateTable, SSESpecification and ReplicaUpdates; read 2026-11-30",
)
def _updated(original: Any, handler: DynamoHandler) -> ActionResult:
    table = handler.dynamodb_backend.get_table(handler.body["TableName"])
    if (wanted := handler.body.get("SSESpecification")) is not None:
        table.sse_specification = {**wanted, "KMSMasterKeyId": wanted.get("KMSMasterKeyId") or _service_key(table)}
    for update in handler.body.get("ReplicaUpdates", ()):
        for verb, replica in update.items():
            _replicate(table, verb, replica)
    return original(handler)  # type: ignore[no-any-return]  # moto's own answer


def _replicate(table: Table, verb: str, replica: Any) -> None:
    region, there = replica["RegionName"], dynamodb_backends[table.account_id][replica["RegionName"]].tables
    if verb == "Delete":
        _replicas_of(table).pop(region, None)
        there.pop(table.name, None)
        return
    _replicas_of(table)[region] = {**replica, "ReplicaStatus": "ACTIVE"}
    if verb == "Create":
        there[table.name] = _copied(table, region)
    copied = there[table.name]
    key = replica.get("KMSMasterKeyId") or _service_key(copied)
    copied.sse_specification = {**(table.sse_specification or {}), "KMSMasterKeyId": key}


def _copied(table: Table, region: str) -> Table:
    made = copy.copy(table)
    made.region_name, made.tags, made.deletion_protection_enabled = region, [], False
    made.table_arn = table.table_arn.replace(f":{table.region_name}:", f":{region}:")
    key = (table.sse_specification or {}).get("KMSMasterKeyId")
    home = {"RegionName": table.region_name, "ReplicaStatus": "ACTIVE", **({"KMSMasterKeyId": key} if key else {})}
    vars(made)[_REPLICAS] = {table.region_name: home}
    return made


def _service_key(table: Table) -> str:
    return table._get_default_encryption_key(table.account_id, table.region_name)  # noqa: SLF001 - moto has no other way


@corrects(
    Table,
    "_get_default_encryption_key",
    fact="A table that names no key is under one that AWS manages",
    source=_API + "SSESpecification, KMSMasterKeyId; read 2026-11-30",
)
def _managed_key(_original: Any, _table: Table, account_id: str, region: str) -> str:
    return str(kms_backends[account_id][region].describe_key("alias/aws/dynamodb").arn)


@corrects(
    Table,
    "describe",
    fact="A table tells its replicas",
    source=_API + "TableDescription, Replicas; read 2026-11-30",
)
def _described(original: Any, table: Table, base_key: str = "TableDescription") -> dict[str, Any]:
    answer: dict[str, Any] = original(table, base_key)
    if replicas := _replicas_of(table):
        answer[base_key]["Replicas"] = [*replicas.values()]
        answer[base_key]["GlobalTableVersion"] = "2019.11.21"
    return answer
