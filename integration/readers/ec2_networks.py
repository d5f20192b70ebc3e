"""Reads VPCs: what is recorded of their traffic, and which ways they have to AWS services."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from integration.readers.subnets import SUBNET_CALLS, used_table
from integration.scanning.asker import Desk, Paging
from integration.scanning.observed import Observed, Place, Subject, Task
from policies.facts.ec2_networks import Endpoint, FlowLog, ReachingNetwork, RecordedNetwork, service_of
from policies.facts.properties import UNKNOWN

_VPC: Final = "aws:ec2/vpc:Vpc"
_VPCS: Final = Paging("NextToken", ("Vpcs",))
_SUBNETS: Final = Paging("NextToken", ("Subnets",))
_TABLES: Final = Paging("NextToken", ("RouteTables",))
_FLOW_LOGS: Final = Paging("NextToken", ("FlowLogs",))
_ENDPOINTS: Final = Paging("NextToken", ("VpcEndpoints",))

_FAILED: Final = "FAILED"
_AVAILABLE: Final = "available"
"""States of a flow log whose records arrive nowhere, and of an endpoint that can be used.

Source: FlowLog and VpcEndpoint, EC2 API reference, read 2026-11-30.
"""

Answer = Mapping[str, Any]

NETWORK_READS: Final[Mapping[type, tuple[str, ...]]] = {
    ReachingNetwork: ("ec2:DescribeVpcEndpoints", "ec2:DescribeVpcs", *SUBNET_CALLS),
    RecordedNetwork: ("ec2:DescribeFlowLogs", "ec2:DescribeVpcs"),
}
"""Fact → every call that it takes."""


def network_tasks(place: Place, wanted: frozenset[type]) -> Iterator[Task]:
    """Yield the work of reading the VPCs of a Region."""
    if facts := tuple(wanted & NETWORK_READS.keys()):
        yield Task(Subject(place.arn("ec2", "vpc/*"), _VPC, place), facts, partial(_list, place, facts))


def _list(place: Place, facts: tuple[type, ...], desk: Desk) -> Iterator[Task]:
    for page in desk.pages(_VPCS, desk.aws.ec2.describe_vpcs):
        for each in page["Vpcs"]:
            # One of which another account shares subnets is configured there.
            if each["OwnerId"] == place.account:
                subject = Subject(place.arn("ec2", f"vpc/{each['VpcId']}"), _VPC, place)
                for fact in facts:
                    yield Task(subject, (fact,), partial(_read, subject, each["VpcId"], _BUILDS[fact]))


def _read(subject: Subject, vpc: str, build: Callable[[str, Desk], object], desk: Desk) -> Iterator[Observed]:
    yield Observed(subject, build(vpc, desk))


def _recorded(vpc: str, desk: Desk) -> RecordedNetwork:
    pages = desk.every(_FLOW_LOGS, desk.aws.ec2.describe_flow_logs)
    own = [each for page in pages for each in page["FlowLogs"] if each["ResourceId"] == vpc]
    return RecordedNetwork(certain=tuple(_flow_log({**each}) for each in own))


def _flow_log(log: Answer) -> FlowLog:
    named = bool(log.get("LogDestination") or log.get("LogGroupName"))
    return FlowLog(
        traffic_type=log["TrafficType"],
        has_destination=named and log.get("DeliverLogsStatus") != _FAILED,
    )


def _reaching(vpc: str, desk: Desk) -> ReachingNetwork:
    ec2 = desk.aws.ec2
    subnets: list[Any] = [each for page in desk.every(_SUBNETS, ec2.describe_subnets) for each in page["Subnets"]]
    listed = desk.every(_TABLES, ec2.describe_route_tables)
    tables: list[Any] = [each for page in listed for each in page["RouteTables"]]
    pages = desk.every(_ENDPOINTS, ec2.describe_vpc_endpoints)
    endpoints: list[Any] = [each for page in pages for each in page["VpcEndpoints"] if each["VpcId"] == vpc]
    private = [each for each in subnets if each["VpcId"] == vpc and not _is_public(each)]
    return ReachingNetwork(
        private_tables=tuple(dict.fromkeys(_table_of(each, tables) for each in private)),
        endpoints=tuple(_endpoint(each) for each in endpoints if each["State"].lower() == _AVAILABLE),
    )


def _is_public(subnet: Answer) -> bool:
    tags = {each["Key"]: each["Value"] for each in subnet.get("Tags", ())}
    return bool(tags.get("Tier", "").lower() == "public")


def _table_of(subnet: Answer, tables: list[Any]) -> Any:
    table = used_table(subnet, tables)
    return UNKNOWN if table is None else table["RouteTableId"]


def _endpoint(endpoint: Answer) -> Endpoint:
    return Endpoint(
        service=service_of(endpoint["ServiceName"]),
        type=endpoint["VpcEndpointType"],
        private_dns=endpoint["PrivateDnsEnabled"],
        route_tables=tuple(endpoint["RouteTableIds"]),
    )


_BUILDS: Final[Mapping[type, Callable[[str, Desk], object]]] = {
    ReachingNetwork: _reaching,
    RecordedNetwork: _recorded,
}
