"""Reads the groups of database subnets with the route tables that their subnets use."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.properties import UNKNOWN
from policies.facts.rds_networks import SubnetGroup
from policies.facts.subnet_routes import RoutedSubnet, SubnetRoute

_GROUP: Final = "aws:rds/subnetGroup:SubnetGroup"
_GROUPS: Final = Paging("Marker", ("DBSubnetGroups",))
_SUBNETS: Final = Paging("NextToken", ("Subnets",))
_TABLES: Final = Paging("NextToken", ("RouteTables",))
_EVERYTHING: Final = frozenset({"0.0.0.0/0", "::/0"})

SUBNET_OPERATIONS: Final = ("ec2:DescribeRouteTables", "ec2:DescribeSubnets", "rds:DescribeDBSubnetGroups")
"""Every call that `subnet_group_task` leads to."""


def subnet_group_task(place: Place) -> Task:
    """Return the work of reading the subnet groups of a Region."""
    subject = Subject(place.arn("rds", "subgrp:*"), _GROUP, place)
    return Task(subject, (SubnetGroup,), partial(_list, place))


def _list(place: Place, desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_GROUPS, desk.aws.rds.describe_db_subnet_groups):
        for each in page["DBSubnetGroups"]:
            subject = Subject(each["DBSubnetGroupArn"], _GROUP, place)
            yield Task(subject, (SubnetGroup,), partial(_read, subject, {**each}))


def _read(subject: Subject, group: Mapping[str, Any], desk: Desk) -> Iterator[Observed]:
    subnets = [each for page in desk.every(_SUBNETS, desk.aws.ec2.describe_subnets) for each in page["Subnets"]]
    tables = [each for page in desk.every(_TABLES, desk.aws.ec2.describe_route_tables) for each in page["RouteTables"]]
    by_id: dict[str, Mapping[str, Any]] = {each["SubnetId"]: each for each in subnets}
    found = (_subnet(by_id.get(each["SubnetIdentifier"]), tables) for each in group["Subnets"])
    yield Observed(subject, SubnetGroup(subnets=tuple(found)))


def _subnet(subnet: Mapping[str, Any] | None, tables: Sequence[Mapping[str, Any]]) -> Any:
    if subnet is None:
        return UNKNOWN
    tags = {each["Key"]: each["Value"] for each in subnet.get("Tags", ())}
    return RoutedSubnet(
        tier=tags.get("Tier", ""),
        zone=subnet["AvailabilityZone"],
        routes=_routes(subnet["SubnetId"], subnet["VpcId"], tables),
    )


def _routes(subnet_id: str, vpc_id: str, tables: Sequence[Mapping[str, Any]]) -> Any:
    own = [table for table in tables for each in table["Associations"] if each.get("SubnetId") == subnet_id]
    main = [
        table for table in tables for each in table["Associations"] if each.get("Main") and table["VpcId"] == vpc_id
    ]
    used = own or main
    if len(used) != 1:
        return UNKNOWN
    return tuple(_route(each) for each in used[0]["Routes"] if each.get("GatewayId") != "local")


def _route(route: Mapping[str, Any]) -> SubnetRoute:
    targets = {route.get("DestinationCidrBlock"), route.get("DestinationIpv6CidrBlock")}
    return SubnetRoute(
        everything=bool(_EVERYTHING & targets), internet=str(route.get("GatewayId", "")).startswith("igw-")
    )
