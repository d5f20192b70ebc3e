"""What databases are put into and set up with: subnet groups and parameter groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from integration.sandbox.handler import GoneError, Handler, Properties, Subject, put
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


@dataclass(frozen=True, slots=True)
class _Groups:
    """Parameter groups of one kind: RDS has calls of their own for each.

    Args:
        call: What the names of its calls have before `parameter`: `db` or `db_cluster`.
        member: What the members of its calls begin with: `DB` or `DBCluster`.
        tags: What its ARNs have before the name.
    """

    call: str
    member: str
    tags: str

    def named(self, name: str) -> dict[str, str]:
        """Return the member that names a group."""
        return {f"{self.member}ParameterGroupName": name}

    def do(self, subject: Subject, verb: str, noun: str, name: str, **given: Any) -> Any:
        """Call an operation about one group."""
        return getattr(subject.aws.rds, f"{verb}_{self.call}_{noun}")(**self.named(name), **given)

    def create(self, subject: Subject) -> str:
        """Create a group without parameters of its own."""
        wanted = subject.inputs
        name, description = str(wanted["name"]), wanted.get("description") or _DESCRIPTION
        self.do(
            subject,
            "create",
            "parameter_group",
            name,
            DBParameterGroupFamily=wanted["family"],
            Description=description,
        )
        return name

    def set_parameters(self, subject: Subject) -> None:
        """Give a group the wanted parameters, and put the others back."""
        wanted = list(_parameters(subject.inputs))
        kept = {each["ParameterName"] for each in wanted}
        dropped = [each for each in _parameters(subject.before) if each["ParameterName"] not in kept]
        for verb, parameters in (("reset", dropped), ("modify", wanted)):
            for start in range(0, len(parameters), _AT_ONCE):
                some = parameters[start : start + _AT_ONCE]
                self.do(subject, verb, "parameter_group", subject.id, Parameters=some)

    def read(self, subject: Subject) -> Properties:
        """Return a group with those of its parameters that the program sets."""
        listed = self.do(subject, "describe", "parameter_groups", subject.id)[f"{self.member}ParameterGroups"]
        if not listed:
            raise GoneError
        arn = listed[0][f"{self.member}ParameterGroupArn"]
        pages = subject.aws.rds.get_paginator(f"describe_{self.call}_parameters").paginate(**self.named(subject.id))  # type: ignore[call-overload]  # one of two
        own = {each["ParameterName"] for each in _parameters(subject.inputs)}
        parameters = [
            {"applyMethod": each["ApplyMethod"], "name": each["ParameterName"], "value": each["ParameterValue"]}
            for page in pages
            for each in page["Parameters"]
            if each["ParameterName"] in own
        ]
        return {
            "arn": arn,
            "description": listed[0]["Description"],
            "family": listed[0]["DBParameterGroupFamily"],
            "name": subject.id,
            "parameters": parameters,
            "tagsAll": _tags(subject, arn),
        }

    def delete(self, subject: Subject) -> None:
        """Delete a group."""
        self.do(subject, "delete", "parameter_group", subject.id)

    def handler(self, type_: str) -> Handler:
        """Return the row of the table."""
        return Handler(
            type=type_,
            create=self.create,
            read=self.read,
            delete=self.delete,
            fixed=("description", "family", "name"),
            settings={"parameters": self.set_parameters, "tagsAll": set_tags(self.tags)},
        )


def _parameters(inputs: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    for each in inputs.get("parameters") or ():
        method = each.get("applyMethod") or "immediate"
        yield {"ParameterName": each["name"], "ParameterValue": str(each["value"]), "ApplyMethod": method}


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
    _Groups("db_cluster", "DBCluster", "cluster-pg").handler("aws:rds/clusterParameterGroup:ClusterParameterGroup"),
    _Groups("db", "DB", "pg").handler("aws:rds/parameterGroup:ParameterGroup"),
)
