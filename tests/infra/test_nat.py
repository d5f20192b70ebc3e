"""How zones share NAT gateways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.nat import NatStrategy, gateway_zones
from tests.infra.recording import PAYMENTS, Record, Recording

ZONES = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True)


@given(zones=ZONES)
def test_lost_zone_takes_no_other_zone_along(zones: list[str]) -> None:
    """With a gateway in each zone, every zone uses its own."""
    assert gateway_zones(NatStrategy.PER_ZONE, zones) == {zone: zone for zone in zones}


@given(zones=ZONES)
def test_single_gateway_serves_every_zone(zones: list[str]) -> None:
    """With one gateway, every zone uses that of the first zone."""
    assert gateway_zones(NatStrategy.SINGLE, zones) == dict.fromkeys(zones, zones[0])


@pytest.mark.requirement("B-06")
@pytest.mark.requirement("B-07")
@pytest.mark.parametrize(("strategy", "gateways", "addresses"), [("perAz", 3, 3), ("single", 1, 1), ("regional", 1, 0)])
def test_strategy_decides_number_of_gateways(record: Record, strategy: str, gateways: int, addresses: int) -> None:
    """Each strategy makes its number of gateways and addresses, and every private subnet has its way out."""
    graph = record(PAYMENTS, "dev", payments__natStrategy=strategy).graph
    nat = {gateway.id for gateway in graph.of_type("aws:ec2/natGateway:NatGateway")}
    used = [
        route.inputs["natGatewayId"] for route in graph.of_type("aws:ec2/route:Route") if "natGatewayId" in route.inputs
    ]

    assert (len(nat), len(graph.of_type("aws:ec2/eip:Eip")), len(used)) == (gateways, addresses, 3)
    assert set(used) == nat


@pytest.mark.requirement("B-06")
def test_zonal_gateways_stand_in_public_subnets(prod: Recording) -> None:
    """Each gateway of production has an address of the VPC kind and stands in a public subnet of its own zone."""
    graph = prod.graph
    subnets = {subnet.id: subnet.inputs for subnet in graph.of_type("aws:ec2/subnet:Subnet")}
    addresses = {address.id: address.inputs for address in graph.of_type("aws:ec2/eip:Eip")}
    gateways = [gateway.inputs for gateway in graph.of_type("aws:ec2/natGateway:NatGateway")]

    assert {subnets[gateway["subnetId"]]["tags"]["Tier"] for gateway in gateways} == {"public"}
    assert len({subnets[gateway["subnetId"]]["availabilityZone"] for gateway in gateways}) == 3
    assert {addresses[gateway["allocationId"]]["domain"] for gateway in gateways} == {"vpc"}


@pytest.mark.requirement("B-07")
def test_regional_gateway_names_the_vpc_and_no_subnet(record: Record) -> None:
    """A regional gateway is told its VPC; AWS refuses a subnet or an address beside it."""
    (gateway,) = record(PAYMENTS, "dev", payments__natStrategy="regional").graph.of_type(
        "aws:ec2/natGateway:NatGateway"
    )

    assert gateway.inputs["availabilityMode"] == "regional"
    assert {"subnetId", "allocationId"}.isdisjoint(gateway.inputs)
