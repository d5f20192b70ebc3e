"""How much of what a stack holds that is paid for: read from its graph, or assumed where only use can tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ledgergate.graph import Graph, Resource

HOURS: Final = 730
"""Of a month, as AWS counts."""

CPU_UNITS: Final = 1024
MIB: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One line of the estimate.

    Args:
        service: Service that is paid.
        what: What it is paid for.
        amount: How much of it a month.
        price: Name of its price.
        assumed: Whether the amount is an assumption about use, not a count of the graph.
    """

    service: str
    what: str
    amount: float
    price: str
    assumed: bool = False


def quantities(graph: Graph, usage: Mapping[str, float]) -> tuple[Quantity, ...]:
    """Return what a stack pays for in a month.

    Args:
        graph: What the engine captured.
        usage: What is assumed of use.
    """
    return (
        *_network(graph, usage),
        *_tasks(graph),
        *_database(graph, usage),
        *_edge(graph, usage),
        *_care(graph, usage),
    )


def capacity_bounds(graph: Graph) -> tuple[float, float]:
    """Return the capacity units of all serverless instances together, at rest and at the most."""
    (cluster,) = graph.of_type("aws:rds/cluster:Cluster")
    limits = cluster.inputs["serverlessv2ScalingConfiguration"]
    count = len(_serverless(graph))
    return count * limits["minCapacity"], count * limits["maxCapacity"]


def _network(graph: Graph, usage: Mapping[str, float]) -> Iterator[Quantity]:
    gateways = graph.of_type("aws:ec2/natGateway:NatGateway")
    zonal = [gateway for gateway in gateways if gateway.inputs.get("availabilityMode") != "regional"]
    yield Quantity(service="VPC", what="NAT gateways", amount=len(zonal) * HOURS, price="nat-hour")
    addresses = len(graph.of_type("aws:ec2/eip:Eip"))
    yield Quantity(service="VPC", what="public addresses", amount=addresses * HOURS, price="ipv4-hour")
    endpoints = sum(
        len(each.inputs.get("subnetIds") or ()) for each in graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    )
    yield Quantity(service="VPC", what="interface endpoints", amount=endpoints * HOURS, price="endpoint-hour")
    yield _assumed("VPC", "GB through NAT gateways", usage["nat_gb"], "nat-gb")
    yield _assumed("VPC", "GB through interface endpoints", usage["endpoint_gb"], "endpoint-gb")


def _tasks(graph: Graph) -> Iterator[Quantity]:
    sizes = [(_count(service), _definition(graph, service)) for service in graph.of_type("aws:ecs/service:Service")]
    cpus = sum(count * int(definition.inputs["cpu"]) / CPU_UNITS for count, definition in sizes)
    memory_gb = sum(count * int(definition.inputs["memory"]) / MIB for count, definition in sizes)
    yield Quantity(service="Fargate", what="vCPU hours", amount=cpus * HOURS, price="vcpu-hour")
    yield Quantity(service="Fargate", what="GB hours", amount=memory_gb * HOURS, price="task-gb-hour")


def _count(service: Resource) -> int:
    return int(service.inputs["desiredCount"])


def _definition(graph: Graph, service: Resource) -> Resource:
    definitions = graph.of_type("aws:ecs/taskDefinition:TaskDefinition")
    return next(each for each in definitions if each.urn in service.dependencies)


def _database(graph: Graph, usage: Mapping[str, float]) -> Iterator[Quantity]:
    lowest, _ = capacity_bounds(graph)
    yield Quantity(service="Aurora", what="capacity unit hours at rest", amount=lowest * HOURS, price="acu-hour")
    yield _assumed("Aurora", "million I/O requests", usage["io_million"], "io-million")


def _serverless(graph: Graph) -> list[Resource]:
    instances = graph.of_type("aws:rds/clusterInstance:ClusterInstance")
    return [each for each in instances if each.inputs["instanceClass"] == "db.serverless"]


def _edge(graph: Graph, usage: Mapping[str, float]) -> Iterator[Quantity]:
    acls = graph.of_type("aws:wafv2/webAcl:WebAcl")
    rules = sum(len(acl.inputs["rules"]) for acl in acls)
    yield Quantity(service="WAF", what="web ACLs", amount=len(acls), price="acl-month")
    yield Quantity(service="WAF", what="rules", amount=rules, price="acl-rule-month")
    if acls:
        yield _assumed("WAF", "million requests", usage["requests_million"] * len(acls), "acl-million")
    if graph.of_type("aws:cloudfront/distribution:Distribution"):
        yield _assumed("CloudFront", "GB delivered", usage["delivered_gb"], "cloudfront-gb")
        yield _assumed("CloudFront", "ten thousand requests", usage["requests_million"] * 100, "cloudfront-10k")


def _care(graph: Graph, usage: Mapping[str, float]) -> Iterator[Quantity]:
    yield _each(graph, "KMS", "keys", "aws:kms/key:Key", "key-month")
    own = sum(bool(each.inputs.get("manageMasterUserPassword")) for each in graph.of_type("aws:rds/cluster:Cluster"))
    secrets = len(graph.of_type("aws:secretsmanager/secret:Secret")) + own
    yield Quantity(service="Secrets Manager", what="secrets", amount=secrets, price="secret-month")
    yield _each(graph, "CloudWatch", "alarms", "aws:cloudwatch/metricAlarm:MetricAlarm", "alarm-month")
    yield _each(graph, "CloudWatch", "own metrics", "aws:cloudwatch/logMetricFilter:LogMetricFilter", "metric-month")
    yield _assumed("CloudWatch", "GB of logs", usage["log_gb"], "log-gb")
    yield _assumed("X-Ray", "million traces", usage["traces_million"], "trace-million")
    if graph.of_type("aws:cfg/rule:Rule"):
        yield _assumed("Config", "rule evaluations", usage["evaluations"], "evaluation")


def _each(graph: Graph, service: str, what: str, type_: str, price: str) -> Quantity:
    return Quantity(service=service, what=what, amount=len(graph.of_type(type_)), price=price)


def _assumed(service: str, what: str, amount: float, price: str) -> Quantity:
    return Quantity(service=service, what=what, amount=amount, price=price, assumed=True)
