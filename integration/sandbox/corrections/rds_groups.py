"""RDS: what becomes of subnet groups and parameter groups that change."""

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterParameterGroupNotFoundError,
    DBParameterGroupNotFoundError,
    DBSubnetGroupNotFoundError,
)
from moto.rds.models import DBSubnetGroup, RDSBackend
from moto.rds.responses import RDSResponse

from integration.sandbox.corrections.registry import corrects, provides


@corrects(
    RDSBackend,
    "modify_db_subnet_group",
    fact="A subnet group that changes stays, with the subnets that it was given",
    source="Amazon RDS API reference, ModifyDBSubnetGroup",
)
def _modified_subnet_group(
    _original: Any, backend: RDSBackend, subnet_name: str, description: str | None, subnets: list[Any]
) -> DBSubnetGroup:
    group = backend.subnet_groups.get(subnet_name)
    if group is None:
        raise DBSubnetGroupNotFoundError(subnet_name)
    group._subnets = subnets  # noqa: SLF001 - moto has no other way
    if description is not None:
        group.description = description
    return group


@provides(
    RDSResponse,
    "reset_db_cluster_parameter_group",
    fact="Parameters of a cluster parameter group go back to their defaults",
    source="Amazon RDS API reference, ResetDBClusterParameterGroup",
)
def _reset_parameters(response: RDSResponse) -> ActionResult:
    name = response.params.get("DBClusterParameterGroupName")
    group = response.backend.db_cluster_parameter_groups.get(name)
    if group is None:
        raise DBClusterParameterGroupNotFoundError(name)
    return ActionResult({"DBClusterParameterGroupName": _reset(group, response).name})


@provides(
    RDSResponse,
    "reset_db_parameter_group",
    fact="Parameters of a parameter group go back to their defaults",
    source="Amazon RDS API reference, ResetDBParameterGroup; read 2026-11-30",
)
def _reset_instance_parameters(response: RDSResponse) -> ActionResult:
    name = response.params.get("DBParameterGroupName")
    group = response.backend.db_parameter_groups.get(name)
    if group is None:
        raise DBParameterGroupNotFoundError(name)
    return ActionResult({"DBParameterGroupName": _reset(group, response).name})


def _reset(group: Any, response: RDSResponse) -> Any:
    if response.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in response.params.get("Parameters", []):
        group.parameters.pop(parameter.original_dict()["ParameterName"], None)
    return group


@corrects(
    RDSBackend,
    "describe_option_groups",
    fact="Option groups are listed when none is named, and none of them is no error",
    source="Amazon RDS API reference, DescribeOptionGroups",
)
def _listed_option_groups(original: Any, backend: RDSBackend, wanted: Any) -> list[Any]:
    if wanted.get("option_group_name"):
        return original(backend, wanted)  # type: ignore[no-any-return]  # moto's own list
    return [each for name in backend.option_groups for each in original(backend, {**wanted, "option_group_name": name})]
