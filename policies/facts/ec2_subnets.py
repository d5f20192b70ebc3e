"""Facts about subnets: who gets a public address in them, and where their routes lead."""

from dataclasses import dataclass
from typing import Final

from ledgergate.graph import Graph, Resource
from policies.facts.properties import flag, settings_of
from policies.facts.registry import adapter
from policies.facts.subnet_routes import SUBNETS, RoutedSubnet, routed_subnet

_DEFAULT: Final = ("aws:ec2/defaultSubnet:DefaultSubnet",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetAddresses:
    """Which addresses machines get in a subnet.

    Args:
        public: `mapPublicIpOnLaunch`: machines get a public IPv4 address; when unset false, in a default subnet true.

    Source of the defaults: `aws.ec2.Subnet` and `aws.ec2.DefaultSubnet`, pulumi-aws 7.51.1, and the Amazon VPC user
    guide, read 2026-11-30.
    """

    public: bool = False


@adapter(types=(*SUBNETS, *_DEFAULT))
def subnet_addresses_from_graph(_graph: Graph, resource: Resource) -> SubnetAddresses:
    """Build which addresses machines get in a subnet."""
    by_default = resource.type in _DEFAULT
    return SubnetAddresses(public=flag(settings_of(resource), "mapPublicIpOnLaunch", default=by_default))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A subnet that the stack creates, with its routes.

    Args:
        subnet: The subnet.
    """

    subnet: RoutedSubnet


@adapter(types=SUBNETS, joined=True)
def placement_from_graph(graph: Graph, resource: Resource) -> Placement:
    """Build a subnet with its routes."""
    return Placement(subnet=routed_subnet(graph, resource))
