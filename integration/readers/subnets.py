"""Asks EC2 where the route tables of subnets lead, in the normal form of every fact that depends on it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from integration.scanning.asker import Desk, Paging
from policies.facts.properties import UNKNOWN
from policies.facts.subnet_routes import RoutedSubnet, SubnetRoute

_SUBNETS: Final = Paging("NextToken", ("Subnets",))
_TABLES: Final = Paging("NextToken", ("RouteTables",))
_EVERYTHING: Final = frozenset({"0.0.0.0/0", "::/0"})

SUBNET_CALLS: Final = ("ec2:DescribeRouteTables", "ec2:DescribeSubnets")
"""Every call that `routed_subnets` makes."""


def routed_subnets(desk: Desk, ids: Iterable[str]) -> tuple[RoutedSubnet, ...]:
    """Return subnets with the routes of their tables; `UNKNOWN` for one that nobody sees here.

    Args:
        desk: Where to ask.
        ids: Ids of subnets of the Region.

    Raises:
        CallFailedError: EC2 does not tell its subnets or its tables.
    """
    subnets = [each for page in desk.every(_SUBNETS, desk.aws.ec2.describe_subnets) for each in page["Subnets"]]
    tables = [each for page in desk.every(_TABLES, desk.aws.ec2.describe_route_tables) for each in page["RouteTables"]]
    by_id: dict[str, Mapping[str, Any]] = {each["SubnetId"]: each for each in subnets}
    return tuple(_subnet(by_id.get(each), tables) for each in ids)


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
