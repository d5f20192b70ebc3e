"""Controls of where in the network the tasks of a service are."""

from dataclasses import replace
from typing import Final

from ledgergate.finding import Severity
from policies.controls.ecs.containers import SYSTEMS
from policies.facts.ecs_services import DEFAULT_GROUP, GroupUse, ServiceGroups, ServiceNetwork
from policies.facts.subnet_routes import ELSEWHERE, RoutedSubnet, SubnetRoute
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided

_OUT: Final = SubnetRoute(everything=True, internet=True)
_NAT: Final = SubnetRoute(everything=True, internet=False)
_INSIDE: Final = RoutedSubnet(tier="private", zone="eu-west-1a", routes=(_NAT,))
_PUBLIC: Final = replace(_INSIDE, routes=(_OUT,))
PRIVATE: Final = ServiceNetwork(in_vpc=True, subnets=(_INSIDE, replace(_INSIDE, routes=())), has_groups=True)


def without_network(*, on_fargate: bool) -> Verdict:
    """Return what every control of networks says of a service without networkConfiguration.

    Source: networkConfiguration, CreateService, Amazon ECS API reference: the network mode awsvpc demands it, and
    Fargate knows no other mode; read 2026-11-30.
    """
    if on_fargate:
        return fail("ECS runs nothing on Fargate without a network", found="none", wanted="networkConfiguration")
    return not_applicable("its tasks have no network interface of their own")


@control(
    id="LG-NET-09",
    slug="ecs-service-in-private-subnets",
    severity=Severity.HIGH,
    requirements=("1.4.4",),
    families=("pci", "network"),
    source=SYSTEMS,
    rationale="A route from an internet gateway exposes tasks to direct probing, past the balancer's TLS, logs and "
    "firewall, as soon as one of them gets an address.",
    remediation="Give network_configuration of the aws.ecs.Service subnets whose route table has no aws.ec2.Route to "
    "an internet gateway, and an aws.ec2.SecurityGroup.",
    passes=[example("behind a NAT gateway, or without a way out", PRIVATE)],
    fails=[
        example("a public subnet", replace(PRIVATE, subnets=(_INSIDE, _PUBLIC))),
        example("a public subnet beside one of another stack", replace(PRIVATE, subnets=(ELSEWHERE, _PUBLIC))),
        example("no subnets", replace(PRIVATE, subnets=())),
        example("the network's own security group", replace(PRIVATE, has_groups=False)),
        example("Fargate without a network, which ECS refuses", ServiceNetwork(on_fargate=True)),
    ],
    unknowns=[
        example("the subnets come later", replace(PRIVATE, subnets=UNKNOWN)),
        example("the routes come later", replace(PRIVATE, subnets=(replace(_INSIDE, routes=UNKNOWN),))),
        example("a subnet of another stack", replace(PRIVATE, subnets=(_INSIDE, ELSEWHERE))),
        example("the security groups come later", replace(PRIVATE, has_groups=UNKNOWN)),
        example("no network, and where it runs comes later", ServiceNetwork(on_fargate=UNKNOWN)),
    ],
    not_applicable=[example("the network of its hosts", ServiceNetwork())],
)
def in_private_subnets(service: ServiceNetwork) -> Verdict:
    """The tasks of a service are in subnets without a way in from the internet.

    No route table of the subnets of networkConfiguration has a route to an internet gateway; a subnet without an
    association uses the main table of its network. securityGroups names at least one. A subnet that the stack does not
    create is undecided. On Fargate a service without networkConfiguration fails, since ECS refuses it; elsewhere it is
    not applicable.
    """
    if not service.in_vpc:
        return without_network(on_fargate=service.on_fargate)
    if not service.has_groups:
        return fail("it has no security group of its own", found="the default one", wanted="securityGroups")
    here = [each for each in service.subnets if each.in_stack]
    if any(route.internet for each in here for route in each.routes):
        return fail("a subnet of it has a route to an internet gateway", found="a gateway", wanted="no such route")
    if len(here) < len(service.subnets):
        return undecided("subnets of it are not created here")
    return PASS if here else fail("it names no subnets", found="none", wanted="private subnets")


_API: Final = GroupUse(family="api", groups=("sg-api",))
_WEB: Final = GroupUse(family="web", groups=("sg-web", "sg-metrics"))
APART: Final = ServiceGroups(in_vpc=True, own=_API, others=(_WEB,))


@control(
    id="LG-NET-10",
    slug="ecs-service-own-security-group",
    severity=Severity.MEDIUM,
    requirements=("1.4.1", "1.2.5"),
    families=("pci", "network"),
    source=SYSTEMS,
    rationale="Every rule opened for one service opens all that share the group, so an intruder in the image resizer "
    "reaches the card database as the payment service does.",
    remediation="Give network_configuration.security_groups of every aws.ecs.Service an aws.ec2.SecurityGroup that no "
    "service with another task definition names.",
    passes=[
        example("groups of its own", APART),
        example("another service that runs the same", replace(APART, others=(_API,))),
        example("the only service", replace(APART, others=())),
    ],
    fails=[
        example("the group of another service", replace(APART, others=(replace(_WEB, groups=("sg-web", "sg-api")),))),
        example(
            "both in the network's own group",
            ServiceGroups(
                in_vpc=True,
                own=replace(_API, groups=(DEFAULT_GROUP,)),
                others=(replace(_WEB, groups=(DEFAULT_GROUP,)),),
            ),
        ),
        example("Fargate without a network, which ECS refuses", ServiceGroups(on_fargate=True, own=_API)),
    ],
    unknowns=[
        example("its groups come later", replace(APART, own=replace(_API, groups=UNKNOWN))),
        example("another service's groups come later", replace(APART, others=(replace(_WEB, groups=(UNKNOWN,)),))),
        example("what another service runs comes later", replace(APART, others=(replace(_WEB, family=UNKNOWN),))),
        example("no network, and where it runs comes later", ServiceGroups(on_fargate=UNKNOWN, own=_API)),
    ],
    not_applicable=[example("the network of its hosts", ServiceGroups(own=_API))],
)
def own_security_group(service: ServiceGroups) -> Verdict:
    """Services that play different parts share no security group.

    No service of the stack whose task definition is of another family names a security group that this one names in
    networkConfiguration.securityGroups. Without one a service is in the default group of its network, which counts as
    shared. A service without networkConfiguration is judged as in LG-NET-09. In an account the other services are those
    of its Region.
    """
    if not service.in_vpc:
        return without_network(on_fargate=service.on_fargate)
    own = frozenset(service.own.groups)
    for other in service.others:
        if other.family != service.own.family and own.intersection(other.groups):
            return fail("another service has the same security group", found=other.family, wanted="a group for each")
    return PASS
