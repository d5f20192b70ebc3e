"""Controls of networks: what is recorded of their traffic, and which ways they have to AWS services."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledgergate.finding import Severity
from policies.facts.ec2_networks import Endpoint, FlowLog, ReachingNetwork, RecordedNetwork
from policies.model import PASS, UNKNOWN, Verdict, control, example, fail, not_applicable, undecided

if TYPE_CHECKING:
    from policies.settings import Settings

_SOURCE: Final = "Demand of the banking, payments and fraud systems"

_EVERYTHING: Final = FlowLog(traffic_type="ALL", has_destination=True)
_REFUSED: Final = replace(_EVERYTHING, traffic_type="REJECT")


@control(
    id="LG-NET-06",
    slug="ec2-vpc-flow-logged",
    severity=Severity.MEDIUM,
    requirements=("10.2.1", "10.2.2"),
    families=("pci", "network", "logging"),
    source=f"{_SOURCE}, after Security Hub EC2.6, read 2026-11-20",
    rationale="Investigators cannot see where an intruder moved between subnets or how much left the network, so the "
    "bank must report the worst case.",
    remediation='Add an aws.ec2.FlowLog with the vpc_id of the network, traffic_type="ALL" and a log_destination.',
    passes=[
        example("everything", RecordedNetwork(certain=(_EVERYTHING,))),
        example("everything, beside another one", RecordedNetwork(certain=(_REFUSED, _EVERYTHING))),
    ],
    fails=[
        example("nothing", RecordedNetwork()),
        example("what is refused alone", RecordedNetwork(certain=(_REFUSED,))),
        example("two halves", RecordedNetwork(certain=(_REFUSED, replace(_REFUSED, traffic_type="ACCEPT")))),
        example("to nowhere", RecordedNetwork(certain=(replace(_EVERYTHING, has_destination=False),))),
    ],
    unknowns=[
        example("type comes later", RecordedNetwork(certain=(replace(_EVERYTHING, traffic_type=UNKNOWN),))),
        example("a log of nobody knows which network", RecordedNetwork(possible=(_EVERYTHING,))),
        example("a log that is looked up", RecordedNetwork(looked_up=True)),
    ],
)
def traffic_recorded(network: RecordedNetwork) -> Verdict:
    """All traffic of a network is recorded, what is let through and what is refused.

    An aws.ec2.FlowLog of the stack has the vpcId of the network, trafficType ALL and a logDestination; one of several
    is enough. Logs of single subnets and interfaces do not count, nor do two that record one half each. A log that is
    looked up, or of which nobody knows whose it is, leaves it undecided.
    """
    if any(map(_records_everything, network.certain)):
        return PASS
    if network.looked_up or any(map(_records_everything, network.possible)):
        return undecided("a flow log that may record all of its traffic is not created here, or for nobody knows whom")
    found = [each.traffic_type for each in network.certain]
    return fail("not all of its traffic is recorded", found=found or "no flow log", wanted="trafficType ALL")


def _records_everything(log: Any) -> bool:
    return bool(log.traffic_type == "ALL" and log.has_destination)


GATEWAYS: Final = frozenset({"s3", "dynamodb"})
"""Services with endpoints of the type Gateway. Source: AWS PrivateLink guide, read 2026-11-30."""

REQUIRED: Final = ("s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm", "kms", "sts")

_S3: Final = Endpoint(service="s3", route_tables=("private", "data"))
_OTHERS: Final = tuple(
    Endpoint(service=each, type="Interface", private_dns=True) for each in REQUIRED if each not in GATEWAYS
)
REACHING: Final = ReachingNetwork(private_tables=("private", "data"), endpoints=(_S3, *_OTHERS))


@control(
    id="LG-NET-07",
    slug="ec2-vpc-endpoints-present",
    severity=Severity.MEDIUM,
    requirements=("1.3.1", "1.3.2", "1.4.2"),
    families=("pci", "network"),
    source=f"{_SOURCE}, read 2026-11-20",
    rationale="Calls to S3 or Secrets Manager need a way to the internet, which malware then uses as well, and an "
    "outage of the NAT gateway stops every task from starting.",
    remediation="Add an aws.ec2.VpcEndpoint for each service that is missing: for S3 and DynamoDB of the type Gateway "
    "with the route tables of all private subnets in route_table_ids, for the others of the type Interface with "
    "private_dns_enabled=True.",
    parameters=("further_endpoints",),
    passes=[
        example("all of them", REACHING),
        example(
            "the tables on two endpoints",
            replace(
                REACHING,
                endpoints=(replace(_S3, route_tables=("private",)), replace(_S3, route_tables=("data",)), *_OTHERS),
            ),
        ),
    ],
    fails=[
        example("one is missing", replace(REACHING, endpoints=(_S3, *_OTHERS[1:]))),
        example(
            "S3 by an interface",
            replace(REACHING, endpoints=(replace(_S3, type="Interface", private_dns=True), *_OTHERS)),
        ),
        example(
            "S3 for one table of two", replace(REACHING, endpoints=(replace(_S3, route_tables=("data",)), *_OTHERS))
        ),
        example(
            "public names", replace(REACHING, endpoints=(_S3, replace(_OTHERS[0], private_dns=False), *_OTHERS[1:]))
        ),
        example("DynamoDB, where the profile asks for it", REACHING, {"further_endpoints": ("dynamodb",)}),
        example("none", replace(REACHING, endpoints=())),
    ],
    unknowns=[
        example("a service that comes later", replace(REACHING, endpoints=(replace(_S3, service=UNKNOWN), *_OTHERS))),
        example(
            "a table that comes later",
            replace(REACHING, endpoints=(replace(_S3, route_tables=("data", UNKNOWN)), *_OTHERS)),
        ),
        example("an endpoint of nobody knows which network", replace(REACHING, endpoints=_OTHERS, possible=(_S3,))),
        example("an endpoint that is looked up", replace(REACHING, endpoints=_OTHERS, looked_up=True)),
        example("nobody knows its subnets", replace(REACHING, private_tables=(UNKNOWN,))),
    ],
    not_applicable=[example("no private subnets", ReachingNetwork())],
)
def services_reached_privately(network: ReachingNetwork, settings: "Settings") -> Verdict:
    """A network with private subnets reaches AWS services without leaving for the internet.

    It has endpoints for s3, ecr.api, ecr.dkr, logs, secretsmanager, ssm, kms, sts and the services in
    further_endpoints: for s3 and dynamodb of the type Gateway, the default, with the route tables of all its private
    subnets, by routeTableIds or by associations; for the others of the type Interface with privateDnsEnabled true,
    which is false when unset. Private is a subnet of the stack whose tag Tier is not public. A network without such a
    subnet is not applicable. What the policy of an endpoint lets through is not asked: it grants nobody anything, and
    AWS lets everything through where none is written.
    """
    tables = set(network.private_tables)
    if not tables:
        return not_applicable("it has no private subnet here")
    wanted = dict.fromkeys((*REQUIRED, *settings.further_endpoints))
    missing = [each for each in wanted if not _is_reached(each, tables, list(network.endpoints))]
    if not missing:
        return PASS
    loose = [*network.endpoints, *network.possible]
    if network.looked_up or all(_is_reached(each, tables, loose) for each in missing):
        return undecided("an endpoint that it needs is not created here, or for nobody knows which network")
    return fail(
        "services are not reached by private ways",
        found="missing or incomplete: " + ", ".join(missing),
        wanted=list(wanted),
    )


def _is_reached(service: str, tables: set[str], endpoints: list[Any]) -> bool:
    own = [each for each in endpoints if each.service == service]
    if service not in GATEWAYS:
        return any(each.type == "Interface" and each.private_dns for each in own)
    leading = {name for each in own if each.type == "Gateway" for name in each.route_tables}
    return tables <= leading
