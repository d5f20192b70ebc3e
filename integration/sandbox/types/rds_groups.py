"""What databases are put into and set up with: subnet groups and parameter groups."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from integration.sandbox.handler import Handler, Properties, Subject, put
from integration.sandbox.types.rds_tags import set_tags
from integration.sandbox.types.tags import tags_from

_AT_ONCE: Final = 20
"""Parameters that one call may set."""

_DESCRIPTION: Final = "Managed by Pulumi"


def _create_subnet_group(subject: Subject) -> str:
    wanted = subject.inputs
    subject.aws.rds.create_db_subnet_group(
        DBSubnetGroupName=wanted["name"],
        DBSubnetGroupDescription=wanted.get("description") or _DESCRIPTION,
        SubnetIds=wanted["subnetIds"],
    )
    return str(wanted["name"])


def _read_subnet_group(subject: Subject) -> Properties:
    found: Any = subject.aws.rds.describe_db_subnet_groups(DBSubnetGroupName=subject.id)["DBSubnetGroups"][0]
    return {
        "arn": found["DBSubnetGroupArn"],
        "description": found["DBSubnetGroupDescription"],
        "name": found["DBSubnetGroupName"],
        "subnetIds": [each["SubnetIdentifier"] for each in found["Subnets"]],
        "tagsAll": _tags(subject, found["DBSubnetGroupArn"]),
        "vpcId": found["VpcId"],
    }


def _tags(subject: Subject, arn: str) -> dict[str, str]:
    return tags_from(subject.aws.rds.list_tags_for_resource(ResourceName=arn)["TagList"])


def _change_subnet_group(subject: Subject) -> None:
    wanted = subject.inputs
    subject.aws.rds.modify_db_subnet_group(
        DBSubnetGroupName=subject.id,
        DBSubnetGroupDescription=wanted.get("description") or _DESCRIPTION,
        SubnetIds=wanted["subnetIds"],
    )


def _delete_subnet_group(subject: Subject) -> None:
    subject.aws.rds.delete_db_subnet_group(DBSubnetGroupName=subject.id)


def _create_parameter_group(subject: Subject) -> str:
    wanted = subject.inputs
    subject.aws.rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=wanted["name"],
        DBParameterGroupFamily=wanted["family"],
        Description=wanted.get("description") or _DESCRIPTION,
    )
    return str(wanted["name"])


def _set_parameters(subject: Subject) -> None:
    wanted = list(_parameters(subject.inputs))
    kept = {each["ParameterName"] for each in wanted}
    dropped = [each for each in _parameters(subject.before) if each["ParameterName"] not in kept]
    rds: Any = subject.aws.rds
    for call, parameters in ((rds.reset_db_cluster_parameter_group, dropped), (_modify(subject), wanted)):
        for start in range(0, len(parameters), _AT_ONCE):
            call(DBClusterParameterGroupName=subject.id, Parameters=parameters[start : start + _AT_ONCE])


def _modify(subject: Subject) -> Any:
    return subject.aws.rds.modify_db_cluster_parameter_group


def _parameters(inputs: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    for each in inputs.get("parameters") or ():
        method = each.get("applyMethod") or "immediate"
        yield {"ParameterName": each["name"], "ParameterValue": str(each["value"]), "ApplyMethod": method}


def _read_parameter_group(subject: Subject) -> Properties:
    rds, name = subject.aws.rds, subject.id
    found: Any = rds.describe_db_cluster_parameter_groups(DBClusterParameterGroupName=name)["DBClusterParameterGroups"]
    arn = found[0]["DBClusterParameterGroupArn"]
    pages = rds.get_paginator("describe_db_cluster_parameters").paginate(DBClusterParameterGroupName=name)
    own = {each["ParameterName"] for each in _parameters(subject.inputs)}
    parameters = [
        {"applyMethod": each["ApplyMethod"], "name": each["ParameterName"], "value": each["ParameterValue"]}
        for page in pages
        for each in page["Parameters"]
        if each["ParameterName"] in own
    ]
    return {
        "arn": arn,
        "description": found[0]["Description"],
        "family": found[0]["DBParameterGroupFamily"],
        "name": name,
        "parameters": parameters,
        "tagsAll": _tags(subject, arn),
    }


def _delete_parameter_group(subject: Subject) -> None:
    subject.aws.rds.delete_db_cluster_parameter_group(DBClusterParameterGroupName=subject.id)


HANDLERS: Final = (
    Handler(
        type="aws:rds/subnetGroup:SubnetGroup",
        create=_create_subnet_group,
        read=_read_subnet_group,
        delete=_delete_subnet_group,
        fixed=("name",),
        updates=put(_change_subnet_group, "description", "subnetIds"),
        settings=put(set_tags("subgrp"), "tagsAll"),
    ),
    Handler(
        type="aws:rds/clusterParameterGroup:ClusterParameterGroup",
        create=_create_parameter_group,
        read=_read_parameter_group,
        delete=_delete_parameter_group,
        fixed=("description", "family", "name"),
        settings={"parameters": _set_parameters, "tagsAll": set_tags("cluster-pg")},
    ),
)
